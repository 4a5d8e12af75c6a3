"""Footprints by place: tiles of neighbouring sites, each with the events that touch it.

A tile is a run of sites in their order. Its pairs go site after site, events rising within a site;
events are numbered within the tile, so that 16 bits are enough whatever the length of the table. How
sites are cut into tiles depends on the data alone, never on who computes: sums over tiles taken in
their order are the same on any number of workers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manglar_engine.errors import HazardError
from manglar_engine.hazard.events import EventSet, Footprints, Hazard, Sites

Indices = NDArray[np.intp]
MOST_SITES = 1 << 14
MOST_PAIRS = 1 << 20
MOST_EVENTS = 1 << 16
"""Distinct events of a tile: what 16 bits number."""


class Pairs(NamedTuple):
    """Pairs of a tile: ``start (sites + 1,)``, ``event (pairs,)`` in the tile, ``intensity (pairs,)``."""

    start: NDArray[np.int64]
    event: NDArray[np.uint16]
    intensity: NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Tile:
    """Sites ``first .. first + len(pairs.start) - 1`` and ``events (in the tile,)`` by row of the table."""

    first: int
    events: Indices
    pairs: Pairs

    @property
    def last(self) -> int:
        """Return the site after the last."""
        return self.first + len(self.pairs.start) - 1


class Tiles(Protocol):
    """Footprints as tiles, in memory or on disk; it can be sent to another process."""

    @property
    def sites(self) -> Sites:
        """Return the sites."""

    @property
    def unit(self) -> str:
        """Return the unit of the intensity."""

    @property
    def event_count(self) -> int:
        """Return the number of events of the table."""

    def __len__(self) -> int:
        """Return the number of tiles."""

    def tile(self, number: int) -> Tile:
        """Return one tile."""

    def lent(self, number: int) -> Tile:
        """Return one tile, for one pass: its pairs may be overwritten by the next tile lent to the same thread."""


@dataclass(frozen=True, eq=False)
class TiledFootprints:
    """Tiles held in memory."""

    sites: Sites
    unit: str
    event_count: int
    held: tuple[Tile, ...]

    def __len__(self) -> int:
        """Return the number of tiles."""
        return len(self.held)

    def tile(self, number: int) -> Tile:
        """Return one tile."""
        return self.held[number]

    def lent(self, number: int) -> Tile:
        """Return one tile, the same as :meth:`tile`."""
        return self.held[number]


def cut_tiles(by_site: sparse.csc_array, *, first: int = 0) -> Iterator[Tile]:
    """Yield the tiles of ``by_site (events, sites)``; its first column is site ``first``.

    Raises:
        HazardError: one site alone is touched by more events than a tile can number.
    """
    start = by_site.indptr.astype(np.int64)
    events, count = by_site.shape
    column = 0
    while column < count:
        stop = _stop(start, column, count)
        tile = _tile(by_site, start, column, stop)
        while tile is None:
            if stop - column == 1:
                raise HazardError(
                    f"site {first + column} is touched by more than {MOST_EVENTS} of {events} events",
                    mend="Join events that are alike, adding their frequencies.",
                )
            stop = column + (stop - column) // 2
            tile = _tile(by_site, start, column, stop)
        yield Tile(first + column, tile.events, tile.pairs)
        column = stop


def _stop(start: NDArray[np.int64], column: int, count: int) -> int:
    """Return where the tile that starts at ``column`` ends, by the number of its sites and pairs."""
    full = int(np.searchsorted(start, start[column] + MOST_PAIRS, side="right")) - 1
    return max(column + 1, min(column + MOST_SITES, full, count))


def _tile(by_site: sparse.csc_array, start: NDArray[np.int64], column: int, stop: int) -> Tile | None:
    low, high = start[column], start[stop]
    rows = by_site.indices[low:high]
    if by_site.shape[0] <= MOST_EVENTS:
        touched, local = np.arange(by_site.shape[0], dtype=np.intp), rows
    else:
        seen = np.zeros(by_site.shape[0], dtype=np.bool_)
        seen[rows] = True
        touched = np.flatnonzero(seen)
        if len(touched) > MOST_EVENTS:
            return None
        place = np.zeros(by_site.shape[0], dtype=np.uint16)
        place[touched] = np.arange(len(touched))
        local = place[rows]
    pairs = Pairs(start[column : stop + 1] - low, local.astype(np.uint16), by_site.data[low:high])
    return Tile(0, touched, pairs)


def tiled(footprints: Footprints) -> TiledFootprints:
    """Return footprints in memory by place, with the intensities as they were given (float32 or float64)."""
    by_site = sparse.csc_array(footprints.intensity)
    by_site.sort_indices()
    return TiledFootprints(
        sites=footprints.sites,
        unit=footprints.unit,
        event_count=footprints.intensity.shape[0],
        held=tuple(cut_tiles(by_site)),
    )


@dataclass(frozen=True, eq=False)
class TiledHazard:
    """Events of one peril with their footprints by place."""

    events: EventSet
    tiles: Tiles

    def __post_init__(self) -> None:
        """Refuse with :class:`HazardError` another number of events in the tiles than in the table."""
        if self.tiles.event_count != len(self.events):
            raise HazardError(
                f"the tiles have {self.tiles.event_count} events and the table {len(self.events)}",
                mend="Give the table that the tiles were cut from.",
            )

    @property
    def peril(self) -> str:
        """Return the one peril of its events."""
        return self.events.peril[0]


def tiled_hazard(hazard: Hazard | TiledHazard) -> TiledHazard:
    """Return ``hazard`` by place; what is already tiled stays as it is.

    Raises:
        HazardError: one site alone is touched by more events than a tile can number.
    """
    return hazard if isinstance(hazard, TiledHazard) else TiledHazard(hazard.events, tiled(hazard.footprints))
