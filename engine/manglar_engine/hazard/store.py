"""A hazard on disk: events in Parquet, footprints in Zarr v3 by tiles.

In the folder: ``events.parquet`` (id, frequency, year, peril, scenario) and ``footprints.zarr``, a group
whose attributes say unit, coordinate system and ``step``, with the arrays

- ``x``, ``y (sites,)``, and ``count (sites,)``: pairs of each site;
- ``first (tiles + 1,)``: the first site of each tile, and the number of sites;
- ``event (tiles, width)`` uint16: number of the event in the tile, each as the difference with the one
  before it at the same site; one tile is one chunk, what is left of the width holds zeros;
- ``intensity (tiles, width)``: float32 or float64, or uint16 multiples of ``step`` when one is given;
- ``listed (tiles, most)``: rows of the table by number in the tile, only where a table has more events
  than 16 bits number; ``listing (tiles,)`` tells how many.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from scipy import sparse
from zarr.codecs import BloscCodec

from manglar_engine.errors import FormatError, HazardError
from manglar_engine.hazard.chunks import Chunks, Room, Take, fresh
from manglar_engine.hazard.event_files import read_events, write_events
from manglar_engine.hazard.events import Footprints, Hazard, Sites
from manglar_engine.hazard.tiling import MOST_EVENTS, MOST_PAIRS, Pairs, Tile, TiledHazard, tiled
from manglar_engine.io.compiled import compiled
from manglar_engine.io.files import written_whole

FORMAT = "manglar-footprints-1"
EVENTS = "events.parquet"
FOOTPRINTS = "footprints.zarr"
MOST_STEPS = np.iinfo(np.uint16).max
Floats = NDArray[np.float64]


def _compressed(width: int) -> BloscCodec:
    """Return the codec: made cities took 15% more room than with zstd and half the time to read."""
    return BloscCodec(typesize=width, cname="lz4hc", clevel=5, shuffle="shuffle")


class StoredFootprints:
    """Tiles on disk, read one at a time; only the path travels to other processes."""

    def __init__(self, path: Path) -> None:
        """Open the Zarr group at ``path``; refuse with :class:`FormatError` what is not one of ours."""
        self.path = path
        try:
            group: Any = zarr.open_group(str(path), mode="r", zarr_format=3)
        except (OSError, ValueError) as error:
            raise FormatError(
                f"{path.name} cannot be opened as Zarr v3: {error}", mend="Check the path, or write it again."
            ) from error
        said: dict[str, Any] = dict(group.attrs)
        if said.get("format") != FORMAT:
            raise FormatError(f"{path.name} says format {said.get('format')!r}", mend=f"Write it again as {FORMAT}.")
        self.sites = Sites(_whole(group, "x"), _whole(group, "y"), str(said["crs"]))
        self.unit = str(said["unit"])
        self.event_count = int(said["events"])
        self._step = said["step"]
        self._first = _whole(group, "first").astype(np.int64)
        count = _whole(group, "count")
        self._start = np.zeros(len(count) + 1, dtype=np.int64)
        np.cumsum(count, out=self._start[1:])
        self._event, self._intensity = (Chunks(path / name, group[name]) for name in ("event", "intensity"))
        self._room = Room()
        self._listing = _whole(group, "listing") if "listing" in group else None
        self._listed = group.get("listed")

    def __reduce__(self) -> tuple[type[StoredFootprints], tuple[Path]]:
        """Travel as the path."""
        return StoredFootprints, (self.path,)

    def __len__(self) -> int:
        """Return the number of tiles."""
        return len(self._first) - 1

    def tile(self, number: int) -> Tile:
        """Return one tile, decoded; intensities stored in steps come back as float32."""
        return self._decoded(number, fresh)

    def lent(self, number: int) -> Tile:
        """Return the same in arrays that the next tile lent to this thread overwrites."""
        return self._decoded(number, self._room.take)

    def _decoded(self, number: int, take: Take) -> Tile:
        low, high = int(self._first[number]), int(self._first[number + 1])
        start = self._start[low : high + 1] - self._start[low]
        count = int(start[-1])
        events = self._event.read(number, take("event", self._event.width, self._event.dtype))[:count]
        _add_up(events, start)
        stored = self._intensity
        if self._step is None:
            intensity = stored.read(number, take("intensity", stored.width, stored.dtype))[:count]
        else:
            steps = stored.read(number, self._room.take("steps", stored.width, stored.dtype))[:count]
            intensity = take("intensity", stored.width, np.dtype(np.float32))[:count]
            np.multiply(steps, np.float32(self._step), out=intensity)
        if self._listing is None or self._listed is None:
            rows = np.arange(self.event_count, dtype=np.intp)
        else:
            rows = np.asarray(self._listed[number])[: self._listing[number]].astype(np.intp)
        return Tile(low, rows, Pairs(start, events, intensity))


def _whole(group: Any, name: str) -> NDArray[Any]:
    return np.asarray(group[name][...])


@compiled
def _add_up(events: NDArray[np.uint16], start: NDArray[np.int64]) -> None:
    """Turn the differences within each site into event numbers, in place."""
    for site in range(len(start) - 1):
        reached = np.uint16(0)
        for k in range(start[site], start[site + 1]):
            reached = np.uint16(reached + events[k])
            events[k] = reached


def _differences(pairs: Pairs) -> NDArray[np.uint16]:
    gaps = pairs.event.copy()
    gaps[1:] -= pairs.event[:-1]
    firsts = pairs.start[:-1][np.diff(pairs.start) > 0]
    gaps[firsts] = pairs.event[firsts]
    return gaps


def _in_steps(tile: Tile, step: float) -> NDArray[np.uint16]:
    """Return intensities as the nearest multiples of ``step``; a pair is never rounded to nothing."""
    steps = np.rint(tile.pairs.intensity / step)
    wrong = np.flatnonzero((steps < 0) | (steps > MOST_STEPS))
    if wrong.size:
        raise HazardError(
            f"intensities are negative or above {MOST_STEPS * step:g}, the most that steps of {step:g} reach",
            rows=[f"pair {k}: {float(tile.pairs.intensity[k])!r}" for k in wrong.tolist()],
            mend="Give a longer step, or none to keep the numbers as they are.",
        )
    return np.asarray(np.maximum(steps, 1), dtype=np.uint16)


class _Writer:
    """Appends tiles to a group, one chunk each."""

    def __init__(self, group: Any, *, events: int, dtype: str, width: int, step: float | None) -> None:
        self._step = step
        self._count: list[NDArray[np.int64]] = []
        self._first = [0]
        self._group = group
        self._event = self._rows("event", "uint16", width)
        self._intensity = self._rows("intensity", dtype if step is None else "uint16", width)
        self._listed = self._rows("listed", "uint32", MOST_EVENTS) if events > MOST_EVENTS else None
        self._listing: list[int] = []

    def _rows(self, name: str, dtype: str, width: int) -> Any:
        return self._group.create_array(
            name,
            shape=(0, width),
            chunks=(1, width),
            dtype=dtype,
            compressors=_compressed(np.dtype(dtype).itemsize),
            fill_value=0,
            config={"write_empty_chunks": True},  # so that a chunk that is not there is known to be lost
        )

    def add(self, tile: Tile) -> None:
        """Append one tile."""
        if tile.first != self._first[-1]:
            raise HazardError(
                f"a tile begins at site {tile.first} and the one before ends at {self._first[-1]}",
                mend="Give tiles in the order of the sites, none left out.",
            )
        if not np.isfinite(tile.pairs.intensity).all():
            raise HazardError(
                f"the tile that begins at site {tile.first} holds intensities that are not finite numbers",
                mend="Leave out the pairs of event and site that have none.",
            )
        values = tile.pairs.intensity if self._step is None else _in_steps(tile, self._step)
        self._append(self._event, _differences(tile.pairs))
        self._append(self._intensity, values)
        if self._listed is not None:
            self._append(self._listed, tile.events.astype(np.uint32))
            self._listing.append(len(tile.events))
        self._count.append(np.diff(tile.pairs.start))
        self._first.append(tile.last)

    @staticmethod
    def _append(array: Any, values: NDArray[Any]) -> None:
        rows, width = array.shape
        array.resize((rows + 1, width))
        padded = np.zeros(width, dtype=array.dtype)
        padded[: len(values)] = values
        array[rows] = padded

    def close(self, sites: int) -> None:
        """Write what is known only at the end; refuse tiles that do not reach the last site."""
        if self._first[-1] != sites:
            raise HazardError(
                f"the tiles end at site {self._first[-1]} of {sites}", mend="Give tiles for all the sites."
            )
        self._column("first", np.array(self._first, dtype=np.uint32))
        self._column("count", np.concatenate(self._count).astype(np.uint32))
        if self._listed is not None:
            self._column("listing", np.array(self._listing, dtype=np.uint32))

    def _column(self, name: str, values: NDArray[Any]) -> None:
        _write_column(self._group, name, values)


def _write_column(group: Any, name: str, values: NDArray[Any]) -> None:
    """Write a column as one chunk: it is always read whole."""
    group.create_array(name, data=values, chunks=values.shape, compressors=_compressed(values.dtype.itemsize))


def write_footprints(
    path: Path,
    tiles: Iterable[Tile],
    *,
    sites: Sites,
    unit: str,
    events: int,
    dtype: str = "float32",
    width: int = MOST_PAIRS,
    step: float | None = None,
) -> None:
    """Write tiles as they come, one in memory at a time.

    Args:
        path: of the Zarr group, which appears whole or not at all.
        tiles: in the order of the sites.
        sites: of all tiles. ``unit``: of the intensity. ``events``: of the table.
        unit: of the intensity.
        events: number of events of the table.
        dtype: ``float32`` or ``float64``.
        width: most pairs of a tile.
        step: store 16-bit multiples of it instead: smaller files, intensities rounded to half a step.

    Raises:
        HazardError: tiles that leave sites out, or intensities that steps do not reach.
    """
    if step is not None and not step > 0:
        raise HazardError(f"step is {step!r}", mend="Give a positive step in the unit of the intensity, or none.")
    with written_whole(path) as folder:
        said = {"format": FORMAT, "unit": unit, "crs": sites.crs, "events": events, "step": step}
        group = zarr.create_group(str(folder), zarr_format=3, attributes=said)
        writer = _Writer(group, events=events, dtype=dtype, width=width, step=step)
        for tile in tiles:
            writer.add(tile)
        writer.close(len(sites))
        for name in ("x", "y"):
            _write_column(group, name, np.asarray(getattr(sites, name)))


def write_hazard(folder: Path, hazard: Hazard, *, step: float | None = None) -> None:
    """Write a hazard held in memory: ``events.parquet`` and ``footprints.zarr`` in ``folder``.

    ``step``: store 16-bit multiples of it, in the unit of the intensity; as they are where it is not given.

    Raises:
        HazardError: intensities that steps do not reach. OSError: the folder cannot be written.
    """
    held = tiled(hazard.footprints)
    write_events(folder / EVENTS, hazard.events)
    write_footprints(
        folder / FOOTPRINTS,
        held.held,
        sites=held.sites,
        unit=held.unit,
        events=held.event_count,
        dtype=hazard.footprints.intensity.dtype.name,
        width=max(1, *(len(tile.pairs.event) for tile in held.held)),
        step=step,
    )


def read_hazard(folder: str | Path) -> TiledHazard:
    """Open a hazard on disk; tiles are read when they are needed.

    Raises:
        FormatError: a file that is missing or is not what it should be.
        HazardError: events that disagree.
    """
    folder = Path(folder)
    return TiledHazard(read_events(folder / EVENTS), StoredFootprints(folder / FOOTPRINTS))


def whole(hazard: TiledHazard) -> Hazard:
    """Return a tiled hazard held whole in memory, event by site."""
    tiles = [hazard.tiles.tile(number) for number in range(len(hazard.tiles))]
    starts = np.concatenate([[0], np.cumsum(np.concatenate([np.diff(tile.pairs.start) for tile in tiles]))])
    rows = np.concatenate([tile.events[tile.pairs.event] for tile in tiles])
    data = np.concatenate([tile.pairs.intensity for tile in tiles])
    matrix = sparse.csc_array((data, rows, starts), shape=(len(hazard.events), len(hazard.tiles.sites)))
    prints = Footprints(
        sparse.csr_array(matrix), hazard.tiles.sites, hazard.tiles.unit, may_be_negative=bool((data < 0).any())
    )
    return Hazard(hazard.events, prints)
