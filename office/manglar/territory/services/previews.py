"""What an import of divisions is asked for, and what it says that it would do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from manglar.foundation.outcomes import Difference, RowOutcome
from manglar.foundation.provenance import Mark
from manglar.foundation.sentences import Said, say, spoken
from manglar.territory.models import Division
from manglar.territory.rules.geometry import Overlap
from manglar.territory.services.divisionfile import Ancestor, Read


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person may choose about an import of divisions; the defaults are right for an official file."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    create_parents: bool = False
    leave_refused: bool = False
    is_schematic: bool = False
    mark: str = Mark.SOURCE
    source_text: str = ""
    population_year: int | None = None
    code_prefix: str = ""
    crs: str = ""
    layer: str = ""
    swap: bool = False


@dataclass(frozen=True, slots=True)
class RowNote:
    """What happens to one row, and why."""

    row: int
    code: str
    name: str
    sentence: Said

    def __str__(self) -> str:
        return str(
            say(
                "Fila {row}: {name} ({code}): {problem}",
                row=self.row,
                name=self.name or say("sin nombre"),
                code=self.code or say("sin código"),
                problem=self.sentence,
            )
        )


@dataclass(slots=True)
class TerritoryPreview:
    """What an import would do, or did: every row of the file is in exactly one of created, changed or replaced
    (or both), unchanged, left or refused."""

    level: str
    rows: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    created: list[RowNote] = field(default_factory=list)
    changed: list[RowNote] = field(default_factory=list)
    replaced: list[RowNote] = field(default_factory=list)
    unchanged: int = 0
    left: list[RowNote] = field(default_factory=list)
    refused: list[RowNote] = field(default_factory=list)
    repaired: list[RowNote] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    parents_created: list[str] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    lines: list[RowOutcome] = field(default_factory=list)
    is_applied: bool = False

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.created or self.changed or self.replaced or self.parents_created)

    def as_data(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return dict(spoken(asdict(self)))


@dataclass(slots=True)
class Step:
    """What is to be written for one row."""

    read: Read
    division: Division | None
    ancestors: tuple[Ancestor, ...] = ()
    parent: Division | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    writes_outline: bool = False
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class Plan:
    """The preview and the steps that carry it out."""

    preview: TerritoryPreview
    steps: list[Step] = field(default_factory=list)
