"""Finished tiles kept on disk, so that a run that was killed goes on where it was."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from manglar_engine.io.canonical import array_digest, digest
from manglar_engine.io.files import write_whole
from manglar_engine.risk.fused import TileSums
from manglar_engine.risk.tiled_impact import TilePass


@dataclass(frozen=True, eq=False)
class Remembered:
    """A pass that keeps the sums of each tile in ``folder`` and takes from there what is done."""

    work: Callable[[int], TileSums]
    folder: Path

    def __call__(self, number: int) -> TileSums:
        """Return the sums of a tile, computed or remembered; a broken file is computed again."""
        path = self.folder / f"{number}.npz"
        if path.exists():
            try:
                with np.load(path) as held:
                    return TileSums(int(held["first"]), *(held[name] for name in TileSums._fields[1:]))
            except (OSError, ValueError, KeyError, BadZipFile):
                path.unlink()
        sums = self.work(number)
        content = io.BytesIO()
        parts: dict[str, Any] = {name: np.asarray(value) for name, value in sums._asdict().items()}
        np.savez(content, **parts)
        write_whole(path, content.getvalue())
        return sums


@dataclass(frozen=True, slots=True)
class Memory:
    """Where runs keep finished tiles; each pass has its own place, named by all that its sums rest on."""

    folder: Path
    hazard_digest: str

    def __call__(self, work: TilePass) -> Remembered:
        """Return ``work`` with a memory."""
        name = digest(
            {
                "hazard": self.hazard_digest,
                "groups": array_digest(*work.groups),
                "segments": array_digest(*work.segments[:-1], *map(np.asarray, work.segments.even)),
                "frequency": array_digest(work.frequency),
                "tiles": len(work.tiles),
            }
        )
        return Remembered(work, self.folder / name[:32])
