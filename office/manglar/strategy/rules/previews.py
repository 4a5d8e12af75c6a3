"""What an import would do, row by row, before it does anything."""

from collections import Counter
from dataclasses import dataclass, field

from manglar.foundation.outcomes import CHANGED, CREATED, KEPT, REFUSED, REMOVED, UNCHANGED, Difference, RowOutcome
from manglar.foundation.refusals import RowProblem
from manglar.foundation.sentences import Said, say


@dataclass(frozen=True, slots=True)
class RowChange:
    """What would happen with one node: its row in the file (0: not in it), and which values change."""

    row: int
    code: str
    depth: int
    title: str
    action: str
    changes: tuple[str, ...] = ()
    identity: str = ""
    identity_from: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class PlanPreview:
    """What a plan file would do to an edition; nothing is done while ``problems`` has something."""

    file_name: str
    sheet: str
    header_row: int
    layout: str
    columns: dict[str, str]
    unused_columns: list[str]
    headings: list[str]
    levels: list[str]
    rows: list[RowChange] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    mapping_was_remembered: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many nodes would be created, changed, left, removed, kept though not in the file."""
        found = Counter(row.action for row in self.rows)
        return {action: found[action] for action in (CREATED, CHANGED, UNCHANGED, REMOVED, KEPT)}

    @property
    def lines(self) -> list[RowOutcome]:
        """What becomes of each row: first the rows that stop the import, then the others in the order of the file."""
        warnings: dict[int, list[Said]] = {}
        for warning in self.warnings:
            warnings.setdefault(warning.row, []).append(warning.said)
        refused = [RowOutcome(p.row, REFUSED, "", (), (p.said,), p.column) for p in self.problems]
        return refused + [
            RowOutcome(
                row.row, row.action, f"{row.code} {row.title}".strip(), row.differences,
                (*_origin(row), *warnings.get(row.row, ())),
            )
            for row in self.rows
        ]

    @property
    def by_depth(self) -> dict[int, int]:
        """How many nodes the file has at each level."""
        return dict(sorted(Counter(row.depth for row in self.rows if row.row).items()))

    @property
    def is_clean(self) -> bool:
        """Whether it may be applied."""
        return not self.problems


def _origin(row: RowChange) -> list[Said]:
    """Where an element that comes from elsewhere had its identity."""
    return [say("es la misma que en «{label}»", label=row.identity_from)] if row.identity_from else []
