"""The fast path of a run: assets grouped, hazards by place, one fused pass per tile.

It answers what :func:`~manglar_engine.risk.direct_impact.direct_impact` answers, within 1e-12.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.store import whole
from manglar_engine.hazard.tiling import Tile, TiledHazard, Tiles, tiled_hazard
from manglar_engine.risk.direct_impact import direct_impact
from manglar_engine.risk.fused import TileSums, sum_tile
from manglar_engine.risk.groups import Groups, groups_of
from manglar_engine.risk.impact import APART, SUM, Impact
from manglar_engine.risk.matching import match
from manglar_engine.risk.nearest import nearest_sites
from manglar_engine.risk.schedule import Schedule, in_order
from manglar_engine.vocabulary import Cancel, Progress
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet
from manglar_engine.vulnerability.segments import Segments, segments_of

Floats = NDArray[np.float64]
Keep = Callable[["TilePass"], Callable[[int], TileSums]]


@dataclass(frozen=True, eq=False)
class TilePass:
    """What a worker needs to pass over any tile of one hazard."""

    tiles: Tiles
    groups: Groups
    segments: Segments
    frequency: Floats

    def __call__(self, number: int) -> TileSums:
        """Pass over one tile, by its number."""
        return self.over(self.tiles.lent(number))

    def over(self, tile: Tile) -> TileSums:
        """Pass over a tile that was lent."""
        return sum_tile(tile, self.groups, self.segments, self.frequency)


def tile_pass(
    hazard: TiledHazard, assets: Assets, functions: ImpactFunctionSet, *, max_distance_m: float, amount: str
) -> TilePass:
    """Return the pass of ``hazard`` over ``assets``.

    Raises:
        EngineError: another coordinate system, assets too far away, classes without a function, or
            functions in another unit.
    """
    classes, _ = positions(assets.asset_class)
    chosen = functions.chosen(hazard.peril, classes, unit=hazard.tiles.unit)
    site = nearest_sites(assets, hazard.tiles.sites, max_distance_m=max_distance_m)
    groups = groups_of(assets, site, amount=amount)
    return TilePass(hazard.tiles, groups, segments_of(chosen), hazard.events.frequency)


def add_tiles(
    work: TilePass,
    territories: int,
    *,
    schedule: Schedule,
    keep: Keep | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> tuple[Floats, Floats]:
    """Return the impact ``(events, territories)`` and the expected annual ratio ``(groups,)``.

    ``keep`` may wrap the pass in one that remembers finished tiles.
    """
    by_event = np.zeros((territories, len(work.frequency)))
    ratio = np.zeros(len(work.groups.amount))
    task = work if keep is None else keep(work)
    parts = in_order(task, len(work.tiles), schedule=schedule, progress=progress, cancel=cancel, label="impact")
    for part in parts:
        for row, territory in zip(part.by_event, part.territories, strict=True):
            if len(row) == len(work.frequency):
                by_event[territory] += row
            else:
                by_event[territory, part.events] += row
        ratio[part.first : part.first + len(part.ratio)] = part.ratio
    zero = work.segments.at_zero[work.groups.kind]
    if zero.any():
        still = np.bincount(work.groups.territory, weights=work.groups.amount * zero, minlength=territories)
        by_event += still[:, None]
        ratio += zero * work.frequency.sum()
    return by_event.T, ratio


def impact(
    hazards: Hazard | TiledHazard | Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: ImpactFunctionSet,
    *,
    max_distance_m: float,
    amount: str = "value",
    together: str = SUM,
    schedule: Schedule | None = None,
    keep: Keep | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Impact:
    """Return the impact of every event, as :func:`direct_impact` does, tile by tile.

    Hazards whose events hit together need every asset in every event at once: they go through the
    direct kernel, and those held on disk are first read whole.

    Raises:
        EngineError: anything that disagrees, named. Cancelled: ``cancel()`` said so.
    """
    chosen = (hazards,) if isinstance(hazards, Hazard | TiledHazard) else tuple(hazards)
    matched = match([hazard.events for hazard in chosen], together)
    if matched.combined != APART:
        return direct_impact(
            [one if isinstance(one, Hazard) else whole(one) for one in chosen],
            assets,
            functions,
            max_distance_m=max_distance_m,
            amount=amount,
            together=together,
            progress=progress,
            cancel=cancel,
        )
    territories, _ = positions(assets.territory)
    amounts = assets.amount(amount)
    by_event, expected = [], np.zeros(len(assets))
    for hazard in chosen:
        work = tile_pass(tiled_hazard(hazard), assets, functions, max_distance_m=max_distance_m, amount=amount)
        events, ratio = add_tiles(
            work, len(territories), schedule=schedule or Schedule(), keep=keep, progress=progress, cancel=cancel
        )
        by_event.append(events)
        expected += amounts * ratio[work.groups.of_asset]
    return Impact(
        event_ids=matched.event_ids,
        frequency=matched.frequency,
        territories=territories,
        by_event=np.concatenate(by_event),
        expected_by_asset=expected,
        unit=assets.currency if amount == "value" else "person",
        combined=APART,
    )
