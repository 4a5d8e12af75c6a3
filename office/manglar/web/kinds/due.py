"""What falls due, as lists and pages show it: how it stands against its date on the day of who reads, and since when.

The rows come from ``agreements.selectors.seen_on``: each knows that day (``seen_on``), and the database orders by it.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from manglar.agreements.choices import DueStatus
from manglar.agreements.selectors import standing
from manglar.design.shapes import Fact, Status
from manglar.web.kinds.base import Column, Filter, Section
from manglar.web.kinds.words import TONES, said

#: The name of the filter in an address.
DUE = "contra-su-fecha"
#: Most pressing first.
DUE_CHOICES = [
    (each.value, each.label)
    for each in (DueStatus.LATE, DueStatus.DUE_SOON, DueStatus.ON_TIME, DueStatus.UNDATED, DueStatus.SETTLED)
]
Standing = Callable[[Any], DueStatus]


def against_its_date(live: Q) -> Filter:
    """The filter «contra su fecha»; ``live`` are the rows that are not over."""
    return Filter(
        DUE, _("Contra su fecha"), "", lambda government, on: DUE_CHOICES,
        narrow=lambda rows, value, on: rows.filter(standing(value, on, live=live)),
    )  # fmt: skip


def due_mark(status: DueStatus, due_on: Any, on: dt.date) -> Status:
    """How something stands against its date, with the days that it is late."""
    if status != DueStatus.LATE:
        return Status(str(status.label), TONES.get(status, "neutral"))
    days = (on - due_on.last_day).days
    return Status(ngettext("vencido hace %(n)s día", "vencido hace %(n)s días", days) % {"n": days}, "late")


def due_column(status: Standing) -> Column:
    """How each stands against its date, with the days late; in its order what is late longest comes first."""
    return Column(_("Contra su fecha"), lambda r, lang: due_mark(status(r), r.due_on, r.seen_on), order="late_since")


def due_section(status: Standing, *, also: Callable[[Any], list[Fact]] = lambda record: []) -> Callable[[Any, str], list[Section]]:
    """How a record stands today, on its page; not among its facts, which search and public copies keep."""

    def told(record: Any, language: str) -> list[Section]:
        held = status(record)
        if held == DueStatus.SETTLED:
            return []
        mark = due_mark(held, record.due_on, record.seen_on)
        return [Section(_("Contra su fecha"), facts=[Fact(str(_("Hoy")), mark.label), *also(record)])]

    return told


def who_answers(milestone: Any, language: str) -> str:
    """Who answers: the institution of its commitment, else those of its initiative."""
    if milestone.commitment is not None:
        return said(milestone.commitment.institution.name, language)
    held = milestone.node.responsibilities.all() if milestone.node is not None else ()
    return ", ".join(said(each.institution.name, language) for each in held)
