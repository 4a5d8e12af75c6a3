"""What institutions agreed and made public, and how what they promised in it stands today."""

from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.agreements.choices import AgreementState, CommitmentState, DueStatus
from manglar.design.shapes import Cell, Column, FilterShown, Pages, Row, Table
from manglar.portal.copies import Copy, copies, day, joined
from manglar.portal.readings import crumbs, language, language_note, says
from manglar.publication.choices import Kind
from manglar.publication.selectors import ReleasedPromise, promises_by_agreement, released

STATE, PAGE, PAGE_SIZE = "estado", "pagina", 50


def agreements_page(state: str, page: str) -> dict[str, Any]:
    """Everything that the page shows for an address: ``?estado=in_force&pagina=2``."""
    chosen = state if state in AgreementState.values else ""
    held = copies(released(kind=Kind.AGREEMENT))
    kept = [each for each in held if not chosen or each.release.payload.get("status") == chosen]
    part = Paginator(kept, PAGE_SIZE).get_page(page)
    shown = list(part.object_list)
    promises = promises_by_agreement([each.id for each in shown], timezone.localdate(), language=language())
    states = [(value, label) for value, label in AgreementState.choices if value != AgreementState.DRAFT]
    return {
        "is_empty": not held,
        "filter": FilterShown.of(STATE, _("Estado"), states, chosen),
        "count": ngettext("%(n)s acuerdo", "%(n)s acuerdos", len(kept)) % {"n": len(kept)},
        "table": _table(shown, promises) if shown else None,
        "pages": Pages(part.number, part.paginator.num_pages, len(kept), f"{STATE}={chosen}&" if chosen else ""),
        "language_note": language_note([each.title for each in shown]),
        "crumbs": crumbs(_("Acuerdos")),
    }


def _table(shown: list[Copy], promises: dict[str, list[ReleasedPromise]]) -> Table:
    columns = [Column(_("Acuerdo")), Column(_("Partes")), Column(_("Fecha")), Column(_("Lo prometido en él")), Column(_("Estado"))]
    rows = [
        Row(
            [
                Cell(each.heading, url=reverse("portal:agreement", args=[each.id])),
                Cell(joined([says(party["name"]) for party in each.fields.get("parties", [])])),
                Cell(day(each.fields.get("made_on"))),
                Cell(fulfilment(promises.get(each.id, []))),
                Cell("", status=each.status),
            ]
        )
        for each in shown
    ]
    return Table(_("Acuerdos publicados"), columns, rows)


def fulfilment(promises: list[ReleasedPromise]) -> str:
    """How what was promised in an agreement stands: how many, how many kept, how many late."""
    if not promises:
        return _("sin compromisos publicados")
    counts: dict[str, int] = defaultdict(int)
    for each in promises:
        counts["kept"] += each.release.payload.get("status") == CommitmentState.FULFILLED
        counts["late"] += each.status == DueStatus.LATE
    told = [ngettext("%(n)s compromiso", "%(n)s compromisos", len(promises)) % {"n": len(promises)}]
    if counts["kept"]:
        told.append(ngettext("%(n)s cumplido", "%(n)s cumplidos", counts["kept"]) % {"n": counts["kept"]})
    if counts["late"]:
        told.append(ngettext("%(n)s vencido", "%(n)s vencidos", counts["late"]) % {"n": counts["late"]})
    return ": ".join([told[0], ", ".join(told[1:])]) if told[1:] else told[0]
