"""What a note needs before it is presented, and who may not decide it."""

from manglar.decisions.choices import NoteState

MIN_OPTIONS = 2


def why_not_submitted(*, state: str, options: int, has_question: bool) -> str:
    """Why a note may not be presented; empty when it may."""
    if state != NoteState.DRAFT:
        return "Solo se presenta una nota en borrador."
    if not has_question:
        return "La nota necesita su pregunta."
    if options < MIN_OPTIONS:
        return f"Una nota se presenta con al menos {MIN_OPTIONS} opciones; esta tiene {options}."
    return ""


def why_not_decided(*, state: str, author_ref: str, decider_ref: str) -> str:
    """Why a note may not be decided by someone; empty when it may."""
    if state == NoteState.DECIDED:
        return "Esta nota ya está decidida: para cambiar la decisión, sustitúyala."
    if state != NoteState.SUBMITTED:
        return "Solo se decide una nota presentada."
    if author_ref and author_ref == decider_ref:
        return "Quien escribió la nota no la decide: pídalo a otra persona del despacho."
    return ""
