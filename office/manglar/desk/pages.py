"""What a list, a record and a form of any kind show, built from its declaration."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manglar.audit.selectors import history_of
from manglar.design.shapes import Crumb, Fact
from manglar.desk import logbook
from manglar.governments.models import Government
from manglar.web.access import DeskRequest
from manglar.web.kinds.base import Action, Deed, Kind, Section

#: Where the session keeps how each list was last asked for, and the longest address that it keeps.
LISTS, LONGEST_ADDRESS = "lists", 1_000


@dataclass(frozen=True, slots=True)
class Offered:
    """An action as the record page offers it."""

    action: Action
    url: str
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A section with the address of its job, where it has one."""

    section: Section
    job_url: str


def _job_url(job: str, government: Government) -> str:
    return reverse("desk:job-state", args=[government.code, job]) if job else ""


def language() -> str:
    """The language of the page."""
    return get_language() or "es"


def deed(request: DeskRequest) -> Deed:
    """Who acts, where and when."""
    now = timezone.now()
    return Deed(by=request.actor, government=request.government, at=now, on=timezone.localdate(now))


def crumbs(request: DeskRequest, *steps: tuple[str, str]) -> list[Crumb]:
    """The way from the desk to this page."""
    home = Crumb(_("Mi escritorio"), reverse("desk:home", args=[request.government.code]))
    return [home, *(Crumb(label, url) for label, url in steps)]


def remember_list(kind: Kind, request: DeskRequest) -> None:
    """Keep how a list was asked for, so that the way back from a record leads to it; only what changed is written."""
    asked = request.GET.urlencode()
    key, held = f"{request.government.code}/{kind.slug}", request.session.get(LISTS, {})
    if held.get(key, "") == asked or len(asked) > LONGEST_ADDRESS:
        return
    others = {name: value for name, value in held.items() if name != key}
    request.session[LISTS] = {**others, key: asked} if asked else others


def list_address(kind: Kind, request: DeskRequest) -> str:
    """The list of a kind as this person last asked for it: words, filters, order, page and map."""
    url = reverse(f"desk:{kind.slug}", args=[request.government.code])
    asked = request.session.get(LISTS, {}).get(f"{request.government.code}/{kind.slug}", "")
    return f"{url}?{asked}" if asked else url


def marked_facts(kind: Kind, record: Any, lang: str) -> list[Fact]:
    """The facts of a record; where its copies are published, each says whether it is in them."""
    held = kind.facts(record, lang)
    return [replace(each, is_public=each.is_public is not False) if kind.is_published else each for each in held]


def record_page(kind: Kind, record: Any, request: DeskRequest) -> dict[str, Any]:
    """Everything that a record's page shows but its chain."""
    lang, government = language(), request.government
    own = getattr(record, "government_id", government.pk) == government.pk
    offered = [
        Offered(
            action,
            reverse(f"desk:{kind.slug}-{action.slug}", args=[government.code, kind.key(record)]),
            action.lacks(record),
        )
        for action in kind.actions
        if own and action.allowed.test(request.actor, government) and action.fits(record)
    ]
    return {
        "kind": kind,
        "record": record,
        "title": kind.title(record, lang),
        "text": kind.text(record, lang),
        "facts": marked_facts(kind, record, lang),
        "noun": kind.noun(record) or kind.singular,
        "sections": [
            Shown(each, _job_url(each.job, government))
            for each in (*kind.sections(record, lang), *kind.seen_by(record, government, lang))
        ],
        "status": kind.status(record),
        "caution": kind.caution(record, lang),
        "offered": [each for each in offered if not each.lacks],
        "not_yet": [each for each in offered if each.lacks],
        "is_shared": not own,
        "public_url": reverse(f"desk:{kind.slug}-public", args=[government.code, kind.key(record)])
        if kind.is_published and own
        else "",
        "entries": [logbook.entry(line, lang) for line in history_of(kind.key(record), limit=30)],
        "crumbs": crumbs(
            request,
            (str(kind.plural), list_address(kind, request)),
            (kind.title(record, lang), ""),
        ),
    }

