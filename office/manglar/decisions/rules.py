"""What a note needs before it is presented, and who may not decide it."""

from manglar.decisions.choices import NoteState
from manglar.foundation.sentences import Said, say

MIN_OPTIONS = 2


def why_not_submitted(*, state: str, options: int, has_question: bool) -> Said:
    """Why a note may not be presented; empty when it may."""
    if state != NoteState.DRAFT:
        return say("Solo se presenta una nota en borrador.")
    if not has_question:
        return say("La nota necesita su pregunta.")
    if options < MIN_OPTIONS:
        return say(
            "Una nota se presenta con al menos {min_options} opciones; esta tiene {options}.",
            min_options=MIN_OPTIONS,
            options=options,
        )
    return ""


def why_not_decided(*, state: str, author_ref: str, decider_ref: str) -> Said:
    """Why a note may not be decided by someone; empty when it may."""
    if state == NoteState.DECIDED:
        return say("Esta nota ya está decidida: para cambiar la decisión, sustitúyala.")
    if state != NoteState.SUBMITTED:
        return say("Solo se decide una nota presentada.")
    if author_ref and author_ref == decider_ref:
        return say("Quien escribió la nota no la decide: pídalo a otra persona del despacho.")
    return ""
