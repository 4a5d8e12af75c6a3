"""From sea levels to water on the ground, **screening**: every place below the level is under it.

The simplest of floods: depth is level less ground. It does not ask whether water finds a way there, nor for how
long it stands; waves and walls do not exist. It overstates hollows behind high ground and understates open
coasts. Ground and level must be measured from the same datum: the offset between the two is said, with its source.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manglar_engine.errors import SeriesError
from manglar_engine.hazard.events import EventSet, Footprints, Hazard, Sites
from manglar_engine.hazard.layers import occurrence_frequencies
from manglar_engine.hazard.sea_level import ReturnLevel, SeaLevelResult

Floats = NDArray[np.float64]

PERIL = "coastal flood"
ENDS = ("best_m", "p05_m", "p95_m")
"""Which level of the interval floods: the best, its lower or its upper end."""


def flood_of_levels(
    result: SeaLevelResult,
    sites: Sites,
    ground_m: Floats,
    *,
    year: int,
    offset_m: float,
    offset_source: str,
    scenario: str = "",
    end: str = "best_m",
    event_scenario: str = "",
) -> Hazard:
    """Return one event per return period of ``result``: depth in metres where the level passes the ground.

    Frequencies are those of return-period maps (:func:`~manglar_engine.hazard.layers.occurrence_frequencies`).

    Args:
        result: of :func:`~manglar_engine.hazard.sea_level.extreme_sea_level`.
        sites: where the ground is known.
        ground_m: height of the ground ``(sites,)`` above the datum of the terrain.
        year: that the climate belongs to.
        offset_m: height of the datum of the levels above that of the terrain.
        offset_source: who says so.
        scenario: of the result; blank for today.
        end: one of :data:`ENDS`.
        event_scenario: name that the events carry, so that other hazards of the same climate may join them;
            that of ``scenario``, or ``today``, where it is blank.

    Raises:
        SeriesError: a scenario or end that does not exist, ground that is not one finite number a site, or
            an offset without its source.
    """
    levels = _levels(result, scenario, end)
    ground = np.asarray(ground_m, dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(ground)) if ground.shape == (len(sites),) else np.arange(0)
    if ground.shape != (len(sites),) or wrong.size:
        raise SeriesError(
            f"ground has shape {ground.shape} for {len(sites)} sites, or is not finite",
            rows=wrong.tolist(),
            mend="Give the height of every site; leave out the sites where nobody knows it.",
        )
    if not np.isfinite(offset_m) or not offset_source.strip():
        raise SeriesError(
            f"the levels are above {result.datum!r} and nobody says where that lies in the terrain's datum",
            mend="Give offset_m and offset_source: a levelled benchmark, not a guess.",
        )
    periods = [level.period_years for level in levels]
    heights = np.array([getattr(level, end) for level in levels]) + offset_m
    depth = np.maximum(heights[:, None] - ground[None, :], 0.0)
    name = event_scenario or scenario or "today"
    events = EventSet(
        ids=[f"{PERIL} {name} {year} T{period:g}" for period in periods],
        frequency=occurrence_frequencies(periods),
        year=[year] * len(periods),
        peril=PERIL,
        scenario=name,
    )
    return Hazard(events, Footprints(sparse.csr_array(depth), sites, "m"))


def _levels(result: SeaLevelResult, scenario: str, end: str) -> Sequence[ReturnLevel]:
    if end not in ENDS:
        raise SeriesError(f"there is no level {end!r}", mend=f"Use: {', '.join(ENDS)}.")
    levels = [level for level in result.levels if level.scenario == scenario]
    if not levels:
        known = sorted({level.scenario or "(today)" for level in result.levels})
        raise SeriesError(f"the result has no scenario {scenario!r}", rows=known, mend="Ask for one of these.")
    return levels
