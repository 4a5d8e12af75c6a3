"""Chunks of a Zarr array, one for each tile, decoded into arrays that are already there.

Zarr itself reads them too, into a new array each time; giving those out took most of the time of a tile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numcodecs.blosc import Blosc
from numpy.typing import NDArray
from zarr.codecs import BloscCodec

from manglar_engine.errors import FormatError

Take = Callable[[str, int, np.dtype[Any]], NDArray[Any]]
"""Gives an array by name, length and type."""


def fresh(_: str, length: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Give a new array."""
    return np.empty(length, dtype)


class Room(threading.local):
    """Arrays that a thread uses again and again, by name."""

    def __init__(self) -> None:
        """Begin empty in every thread."""
        self._held: dict[str, NDArray[Any]] = {}

    def take(self, name: str, length: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        """Give the array of that name, of the length asked for; what it held is lost."""
        held = self._held.get(name)
        if held is None or held.dtype != dtype or len(held) < length:
            held = self._held[name] = np.empty(length, dtype)
        return held[:length]


class Chunks:
    """Rows of a two-dimensional array of ours: each a chunk of bytes under Blosc."""

    def __init__(self, path: Path, array: Any) -> None:
        """Look at ``array``, which lies at ``path``; refuse with :class:`FormatError` another layout."""
        self.width: int = array.shape[1]
        self.dtype: np.dtype[Any] = array.dtype
        self._path = path
        self._room = Room()
        codecs = [type(codec) for codec in array.compressors]
        if array.chunks != (1, self.width) or codecs != [BloscCodec] or array.filters:
            raise FormatError(
                f"{path.parent.name}/{path.name} is not one Blosc chunk for each tile", mend="Write it again."
            )

    def read(self, number: int, into: NDArray[Any]) -> NDArray[Any]:
        """Decode chunk ``number`` into an array of ``width`` and return it.

        Raises:
            FormatError: the chunk is lost or broken.
        """
        path = self._path / "c" / str(number) / "0"
        try:
            with path.open("rb", buffering=0) as file:
                packed = self._room.take("packed", path.stat().st_size, np.dtype(np.uint8))
                read = file.readinto(packed.data)
            Blosc().decode(packed[:read], into)
        except (OSError, ValueError, RuntimeError) as error:
            raise FormatError(
                f"chunk {number} of {self._path.parent.name}/{self._path.name} cannot be read: {error}",
                mend="Copy the folder again, or write it again: a part of it is lost.",
            ) from error
        return into
