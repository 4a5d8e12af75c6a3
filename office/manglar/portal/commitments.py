"""What was promised, by whom, for when, and how it stands today."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.agreements.choices import CommitmentState, DueStatus
from manglar.agreements.selectors import stand_on
from manglar.design.shapes import Cell, Column, Fact, KeyNumber, Row, Status, Table
from manglar.design.templatetags.design import number
from manglar.foundation.dates import PartialDate
from manglar.portal.copies import Copy, day, facts, joined
from manglar.portal.readings import TONES, crumbs, language, language_note, said, says, status_of
from manglar.publication.choices import Kind
from manglar.publication.selectors import ReleasedPromise, released_promises


def commitments_page(institution: str = "") -> dict[str, Any]:
    """The promises that are public, the latest first; of one institution when asked."""
    everything = released_promises(timezone.localdate(), language=language())
    shown = [each for each in everything if not institution or institution in _institution_ids(each)]
    return {
        "keys": promise_numbers(everything),
        "is_empty": not everything,
        "by_institution": _by_institution(everything),
        "table": promises_table(shown) if shown else None,
        "of": said(shown[0].institution) if institution and shown else "",
        "today": timezone.localdate(),
        "language_note": language_note(each.title for each in shown),
        "crumbs": crumbs(_("Compromisos")),
    }


def _institution_ids(promise: ReleasedPromise) -> list[str]:
    return [each["id"] for each in promise.release.payload.get("institutions", [])]


def promise_numbers(promises: list[ReleasedPromise]) -> list[KeyNumber]:
    """How many promises there are, kept and late."""
    kept = [each for each in promises if each.release.payload.get("status") == CommitmentState.FULFILLED]
    late = [each for each in promises if each.status == DueStatus.LATE]
    worst = max((each.days_late for each in late), default=0)
    return [
        KeyNumber(_("Compromisos publicados"), number(len(promises))),
        KeyNumber(_("Cumplidos"), number(len(kept))),
        KeyNumber(
            _("Vencidos hoy"), number(len(late)), _("el más viejo: %(late)s") % {"late": _days(worst)} if late else ""
        ),
    ]


def promises_table(promises: list[ReleasedPromise], *, caption: str = "") -> Table:
    """One promise a row, with how it stands today."""
    columns = [
        Column(_("Qué se prometió")),
        Column(_("Institución")),
        Column(_("Para cuándo")),
        Column(_("Cómo va hoy")),
    ]
    rows = [
        Row(
            [
                Cell(said(each.title), url=reverse("portal:commitment", args=[each.release.subject_id])),
                Cell(said(each.institution)),
                Cell(day(each.due_on) or _("sin fecha")),
                Cell("", status=standing(each.release.payload.get("status", ""), each.status, each.days_late)),
            ]
        )
        for each in promises
    ]
    return Table(caption or _("Compromisos, los más atrasados primero"), columns, rows)


def standing(state: str, due: DueStatus, days_late: int) -> Status:
    """How a promise stands: its state when it is settled, else how it stands against its date."""
    if due == DueStatus.SETTLED:
        return status_of(Kind.COMMITMENT, state) or Status(str(due.label))
    if due == DueStatus.LATE:
        return Status(_("vencido hace %(late)s") % {"late": _days(days_late)}, "late")
    return Status(str(due.label), TONES.get(due.value, "neutral"))


def _days(count: int) -> str:
    return ngettext("%(days)s día", "%(days)s días", count) % {"days": number(count)}


def _by_institution(promises: list[ReleasedPromise]) -> Table | None:
    """Who promised how much: who owes most first."""
    held: dict[str, list[ReleasedPromise]] = {}
    for each in promises:
        for key in _institution_ids(each):
            held.setdefault(key, []).append(each)
    if len(held) < 2:
        return None
    columns = [
        Column(_("Institución")),
        *(Column(word, numeric=True) for word in (_("Abiertos"), _("Vencidos"), _("Cumplidos"))),
    ]
    ranked = sorted(held.items(), key=lambda pair: (-_late(pair[1]), -len(pair[1]), pair[0]))
    return Table(_("Por institución"), columns, [_institution_row(key, group) for key, group in ranked])


def _late(group: list[ReleasedPromise]) -> int:
    return sum(each.status == DueStatus.LATE for each in group)


def _institution_row(key: str, group: list[ReleasedPromise]) -> Row:
    live = sum(each.status != DueStatus.SETTLED for each in group)
    kept = sum(each.release.payload.get("status") == CommitmentState.FULFILLED for each in group)
    name = Cell(said(group[0].institution), url=f"{reverse('portal:commitments')}?institucion={key}")
    return Row([name, Cell(number(live)), Cell(number(_late(group))), Cell(number(kept))])


def due_status(copy: Copy) -> Status:
    """How the promise of a copy stands today."""
    due, state = str(copy.fields.get("due_on", "")), str(copy.said.get("status", ""))
    status, days = stand_on(state=state, due_on=PartialDate.parse(due) if due else None, on=timezone.localdate())
    return standing(state, status, days)


def due_facts(copy: Copy) -> list[Fact]:
    """Who promised, when, for when, and since when it stands as it stands."""
    fields = copy.fields
    return facts(
        (_("Prometió"), joined(copy.institutions)),
        (_("Prometido el"), day(fields.get("made_on"))),
        (_("Para cuándo"), day(fields.get("due_on")) or _("sin fecha")),
        (_("Estado que se publicó"), _published_state(copy)),
        (_("Motivo"), says({"es": fields["state_reason"]}) if fields.get("state_reason") else ""),
    )


def _published_state(copy: Copy) -> str:
    state = copy.status
    since = day(copy.fields.get("state_on"))
    return _("%(state)s, desde el %(day)s") % {"state": state.label, "day": since} if state and since else ""
