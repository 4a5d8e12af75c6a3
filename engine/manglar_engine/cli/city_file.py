"""What every city file has in common: TOML, sections, words, the files that it names, and all its errors at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from manglar_engine.errors import EngineError, FormatError
from manglar_engine.io.files import path_digest

Made = TypeVar("Made")
SHAPEFILE = (".dbf", ".prj", ".cpg")
"""Files beside a shapefile that change what is read from it."""


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


def sections_of(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the sections of a repeated name, none where there is none; raise :class:`FormatError` for others."""
    sections = document.get(name, [])
    if not isinstance(sections, list) or not all(isinstance(one, Mapping) for one in sections):
        raise FormatError(f"{name} is not a list of sections", mend=f"Write [[{name}]], with two brackets.")
    return sections


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
    refuse_forms(where, words, forms_of(make))
    try:
        return make(**words)
    except EngineError:
        raise
    except (TypeError, ValueError) as error:
        raise FormatError(f"{where} cannot be read: {error}", mend="Give its words as the method says.") from error


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, float) or _whole(value)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _list_of(kind: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list | tuple) and all(map(kind, value))


FORMS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "int": (_whole, "a whole number, as 30"),
    "int | None": (_whole, "a whole number, as 30"),
    "float": (_number, "a number without quotes, as 0.5"),
    "bool": (lambda value: isinstance(value, bool), "true or false, without quotes"),
    "str": (_text, 'a text, as "a"'),
    "Sequence[float]": (_list_of(_number), "a list of numbers, as [10, 100]"),
    "tuple[float, ...]": (_list_of(_number), "a list of numbers, as [10, 100]"),
    "Sequence[str]": (_list_of(_text), 'a list of texts, as ["a"]'),
    "tuple[str, ...]": (_list_of(_text), 'a list of texts, as ["a"]'),
    "Mapping[str, str]": (lambda value: isinstance(value, Mapping), 'pairs, as { a = "b" }'),
}
"""What each kind of field takes, and how a person writes it. True and false are no numbers."""


def refuse_forms(where: str, held: Mapping[str, Any], forms: Mapping[str, str]) -> None:
    """Refuse with :class:`FormatError` words of another form than ``forms`` (word to a key of :data:`FORMS`)."""
    wrong = [
        (f"{name} = {value!r}", f"{name}: {FORMS[forms[name]][1]}")
        for name, value in held.items()
        if forms.get(name) in FORMS and not FORMS[forms[name]][0](value)
    ]
    if wrong:
        told, mend = zip(*wrong, strict=True)
        raise FormatError(f"{where} has words of another form", rows=told, mend=f"Write {'; '.join(mend)}.")


def forms_of(record: object) -> Mapping[str, str]:
    """Return the form of each field of a dataclass, nothing for other callables."""
    if not isinstance(record, type) or not is_dataclass(record):
        return {}
    return {field.name: str(field.type) for field in fields(record)}


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
        for part in (found, *_beside(found)):
            self.inputs[str(Path(name).with_name(part.name)) if part != found else name] = path_digest(part)
        return found


def _beside(path: Path) -> list[Path]:
    """Return what a shapefile keeps in other files: its columns, its coordinate system, its letters."""
    if path.suffix.lower() != ".shp":
        return []
    return [part for ending in SHAPEFILE if (part := path.with_suffix(ending)).exists()]


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

    def each(
        self, read: Callable[[Mapping[str, Any], int], Made], sections: list[Mapping[str, Any]]
    ) -> list[Made | None]:
        """Return what ``read`` gives of each section and its number from 1, nothing where it refuses."""
        return [self.take(partial(read, held, number)) for number, held in enumerate(sections, start=1)]

    def refuse(self) -> None:
        """Raise the one refusal, or all of them as one :class:`FormatError`; do nothing where there was none."""
        if len(self._refused) == 1:
            raise self._refused[0]
        if self._refused:
            told = " ".join(f"({number}) {error}" for number, error in enumerate(self._refused, start=1))
            raise FormatError(f"{len(self._refused)} things disagree: {told}", mend="Mend them and run again.")
