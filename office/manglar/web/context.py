"""What every page knows: the city, the navigation, the languages, the head of the log."""

from functools import cache
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve, reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.models import User
from manglar.accounts.permissions import Predicate
from manglar.accounts.selectors import governments_of
from manglar.audit.selectors import head_of
from manglar.design.shapes import Language, NavGroup, NavItem
from manglar.design.shell_shapes import LogHead
from manglar.foundation.translated import read_in
from manglar.governments.models import Government
from manglar.identity.selectors import home_with_identity
from manglar.margin.selectors import unread_count
from manglar.web.looks import look_of
from manglar.web.navigation import DESK, PORTAL

#: In which shell an error is told: that of the desk to who was at their desk.
PORTAL_SHELL, DESK_SHELL = "design/portal.html", "design/desk.html"
LANGUAGE_NAMES = {"es": "Español", "en": "English"}


def page(request: HttpRequest) -> dict[str, Any]:
    """Everything that the shells ask for; what a page does not use is not computed."""
    shown = cache(lambda: _shown(request))
    look = SimpleLazyObject(lambda: look_of(shown()))
    return {
        "city_name": SimpleLazyObject(lambda: look.city_name),
        "look": look,
        "office_name": SimpleLazyObject(lambda: look.office_name),
        "office_contact": SimpleLazyObject(lambda: look.contact),
        "example_city": settings.EXAMPLE,
        "languages": _languages(request),
        "site_url": settings.PUBLIC_URL,
        "canonical_url": _canonical(request),
        "default_share_image": reverse("portal:territory_image", args=["png"]),
        "log_head": SimpleLazyObject(lambda: _log_head(shown())),
        "portal_nav": _portal_nav(request),
        "home_url": reverse("portal:home"),
        "accessibility_url": reverse("portal:accessibility"),
        "privacy_url": reverse("portal:privacy"),
        "source_url": reverse("portal:source"),
        "desk_url": reverse("desk:enter"),
        "portal_url": reverse("portal:home"),
        "search_url": reverse("portal:search"),
        "logout_url": reverse("account_logout"),
        "shell": PORTAL_SHELL,
        **_desk(request),
    }


def _shown(request: HttpRequest) -> Government | None:
    """The government that the page shows: the desk's, a signed link's, else the installation's; one query at most."""
    told = getattr(request, "government", None) or getattr(request, "shown_government", None)
    return told or home_with_identity()


def _languages(request: HttpRequest) -> list[Language]:
    here, now = request.get_full_path(), get_language() or "es"
    return [
        Language(code=code, label=LANGUAGE_NAMES[code], url=translate_url(here, code), current=code == now)
        for code, _name in settings.LANGUAGES
    ]


def _canonical(request: HttpRequest) -> str:
    """The one address of a page, whatever filters it was asked with; a further page of a list is another page."""
    number = request.GET.get("pagina", "")
    return f"{settings.PUBLIC_URL}{request.path}" + (f"?pagina={number}" if number.isdecimal() and number != "1" else "")


def _log_head(government: Government | None) -> LogHead | None:
    """The newest head of the government's own chain; until it has one, that of the installation."""
    head = head_of(government.pk if government else 0)
    if head is None:
        return None
    chain = read_in(government.name, get_language() or "es").text if government and head.chain else ""
    return LogHead(head.digest, head.seq, chain, at=head.on.isoformat(), url=reverse("portal:transparency"))


def _portal_nav(request: HttpRequest) -> list[NavItem]:
    return [
        NavItem(label=str(label), url=reverse(name), current=request.path.startswith(reverse(name)))
        for label, name in PORTAL
    ]


def _desk(request: HttpRequest) -> dict[str, Any]:
    government: Government | None = getattr(request, "government", None)
    if government is None or not isinstance(request.user, User):
        return {}
    actor = request.actor  # type: ignore[attr-defined]  # set by web.access.page
    roles = [str(label) for label in _role_labels(actor.roles, government)]
    return {
        **({"shell": DESK_SHELL, "desk_home_url": reverse("desk:home", args=[government.code])} if roles else {}),
        "search_url": reverse("desk:search", args=[government.code]),
        "palette_url": reverse("desk:search-palette", args=[government.code]),
        "desk_nav": _desk_nav(request, government, actor),
        "user_name": str(request.user),
        "user_role": f"{', '.join(roles)} · {read_in(government.name, get_language() or 'es').text}",
        "user_nav": [
            NavItem(label=read_in(other.name, get_language() or "es").text, url=reverse("desk:home", args=[other.code]))
            for other in (governments_of(actor) if {held for held, _ in actor.roles} - {government.pk} else ())
            if other.pk != government.pk
        ],
    }


def _role_labels(roles: frozenset[tuple[int, str]], government: Government) -> list[str]:
    labels = dict(Role.choices)
    return [str(labels[role]) for held, role in sorted(roles) if held == government.pk]


def _desk_nav(request: HttpRequest, government: Government, actor: Actor) -> list[NavGroup]:
    """The groups of the desk with the pages that this person may open; a group without any is left out."""
    groups = []
    for label, entries in DESK:
        items = [
            NavItem(gettext(word), url, _is_here(request.path, url, name), _count(request) if name == "desk:notices" else None)
            for word, name, extra in entries
            if (url := reverse(name, args=[government.code, *extra])) and _may_open(url, actor, government)
        ]
        if items:
            groups.append(NavGroup(label=gettext(label) if label else "", items=items))
    return groups


def _count(request: HttpRequest) -> int | None:
    """How many notices wait; a page that asked it with something else has told the request."""
    told = getattr(request, "unread_notices", None)
    return (unread_count(cast(User, request.user)) if told is None else told) or None


def _may_open(url: str, actor: Actor, government: Government) -> bool:
    """Ask the predicate that guards the page itself: what is shown and what is refused cannot differ."""
    allowed: Predicate = resolve(url).func.predicate  # type: ignore[attr-defined]  # set by web.access.page
    return bool(allowed.test(actor, government))


def _is_here(path: str, url: str, name: str) -> bool:
    return path == url if name == "desk:home" else path.startswith(url)
