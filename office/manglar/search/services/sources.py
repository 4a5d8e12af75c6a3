"""What upper floors tell the index: which records an entry of the log touches, and what a record says now."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from manglar.foundation.canonical import digest
from manglar.search.choices import Face

#: Part of every fingerprint: raise it when words are cut or stemmed in another way, so that what is read again is written again.
RULES = 1
LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Change:
    """A changed row as the log tells it: field → [before, after] of what changed."""

    table: str
    row_key: str
    subject: str
    operation: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """What one face shows of a record: to be found by its words in every language that it has."""

    face: Face
    kind: str
    record_id: str
    owner_id: int
    title: Mapping[str, str]
    text: Mapping[str, str] = field(default_factory=dict)
    desk_id: int | None = None
    is_common: bool = False

    @property
    def fingerprint(self) -> str:
        """The same while nothing that is indexed changes."""
        said = [dict(self.title), dict(self.text), self.kind, self.owner_id, self.is_common]
        return digest([RULES, *said])


class Source(Protocol):
    """Someone who knows the records of a face; upper floors register theirs when they are loaded."""

    face: Face

    def touched(self, changes: Sequence[Change]) -> set[str]:
        """The records of which some face may say something else after these changes."""
        ...

    def read(self, record_ids: Collection[str]) -> Iterable[Paper]:
        """What there is now of some records; those without a paper are no longer there."""
        ...

    def everything(self) -> Iterator[str]:
        """Every record that there is."""
        ...


SOURCES: dict[Face, Source] = {}


def register(source: Source) -> Source:
    """Make a source known; there is one for each face."""
    SOURCES[source.face] = source
    return source
