"""What may follow what in a commitment, and when it is late."""

import datetime as dt

from manglar.agreements.choices import LIVE, SAYS_WHY, CommitmentState, DueStatus
from manglar.foundation.dates import PartialDate
from manglar.foundation.sentences import Said, say

SOON = dt.timedelta(days=30)

_NEXT: dict[str, frozenset[str]] = {
    CommitmentState.OPEN: frozenset(CommitmentState.values) - {CommitmentState.OPEN},
    CommitmentState.IN_PROGRESS: frozenset(
        {CommitmentState.FULFILLED, CommitmentState.BROKEN, CommitmentState.WITHDRAWN}
    ),
    CommitmentState.BROKEN: frozenset({CommitmentState.IN_PROGRESS, CommitmentState.FULFILLED}),
    CommitmentState.FULFILLED: frozenset({CommitmentState.IN_PROGRESS}),
    CommitmentState.WITHDRAWN: frozenset(),
}
NEEDS_REASON = frozenset(SAYS_WHY)
#: Steps back, which also say why.
_BACK = frozenset({
    (CommitmentState.FULFILLED, CommitmentState.IN_PROGRESS), (CommitmentState.BROKEN, CommitmentState.IN_PROGRESS),
    (CommitmentState.BROKEN, CommitmentState.FULFILLED),
})


def why_not_follows(*, state: str, new: str, reason: str) -> Said:
    """Why a commitment may not pass from one state to another; empty when it may."""
    if new not in _NEXT[state]:
        before, after = CommitmentState(state).label, CommitmentState(new).label
        return say("Un compromiso {before} no puede pasar a {after}.", before=before, after=after)
    if (new in NEEDS_REASON or (state, new) in _BACK) and not reason.strip():
        return say("Este cambio necesita su motivo.")
    return ""


def due_status(*, state: str, due_on: PartialDate | None, on: dt.date) -> DueStatus:
    """How a promise stands on a day; a date known to the month is late when the month is over."""
    return DueStatus.SETTLED if state not in LIVE else against_date(due_on, on)


def against_date(due_on: PartialDate | None, on: dt.date) -> DueStatus:
    """How something that is not over stands against its date."""
    if due_on is None:
        return DueStatus.UNDATED
    if due_on.last_day < on:
        return DueStatus.LATE
    return DueStatus.DUE_SOON if due_on.last_day - on <= SOON else DueStatus.ON_TIME


def days_late(*, state: str, due_on: PartialDate | None, on: dt.date) -> int:
    """By how many days a promise is late; 0 when it is not."""
    if due_status(state=state, due_on=due_on, on=on) != DueStatus.LATE or due_on is None:
        return 0
    return (on - due_on.last_day).days
