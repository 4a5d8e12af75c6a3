"""L0, the direct kernel: one event after another in float64. Oracle of every faster path.

``impact[e, x] = amount[x] * ratio_class(x)(intensity[e, site(x)])`` and the expected annual impact
``sum_e frequency[e] * impact[e, x]`` (Aznar-Siguan and Bresch 2019, equations 1 and 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import Cancelled
from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.hazard.events import Hazard
from manglar_engine.risk.curve import checked_periods, curve_of
from manglar_engine.risk.impact import MAX, SUM, Impact
from manglar_engine.risk.matching import Matched, match
from manglar_engine.risk.nearest import nearest_sites
from manglar_engine.vocabulary import Cancel, Progress
from manglar_engine.vulnerability.impact_function import ImpactFunction, ImpactFunctionSet

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Linked:
    """One hazard as the assets meet it: ``site (assets,)``, and a function with its assets by class."""

    hazard: Hazard
    site: Indices
    members: tuple[tuple[ImpactFunction, Indices], ...]

    def ratio(self, event: int) -> Floats:
        """Return the damage ratio of every asset ``(assets,)`` in the event at row ``event``."""
        intensity = self.hazard.footprints.intensity
        along = np.zeros(intensity.shape[1])
        start, stop = intensity.indptr[event : event + 2]
        along[intensity.indices[start:stop]] = intensity.data[start:stop]
        felt = along[self.site]
        ratio = np.empty(len(felt))
        for function, rows in self.members:
            ratio[rows] = function(felt[rows])
        return ratio


@dataclass(frozen=True, eq=False)
class Together:
    """Hazards of a run with their events matched by id."""

    linked: tuple[Linked, ...]
    matched: Matched

    def ratios(self) -> Iterator[Floats]:
        """Yield the damage ratio of every asset ``(assets,)``, event by event."""
        for rows in self.matched.rows:
            parts = [one.ratio(int(row)) for one, row in zip(self.linked, rows, strict=True) if row >= 0]
            if len(parts) == 1:
                yield parts[0]
            elif self.matched.combined == MAX:
                yield np.max(parts, axis=0)
            else:
                yield np.minimum(np.sum(parts, axis=0), 1.0)


def link(hazard: Hazard, assets: Assets, functions: ImpactFunctionSet, *, max_distance_m: float) -> Linked:
    """Return ``hazard`` as ``assets`` meet it.

    Raises:
        EngineError: another coordinate system, assets too far away, classes without a function, or
            functions in another unit.
    """
    classes, place = positions(assets.asset_class)
    chosen = functions.chosen(hazard.peril, classes, unit=hazard.footprints.unit)
    members = tuple((function, np.flatnonzero(place == i)) for i, function in enumerate(chosen))
    return Linked(hazard, nearest_sites(assets, hazard.footprints.sites, max_distance_m=max_distance_m), members)


def _together(
    hazards: Hazard | Sequence[Hazard],
    assets: Assets,
    functions: ImpactFunctionSet,
    *,
    max_distance_m: float,
    together: str,
) -> Together:
    chosen = (hazards,) if isinstance(hazards, Hazard) else tuple(hazards)
    matched = match([hazard.events for hazard in chosen], together)
    return Together(tuple(link(one, assets, functions, max_distance_m=max_distance_m) for one in chosen), matched)


def direct_impact(
    hazards: Hazard | Sequence[Hazard],
    assets: Assets,
    functions: ImpactFunctionSet,
    *,
    max_distance_m: float,
    amount: str = "value",
    together: str = SUM,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Impact:
    """Return the impact of every event, in plain float64.

    Args:
        hazards: one, or several; events with the same id hit together and their damage ratios are
            added (``together="sum"``, never above the whole asset) or the worse is taken (``"max"``).
        assets: what stands in the city.
        functions: by peril and class; those for people are a set of their own.
        amount: ``value`` or ``people``.
        together: ``sum`` or ``max``, for hazards that share events.
        max_distance_m: how far the nearest site of a hazard may stand from an asset.
        progress: told the share of the events that is done.
        cancel: asked before each event whether to stop.

    Raises:
        EngineError: anything that disagrees, named. Cancelled: ``cancel()`` said so.
    """
    held = _together(hazards, assets, functions, max_distance_m=max_distance_m, together=together)
    amounts = assets.amount(amount)
    territories, place = positions(assets.territory)
    by_event = np.zeros((len(held.matched.event_ids), len(territories)))
    expected = np.zeros(len(assets))
    for row, ratio in enumerate(held.ratios()):
        if cancel is not None and cancel():
            raise Cancelled("the run was cancelled; nothing was written")
        damage = amounts * ratio
        by_event[row] = np.bincount(place, weights=damage, minlength=len(territories))
        expected += held.matched.frequency[row] * damage
        if progress is not None:
            progress((row + 1) / len(by_event), "impact")
    return Impact(
        event_ids=held.matched.event_ids,
        frequency=held.matched.frequency,
        territories=territories,
        by_event=by_event,
        expected_by_asset=expected,
        unit=assets.currency if amount == "value" else "person",
        combined=held.matched.combined,
    )


def direct_exceedance_by_asset(
    hazards: Hazard | Sequence[Hazard],
    assets: Assets,
    functions: ImpactFunctionSet,
    *,
    max_distance_m: float,
    periods: Sequence[float],
    amount: str = "value",
    together: str = SUM,
) -> Floats:
    """Return the impact of each asset at return periods ``(assets, periods)``, as :meth:`Curve.at`.

    It holds the damage ratio of every event and asset at once: a reference for few of them.

    Raises:
        EngineError: anything that disagrees, named.
    """
    held = _together(hazards, assets, functions, max_distance_m=max_distance_m, together=together)
    wanted = checked_periods(periods)
    ratios = np.array(list(held.ratios()))
    amounts = assets.amount(amount)
    return np.array(
        [curve_of(amounts[x] * ratios[:, x], held.matched.frequency).at(wanted.tolist()) for x in range(len(assets))]
    )
