"""What every part of the bridge shares: the engine itself, files for it to read, its refusals in Spanish.

The engine is loaded when it is first asked something: pages that only read what it said never pay for it.
"""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.risk.rules.engine_words import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")

Progress = Callable[[float, str], None]
Cancelled = Callable[[], bool]


class RunCancelled(Conflict):
    """Somebody stopped the run; nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__(say("La corrida se anuló: no quedó nada a medias."))


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read from a file: records to keep, the notes of the reading, and what was seen in it."""

    content: list[dict[str, Any]]
    notes: list[dict[str, str]]
    crs: str = ""
    unit: str = ""
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said: its bytes, the same words in two languages, and how to ask again."""

    content: bytes
    es: str
    en: str
    engine_version: str
    manifest: dict[str, Any]
    manifest_digest: str
    intensity_unit: str = ""
    periods: tuple[float, float] | None = None


@contextmanager
def as_file(content: bytes, ending: str, *, name: str = "") -> "Iterator[Path]":
    """The bytes as a file of their own name: the engine reads paths, and says the name in its sources."""
    with tempfile.TemporaryDirectory(prefix="manglar-") as folder:
        path = Path(folder) / (Path(name).name or f"file{ending}")
        path.write_bytes(content)
        yield path


@contextmanager
def in_spanish(*, of: str = "seismic") -> "Iterator[None]":
    """Say what the engine refuses in the office's words; ``of`` is what was being done (``seismic``, ``file``, ``study``)."""
    try:
        yield
    except engine.EngineError as error:
        raise InvalidInput(explain(type(error).__name__, error.what, error.mend, error.rows, of=of)) from error
    except engine.Cancelled as error:
        raise RunCancelled from error


def engine_version() -> str:
    """The version of the engine that is installed."""
    return engine.ENGINE_VERSION


def notes_of(notes: Sequence[Any]) -> list[dict[str, str]]:
    """The engine's notes as plain data."""
    return [{"kind": n.kind, "row": n.row, "field": n.field, "es": n.es, "en": n.en} for n in notes]
