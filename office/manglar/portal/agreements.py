"""What institutions agreed and made public, and how what they promised in it stands today."""

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from manglar.agreements.choices import AgreementState, CommitmentState, DueStatus
from manglar.design.shapes import Cell, Column, FilterShown, Pages, Row, Table
from manglar.portal.copies import Copy, copies, day, joined
from manglar.portal.readings import as_written, crumbs, language, language_note, says
from manglar.publication.choices import Kind
from manglar.publication.selectors import ReleasedPromise, promises_by_agreement, released

STATE, PAGE, PAGE_SIZE = "estado", "pagina", 50
#: How several promises stand, in the order in which it is told.
WAYS = {
    CommitmentState.FULFILLED.value: ngettext_lazy("%(n)s cumplido", "%(n)s cumplidos", "n"),
    DueStatus.LATE.value: ngettext_lazy("%(n)s vencido", "%(n)s vencidos", "n"),
    CommitmentState.BROKEN.value: ngettext_lazy("%(n)s incumplido", "%(n)s incumplidos", "n"),
    DueStatus.DUE_SOON.value: ngettext_lazy("%(n)s vence pronto", "%(n)s vencen pronto", "n"),
    DueStatus.ON_TIME.value: ngettext_lazy("%(n)s a tiempo", "%(n)s a tiempo", "n"),
    DueStatus.UNDATED.value: ngettext_lazy("%(n)s sin fecha", "%(n)s sin fecha", "n"),
    CommitmentState.WITHDRAWN.value: ngettext_lazy("%(n)s retirado", "%(n)s retirados", "n"),
}


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
    """How what was promised in an agreement stands today: «1 compromiso, a tiempo», or how many stand in each way."""
    if not promises:
        return _("sin compromisos publicados")
    ways = Counter(_way(each) for each in promises)
    whole = ngettext("%(n)s compromiso", "%(n)s compromisos", len(promises)) % {"n": len(promises)}
    if len(promises) == 1:
        return _("%(whole)s, %(way)s") % {"whole": whole, "way": _alone(next(iter(ways)))}
    told = [WAYS[way] % {"n": ways[way]} for way in WAYS if ways[way]]
    return ": ".join([whole, ", ".join(told)])


def _way(promise: ReleasedPromise) -> str:
    """How one promise stands: its state when it is settled, else how it stands against its date."""
    return str(promise.release.payload.get("status", "")) if promise.status == DueStatus.SETTLED else promise.status.value


def _alone(way: str) -> str:
    return str(CommitmentState(way).label if way in CommitmentState.values else DueStatus(way).label)


def agreement_promises(copy: Copy) -> list[ReleasedPromise]:
    """What was promised in an agreement and is public, the latest first."""
    return promises_by_agreement([copy.id], timezone.localdate(), language=language()).get(copy.id, [])


def parties_of(copy: Copy) -> str:
    """The parties of an agreement, each with its part in it."""
    return joined(
        [
            format_html("{} ({})", says(each["name"]), as_written(each["role"])) if each.get("role") else says(each["name"])
            for each in copy.fields.get("parties", [])
        ]
    )
