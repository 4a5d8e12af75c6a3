"""The page of one released record, whatever its kind: its words, its facts, its chain, its proof."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from manglar.design.shapes import Cell, Column, Crumb, Fact, Row, Table
from manglar.design.templatetags.design import percent
from manglar.foundation.translated import SOURCE_LANGUAGE, read_in
from manglar.portal.agreements import agreement_promises, fulfilment, parties_of
from manglar.portal.chain import timeline
from manglar.portal.commitments import due_facts, promises_table
from manglar.portal.copies import (
    Copy,
    copies,
    copy_of,
    day,
    division_links,
    facts,
    joined,
    proof_file,
    provenance,
    publication_facts,
    versions_table,
)
from manglar.portal.initiative import (
    from_parent,
    initiative_facts,
    initiative_notes,
    parts_of,
    shared_note,
    way_to,
    who_and_when,
)
from manglar.portal.note import note_facts, note_warning, options_table
from manglar.portal.readings import as_written, crumbs, in_its_language, language_note, paragraphs, safe_address, says
from manglar.portal.stored_copy import check_stored
from manglar.publication.choices import Kind, Relation
from manglar.publication.selectors import released

#: What an address says that asks whether the stored copy is the one that was published.
CHECK = "comprobar"


@dataclass(slots=True)
class Page:
    """What one kind of record adds to the page that all share."""

    facts: list[Fact] = field(default_factory=list)
    #: What is asked first of such a record, right under its title.
    top: list[Fact] = field(default_factory=list)
    crumbs: Sequence[tuple[str, str]] = ()
    tables: list[tuple[str, Table]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def record_page(public_id: str, kind: str, *, is_asked: bool = False) -> dict[str, Any] | None:
    """Everything that the page of a released record shows, or None when it is not public.

    ``is_asked``: whether the reader asks if the stored copy is still the one that was published.
    """
    copy = copy_of(public_id, kind)
    if copy is None:
        return None
    page = BUILDERS[kind](copy)
    return {
        "copy": copy,
        "title": copy.title.text or copy.id,
        "heading": copy.heading,
        "description": Truncator(copy.text.text or copy.title.text).chars(160),
        "kicker": copy.label,
        "status": copy.status,
        "body": paragraphs(copy.text),
        "notes": page.notes,
        "tables": page.tables,
        "facts": page.facts,
        "top": page.top,
        "published": publication_facts(copy),
        "versions": versions_table(copy),
        "files": [proof_file(copy)],
        "check_url": f"?{CHECK}=1#comprobar",
        "stored": check_stored(copy) if is_asked else None,
        "timeline": timeline(public_id),
        "language_note": language_note((copy.title, copy.text)),
        "crumbs": _crumbs(copy, page),
    }


def _crumbs(copy: Copy, page: Page) -> list[Crumb]:
    return crumbs(*page.crumbs, copy.title.text or copy.id)


def _finding(copy: Copy) -> Page:
    hazard = copy.fields.get("hazard")
    told = facts(
        (_("Amenaza"), _hazard_link(hazard) if hazard else ""),
        (_("Territorio"), division_links(copy)),
        (_("Fecha"), day(copy.said.get("date"))),
        ("", provenance(copy)),
    )
    page = Page(facts=told, crumbs=[(_("Riesgo"), reverse("portal:risk"))])
    sources = copy.fields.get("sources", [])
    if sources:
        page.tables.append((_("Fuentes"), _sources(sources)))
    return page


def _hazard_link(hazard: dict[str, Any]) -> str:
    """A hazard by its name, as a link to its page, whose address is in Spanish in every language."""
    slug = slugify(read_in(hazard["name"], SOURCE_LANGUAGE).text) or hazard["code"]
    return format_html('<a href="{}">{}</a>', reverse("portal:hazard", args=[slug]), says(hazard["name"]))


def _sources(sources: Sequence[dict[str, str]]) -> Table:
    columns = [Column(_("Fuente")), Column(_("Quién la publica")), Column(_("Fecha")), Column(_("Licencia"))]
    rows = [
        Row(
            [
                Cell(in_its_language(each["title"]), url=safe_address(each.get("url", ""))),
                Cell(as_written(each.get("publisher", ""))),
                Cell(day(each.get("published_on"))),
                Cell(each.get("licence", "")),
            ]
        )
        for each in sources
    ]
    return Table(_("En qué se apoya"), columns, rows)


def _initiative(copy: Copy) -> Page:
    page = Page(facts=initiative_facts(copy), top=who_and_when(copy), crumbs=way_to(copy), notes=initiative_notes(copy))
    shared = shared_note(copy)
    if shared:
        page.notes.append(shared)
    parts = parts_of(copy)
    if parts is not None:
        page.tables.append((_("De qué se compone"), parts))
    beside = from_parent(copy)
    if beside is not None:
        page.tables.append(beside)
    return page


def _note(copy: Copy) -> Page:
    warning = note_warning(copy)
    page = Page(facts=note_facts(copy), crumbs=_strategy_crumb(), notes=[warning] if warning else [])
    options = options_table(copy)
    if options is not None:
        page.tables.append((_("Las opciones, una junto a otra"), options))
    return page


def _decision(copy: Copy) -> Page:
    chosen = copy.fields.get("option")
    later = copy.fields.get("superseded_by", "")
    told = facts(
        (_("Opción elegida"), says(chosen["title"]) if chosen else ""),
        (_("Decidió"), as_written(copy.fields.get("decided_by_post", ""))),
        (_("Fecha"), day(copy.said.get("date"))),
        (_("Por qué se revocó"), as_written(copy.fields.get("state_reason", ""))),
        (_("La sustituye"), _decision_link(later)),
    )
    return Page(facts=told, crumbs=_strategy_crumb())


def _decision_link(public_id: str) -> str:
    later = copy_of(public_id, Kind.DECISION) if public_id else None
    return format_html('<a href="{}">{}</a>', later.url, later.heading) if later else ""


def _agreement(copy: Copy) -> Page:
    promises = agreement_promises(copy)
    top = facts((_("Partes"), parties_of(copy)), (_("Cómo va"), fulfilment(promises)))
    told = facts(
        (_("Fecha"), day(copy.fields.get("made_on"))),
        (_("Por qué terminó"), as_written(copy.fields.get("end_reason", ""))),
        ("", provenance(copy)),
    )
    page = Page(facts=told, top=top, crumbs=[(_("Acuerdos"), reverse("portal:agreements"))])
    if not copy.text.text:
        page.notes.append(_("El texto del acuerdo no está publicado: se sabe por lo que se prometió en él."))
    if promises:
        page.tables.append((_("Lo que se prometió en él"), promises_table(promises, caption=_("Cada compromiso y cómo va hoy"))))
    return page


def _commitment(copy: Copy) -> Page:
    told = [*due_facts(copy), *facts(("", provenance(copy)))]
    return Page(facts=told, crumbs=_commitments_crumb())


def _milestone(copy: Copy) -> Page:
    told = facts(
        (_("Para cuándo"), day(copy.fields.get("due_on"))),
        (_("Avance aprobado"), percent(int(copy.fields.get("percent") or 0) / 100)),
        (_("Último reporte aprobado"), day(copy.fields.get("last_approved_on"))),
        (_("Responde"), joined(copy.institutions)),
        ("", provenance(copy)),
    )
    page = Page(facts=told, crumbs=_commitments_crumb())
    reports = released(kind=Kind.UPDATE).filter(links_up__to_id=copy.id, links_up__relation=Relation.REPORTS_ON)
    rows = [_report(each) for each in copies(reports.order_by("-subject_on", "-pk"))]
    if rows:
        columns = [Column(_("Fecha")), Column(_("Qué se hizo")), Column(_("Avance"), numeric=True)]
        page.tables.append((_("Reportes aprobados"), Table(_("Lo que se ha reportado y aprobado"), columns, rows)))
    return page


def _report(copy: Copy) -> Row:
    done = copy.fields.get("percent")
    when = format_html('<span id="{}">{}</span>', copy.id, day(copy.said.get("date")))
    return Row([Cell(when), Cell(paragraphs(copy.text)), Cell("" if done is None else percent(done / 100))])


def _strategy_crumb() -> list[tuple[str, str]]:
    return [(_("Estrategia"), reverse("portal:strategy"))]


def _commitments_crumb() -> list[tuple[str, str]]:
    return [(_("Compromisos"), reverse("portal:commitments"))]


BUILDERS: dict[str, Callable[[Copy], Page]] = {
    Kind.FINDING: _finding,
    Kind.INITIATIVE: _initiative,
    Kind.NOTE: _note,
    Kind.DECISION: _decision,
    Kind.AGREEMENT: _agreement,
    Kind.COMMITMENT: _commitment,
    Kind.MILESTONE: _milestone,
}
