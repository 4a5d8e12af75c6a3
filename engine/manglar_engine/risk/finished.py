"""Finished tiles kept on disk, so that a run that was killed goes on where it was."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from manglar_engine.hazard.tiling import Tile
from manglar_engine.io.canonical import array_digest, digest
from manglar_engine.io.files import write_whole
from manglar_engine.risk.fused import TileSums
from manglar_engine.risk.tiled_impact import TilePass
from manglar_engine.vocabulary import ENGINE_VERSION


@dataclass(frozen=True, eq=False)
class Remembered:
    """A pass that keeps the sums of each tile in ``folder`` and takes from there what is done."""

    work: TilePass
    folder: Path

    def __call__(self, number: int) -> TileSums:
        """Return the sums of a tile, computed or remembered; a broken file is computed again."""
        tile = self.work.tiles.lent(number)
        path = self.folder / f"{number}-{_tile_digest(tile)[:32]}.npz"
        if path.exists():
            try:
                with np.load(path) as held:
                    return TileSums(int(held["first"]), *(held[name] for name in TileSums._fields[1:]))
            except (OSError, ValueError, KeyError, BadZipFile):
                path.unlink()
        sums = self.work.over(tile)
        content = io.BytesIO()
        parts: dict[str, Any] = {name: np.asarray(value) for name, value in sums._asdict().items()}
        np.savez(content, **parts)
        write_whole(path, content.getvalue())
        return sums


def _tile_digest(tile: Tile) -> str:
    """Return the digest of what a pass reads of a tile: its place, events and intensities, and their precision.

    The intensities themselves, as they are after offsets, units and scenarios: the files they came from may stay the
    same while they change, and two hazards of one run have the same files.
    """
    numbers = array_digest(tile.events, *tile.pairs)
    return digest({"first": tile.first, "dtype": tile.pairs.intensity.dtype.str, "numbers": numbers})


@dataclass(frozen=True, slots=True)
class Memory:
    """Where runs keep finished tiles; each pass has its own place, named by all that its sums rest on."""

    folder: Path

    def __call__(self, work: TilePass) -> Remembered:
        """Return ``work`` with a memory."""
        name = digest(
            {
                "engine": ENGINE_VERSION,
                "unit": work.tiles.unit,
                "groups": array_digest(*work.groups),
                "segments": array_digest(*work.segments[:-1], *map(np.asarray, work.segments.even)),
                "frequency": array_digest(work.frequency),
                "tiles": len(work.tiles),
            }
        )
        return Remembered(work, self.folder / name[:32])
