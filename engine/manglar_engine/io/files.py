"""Whole files or none: a result is written beside its place and moved there at the end."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from manglar_engine.errors import FormatError


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


def refuse_occupied(folder: Path, ours: Collection[str], *, mark: str, beside: Sequence[Path] = ()) -> None:
    """Refuse a folder for results in which anything stands that a run of ours did not write.

    Args:
        folder: where results will stand; it may be missing, empty, or hold an earlier answer.
        ours: names that an answer may hold.
        mark: the one of them that every answer holds, a JSON object.
        beside: files of the run; their folders and those above are never results.

    Raises:
        FormatError: it is a file, holds other things, is where the run works, or cannot be written.
    """
    place = folder.resolve()
    where = [Path.cwd().resolve(), *(path.resolve().parent for path in beside)]
    if any(one == place or place in one.parents for one in where):
        raise FormatError(
            f"{folder} holds the city itself or the folder you work in: results would take its place",
            mend="Name a folder of its own for the results, as --out results.",
        )
    try:
        held = {part.name for part in place.iterdir()} if place.exists() else set()
    except NotADirectoryError as error:
        raise FormatError(f"{folder} is a file", mend="Name a folder for the results.") from error
    except OSError as error:
        raise not_written(folder, error) from error
    foreign = sorted(held - set(ours))
    if foreign or (held and not _is_object(place / mark)):
        raise FormatError(
            f"{folder} holds what no run wrote, and results would take its place",
            rows=foreign or sorted(held),
            mend="Name a new or empty folder for the results, or move these away first.",
        )


def _is_object(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    except (OSError, ValueError):
        return False


def not_written(path: Path, error: OSError) -> FormatError:
    """Return the refusal of a place that cannot be written."""
    return FormatError(
        f"{path} cannot be written: {error.strerror or error}",
        mend="Name another folder, or mend its permissions or the space of the disk.",
    )


def path_digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder: names and contents in the order of the names."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    total = hashlib.sha256()
    for part in sorted(p for p in path.rglob("*") if p.is_file()):
        total.update(part.relative_to(path).as_posix().encode("utf-8") + b"\0")
        total.update(hashlib.sha256(part.read_bytes()).digest())
    return total.hexdigest()
