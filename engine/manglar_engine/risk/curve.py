"""Exceedance curves: how often an impact is reached or passed, read from a list of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import SettingsError

Floats = NDArray[np.float64]
ROUNDING = 1e-12
"""Relative slack of a rate: 5 events of 0.002 a year are one in 100 years, whatever the last bit says."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Impacts from the largest to the smallest, and how often each is reached or passed.

    ``impact (events,)`` falls; ``frequency (events,)`` per year rises: the sum of the rates of the
    events at least as large (Aznar-Siguan and Bresch 2019, section 2.1).
    """

    impact: Floats
    frequency: Floats

    @property
    def longest_period(self) -> float:
        """Return the longest return period, years, that the events can speak of; 0 when all rates are 0."""
        held = self.frequency[self.frequency > 0]
        return float(1.0 / held[0]) if held.size else 0.0

    def at(self, periods: Sequence[float]) -> Floats:
        """Return the largest impact reached at least once in each period, on average.

        It is the step function of the events: nothing is interpolated. Zero where no event is that
        frequent; beyond :attr:`longest_period` the largest impact, which is then a lower bound.

        Raises:
            SettingsError: a period that is not positive and finite.
        """
        wanted = checked_periods(periods)
        place = np.searchsorted(self.frequency, (1.0 / wanted) * (1 - ROUNDING), side="left")
        held = np.append(self.impact, 0.0)
        return np.asarray(held[np.minimum(place, len(self.impact))])


def checked_periods(periods: Sequence[float]) -> Floats:
    """Return return periods as a column; refuse those that are not positive and finite."""
    wanted = np.atleast_1d(np.asarray(periods, dtype=np.float64))
    wrong = wanted[~(np.isfinite(wanted) & (wanted > 0))]
    if wrong.size:
        raise SettingsError(
            f"return periods are not positive years: {', '.join(map(str, wrong.tolist()))}",
            mend="Give years, as 10, 50, 100.",
        )
    return wanted


def curve_of(impact: Floats, frequency: Floats) -> Curve:
    """Return the curve of ``impact (events,)`` that occur ``frequency (events,)`` times a year."""
    order = np.argsort(-impact, kind="stable")
    return Curve(impact[order], np.cumsum(frequency[order]))
