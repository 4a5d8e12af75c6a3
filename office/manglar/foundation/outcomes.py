"""What becomes of each row of a file that is imported, in the same words for every import."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from manglar.foundation.sentences import Said

CREATED, CHANGED, UNCHANGED, REMOVED, KEPT = "created", "changed", "unchanged", "removed", "kept"
LEFT, REPEATED, REFUSED, CONFLICT = "left", "repeated", "refused", "conflict"
#: In the order in which a person wants to see them: first what stops the import, then what it would do.
OUTCOMES = (REFUSED, CONFLICT, LEFT, CHANGED, CREATED, REMOVED, REPEATED, KEPT, UNCHANGED)


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that an import changes: of which field, what it was and what it becomes; empty texts say nothing."""

    field: Said
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row: its number as a person counts it (0: it is not in the file), of which record, and why."""

    row: int
    outcome: str
    record: str
    differences: tuple[Difference, ...] = ()
    remarks: tuple[Said, ...] = ()
    column: str = ""


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a file: their names, the first values of each, and which field each was understood as.

    ``columns`` is field → name; ``was_remembered`` says that they are those of an earlier import.
    """

    names: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    columns: Mapping[str, str]
    was_remembered: bool = False


def outcome_counts(lines: Iterable[RowOutcome]) -> dict[str, int]:
    """How many rows come to each outcome, in the order of ``OUTCOMES``; those that none comes to are left out."""
    found = Counter(line.outcome for line in lines)
    return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}
