"""What the portal says of a record beside what the office holds now: the public copy and the draft, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from manglar.design.shapes import Cell, Column, Row, Table
from manglar.design.templatetags.design import partial_date
from manglar.desk import pages
from manglar.foundation.provenance import Mark
from manglar.foundation.translated import read_in
from manglar.publication.selectors import Draft, public_draft, release_by_subject, says_the_same, status_label
from manglar.web.access import DeskRequest
from manglar.web.kinds.base import Kind
from manglar.web.kinds.words import day

#: What each part of a public copy is called, in the order in which it is read.
PARTS: Mapping[str, Any] = {
    "title": gettext_lazy("Título"),
    "text": gettext_lazy("Texto"),
    "status": gettext_lazy("Estado"),
    "date": gettext_lazy("Fecha"),
    "hazard": gettext_lazy("Amenaza"),
    "code": gettext_lazy("Código"),
    "level": gettext_lazy("Nivel"),
    "path": gettext_lazy("Parte de"),
    "strategy": gettext_lazy("Estrategia"),
    "edition": gettext_lazy("Edición"),
    "institutions": gettext_lazy("Instituciones"),
    "responsible_text": gettext_lazy("Responsables"),
    "divisions": gettext_lazy("Territorio"),
    "options": gettext_lazy("Opciones"),
    "option": gettext_lazy("Opción elegida"),
    "decided_by_post": gettext_lazy("Decide"),
    "parties": gettext_lazy("Partes"),
    "made_on": gettext_lazy("Prometido el"),
    "starts_on": gettext_lazy("Empieza"),
    "ends_on": gettext_lazy("Termina"),
    "due_on": gettext_lazy("Para cuándo"),
    "percent": gettext_lazy("Avance"),
    "cost_pab": gettext_lazy("Costo"),
    "state_reason": gettext_lazy("Motivo"),
    "file": gettext_lazy("Archivo"),
    "mark": gettext_lazy("Procedencia"),
    "source": gettext_lazy("De dónde sale"),
    "sources": gettext_lazy("Fuentes"),
}
NAMES = ("title", "name", "label")
DATES = frozenset({"date", "made_on", "starts_on", "ends_on", "due_on"})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record stands with the public."""

    version: int
    on: str
    is_same: bool
    url: str


def public_side(request: DeskRequest, kind: Kind, record: Any) -> dict[str, Any]:
    """Everything that the page of the two sides shows; ``standing`` is None where nothing is public."""
    public_id, language = kind.key(record), pages.language()
    release, draft = release_by_subject(public_id), public_draft(public_id, request.government)
    back = reverse(f"desk:{kind.slug}-record", args=[request.government.code, public_id])
    listed = reverse(f"desk:{kind.slug}", args=[request.government.code])
    title = kind.title(record, language)
    is_same = True
    context: dict[str, Any] = {
        "kind": kind, "title": title, "back_url": back, "standing": None, "table": None, "others_changed": False,
        "why_internal": str(draft.why_internal) if draft else "",
        "crumbs": pages.crumbs(request, (str(kind.plural), listed), (title, back), (_("Lo público y lo de hoy"), "")),
    }  # fmt: skip
    if draft is None:
        return context
    held = release.payload if release else {}
    if release is not None:
        is_same = says_the_same(release, draft)
        context["standing"] = Standing(release.version, day(release.released_at), is_same, _portal(draft, public_id))
    table = _table(held, draft, language)
    others = release is not None and not is_same and not any(row.cells[-1].text for row in table.rows)
    return {**context, "table": table, "others_changed": others}


def _portal(draft: Draft, public_id: str) -> str:
    try:
        return reverse(f"portal:{draft.reader.kind}", args=[public_id])
    except NoReverseMatch:
        return ""


def _table(held: Mapping[str, Any], draft: Draft, language: str) -> Table:
    """The parts of both, those that differ first and marked in words."""
    kind = draft.reader.kind
    before, now = _told(held, kind, language), _told(draft.content, kind, language)
    lines = []
    for key, label in PARTS.items():
        public, today = before.get(key, ""), now.get(key, "")
        if public or today:
            differs = bool(held) and public != today
            mark = _("cambió") if differs else ""
            lines.append((not differs, Row([Cell(str(label)), Cell(public or "—"), Cell(today or "—"), Cell(mark)])))
    columns = [Column(_("Qué")), Column(_("En el portal")), Column(_("Hoy en el escritorio")), Column(_("Diferencia"))]
    rows = [row for _same, row in sorted(lines, key=lambda line: line[0])]
    return Table(caption=_("Lo público y lo de hoy"), columns=columns, rows=rows)


def _told(content: Mapping[str, Any], kind: str, language: str) -> dict[str, str]:
    """Each part of a public copy as a person reads it."""
    parts = {**content.get("fields", {}), **{key: content.get(key) for key in PARTS if key in content}}
    told = {key: _said(parts.get(key), language) for key in PARTS}
    told |= {key: partial_date(told[key]) for key in DATES if told[key]}
    told["status"] = status_label(kind, told["status"])
    told["mark"] = str(dict(Mark.choices).get(told["mark"], told["mark"]))
    return told


def _said(value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        name = next((value[key] for key in NAMES if key in value), None)
        return _said(name, language) if name is not None else read_in(dict(value), language).text
    if isinstance(value, list):
        return "; ".join(_said(each, language) for each in value)
    return "" if value is None else str(value)
