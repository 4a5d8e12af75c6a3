"""L3, exceedance by asset: the impact that each asset reaches once in so many years.

The damage ratio of a function that does not fall grows with the intensity, so that the event at a
return period is found on the intensities of the site, once for all its classes, and without sorting:
the rates are summed in buckets of intensity, and only the bucket where the sum passes is put in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from manglar_engine.exposure.assets import Assets
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.tiling import Pairs, TiledHazard, Tiles, tiled_hazard
from manglar_engine.io.compiled import compiled
from manglar_engine.risk.curve import ROUNDING, checked_periods
from manglar_engine.risk.groups import Groups
from manglar_engine.risk.schedule import Schedule, in_order
from manglar_engine.risk.tiled_impact import tile_pass
from manglar_engine.vocabulary import Cancel, Progress
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet
from manglar_engine.vulnerability.segments import Segments, ratio_at

Floats = NDArray[np.float64]
LEVELS = 512
"""Buckets between zero and the largest value of a site."""


class Ladder(NamedTuple):
    """Scratch of one site: its pairs and, last, all the events that do not touch it.

    ``value``, ``rate (pairs + 1,)``: what is compared, and how often it happens. ``bucket``, ``order``:
    the bucket of each and the pairs with the highest bucket first. ``begin (LEVELS + 1,)``, ``passed
    (LEVELS,)``: where each bucket begins in ``order``, and the sum of its rates.
    """

    value: Floats
    rate: Floats
    bucket: NDArray[np.int64]
    order: NDArray[np.int64]
    begin: NDArray[np.int64]
    passed: Floats


@compiled
def _ladder(longest: int) -> Ladder:
    """Return room for sites of up to ``longest`` pairs."""
    return Ladder(
        np.empty(longest + 1),
        np.empty(longest + 1),
        np.empty(longest + 1, np.int64),
        np.empty(longest + 1, np.int64),
        np.empty(LEVELS + 1, np.int64),
        np.empty(LEVELS),
    )


@compiled
def _fill(ladder: Ladder, count: int) -> None:
    """Put the first ``count`` pairs into buckets, the highest first."""
    value, rate, begin = ladder.value, ladder.rate, ladder.begin
    top = 0.0
    for k in range(count):
        top = max(top, value[k])
    scale = LEVELS / top if top > 0.0 else 0.0
    ladder.passed[:] = 0.0
    begin[:] = 0
    for k in range(count):
        at = LEVELS - 1 - min(int(value[k] * scale), LEVELS - 1)
        ladder.bucket[k] = at
        ladder.passed[at] += rate[k]
        begin[at + 1] += 1
    for b in range(LEVELS):
        begin[b + 1] += begin[b]
    for k in range(count):
        at = ladder.bucket[k]
        ladder.order[begin[at]] = k
        begin[at] += 1
    for b in range(LEVELS, 0, -1):
        begin[b] = begin[b - 1]
    begin[0] = 0


@compiled
def _sort(order: NDArray[np.int64], value: Floats) -> None:
    """Put a few pairs in order, the largest value first."""
    for i in range(1, len(order)):
        held = order[i]
        j = i - 1
        while j >= 0 and value[order[j]] < value[held]:
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = held


@compiled
def _read(ladder: Ladder, wanted: Floats, found: Floats) -> None:
    """Write the value reached at each rate of ``wanted (periods,)``, which rise; -1 where never reached."""
    passed, b = 0.0, 0
    for p in range(len(wanted)):
        while b < LEVELS and passed + ladder.passed[b] < wanted[p]:
            passed += ladder.passed[b]
            b += 1
        if b == LEVELS:
            found[p] = -1.0
            continue
        members = ladder.order[ladder.begin[b] : ladder.begin[b + 1]]
        _sort(members, ladder.value)
        reached, at = passed, 0
        while at < len(members) - 1 and reached + ladder.rate[members[at]] < wanted[p]:
            reached += ladder.rate[members[at]]
            at += 1
        found[p] = ladder.value[members[at]]


@compiled
def _climb(
    ladder: Ladder, pairs: Pairs, place: tuple[int, int], rates: tuple[Floats, float], segments: Segments
) -> int:
    """Fill the ladder of ``place``: a site, and the function whose ratios are compared or -1 for intensities."""
    site, kind = place
    frequency, total = rates
    start = pairs.start[site]
    count = pairs.start[site + 1] - start
    touched = 0.0
    for k in range(count):
        rate = frequency[pairs.event[start + k]]
        touched += rate
        ladder.rate[k] = rate
        x = np.float64(pairs.intensity[start + k])
        ladder.value[k] = x if kind < 0 else ratio_at(segments, kind, x)
    ladder.rate[count] = max(total - touched, 0.0)
    ladder.value[count] = 0.0 if kind < 0 else segments.at_zero[kind]
    _fill(ladder, count + 1)
    return int(count)


@compiled
def _map(
    pairs: Pairs, groups: Groups, segments: Segments, rates: tuple[Floats, float, Floats, bool], result: Floats
) -> None:
    """Write the ratio ``(groups, periods)``.

    ``rates``: frequency of the events of the tile, total of all events, rates wanted, and whether every
    function rises over intensities that are not negative.
    """
    frequency, total, wanted, rising = rates
    longest = 0
    for c in range(len(pairs.start) - 1):
        longest = max(longest, pairs.start[c + 1] - pairs.start[c])
    ladder, found = _ladder(longest), np.empty(len(wanted))
    last = -1
    for g in range(len(groups.site)):
        kind, site = groups.kind[g], groups.site[g]
        if not rising or site != last:
            _climb(ladder, pairs, (site, -1 if rising else kind), (frequency, total), segments)
            _read(ladder, wanted, found)
        last = site
        for p in range(len(found)):
            if found[p] < 0.0:
                result[g, p] = 0.0
            else:
                result[g, p] = ratio_at(segments, kind, found[p]) if rising else found[p]


@dataclass(frozen=True, eq=False)
class MapPass:
    """What a worker needs to map any tile of one hazard; ``wanted (periods,)`` are rates that rise."""

    tiles: Tiles
    groups: Groups
    segments: Segments
    frequency: Floats
    wanted: Floats

    def __call__(self, number: int) -> tuple[int, Floats]:
        """Return the first group of a tile and the ratios ``(groups of the tile, periods)``."""
        tile = self.tiles.lent(number)
        part = self.groups.within(tile.first, tile.last)
        members = Groups(
            self.groups.site[part] - tile.first,
            self.groups.kind[part],
            self.groups.territory[part],
            self.groups.amount[part],
            self.groups.of_asset[:0],
        )
        result = np.zeros((part.stop - part.start, len(self.wanted)))
        rising = bool((self.segments.slope >= 0).all()) and bool((tile.pairs.intensity >= 0).all())
        rates = (self.frequency[tile.events], float(self.frequency.sum()), self.wanted, rising)
        _map(tile.pairs, members, self.segments, rates, result)
        return part.start, result


def exceedance_by_asset(
    hazard: Hazard | TiledHazard,
    assets: Assets,
    functions: ImpactFunctionSet,
    *,
    max_distance_m: float,
    periods: Sequence[float],
    amount: str = "value",
    schedule: Schedule | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Floats:
    """Return the impact that each asset reaches once in each period ``(assets, periods)``.

    The same as :func:`~manglar_engine.risk.direct_impact.direct_exceedance_by_asset` for one hazard: a
    step function of the events; zero where nothing is that frequent.

    Raises:
        EngineError: anything that disagrees, named. Cancelled: ``cancel()`` said so.
    """
    wanted = (1.0 / checked_periods(periods)) * (1 - ROUNDING)
    order = np.argsort(wanted)
    work = tile_pass(tiled_hazard(hazard), assets, functions, max_distance_m=max_distance_m, amount=amount)
    task = MapPass(work.tiles, work.groups, work.segments, work.frequency, wanted[order])
    ratio = np.zeros((len(work.groups.amount), len(wanted)))
    for first, part in in_order(
        task, len(work.tiles), schedule=schedule or Schedule(), progress=progress, cancel=cancel, label="map"
    ):
        ratio[first : first + len(part), order] = part
    return assets.amount(amount)[:, None] * ratio[work.groups.of_asset]
