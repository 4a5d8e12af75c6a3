"""What may follow what in the life of a finding, and on what it must rest."""

from manglar.evidence.choices import FindingState
from manglar.foundation.provenance import Mark

AFTER: dict[str, frozenset[str]] = {
    FindingState.DRAFT: frozenset({FindingState.REVIEWED}),
    FindingState.REVIEWED: frozenset({FindingState.SUPERSEDED}),
    FindingState.SUPERSEDED: frozenset(),
}


def may_become(state: str, wanted: str) -> bool:
    """Whether a finding in one state may take another."""
    return wanted in AFTER.get(state, frozenset())


def lacks_source(*, mark: str, sources: int, source_text: str) -> bool:
    """Whether a finding says that it has a source and names none."""
    return mark == Mark.SOURCE and not sources and not source_text.strip()


def may_revise(state: str) -> bool:
    """Only a draft is changed; what was reviewed is superseded, so that what it said stays."""
    return state == FindingState.DRAFT
