"""What every city file has in common: TOML, sections, words, the files that it names, and all its errors at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from manglar_engine.errors import EngineError, FormatError
from manglar_engine.io.files import path_digest

Made = TypeVar("Made")


def load_toml(path: Path) -> dict[str, Any]:
    """Return the document at ``path``; raise :class:`FormatError` where it cannot be opened or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FormatError(
            f"the file {path.name} cannot be opened: {error.strerror}", mend="Check the path and the permissions."
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FormatError(f"the file {path.name} is not TOML: {error}", mend="Correct that line.") from error


def section_of(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a section, empty where there is none; raise :class:`FormatError` for what is no section."""
    section = document.get(name, {})
    if not isinstance(section, Mapping):
        raise FormatError(f"{name} is not a section", mend=f"Write [{name}] on a line of its own.")
    return section


def refuse_unknown(where: str, held: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse with :class:`FormatError` words that are not among ``known``."""
    unknown = sorted(set(held) - set(known))
    if unknown:
        raise FormatError(
            f"{where} has words that are not known", rows=unknown, mend=f"Use: {', '.join(sorted(known))}."
        )


def refuse_missing(where: str, held: Mapping[str, Any], needed: Collection[str]) -> None:
    """Refuse with :class:`FormatError` the lack of any word ``needed``, all of them named."""
    missing = sorted(set(needed) - set(held))
    if missing:
        raise FormatError(f"{where} does not say all that it must", rows=missing, mend="Add them: nothing is guessed.")


def made(where: str, make: Callable[..., Made], words: object, known: Collection[str]) -> Made:
    """Return ``make(**words)``; refuse with :class:`FormatError` other words, or words of another form."""
    if not isinstance(words, Mapping):
        raise FormatError(f"{where} is not a section", mend="Write its words below it.")
    refuse_unknown(where, words, known)
    try:
        return make(**words)
    except EngineError:
        raise
    except (TypeError, ValueError) as error:
        raise FormatError(f"{where} cannot be read: {error}", mend="Give its words as the method says.") from error


class Files:
    """Finds files beside the city's own and remembers their digests."""

    def __init__(self, path: Path) -> None:
        """Look from the folder of the city file at ``path``."""
        self.path = path
        self.inputs: dict[str, str] = {}

    def file(self, name: object, what: str) -> Path:
        """Return the path of a named file or folder; refuse what is no name or does not exist."""
        if not isinstance(name, str) or not name:
            raise FormatError(f"{self.path.name}: {what} does not name its file", mend='Write "file.ext".')
        found = self.path.parent / name
        if not found.exists():
            raise FormatError(f"{self.path.name}: {what} names {name}, which does not exist", mend="Check the path.")
        self.inputs[name] = path_digest(found)
        return found


class Gathered:
    """Reads part after part and keeps what each refuses, so that everything is said at once."""

    def __init__(self) -> None:
        """Begin without a refusal."""
        self._refused: list[EngineError] = []

    def take(self, read: Callable[[], Made]) -> Made | None:
        """Return what ``read`` gives, or nothing where it refuses."""
        try:
            return read()
        except EngineError as error:
            self._refused.append(error)
            return None

    def refuse(self) -> None:
        """Raise the one refusal, or all of them as one :class:`FormatError`; do nothing where there was none."""
        if len(self._refused) == 1:
            raise self._refused[0]
        if self._refused:
            told = " ".join(f"({number}) {error}" for number, error in enumerate(self._refused, start=1))
            raise FormatError(f"{len(self._refused)} things disagree: {told}", mend="Mend them and run again.")
