"""Reads about advice notes and the decision register."""

from django.db.models import Prefetch, QuerySet

from manglar.decisions.choices import DecisionState, NoteState
from manglar.decisions.models import AdviceNote, Decision, DecisionFollowUp
from manglar.governments.models import Government


def notes_of(government: Government) -> QuerySet[AdviceNote]:
    """The advice notes of a government with options and findings, newest first."""
    return AdviceNote.objects.filter(government=government).select_related("government", "node", "recommendation").prefetch_related(
        "options", "findings", "decisions"
    )


def note_by_id(government: Government, public_id: str) -> AdviceNote | None:
    """One advice note of a government, or None."""
    return notes_of(government).filter(public_id=public_id).first()


def notes_waiting(government: Government) -> QuerySet[AdviceNote]:
    """The notes that wait for a decision, the oldest first."""
    return notes_of(government).filter(state=NoteState.SUBMITTED).order_by("submitted_on", "pk")


def decisions_of(government: Government) -> QuerySet[Decision]:
    """The decision register of a government with what followed, newest first."""
    follow_ups = DecisionFollowUp.objects.select_related("commitment__institution")
    return Decision.objects.filter(government=government).select_related(
        "note", "option", "superseded_by"
    ).prefetch_related(Prefetch("follow_ups", follow_ups))


def decisions_without_follow_up(government: Government) -> QuerySet[Decision]:
    """Decisions in force from which no commitment follows yet, the oldest first."""
    held = Decision.objects.filter(government=government, state=DecisionState.TAKEN, follow_ups=None)
    return held.order_by("decided_on", "pk")


def decision_by_id(government: Government, public_id: str) -> Decision | None:
    """One decision of a government, or None."""
    return decisions_of(government).filter(public_id=public_id).first()
