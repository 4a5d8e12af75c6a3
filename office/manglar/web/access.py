"""Every view declares whom it lets in, with the same predicates that the services use to refuse."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from manglar.accounts.actors import ANONYMOUS, Actor, actor_for_user
from manglar.accounts.models import User
from manglar.accounts.permissions import Predicate, may_read_public
from manglar.audit.choices import Door
from manglar.foundation.refusals import NotAllowed
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.identity.selectors import government_with_identity


class Request(HttpRequest):
    """A request after ``page``: who asks, and in which government's desk (None on the portal)."""

    actor: Actor
    government: Government | None
    #: Whose name, colour and logo the page wears where it is not the desk's nor the installation's: a signed link's.
    shown_government: Government | None


class DeskRequest(Request):
    """A request inside a government's desk."""

    government: Government
    user: User
    #: How many notices wait for the person, where the page asked it already; the shell asks where it did not.
    unread_notices: int


View = Callable[..., HttpResponseBase]


def page(allowed: Predicate, *, door: str = Door.PAGE) -> Callable[[View], View]:
    """Let in whom ``allowed`` lets in: others are asked to sign in, or told in words.

    A keyword ``government`` in the route (its code) becomes ``request.government``.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asked = cast(Request, request)
            asked.actor = actor_of(request, door=door)
            asked.government = _government(kwargs.pop("government", None))
            if not allowed.test(asked.actor, asked.government):
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise NotAllowed(say("Su papel no permite ver esta página. Pídalo a la administración de su gobierno."))
            with hours_of(asked.government):
                response = view(asked, *args, **kwargs)
            if allowed is not may_read_public and isinstance(response, HttpResponse):
                response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        guarded.predicate = allowed  # type: ignore[attr-defined]  # read by the role matrix
        return guarded

    return decorate


def hours_of(government: Government | None) -> AbstractContextManager[object]:
    """While it lasts, hours and «today» are those of a government; of the installation where there is none."""
    return timezone.override(ZoneInfo(government.time_zone)) if government is not None else nullcontext()


def _government(code: str | None) -> Government | None:
    if code is None:
        return None
    found = government_with_identity(code)
    if found is None:
        raise Http404("No hay un gobierno con ese código.")
    return found


def actor_of(request: HttpRequest, *, door: str = Door.PAGE) -> Actor:
    """The actor of a request."""
    if isinstance(request.user, User):
        return actor_for_user(request.user, door=door)
    return ANONYMOUS
