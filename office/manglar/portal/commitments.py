"""What was promised, by whom, for when, and how it stands today."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.agreements.choices import CommitmentState, DueStatus
from manglar.design.shapes import Cell, Column, Fact, FilterShown, KeyNumber, Pages, Row, Table
from manglar.design.templatetags.design import number
from manglar.foundation.texts import fold
from manglar.portal.copies import Copy, day, facts, joined
from manglar.portal.following import following, following_hazard
from manglar.portal.promise_status import days, standing
from manglar.portal.readings import crumbs, language, language_note, read, said, says, status_of
from manglar.portal.subjects import hazard_name, instead_of, none_about, subject_filters
from manglar.publication.selectors import ReleasedPromise, released_promises
from manglar.territory.selectors import division_by_code

INSTITUTION, STATE, DUE, PLACE, HAZARD, PAGE = "institucion", "estado", "plazo", "lugar", "amenaza", "pagina"
PAGE_SIZE, MOST_INSTITUTIONS = 50, 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the list; what it says and the list does not know is left out."""

    institution: str = ""
    state: str = ""
    due: str = ""
    place: str = ""
    hazard: str = ""
    page: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "Asked":
        """Read an address."""
        state, due = told.get(STATE, ""), told.get(DUE, "")
        return cls(
            institution=told.get(INSTITUTION, ""),
            state=state if state in CommitmentState.values else "",
            due=due if due in DueStatus.values else "",
            place=told.get(PLACE, ""),
            hazard=told.get(HAZARD, ""),
            page=told.get(PAGE, ""),
        )

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set, as the address says them."""
        told = {INSTITUTION: self.institution, STATE: self.state, DUE: self.due, HAZARD: self.hazard, PLACE: self.place}
        return {key: value for key, value in told.items() if value}

    def keeps(self, promise: ReleasedPromise) -> bool:
        """Whether a promise is of the institution, in the state and against its date as asked."""
        return (
            (not self.institution or self.institution in _institution_ids(promise))
            and (not self.state or promise.release.payload.get("status") == self.state)
            and (not self.due or promise.status == self.due)
        )


def commitments_page(told: Mapping[str, str]) -> dict[str, Any]:
    """The promises that are public, the latest first, a page at a time; narrowed as the address asks."""
    asked = Asked.of(told)
    everything = released_promises(timezone.localdate(), language=language())
    here = within(asked)
    held = [each for each in everything if here is None or each.release.subject_id in here]
    shown = [each for each in held if asked.keeps(each)]
    page = Paginator(shown, PAGE_SIZE).get_page(asked.page)
    about = subject_of(asked)
    return {
        "description": _("Lo que cada institución prometió, para cuándo, y cómo va contra su fecha."),
        "keys": promise_numbers(everything),
        "is_empty": not everything,
        "by_institution": None if asked.chosen or page.number > 1 else _by_institution(everything),
        "table": promises_table(list(page.object_list)) if shown else None,
        "filters": [*_filters(asked, everything), *subject_filters(asked.hazard, asked.place)],
        "is_narrowed": bool(asked.chosen),
        "about": about,
        "none_about": none_about(about) if about and not held else "",
        "instead": instead_of(here or set()) if about and not held else [],
        "count": _count(len(shown), len(everything)),
        "pages": Pages(
            page.number, page.paginator.num_pages, len(shown), f"{urlencode(asked.chosen)}&" if asked.chosen else ""
        ),
        "today": timezone.localdate(),
        "language_note": language_note(each.title for each in page.object_list),
        "crumbs": crumbs(_("Compromisos")),
    }


def within(asked: Asked) -> set[str] | None:
    """What is about the hazard and the place that are asked for, or follows from it; None where neither is."""
    sets = [following_hazard(asked.hazard)] if asked.hazard else []
    sets += [following(asked.place)] if asked.place else []
    return set.intersection(*sets) if sets else None


def subject_of(asked: Asked) -> str:
    """The hazard and the place that are asked for, in words; empty where neither is."""
    named = [hazard_name(asked.hazard)] if asked.hazard else []
    division = division_by_code(asked.place) if asked.place else None
    return _(" en ").join([*named, *([division.name if division else asked.place] if asked.place else [])])


def _count(shown: int, total: int) -> str:
    """How many there are, in words."""
    whole = ngettext("%(total)s compromiso publicado", "%(total)s compromisos publicados", total) % {"total": number(total)}
    return whole if shown == total else _("%(shown)s de %(whole)s") % {"shown": number(shown), "whole": whole}


def _filters(asked: Asked, promises: list[ReleasedPromise]) -> list[FilterShown]:
    """The filters with the values that some public promise has."""
    names = {
        each["id"]: read(each["name"]).text
        for promise in promises
        for each in promise.release.payload.get("institutions", [])
    }
    states = {str(promise.release.payload.get("status", "")) for promise in promises}
    dues = {promise.status for promise in promises}
    return [
        FilterShown.of(INSTITUTION, _("Institución"), sorted(names.items(), key=lambda pair: fold(pair[1])), asked.institution),
        FilterShown.of(STATE, _("Estado"), [each for each in CommitmentState.choices if each[0] in states], asked.state),
        FilterShown.of(DUE, _("¿Va tarde?"), [each for each in DueStatus.choices if each[0] in dues], asked.due),
    ]


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
            _("Vencidos hoy"), number(len(late)), _("el más viejo: %(late)s") % {"late": days(worst)} if late else ""
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
    shown = ranked[:MOST_INSTITUTIONS]
    hint = _("Las que más deben; las demás, en el filtro de arriba.") if len(shown) < len(ranked) else ""
    return Table(_("Por institución"), columns, [_institution_row(key, group) for key, group in shown], hint=hint)


def _late(group: list[ReleasedPromise]) -> int:
    return sum(each.status == DueStatus.LATE for each in group)


def _institution_row(key: str, group: list[ReleasedPromise]) -> Row:
    live = sum(each.status != DueStatus.SETTLED for each in group)
    kept = sum(each.release.payload.get("status") == CommitmentState.FULFILLED for each in group)
    name = Cell(said(group[0].institution), url=f"{reverse('portal:commitments')}?institucion={key}")
    return Row([name, Cell(number(live)), Cell(number(_late(group))), Cell(number(kept))])


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
    state = status_of(copy.kind, str(copy.said.get("status", "")))
    since = day(copy.fields.get("state_on"))
    return _("%(state)s, desde el %(day)s") % {"state": state.label, "day": since} if state and since else ""
