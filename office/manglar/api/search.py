"""Search as JSON: the public one without a key, the desk's with the same predicate and the same audience as the page."""

from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import Field

from manglar.accounts.permissions import may_enter_desk
from manglar.api.desk import enter
from manglar.api.public import Limit, Offset
from manglar.search.selectors import Hit, Results, find
from manglar.web.searching import public, readable, released_names

Words = Annotated[str, Field(max_length=10_000)]
Slug = Annotated[str, Field(max_length=40)]


def public_search(request: HttpRequest, q: Words = "", *, kind: Slug = "", offset: Offset = 0, limit: Limit = 20) -> dict[str, Any]:
    """What is public and says these words."""
    found = find(q, public(), kind=kind, offset=offset, limit=limit)
    subjects = released_names(hit.document.record_id for hit in found.hits)
    hits = [hit for hit in found.hits if hit.document.record_id in subjects]
    return _answer(
        found, [{"id": subjects[h.document.record_id], "release": h.document.record_id, **_item(h)} for h in hits]
    )


def desk_search(
    request: HttpRequest, government: str, q: Words = "", *, kind: Slug = "", offset: Offset = 0, limit: Limit = 20
) -> dict[str, Any]:
    """The records that say these words, of the governments in which the person has a role and shared with them."""
    deed = enter(request, government, may_enter_desk)
    found = find(q, readable(deed.by, deed.on), kind=kind, offset=offset, limit=limit)
    return _answer(found, [{"id": h.document.record_id, "desk": _desk(h), **_item(h)} for h in found.hits])


def _desk(hit: Hit) -> str:
    return hit.document.desk.code if hit.document.desk else ""


def _item(hit: Hit) -> dict[str, Any]:
    document = hit.document
    return {
        "kind": document.kind,
        "government": document.government.code,
        "title": document.title,
        "words_found": hit.words_found,
    }


def _answer(found: Results, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "query": found.query,
        "terms": list(found.terms),
        "count": found.total,
        "kinds": dict(found.counts),
        "suggestion": found.suggestion,
        "missing": list(found.missing),
        "items": items,
    }
