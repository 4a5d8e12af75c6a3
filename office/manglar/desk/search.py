"""The search of the desk, as a page and as what the palette asks for: what this person may read, and nothing else."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from manglar.design.shapes import FoundItem
from manglar.desk import pages
from manglar.foundation.translated import read_in
from manglar.governments.models import Government
from manglar.search.models import Document
from manglar.search.selectors import Hit, Marker, find
from manglar.web.access import DeskRequest
from manglar.web.kinds import KINDS
from manglar.web.searching import excerpt_of, readable, search_page

#: Records that the palette shows below the pages of the desk.
IN_PALETTE = 8


def desk_search(request: DeskRequest) -> dict[str, Any]:
    """Everything that the page of the search shows."""
    here = request.government

    def show(hits: Sequence[Hit], marker: Marker) -> list[FoundItem | None]:
        return [_item(hit.document, marker, here) for hit in hits]

    page = search_page(
        request.GET.dict(),
        readable(request.actor, timezone.localdate()),
        show=show,
        label_of=plural,
        other=(_("Ir a Mi escritorio"), reverse("desk:home", args=[here.code])),
    )
    return {**page, "crumbs": pages.crumbs(request, (_("Buscar"), ""))}


def palette(request: DeskRequest) -> dict[str, Any]:
    """The records for what is being typed, as plain data."""
    query = request.GET.get("q", "")
    found = find(query, readable(request.actor, timezone.localdate()), limit=IN_PALETTE)
    lang, here = pages.language(), request.government
    return {
        "total": found.total,
        "items": [
            {
                "title": read_in(hit.document.title, lang).text,
                "kind": str(KINDS[hit.document.kind].singular),
                "government": _elsewhere(hit.document, here),
                "url": address(hit.document),
            }
            for hit in found.hits
        ],
    }


def plural(kind: str) -> str:
    """What several records of a kind are called."""
    return str(KINDS[kind].plural) if kind in KINDS else kind


def address(document: Document) -> str:
    """The page of a record in the desk that sees it."""
    desk: Any = document.desk
    return reverse(f"desk:{document.kind}-record", args=[desk.code, document.record_id])


def _elsewhere(document: Document, here: Government) -> str:
    """The owner of a record when it is another government."""
    owner = document.government
    return "" if owner.pk == here.pk else read_in(owner.name, pages.language()).text


def _item(document: Document, marker: Marker, here: Government) -> FoundItem:
    lang = pages.language()
    title = read_in(document.title, lang)
    # The last line of an indexed text is the name of its kind (web/indexing.py): a word to find, not one to read.
    texts = {code: text.rpartition("\n")[0] for code, text in document.text.items()}
    excerpt, spoken = excerpt_of(texts, marker, document.title, title.text)
    return FoundItem(
        title=marker.pieces(title.text),
        url=address(document),
        excerpt=excerpt,
        language=title.language if title.language != lang else "",
        excerpt_language=spoken if spoken != lang else "",
        note=_elsewhere(document, here),
    )
