"""Whole files or none: a result is written beside its place and moved there at the end."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a name in a hidden folder beside ``path`` to write a file or folder to; move it there at the end.

    Used where a library writes by itself. An error leaves the old file or folder as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        made = folder / path.name
        yield made
        if made.is_dir() and path.exists():
            path.replace(folder / "old")  # a folder cannot be replaced in one step
        made.replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def path_digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder: names and contents in the order of the names."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    total = hashlib.sha256()
    for part in sorted(p for p in path.rglob("*") if p.is_file()):
        total.update(part.relative_to(path).as_posix().encode("utf-8") + b"\0")
        total.update(hashlib.sha256(part.read_bytes()).digest())
    return total.hexdigest()
