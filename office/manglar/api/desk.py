"""The declared kinds as JSON: the same form, predicate, service and sentence as the page."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Annotated, Any, cast

from django.forms import Form
from django.http import Http404, HttpRequest, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja.errors import HttpError
from pydantic import Field

from manglar.accounts.actors import Actor, actor_for_user
from manglar.accounts.models import User
from manglar.accounts.permissions import Predicate
from manglar.accounts.selectors import user_by_api_token
from manglar.audit.choices import Door
from manglar.design.shapes import Status
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.foundation.sentences import say
from manglar.foundation.texts import is_storable
from manglar.governments.models import Government
from manglar.governments.selectors import government_by_code
from manglar.web.kinds.base import Action, Deed, Kind
from manglar.web.listing import Listing, listing
from manglar.web.mapping import GEOJSON, geojson_lines

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
    return Deed(by=actor, government=government, at=now, on=timezone.localdate(now))


def lister(kind: Kind) -> View:
    """The list of a kind, narrowed and ordered by the same words of the address as the page (q, orden, its filters)."""

    def view(
        request: HttpRequest, government: str, offset: Offset = 0, limit: Limit = 50, formato: Format = ""
    ) -> dict[str, Any] | StreamingHttpResponse:
        deed = enter(request, government, kind.read)
        language = get_language() or "es"
        held = listing(kind, deed.government, deed.on, request.GET.dict(), language)
        if formato == GEOJSON:
            return _as_geojson(kind, held, language)
        rows = held.rows
        count = rows.count() if hasattr(rows, "values_list") else len(rows)
        return {"count": count, "items": [_row(kind, row) for row in rows[offset : offset + limit]]}

    view.__doc__ = str(kind.plural)
    return view


def _as_geojson(kind: Kind, held: Listing, language: str) -> StreamingHttpResponse:
    """The whole list on the map; a kind whose records have no place says so."""
    if kind.places is None:
        raise InvalidInput(say("Los registros de «{kind}» no tienen lugar en un mapa: pídalos sin «formato».", kind=kind.slug))
    return StreamingHttpResponse(geojson_lines(held, language), content_type="application/geo+json")


def reader(kind: Kind) -> View:
    """One record of a kind."""

    def view(request: HttpRequest, government: str, public_id: str) -> dict[str, Any]:
        deed = enter(request, government, kind.read)
        return _record(kind, _found(kind, deed.government, public_id, deed.on))

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


def _found(kind: Kind, government: Government, public_id: str, on: dt.date) -> Any:
    record = kind.find(government, public_id, on)
    if record is None:
        raise Http404
    return record


def _act(request: HttpRequest, deed: Deed, kind: Kind, action: Action, record: Any) -> dict[str, Any]:
    if record is not None and not action.fits(record):
        raise HttpError(409, "Eso ya no se puede hacer: el registro está en otro estado.")
    told: dict[str, Any] = {}
    if action.form is not None:
        form = action.form(_as_form(_body(request)), None, deed=deed, record=record)
        told = _checked(form)
    made = action.run(deed, record, told)
    shown = made if getattr(made, "public_id", None) and record is None else record
    if shown is not None and record is not None:
        shown = kind.find(deed.government, kind.key(record), deed.on) or record
    extra = {"url": made.url} if hasattr(made, "url") and hasattr(made, "expires") else {}
    return {"done": str(action.done), **extra, **({"record": _record(kind, shown)} if shown is not None else {})}


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise InvalidInput(say("El cuerpo no es JSON.")) from error
    if not isinstance(body, dict):
        raise InvalidInput(say("El cuerpo es un objeto JSON."))
    if not is_storable(body):
        raise InvalidInput(say("El cuerpo tiene caracteres que no son texto (medio carácter o nulos): quítelos."))
    return body


def _as_form(body: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in body.items():
        if isinstance(value, list):
            data.setlist(name, [str(each) for each in value])
        elif value is not None:
            data[name] = str(value)
    return data


def _checked(form: Form) -> dict[str, Any]:
    if not form.is_valid():
        problems = [f"{name}: {error}" for name, errors in form.errors.items() for error in errors]
        raise HttpError(422, "; ".join(problems))
    return form.cleaned_data


def _row(kind: Kind, record: Any) -> dict[str, Any]:
    language = get_language() or "es"
    return {"id": kind.key(record), "title": kind.title(record, language)}


def _record(kind: Kind, record: Any) -> dict[str, Any]:
    language = get_language() or "es"
    status = kind.status(record)
    return {
        **_row(kind, record),
        "text": kind.text(record, language),
        "status": status.label if isinstance(status, Status) else None,
        "facts": [
            {"label": fact.label, "value": str(fact.value), "mark": fact.mark or None}
            for fact in kind.facts(record, language)
        ],
    }
