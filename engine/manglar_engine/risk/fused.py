"""One pass over the pairs of a tile: sums by event and expected ratios by group, nothing in between.

Where nothing happens a function may still harm: that part is ``at_zero`` times the amounts, known
without a pass, and the pass adds only what each pair changes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from manglar_engine.hazard.tiling import Pairs, Tile
from manglar_engine.io.compiled import compiled
from manglar_engine.risk.groups import Groups
from manglar_engine.vulnerability.even_steps import EvenSteps, find_places
from manglar_engine.vulnerability.segments import Segments, changes

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class TileSums(NamedTuple):
    """What one tile adds.

    ``ratio (groups of the tile,)``: expected annual change of the ratio over ``at_zero``, of the
    groups that begin at ``first``. ``by_event (territories of the tile, events of the tile)``: change of
    the impact, with ``territories`` and ``events`` telling which they are.
    """

    first: int
    ratio: Floats
    territories: Indices
    events: NDArray[np.intp]
    by_event: Floats


def sum_tile(tile: Tile, groups: Groups, segments: Segments, frequency: Floats) -> TileSums:
    """Pass once over ``tile``; ``frequency (events of the table,)`` per year."""
    part = groups.within(tile.first, tile.last)
    territories, place = np.unique(groups.territory[part], return_inverse=True)
    by_event = np.zeros((len(territories), len(tile.events)))
    ratio = np.zeros(part.stop - part.start)
    members = Groups(
        groups.site[part] - tile.first, groups.kind[part], place.ravel().astype(np.int64), groups.amount[part], _NONE
    )
    _pass(tile.pairs, members, segments, frequency[tile.events], (by_event, ratio))
    return TileSums(part.start, ratio, territories, tile.events, by_event)


_NONE = np.zeros(0, dtype=np.int64)
BLOCK = 1 << 18
"""Pairs whose places are found at once. Shorter blocks were slower, whole tiles took more memory."""


@compiled
def _pass(pairs: Pairs, groups: Groups, segments: Segments, frequency: Floats, sums: tuple[Floats, Floats]) -> None:
    """Add every pair of every group to ``sums``: by territory and event, and by group."""
    longest = 0
    for c in range(len(pairs.start) - 1):
        longest = max(longest, pairs.start[c + 1] - pairs.start[c])
    if segments.even.base.shape[1] > 0:
        _pass_even(pairs, groups, segments.even, (frequency, max(longest, min(BLOCK, len(pairs.event)))), sums)
        return
    by_event, ratio = sums
    room = np.empty(longest)
    for g in range(len(groups.site)):
        amount, row = groups.amount[g], by_event[groups.territory[g]]
        start, stop = pairs.start[groups.site[g]], pairs.start[groups.site[g] + 1]
        events, change = pairs.event[start:stop], room[: stop - start]
        changes(segments, groups.kind[g], pairs.intensity[start:stop], change)
        expected = 0.0
        for k in range(len(events)):
            row[events[k]] += amount * change[k]
            expected += frequency[events[k]] * change[k]
        ratio[g] = expected


@compiled
def _pass_even(
    pairs: Pairs, groups: Groups, even: EvenSteps, rates: tuple[Floats, int], sums: tuple[Floats, Floats]
) -> None:
    """Do the same block by block; ``rates``: frequency of the events of the tile, and most pairs of a block."""
    frequency, block = rates
    by_event, ratio = sums
    step, along = np.empty(block, np.uint32), np.empty(block)
    first = 0
    while first < len(groups.site):
        begin = pairs.start[groups.site[first]]
        stop = first
        while stop < len(groups.site) and pairs.start[groups.site[stop] + 1] - begin <= block:
            stop += 1
        end = pairs.start[groups.site[stop - 1] + 1]
        find_places(even, pairs.intensity[begin:end], step, along)
        for g in range(first, stop):
            amount, row = groups.amount[g], by_event[groups.territory[g]]
            base, rise = even.base[groups.kind[g]], even.rise[groups.kind[g]]
            low, high = pairs.start[groups.site[g]], pairs.start[groups.site[g] + 1]
            events, steps, place = pairs.event[low:high], step[low - begin : high - begin], along[low - begin :]
            expected = 0.0
            for k in range(len(events)):
                change = base[steps[k]] + rise[steps[k]] * place[k]
                row[events[k]] += amount * change
                expected += frequency[events[k]] * change
            ratio[g] = expected
        first = stop
