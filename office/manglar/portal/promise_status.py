"""How a promise stands, in one wording wherever it is shown: its state and, until it is settled, its date."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.agreements.choices import DueStatus
from manglar.agreements.selectors import stand_on
from manglar.design.shapes import Status
from manglar.design.templatetags.design import number
from manglar.foundation.dates import PartialDate
from manglar.portal.readings import TONES, status_of
from manglar.publication.choices import Kind


def promise_status(state: str, due_on: str) -> Status:
    """How a promise in a state and due on a day stands today."""
    due, late = stand_on(state=state, due_on=PartialDate.parse(due_on) if due_on else None, on=timezone.localdate())
    return standing(state, due, late)


def standing(state: str, due: DueStatus, days_late: int) -> Status:
    """How a promise stands: its state and, until it is settled, how it stands against its date («abierto · a tiempo»)."""
    held = status_of(Kind.COMMITMENT, state)
    if due == DueStatus.SETTLED:
        return held or Status(str(due.label))
    told = _("vencido hace %(late)s") % {"late": days(days_late)} if due == DueStatus.LATE else str(due.label)
    return Status(f"{held.label} · {told}" if held else told, TONES.get(due.value, "neutral"))


def days(count: int) -> str:
    """A number of days, in words."""
    return ngettext("%(days)s día", "%(days)s días", count) % {"days": number(count)}
