"""What the search pages of the portal and of the desk share: whom they show what, and how an answer becomes a page."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manglar.accounts.actors import Actor
from manglar.accounts.selectors import governments_of
from manglar.design.shapes import FoundGroup, FoundItem, Pages
from manglar.governments.models import Government
from manglar.publication.models import Release
from manglar.search.selectors import Audience, Hit, Marker, Results, desk_audience, find, portal_audience
from manglar.web.indexing import found_kinds

PAGE_SIZE, LAST_PAGE = 20, 500
#: A question is shown as it was typed, up to here.
LONGEST_SHOWN = 200
Show = Callable[[Sequence[Hit], Marker], list[FoundItem | None]]


def public() -> Audience:
    """Anyone: only what is public at this moment."""
    return portal_audience(Release.objects.filter(is_current=True).values("public_id"))


def released_names(release_ids: Iterable[str]) -> dict[str, str]:
    """Release → the record that it is of, for those that are public now."""
    found = Release.objects.filter(public_id__in=set(release_ids), is_current=True)
    return dict(found.values_list("public_id", "subject_id"))


def readable(actor: Actor, on: dt.date) -> Audience:
    """A person: the kinds that each predicate lets them read in each of their governments, and what is shared with those."""
    return desk_audience([(each, _kinds_for(actor, each)) for each in governments_of(actor)], on=on)


def _kinds_for(actor: Actor, government: Government) -> list[str]:
    return [kind.slug for kind in found_kinds() if kind.read.test(actor, government)]


def search_page(
    told: dict[str, str], audience: Audience, *, show: Show, label_of: Callable[[str], str], other: tuple[str, str]
) -> dict[str, Any]:
    """Everything that a search page shows for the parameters of its address; ``other`` is where to go when nothing is found."""
    query, kind = told.get("q", "").strip(), told.get("clase", "")
    number = _page_number(told.get("pagina", ""))
    found = find(query, audience, kind=kind, offset=(number - 1) * PAGE_SIZE if kind else 0)
    shown = query[:LONGEST_SHOWN]
    pages = None
    if kind and found.total:
        last = min(LAST_PAGE, -(-found.total // PAGE_SIZE))
        pages = Pages(min(number, last), last, found.total, urlencode({"q": shown, "clase": kind}) + "&")
    return {
        "query": shown,
        "found": found,
        "groups": _groups(found, show, label_of, shown, kind),
        "pages": pages,
        "kind_label": label_of(kind) if kind else "",
        "all_url": "?" + urlencode({"q": shown}),
        "suggestion_url": "?" + urlencode({"q": found.suggestion}),
        "missing": ", ".join(f"«{word}»" for word in found.missing),
        "empty": _empty(shown, found, other),
    }


def _page_number(text: str) -> int:
    """A page that someone may have typed."""
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _groups(found: Results, show: Show, label_of: Callable[[str], str], query: str, kind: str) -> list[FoundGroup]:
    """The results by kind, the kind of the best one first."""
    by_kind: dict[str, list[FoundItem]] = {}
    for hit, item in zip(found.hits, show(found.hits, found.marker), strict=True):
        if item is not None:
            by_kind.setdefault(hit.document.kind, []).append(item)
    counts = dict(found.counts)
    return [
        FoundGroup(
            label_of(each),
            counts[each],
            items,
            "?" + urlencode({"q": query, "clase": each}) if not kind and counts[each] > len(items) else "",
        )
        for each, items in by_kind.items()
    ]


def _empty(query: str, found: Results, other: tuple[str, str]) -> dict[str, str]:
    """What a page without results says: what happened, and what to do."""
    label, url = other
    quiet = {"action": "", "url": ""}
    if not query:
        return quiet | {
            "title": _("¿Qué busca?"),
            "text": _("Escriba una o varias palabras: un lugar, una institución, un tema. Las tildes, los plurales y los errores de tecleo no importan."),
        }  # fmt: skip
    if not found.terms:
        return quiet | {
            "title": _("Ahí no hay palabras que buscar"),
            "text": _("Escriba al menos una palabra con letras o números. «De», «la» y otras así no se buscan solas."),
        }
    if not found.is_ready:
        return {
            "title": _("El índice de búsqueda todavía se está haciendo"),
            "text": _("Vuelva en unos minutos. Mientras tanto, las listas y los menús funcionan."),
            "action": label,
            "url": url,
        }
    return {
        "title": _("Nada coincide con «%(query)s»") % {"query": query},
        "text": _("Revise cómo está escrito, quite alguna palabra o use una más general."),
        "action": label,
        "url": url,
    }


def excerpt_of(texts: dict[str, str], marker: Marker, title: dict[str, str], shown: str) -> tuple[Sequence[Any], str]:
    """An excerpt around what was found, in the language of the page when that says it; with its language.

    Where only the title says it, in another language than the one ``shown``, the excerpt is that title.
    """
    language = (get_language() or "es").partition("-")[0]
    order = [code for code in (language, "es", *sorted(texts)) if texts.get(code)]
    saying = [code for code in order if marker.says_any(texts[code])]
    if saying and (saying[0] == order[0] or not marker.says_any(shown)):
        return marker.excerpt(texts[saying[0]]), saying[0]
    others = [code for code in sorted(title) if title[code] != shown and marker.says_any(title[code])]
    if others and not marker.says_any(shown):
        return marker.excerpt(title[others[0]]), others[0]
    return (marker.excerpt(texts[order[0]]), order[0]) if order else ((), "")
