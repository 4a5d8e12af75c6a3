"""The search of the portal: only frozen copies that are public now."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from manglar.design.shapes import FoundGroup, FoundItem
from manglar.portal.copies import Copy, copies
from manglar.portal.places_named import pages_named
from manglar.portal.readings import crumbs, language
from manglar.publication.choices import Kind
from manglar.publication.models import Release
from manglar.search.selectors import Hit, Marker
from manglar.web.searching import excerpt_of, public, search_page


def portal_search(told: dict[str, str]) -> dict[str, Any]:
    """Everything that the page of the search shows."""
    page = search_page(told, public(), show=_items, label_of=plural, other=(_("Ver la estrategia"), reverse("portal:strategy")))
    named = [] if told.get("clase") else pages_named(page["query"])
    items = [FoundItem(page["found"].marker.pieces(each.title), each.url, note=each.note) for each in named]
    first = [FoundGroup(_("Lugares y amenazas"), len(items), items)] if items else []
    found = replace(page["found"], total=page["found"].total + len(items))
    return {**page, "found": found, "groups": [*first, *page["groups"]], "crumbs": crumbs(_("Buscar"))}


def plural(kind: str) -> str:
    """What several records of a released kind are called."""
    labels = {
        Kind.FINDING: _("Hallazgos"),
        Kind.EDITION: _("Ediciones de la estrategia"),
        Kind.INITIATIVE: _("Estrategia"),
        Kind.NOTE: _("Notas de asesoría"),
        Kind.DECISION: _("Decisiones"),
        Kind.AGREEMENT: _("Acuerdos"),
        Kind.COMMITMENT: _("Compromisos"),
        Kind.MILESTONE: _("Hitos"),
        Kind.UPDATE: _("Reportes"),
    }
    return str(labels.get(Kind(kind), kind)) if kind in Kind.values else kind


def _items(hits: Sequence[Hit], marker: Marker) -> list[FoundItem | None]:
    """The copies as results; one that stopped being public this instant is left out."""
    found = Release.objects.filter(public_id__in=[hit.document.record_id for hit in hits], is_current=True)
    held = {copy.release.public_id: copy for copy in copies(found.select_related("government"))}
    return [_item(held.get(hit.document.record_id), marker) for hit in hits]


def _item(copy: Copy | None, marker: Marker) -> FoundItem | None:
    if copy is None:
        return None
    title, texts = copy.title, copy.said.get("text", {})
    excerpt, spoken = excerpt_of(texts, marker, copy.said.get("title", {}), title.text)
    return FoundItem(
        title=marker.pieces(title.text or copy.id),
        url=copy.url,
        excerpt=excerpt,
        language=title.language if title.language != language() else "",
        excerpt_language=spoken if spoken != language() else "",
        status=copy.status,
        note=" · ".join([copy.label, copy.published]),
    )
