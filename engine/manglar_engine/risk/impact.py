"""What the events of a run do: by event, by asset, by territory, each year on average, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import HazardError
from manglar_engine.risk.curve import Curve, curve_of

Floats = NDArray[np.float64]
APART = "apart"
"""The hazards share no event: each event is of one hazard."""
SUM = "sum"
"""Hazards that hit together add their damage ratios, up to the whole of the asset."""
MAX = "max"
"""Hazards that hit together do what the worse of them does."""


@dataclass(frozen=True, eq=False)
class Impact:
    """Result of one run, float64, in ``unit`` (the currency, or persons).

    ``frequency (events,)`` per year; ``by_event (events, territories)``; ``expected_by_asset (assets,)``
    per year; territories are sorted by code. ``combined`` tells how hazards that hit together were
    taken: :data:`APART`, :data:`SUM` or :data:`MAX`.
    """

    event_ids: tuple[str, ...]
    frequency: Floats
    territories: tuple[str, ...]
    by_event: Floats
    expected_by_asset: Floats
    unit: str
    combined: str

    @property
    def total_by_event(self) -> Floats:
        """Return the impact of each event in the whole city ``(events,)``."""
        return np.asarray(self.by_event.sum(axis=1))

    @property
    def expected_by_territory(self) -> Floats:
        """Return the expected annual impact ``(territories,)``."""
        return np.asarray(self.frequency @ self.by_event)

    @property
    def expected(self) -> float:
        """Return the expected annual impact of the whole city."""
        return float(self.frequency @ self.total_by_event)

    def curve(self, territory: str | None = None) -> Curve:
        """Return the exceedance curve of the city, or of one territory.

        Raises:
            HazardError: no asset stands in that territory.
        """
        if territory is None:
            return curve_of(self.total_by_event, self.frequency)
        if territory not in self.territories:
            raise HazardError(
                f"no asset stands in territory {territory!r}", mend=f"Use: {', '.join(self.territories)}."
            )
        return curve_of(self.by_event[:, self.territories.index(territory)], self.frequency)

    def at_events(self, ids: Sequence[str]) -> Floats:
        """Return the impact of given events by territory ``(ids, territories)``.

        Raises:
            HazardError: an event that the run did not hold.
        """
        place = {name: i for i, name in enumerate(self.event_ids)}
        unknown = [name for name in ids if name not in place]
        if unknown:
            raise HazardError("events are not in this run", rows=unknown, mend="Ask for events of its table.")
        return np.asarray(self.by_event[[place[name] for name in ids]])
