"""What a report must say, who may approve it, and when a figure is old."""

import datetime as dt

from manglar.delivery.choices import OVER, Freshness, MilestoneState, UpdateState
from manglar.foundation.dates import PartialDate

LINK_DAYS = 14
MAX_TEXT = 5_000
#: Days without an approved report: due, late, stale. A strategy may have its own.
DEFAULT_DAYS = (30, 60, 180)


def why_not_reported(*, reported_state: str, percent: int | None, text: str) -> str:
    """Why a report is not complete or contradicts itself; empty when it is fine."""
    if reported_state not in MilestoneState.values:
        return f"«{reported_state}» no es un estado de un hito."
    if percent is not None and not 0 <= percent <= 100:
        return "El avance va de 0 a 100."
    if reported_state == MilestoneState.DONE and percent not in {None, 100}:
        return f"Un hito hecho está al 100%, no al {percent}%."
    if not text.strip():
        return "Cuente en una o dos frases qué se hizo."
    if len(text) > MAX_TEXT:
        return f"El texto pasa de {MAX_TEXT:,} caracteres."
    return ""


def why_not_approved(*, state: str, is_own: bool) -> str:
    """Why a report may not be approved by someone; empty when it may."""
    if state == UpdateState.APPROVED:
        return "Este reporte ya está aprobado."
    if state != UpdateState.PENDING:
        return "Solo se aprueba un reporte pendiente."
    if is_own:
        return "Nadie aprueba su propio reporte: pídalo a otra persona."
    return ""


def freshness(
    *, state: str, last_on: dt.date, on: dt.date, days: tuple[int, int, int] = DEFAULT_DAYS
) -> Freshness:
    """How old the last approved word is on a day; ``last_on`` is when it was reported, or when the milestone was made."""
    if state in OVER:
        return Freshness.SETTLED
    age = (on - last_on).days
    due, late, stale = days
    if age >= stale:
        return Freshness.STALE
    if age >= late:
        return Freshness.LATE
    return Freshness.DUE if age >= due else Freshness.FRESH


def is_late(*, state: str, due_on: PartialDate | None, on: dt.date) -> bool:
    """Whether a milestone's date has passed and it is not over."""
    return state not in OVER and due_on is not None and due_on.last_day < on
