"""The declared kinds as JSON: the same form, predicate, service and sentence as the page."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from pydantic import Field

from manglar.accounts.actors import Actor, actor_for_user
from manglar.accounts.models import User
from manglar.accounts.permissions import Predicate
from manglar.accounts.selectors import user_by_api_token
from manglar.audit.choices import Door
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.foundation.sentences import say
from manglar.foundation.texts import is_storable
from manglar.governments.models import Government
from manglar.governments.selectors import government_by_code
from manglar.web.doing import VERSION, act_with, row, whole
from manglar.web.kinds.base import Action, Deed, Kind
from manglar.web.listing import Listing, strict_listing
from manglar.web.mapping import GEOJSON, geojson_lines
from manglar.web.together import together_with

View = Callable[..., Any]
Offset = Annotated[int, Field(ge=0, le=100_000)]
Limit = Annotated[int, Field(ge=1, le=200)]
Format = Annotated[str, Field(pattern="^(geojson)?$")]
SAFE = {"GET", "HEAD", "OPTIONS"}


def key_or_session(request: HttpRequest) -> User | None:
    """The user of the key; or, for reading only, of the session (a page of another site cannot write with it)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return user_by_api_token(token.strip(), at=timezone.now())
    if request.method in SAFE and isinstance(request.user, User):
        return request.user
    return None


def enter(request: HttpRequest, code: str, allowed: Predicate) -> Deed:
    """Who asks, in which government; refuse whom the predicate refuses."""
    government = government_by_code(code)
    if government is None:
        raise Http404
    actor: Actor = actor_for_user(cast(Any, request).auth, door=Door.API)
    if not allowed.test(actor, government):
        raise NotAllowed(say("Su papel no permite hacer esto. Pídalo a la administración de su gobierno."))
    now = timezone.now()
    return Deed(by=actor, government=government, at=now, on=timezone.localdate(now, ZoneInfo(government.time_zone)))


def lister(kind: Kind) -> View:
    """The list of a kind, narrowed and ordered by the same words of the address as the page (q, orden, its filters)."""

    def view(
        request: HttpRequest, government: str, offset: Offset = 0, limit: Limit = 50, formato: Format = ""
    ) -> dict[str, Any] | StreamingHttpResponse:
        deed = enter(request, government, kind.read)
        language = get_language() or "es"
        held = strict_listing(kind, deed, request.GET.dict(), language, also=("offset", "limit", "formato"))
        if formato == GEOJSON:
            return _as_geojson(kind, held, language)
        rows = held.rows
        count = rows.count() if hasattr(rows, "values_list") else len(rows)
        return {"count": count, "items": [row(kind, each) for each in rows[offset : offset + limit]]}

    view.__doc__ = str(kind.plural)
    return view


def _as_geojson(kind: Kind, held: Listing, language: str) -> StreamingHttpResponse:
    """The whole list on the map; a kind whose records have no place says so."""
    if kind.places is None:
        raise InvalidInput(say("Los registros de «{kind}» no tienen lugar en un mapa: pídalos sin «formato».", kind=kind.slug))
    return StreamingHttpResponse(geojson_lines(held, language), content_type="application/geo+json")


def reader(kind: Kind) -> View:
    """One record of a kind."""

    def view(request: HttpRequest, response: HttpResponse, government: str, public_id: str) -> dict[str, Any]:
        deed = enter(request, government, kind.read)
        told = whole(kind, _found(kind, deed.government, public_id, deed.on))
        response.headers["ETag"] = f'"{told[VERSION]}"'
        return told

    view.__doc__ = str(kind.singular)
    return view


def maker(kind: Kind, action: Action) -> View:
    """Make a record of a kind."""

    def view(request: HttpRequest, government: str) -> dict[str, Any]:
        return _act(request, enter(request, government, action.allowed), kind, action, None)

    view.__doc__ = str(action.label)
    return view


def doer(kind: Kind, action: Action) -> View:
    """Do something to a record of a kind."""

    def view(request: HttpRequest, government: str, public_id: str) -> dict[str, Any]:
        deed = enter(request, government, action.allowed)
        return _act(request, deed, kind, action, _found(kind, deed.government, public_id, deed.on))

    view.__doc__ = str(action.label)
    return view


def doer_of_many(kind: Kind, action: Action) -> View:
    """Do something to several records of a kind: what would change, or all of it or nothing."""

    def view(request: HttpRequest, government: str) -> dict[str, Any]:
        deed, body = enter(request, government, action.allowed), body_of(request)
        ids, told = body.get("ids"), body.get("told", {})
        if not isinstance(ids, list) or not ids or not isinstance(told, dict):
            raise InvalidInput(say("Diga en «ids» los identificadores, en una lista, y en «told» los datos del acto."))
        if strange := sorted(set(body) - {"ids", "told", "apply", "seen"}):
            raise InvalidInput(say("No se conocen los datos: {strange}. Este acto pide: {known}.", strange=", ".join(strange), known="ids, told, apply, seen"))
        if not isinstance(body.get("apply", False), bool):
            raise InvalidInput(say("«apply» es true o false, sin comillas."))
        return together_with(
            deed, kind, action, [str(each) for each in ids], told, is_for_good=body.get("apply", False), seen=str(body.get("seen") or "")
        )

    view.__doc__ = str(action.label)
    return view


def _found(kind: Kind, government: Government, public_id: str, on: dt.date) -> Any:
    record = kind.find(government, public_id, on)
    if record is None:
        raise Http404
    return record


def _act(request: HttpRequest, deed: Deed, kind: Kind, action: Action, record: Any) -> dict[str, Any]:
    told = body_of(request) if action.form is not None else {}
    seen = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    return act_with(deed, kind, action, record, {**told, VERSION: seen} if seen not in {"", "*"} else told)


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The object that a request brings; refused in words when it is none, or holds what is no text."""
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise InvalidInput(say("El cuerpo no es JSON.")) from error
    if not isinstance(body, dict):
        raise InvalidInput(say("El cuerpo es un objeto JSON."))
    if not is_storable(body):
        raise InvalidInput(say("El cuerpo tiene caracteres que no son texto (medio carácter o nulos): quítelos."))
    return body
