"""What may happen to an edition and to its nodes."""

import re

from manglar.foundation.sentences import Said, say
from manglar.strategy.choices import EditionState

MAX_DEPTH = 8
_NUMBER = re.compile(r"(\d+)")


def why_frozen(state: str) -> Said:
    """Why an edition may not change; empty when it may."""
    if state == EditionState.ADOPTED:
        return say("Esta edición está adoptada y congelada: cree una edición nueva para cambiarla.")
    return ""


def why_not_adopted(*, state: str, node_count: int, act: str, has_date: bool) -> Said:
    """Why an edition may not be adopted; empty when it may."""
    if state == EditionState.ADOPTED:
        return say("Esta edición ya está adoptada.")
    if not node_count:
        return say("La edición está vacía: agregue o importe sus iniciativas antes de adoptarla.")
    if not act.strip():
        return say("Escriba el acto con que se adopta (por ejemplo el número del acuerdo municipal).")
    if not has_date:
        return say("Escriba la fecha de adopción, aunque solo se conozca el año o el mes.")
    return ""


def code_order(code: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts codes as people do: 1.2 before 1.10."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in _NUMBER.split(code) if part.strip(". ")
    )


def parent_code(code: str) -> str:
    """The code above a dotted code, empty at the top."""
    return code.rpartition(".")[0]
