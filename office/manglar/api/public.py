"""What anyone may read: governments, divisions, releases, chains, the heads of the log."""

import datetime as dt
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from manglar.audit.selectors import heads
from manglar.governments.selectors import all_governments
from manglar.publication import selectors
from manglar.territory.selectors import divisions_on

Offset = Annotated[int, Field(ge=0, le=100_000)]
Limit = Annotated[int, Field(ge=1, le=200)]


def governments(request: HttpRequest) -> list[dict[str, Any]]:
    """The governments of the installation."""
    return [
        {"code": g.code, "name": g.name, "kind": g.kind, "is_home": g.is_home, "is_example": g.is_example}
        for g in all_governments()
    ]


def divisions(request: HttpRequest, level: str = "", on: dt.date | None = None) -> list[dict[str, Any]]:
    """The divisions alive on a day (today), all or of one level."""
    rows = divisions_on(on or timezone.localdate(), level=level).select_related("parent", "government")
    return [
        {
            "id": d.public_id,
            "code": d.code,
            "name": d.name,
            "level": d.level,
            "parent": d.parent.code if d.parent else None,
            "government": d.government.code,
            "area_km2": d.area_km2,
            "population": d.population,
            "population_year": d.population_year,
            "population_mark": d.population_mark or None,
        }
        for d in rows
    ]


def releases(
    request: HttpRequest,
    *,
    kind: str = "",
    government: str = "",
    division: str = "",
    offset: Offset = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    """What is public now, newest first."""
    owner = next((g for g in all_governments() if g.code == government), None)
    if government and owner is None:
        raise Http404
    rows = selectors.released(kind=kind, government=owner, division=division)
    return {"count": rows.count(), "items": [_release(r) for r in rows[offset : offset + limit]]}


def _release(release: Any) -> dict[str, Any]:
    return {
        "id": release.public_id,
        "kind": release.kind,
        "subject": release.subject_id,
        "version": release.version,
        "released_at": release.released_at.isoformat(),
        "sha256": release.sha256,
        "payload": release.payload,
    }


def release(request: HttpRequest, subject: str) -> dict[str, Any]:
    """The frozen copy of one record."""
    found = selectors.release_by_subject(subject)
    if found is None:
        raise Http404
    return _release(found)


def chain(
    request: HttpRequest, subject: str, language: Annotated[str, Query(pattern="^(es|en)$")] = "es"
) -> dict[str, Any]:
    """The public chain through a record, first to last."""
    found = selectors.chain_of(subject, on=timezone.localdate(), language=language)
    if found is None:
        raise Http404
    return {
        "start": subject,
        "points": [
            {
                "kind": p.kind,
                "id": p.id,
                "title": p.title.text,
                "language": p.title.language,
                "date": p.date,
                "institution": p.institution.text,
                "status": p.status,
                "mark": p.mark,
                "position": p.position,
                "relation": p.relation,
                "links": [link.as_json() for link in p.links],
            }
            for p in found.points
        ],
    }


def log_heads(request: HttpRequest, limit: Limit = 50) -> list[dict[str, Any]]:
    """The published heads of the log, newest first."""
    return [{"on": h.on.isoformat(), "chain": h.chain, "seq": h.seq, "digest": h.digest} for h in heads()[:limit]]
