"""What a report must say, who may approve it, and when a figure is old."""

import datetime as dt

from manglar.delivery.choices import OVER, Freshness, MilestoneState, UpdateState
from manglar.foundation.dates import PartialDate
from manglar.foundation.sentences import Said, say

LINK_DAYS = 14
MAX_TEXT = 5_000
#: Days without an approved report: due, late, stale. A strategy may have its own.
DEFAULT_DAYS = (30, 60, 180)


def why_not_reported(*, reported_state: str, percent: int | None, text: str) -> Said:
    """Why a report is not complete or contradicts itself; empty when it is fine."""
    if reported_state not in MilestoneState.values:
        return say("«{reported_state}» no es un estado de un hito.", reported_state=reported_state)
    if percent is not None and not 0 <= percent <= 100:
        return say("El avance va de 0 a 100.")
    if reported_state == MilestoneState.DONE and percent not in {None, 100}:
        return say("Un hito hecho está al 100%, no al {percent}%.", percent=percent)
    if not text.strip():
        return say("Cuente en una o dos frases qué se hizo.")
    if len(text) > MAX_TEXT:
        return say("El texto pasa de {max_text:,} caracteres.", max_text=MAX_TEXT)
    return ""


def why_not_approved(*, state: str, is_own: bool) -> Said:
    """Why a report may not be approved by someone; empty when it may."""
    if state == UpdateState.APPROVED:
        return say("Este reporte ya está aprobado.")
    if state != UpdateState.PENDING:
        return say("Solo se aprueba un reporte pendiente.")
    if is_own:
        return say("Nadie aprueba su propio reporte: pídalo a otra persona.")
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
