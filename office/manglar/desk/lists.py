"""What the list of any kind shows: the table or the board of what its address asks for, and the same as a file."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from manglar.design.shapes import Cell, Choice, Column, FilterShown, Pages, Row, Status, Table
from manglar.desk import pages
from manglar.desk.beside import saved_views
from manglar.desk.maps import PICTURE, list_map
from manglar.desk.undoing import offered_on_list
from manglar.margin.permissions import may_save_views
from manglar.web.access import DeskRequest
from manglar.web.importing import IMPORTS
from manglar.web.kinds.base import Action, Kind, Shown
from manglar.web.kinds.importable import Import
from manglar.web.kinds.loads import LOADS
from manglar.web.kinds.words import TONES
from manglar.web.listing import COLUMNS, ORDER, VIEW, Listing, column_key, listing
from manglar.web.mapping import FORMAT, GEOJSON, MAP

PAGE_SIZE = 50
#: How many cards a column of the board shows; the rest are one click away, in the table.
CARDS = 30
FORMATS = ("csv", "xlsx")
MAP_FORMATS = (GEOJSON, PICTURE)


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board."""

    status: Status
    count: int
    cards: list[Row]
    more: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be done to the rows that are chosen."""

    label: str
    url: str


def asked_listing(kind: Kind, request: DeskRequest) -> Listing:
    """The list that the request's address asks for."""
    asked = {**request.GET.dict(), COLUMNS: ",".join(request.GET.getlist(COLUMNS))}  # a form sends one for each box
    return listing(kind, request.government, timezone.localdate(), asked, pages.language())


def list_page(kind: Kind, request: DeskRequest) -> dict[str, Any]:
    """Everything that the list of a kind shows."""
    held, code = asked_listing(kind, request), request.government.code
    pages.remember_list(kind, request)
    paginator = Paginator(held.rows, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("pagina"))
    create = kind.create if kind.create and kind.create.allowed.test(request.actor, request.government) else None
    bulk = [] if held.view else _bulk(kind, request)
    query = held.address()
    shown = paginator.count > 0
    undo_url, undo_count = offered_on_list(request, kind)
    table = _table(held, list(page.object_list), code, selectable=bool(bulk)) if shown and held.view in {"", MAP} else None
    return {
        "kind": kind,
        "held": held,
        "total": paginator.count,
        "filters": (filters := _filters(held, request)),
        "active": [
            (each.label, choice.label, f"{each.clear}#resultados") for each in filters for choice in each.choices if choice.chosen and each.key in held.said
        ],
        "columns": [Choice(column_key(c), str(c.label), c in list(held.columns)) for c in kind.columns],
        "table": table if not held.view else None,
        "placed": list_map(held, request, table) if shown and held.view == MAP else None,
        "lanes": _lanes(held, code) if shown and held.view == "tablero" else [],
        "views": _views(held),
        "pages": Pages(page.number, paginator.num_pages, paginator.count, f"{query}&" if query else ""),
        "saved": saved_views(request, kind, query),
        "may_save": may_save_views.test(request.actor, request.government),
        "bulk": bulk,
        "undo_url": undo_url,
        "undo_count": undo_count,
        "exports": _exports(held),
        "imports": [
            Offer(str(each.label), reverse(f"desk:import-{each.slug}", args=[code]))
            for each in IMPORTS.values()
            if _is_offered(each, kind) and each.allowed.test(request.actor, request.government)
        ],
        "creates": [
            Offer(str(each.label), reverse(f"desk:{kind.slug}-new-{each.slug}", args=[code]))
            for each in kind.creates
            if each.allowed.test(request.actor, request.government)
        ],
        "create_url": reverse(f"desk:{kind.slug}-new", args=[code]) if create else "",
        "create_label": create.label if create else "",
        "crumbs": pages.crumbs(request, (str(kind.plural), "")),
    }


def _filters(held: Listing, request: DeskRequest) -> list[FilterShown]:
    found = []
    for each in held.kind.filters:
        chosen = held.chosen.get(each.key, "")
        values = each.choices(request.government, timezone.localdate())
        found.append(FilterShown.of(each.key, str(each.label), values, chosen, f"?{held.address(**{each.key: ''})}", always=bool(each.default)))
    return found


def _exports(held: Listing) -> list[tuple[str, str]]:
    """The files in which the same list can be had."""
    named = [(_("Excel (hoja de cálculo)"), "xlsx"), (_("CSV para programas"), "csv")]
    if held.kind.places:
        named.append((_("GeoJSON para mapas"), GEOJSON))
    return [(word, f"?{held.address(**{VIEW: '', FORMAT: name})}") for word, name in named]


def _is_offered(what: Import, kind: Kind) -> bool:
    """Whether a list offers an import: its own; the list of past imports, every one but the corrected lists."""
    return what.back == kind.slug or (kind.slug == LOADS.slug and not what.slug.startswith("lista-"))


def _views(held: Listing) -> list[tuple[str, str, bool]]:
    """The ways to see the same set: label, address, whether it is this one."""
    if not held.kind.views:
        return []
    labels = {"": _("Tabla"), "tablero": _("Tablero"), MAP: _("Mapa")}
    return [(labels[view], f"?{held.address(**{VIEW: view})}", held.view == view) for view in ("", *held.kind.views)]


def _bulk(kind: Kind, request: DeskRequest) -> list[Offer]:
    """What this person may do to several rows at once."""
    return [
        Offer(str(action.label), reverse(f"desk:{kind.slug}-{action.slug}-many", args=[request.government.code]))
        for action in many_actions(kind)
        if action.allowed.test(request.actor, request.government)
    ]


def many_actions(kind: Kind) -> list[Action]:
    """The actions of a kind that may be done to several records."""
    return [action for action in kind.actions if action.of_many]


def _table(held: Listing, rows: list[Any], government: str, *, selectable: bool) -> Table:
    """The rows; the first cell leads to the record, headings put the list in their order."""
    kind = held.kind
    columns = [_heading(held, "nombre", str(kind.singular).capitalize(), sortable=bool(kind.title_order))]
    for column in held.columns:
        sortable = bool(column.order) or not isinstance(held.rows, QuerySet)
        columns.append(
            _heading(held, column_key(column), str(column.label), sortable=sortable, numeric=column.numeric)
        )
    shown = [
        Row([_title(kind, row, government), *(_cell(c, row) for c in held.columns)], code=kind.key(row)) for row in rows
    ]
    return Table(caption=str(kind.plural), columns=columns, rows=shown, select="id" if selectable else "")


def _heading(held: Listing, key: str, label: str, *, sortable: bool, numeric: bool = False) -> Column:
    if not sortable:
        return Column(label, numeric=numeric)
    here, back = held.order == key, held.order == f"-{key}"
    url = f"?{held.address(**{ORDER: f'-{key}' if here else key})}"
    return Column(label, numeric=numeric, sort_url=url, sorted="ascending" if here else "descending" if back else "")


def _title(kind: Kind, row: Any, government: str) -> Cell:
    url = reverse(f"desk:{kind.slug}-record", args=[government, kind.key(row)])
    return Cell(kind.title(row, pages.language()) or kind.key(row), url=url)


def _cell(column: Any, row: Any) -> Cell:
    value: Shown = column.value(row, pages.language())
    return Cell("", status=value) if isinstance(value, Status) else Cell("" if value is None else str(value))


def _lanes(held: Listing, government: str) -> list[Lane]:
    """The board: a lane for each value of the field that the kind is grouped by, in the order of its choices."""
    field = held.rows.model._meta.get_field(held.kind.board)
    lanes = []
    for value, label in field.choices:
        rows = held.rows.filter(**{held.kind.board: value})
        count = rows.count()
        cards = [
            Row([_title(held.kind, row, government), *(_cell(c, row) for c in held.columns)]) for row in rows[:CARDS]
        ]
        more = held.address(**{VIEW: "", **_lane_filter(held, str(value))}) if count > CARDS else ""
        lanes.append(Lane(Status(str(label), TONES.get(str(value), "neutral")), count, cards, f"?{more}" if more else ""))
    return lanes


def _lane_filter(held: Listing, value: str) -> dict[str, str]:
    found = next((each.key for each in held.kind.filters if each.where == held.kind.board), "")
    return {found: value} if found else {}
