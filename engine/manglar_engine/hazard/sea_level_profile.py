"""How well a return level is known: its profile likelihood, turned into quantiles of belief."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.special import ndtri

from manglar_engine.errors import SeriesError
from manglar_engine.hazard.sea_level_fit import Fit, minimise

Floats = NDArray[np.float64]

ROOT_LIMIT = 3.3
"""The profile is followed to this signed root of the deviance: beliefs from 0.05% to 99.95%."""
ROOT_STEP = 0.4
"""Aim of one step along the profile, in signed root."""
LEAP = 1.5
"""A step that moves the root by more than this jumped over the edge of the possible levels."""
CLOSES = 1.96
"""A profile that does not rise this far on both sides does not even close at 95%."""
MOST_STEPS = 60
LEAST_PERIOD = 1.05
"""Times the mean interval between the values of the series: below it the level has no interval."""


@dataclass(frozen=True, slots=True)
class LevelProfile:
    """What the likelihood knows of one return level.

    The signed root of the profile deviance is standard normal at the true level (Coles 2001, theorem
    2.6 and section 2.6.6), so that the level at root z is the quantile Phi(z) of belief. ``roots`` and
    ``levels_m`` rise together.
    """

    period_years: float
    best_m: float
    roots: Floats
    levels_m: Floats

    def quantile(self, probability: Floats | float) -> Floats:
        """Return the level in metres not exceeded with belief ``probability``; ends cut at the profile's."""
        wanted = np.clip(ndtri(probability), self.roots[0], self.roots[-1])
        return np.asarray(PchipInterpolator(self.roots, self.levels_m)(wanted))


def profile_level(fit: Fit, period_years: float) -> LevelProfile:
    """Return the profile likelihood of the level passed once in ``period_years``.

    Raises:
        SeriesError: a period no longer than the interval between the values of the series, or a profile
            that does not close: the level could be anything.
    """
    interval = 1 / fit.rate
    if not (np.isfinite(period_years) and period_years > LEAST_PERIOD * interval):
        raise SeriesError(
            f"the period {period_years:g} years is not above {interval:.2g}, the interval between the values",
            mend="Ask for longer return periods.",
        )
    best = fit.tail.level(fit.best, period_years)
    step = _first_step(fit, period_years)
    low, high = (_follow(fit, period_years, best, side * step) for side in (-1, 1))
    if not (low and high and low[-1][0] <= -CLOSES and high[-1][0] >= CLOSES):
        raise SeriesError(
            f"the likelihood of the {period_years:g}-year level does not close: it could be anything",
            mend="Ask for a period further from the threshold and nearer the record, or give a longer series.",
        )
    rising = np.array([*reversed(low), (0.0, best), *high])
    keep = np.append(True, np.diff(np.maximum.accumulate(rising[:, 0])) > 0)
    return LevelProfile(
        period_years=period_years,
        best_m=fit.centre_m + fit.unit_m * best,
        roots=rising[keep, 0],
        levels_m=fit.centre_m + fit.unit_m * rising[keep, 1],
    )


def _first_step(fit: Fit, period_years: float) -> float:
    """Return where the root is about :data:`ROOT_STEP`, from the curvature with the rest held fixed."""
    best = fit.tail.level(fit.best, period_years)
    lowest = fit.tail.minus_log_likelihood(fit.best)
    step = 1e-3 * max(abs(best), 1.0)
    held = fit.tail.minus_log_likelihood(fit.tail.with_level(fit.best[1:], best + step, period_years))
    curvature = max(2 * (held - lowest) / step**2, 1e-12)
    return float(ROOT_STEP / np.sqrt(curvature))


def _follow(fit: Fit, period_years: float, best: float, step: float) -> list[tuple[float, float]]:
    """Return pairs of signed root and level from the best level outwards, in the direction of ``step``."""
    lowest = fit.tail.minus_log_likelihood(fit.best)
    free, place, root = fit.best[1:], best, 0.0
    found: list[tuple[float, float]] = []
    for _ in range(MOST_STEPS):
        place += step

        def held(rest: NDArray[np.float64], place: float = place) -> float:
            return fit.tail.minus_log_likelihood(fit.tail.with_level(rest, place, period_years))

        rest, value = minimise(held, free)
        reached = float(np.sign(step) * np.sqrt(max(2 * (value - lowest), 0.0)))
        moved = abs(reached - root)
        if moved > LEAP:  # over the edge of what is possible: back, and slower
            place, step = place - step, step / 4
            continue
        free, root = rest, reached
        found.append((root, place))
        if abs(root) >= ROOT_LIMIT:
            break
        step *= float(np.clip(ROOT_STEP / max(moved, ROOT_STEP / 2), 0.5, 2.0))
    return found
