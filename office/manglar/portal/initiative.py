"""What the page of an initiative (a pillar, an objective, an action) adds: its place, its figures, its parts, with whom it is shared."""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from manglar.design.shapes import Cell, Column, Fact, Row, Table
from manglar.design.templatetags.design import long_date, pab
from manglar.governments.selectors import grants_of_record
from manglar.portal.commitments import promises_table
from manglar.portal.copies import Copy, copies, day, division_links, facts, joined, provenance
from manglar.portal.following import following_from
from manglar.portal.readings import as_written, language, read, says
from manglar.publication.choices import Kind, Relation
from manglar.publication.selectors import released, released_in, released_promises

#: Promises of what an initiative is part of that its page shows.
MOST_BESIDE = 12


def way_to(copy: Copy) -> list[tuple[str, str]]:
    """The strategy, and everything above an initiative."""
    path = copy.fields.get("path", [])
    above = [
        (
            f"{step.get('code', '')} {read(step.get('title')).text}".strip(),
            reverse("portal:initiative", args=[step["id"]]),
        )
        for step in path
    ]
    return [(_("Estrategia"), reverse("portal:strategy")), *above]


def initiative_facts(copy: Copy) -> list[Fact]:
    """How much, where, in which edition."""
    fields = copy.fields
    cost = fields.get("cost_pab")
    edition = fields.get("edition", {})
    return facts(
        (_("Código"), fields.get("code", "")),
        ("", Fact(_("Costo"), pab(cost), mark=fields.get("cost_mark", "")) if cost is not None else None),
        (_("Territorio"), division_links(copy) or _place_above(copy)),
        (_("Estrategia"), _edition(copy, edition)),
        ("", provenance(copy)),
    )


def who_and_when(copy: Copy) -> list[Fact]:
    """Who answers and when; where neither is public, that, in a line."""
    fields = copy.fields
    who = joined(copy.institutions) or as_written(fields.get("responsible_text", ""))
    when = _period(day(fields.get("starts_on")), day(fields.get("ends_on")))
    if not who and not when:
        return facts((_("Responde y cuándo"), _("Sin responsable ni fecha publicados")))
    return facts(
        (_("Responde"), who or _("Sin responsable publicado")),
        (_("Cuándo"), when or _("Sin fecha publicada")),
    )


def _place_above(copy: Copy) -> str:
    """Where the nearest part of the strategy above it happens, when it names no place itself; empty where none does."""
    path = copy.fields.get("path", [])
    public = {each.id: each for each in copies(released_in(step["id"] for step in path).values())} if path else {}
    above = next((public[step["id"]] for step in reversed(path) if step["id"] in public and public[step["id"]].divisions), None)
    if above is None:
        return ""
    return format_html(_("No lo dice; el de «{}», de la que es parte: {}"), above.heading, division_links(above))


def from_parent(copy: Copy) -> tuple[str, Table] | None:
    """The promises that follow from what it is part of, where none follows from it alone; with the heading of their table."""
    path = copy.fields.get("path", [])
    if not path or copy.fields.get("depth") is None:
        return None
    own, parent = following_from([copy.id]), path[-1]
    beside = following_from([parent["id"]])
    promises = released_promises(timezone.localdate(), language=language(), among=beside)
    if not promises or any(each.release.subject_id in own for each in promises):
        return None
    title = f"{parent.get('code', '')} {read(parent.get('title')).text}".strip()
    heading = _("Lo que se prometió por «%(title)s», de la que es parte") % {"title": title}
    return heading, promises_table(promises[:MOST_BESIDE], caption=_("De ella sola no sigue ningún compromiso; de la que la contiene, estos"))


def _period(start: str, end: str) -> str:
    if start and end:
        return _("de %(start)s a %(end)s") % {"start": start, "end": end}
    if start:
        return _("desde %(start)s") % {"start": start}
    return _("hasta %(end)s") % {"end": end} if end else ""


def _edition(copy: Copy, edition: dict[str, str]) -> str:
    title = says(copy.fields.get("strategy", {}).get("title"))
    url = reverse("portal:edition", args=[edition["id"]]) if edition else reverse("portal:strategy")
    return format_html('<a href="{}">{} · {}</a>', url, title, edition.get("label", ""))


def initiative_notes(copy: Copy) -> list[str]:
    """What a reader must know before trusting the title."""
    notes = []
    if copy.fields.get("title_is_unofficial_translation"):
        notes.append(_("Título traducido, no oficial: la fuente se leyó en otro idioma."))
    if copy.fields.get("is_stub"):
        notes.append(_("La fuente nombra este lugar de la estrategia pero no su título: no se inventó."))
    if copy.said.get("mark") == "ilustrativo":
        notes.append(_("Ilustrativo: no es de la estrategia de la ciudad; está aquí para mostrar cómo se usa."))
    return notes


def shared_note(copy: Copy) -> str:
    """With which other governments it is shared today; empty when with none."""
    today = timezone.localdate()
    in_force = [
        grant
        for grant in grants_of_record(copy.id)
        if grant.from_on <= today
        and (grant.until_on is None or grant.until_on >= today)
        and (grant.revoked_on is None or grant.revoked_on > today)
    ]
    if not in_force:
        return ""
    told = [
        _("%(government)s (desde el %(day)s)")
        % {"government": read(grant.to.name).text, "day": long_date(grant.from_on)}
        for grant in in_force
    ]
    return _("Compartida con %(governments)s.") % {"governments": "; ".join(told)}


def parts_of(copy: Copy) -> Table | None:
    """What hangs directly from it, of what is public."""
    rows = released(kind=Kind.INITIATIVE).filter(links_up__to_id=copy.id, links_up__relation=Relation.PART_OF)
    parts = sorted(copies(rows), key=lambda part: str(part.said.get("order", "")))
    if not parts:
        return None
    columns = [Column(_("Título")), Column(_("Estado")), Column(_("Procedencia"))]
    return Table(_("Lo que cuelga de aquí"), columns, [_part(part) for part in parts])


def _part(part: Copy) -> Row:
    title = format_html("{} {}", part.fields.get("code", ""), part.heading)
    return Row([Cell(title, url=part.url), Cell("", status=part.status), Cell("", mark=str(part.said.get("mark", "")))])
