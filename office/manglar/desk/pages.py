"""What a list, a record and a form of any kind show, built from its declaration."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manglar.audit.selectors import history_of
from manglar.design.shapes import Cell, Column, Crumb, Pages, Row, Status, Table
from manglar.desk import logbook
from manglar.foundation.texts import fold
from manglar.web.access import DeskRequest
from manglar.web.kinds.base import Action, Deed, Kind, Shown

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Offered:
    """An action as the record page offers it."""

    action: Action
    url: str


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


def list_page(kind: Kind, request: DeskRequest) -> dict[str, Any]:
    """Everything that the list of a kind shows."""
    query = request.GET.get("q", "").strip()
    rows = _found(kind, kind.rows(request.government, timezone.localdate()), query)
    paginator = Paginator(rows, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("pagina"))
    create = kind.create if kind.create and kind.create.allowed.test(request.actor, request.government) else None
    return {
        "kind": kind,
        "query": query,
        "table": list_table(kind, list(page.object_list), request.government.code) if paginator.count else None,
        "pages": Pages(page.number, paginator.num_pages, paginator.count, f"q={query}&" if query else ""),
        "create_url": reverse(f"desk:{kind.slug}-new", args=[request.government.code]) if create else "",
        "create_label": create.label if create else "",
        "crumbs": crumbs(request, (str(kind.plural), "")),
    }


def _found(kind: Kind, rows: Any, query: str) -> Any:
    """Narrow a list to the words that were typed, without accents mattering."""
    if not query:
        return rows
    if isinstance(rows, QuerySet) and kind.search:
        wanted = Q()
        for place in kind.search:
            wanted |= Q(**{f"{place}__icontains": query})
        direct = rows.filter(wanted)
        if direct.exists():
            return direct
    lang = language()
    return [row for row in rows if fold(query) in fold(f"{kind.title(row, lang)} {kind.key(row)}")]


def list_table(kind: Kind, rows: list[Any], government: str) -> Table:
    """The rows of a list; the first cell leads to the record."""
    lang = language()
    columns = [Column(str(kind.singular).capitalize())] + [
        Column(str(c.label), numeric=c.numeric) for c in kind.columns
    ]
    shown = [
        Row(
            [
                Cell(
                    kind.title(row, lang) or kind.key(row),
                    url=reverse(f"desk:{kind.slug}-record", args=[government, kind.key(row)]),
                ),
                *(_cell(column.value(row, lang)) for column in kind.columns),
            ]
        )
        for row in rows
    ]
    return Table(caption=str(kind.plural), columns=columns, rows=shown)


def _cell(value: Shown) -> Cell:
    return Cell("", status=value) if isinstance(value, Status) else Cell("" if value is None else str(value))


def record_page(kind: Kind, record: Any, request: DeskRequest) -> dict[str, Any]:
    """Everything that a record's page shows but its chain."""
    lang, government = language(), request.government
    own = getattr(record, "government_id", government.pk) == government.pk
    offered = [
        Offered(action, reverse(f"desk:{kind.slug}-{action.slug}", args=[government.code, kind.key(record)]))
        for action in kind.actions
        if own and action.allowed.test(request.actor, government) and action.fits(record)
    ]
    return {
        "kind": kind,
        "record": record,
        "title": kind.title(record, lang),
        "text": kind.text(record, lang),
        "facts": kind.facts(record, lang),
        "status": kind.status(record),
        "offered": offered,
        "is_shared": not own,
        "entries": [logbook.entry(line, lang) for line in history_of(kind.key(record), limit=30)],
        "crumbs": crumbs(
            request,
            (str(kind.plural), reverse(f"desk:{kind.slug}", args=[government.code])),
            (kind.title(record, lang), ""),
        ),
    }

