"""What a list shows as a map: the map, its table, how many rows have no place, and its picture for paper."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from manglar.design.maps import Drawing, count_classes
from manglar.design.shapes import Cell, Column, MapSpec, MapValue, Row, Table
from manglar.design.templatetags.design import number
from manglar.territory.selectors import boundaries_geojson
from manglar.web.access import DeskRequest
from manglar.web.listing import VIEW, Listing
from manglar.web.mapping import FORMAT, GEOJSON, MAP, Placed, placed

PICTURE = "svg"
SCHEME = gettext_lazy(
    "Mapa esquemático: no son límites. Cada pieza se dibuja alrededor de un centro aproximado; sirve para ubicarse, no para medir."
)


@dataclass(frozen=True, slots=True)
class ListMap:
    """The map of a list and what its page says beside it; without ``map`` there is no outline to draw on."""

    map: MapSpec | None
    words: tuple[str, ...]
    is_points: bool


def list_map(held: Listing, request: DeskRequest, table: Table | None) -> ListMap:
    """The map of a list; ``table`` is the page of its rows, which stands beside points."""
    where = placed(held)
    spec = _points(held, request, where, table) if where.is_points else _areas(held, request, where)
    return ListMap(spec, tuple(_words(where)), where.is_points)


def list_drawing(held: Listing) -> Drawing | None:
    """The picture of the same map; None where there is nothing to draw on."""
    where = placed(held)
    if where.box is None:
        return None
    shapes = [(each["properties"]["code"], each["geometry"]) for each in boundaries_geojson()["features"]]
    values = {} if where.is_points else _values(where)
    return Drawing(
        title=_title(held),
        box=where.box,
        shapes=shapes,
        values=values,
        classes=() if where.is_points else _classes(where),
        points=[(lon, lat) for _key, lon, lat in where.points],
        points_label=str(held.kind.plural),
        legend_title="" if where.is_points else _legend(held),
        none_label=_("ninguno"),
        source=_words(where),
    )


def _title(held: Listing) -> str:
    return _("Mapa: %(list)s") % {"list": held.kind.plural}


def _legend(held: Listing) -> str:
    return _("%(list)s en cada territorio") % {"list": held.kind.plural}


def _words(where: Placed) -> list[str]:
    """What the map does not show, in words; nothing when it shows all."""
    told = [str(SCHEME)] if where.is_schematic else []
    if where.elsewhere:
        told.append(
            ngettext(
                "%(n)s es de un territorio que no se dibuja aquí: está en la tabla.",
                "%(n)s son de territorios que no se dibujan aquí: están en la tabla.",
                where.elsewhere,
            )
            % {"n": number(where.elsewhere)}
        )
    if where.without:
        told.append(
            ngettext(
                "%(n)s de %(total)s no tiene lugar y no está en el mapa.",
                "%(n)s de %(total)s no tienen lugar y no están en el mapa.",
                where.without,
            )
            % {"n": number(where.without), "total": number(where.total)}
        )
    return told


def _points(held: Listing, request: DeskRequest, where: Placed, table: Table | None) -> MapSpec | None:
    if where.box is None or table is None:
        return None
    record = reverse(f"desk:{held.kind.slug}-record", args=[request.government.code, "CODE"])
    return MapSpec(
        label=_title(held),
        src=f"?{held.address(**{VIEW: '', FORMAT: GEOJSON})}",
        bounds_box=where.box,
        values={},
        classes=(),
        table=table,
        kind="circle",
        code_property="id",
        href=record.replace("CODE", "{code}"),
        legend_title=_("Cada punto es un registro; un círculo con número, varios juntos."),
        under=reverse("portal:boundaries"),
        is_clustered=True,
        image=f"?{held.address(**{VIEW: MAP, FORMAT: PICTURE})}",
    )


def _areas(held: Listing, request: DeskRequest, where: Placed) -> MapSpec | None:
    if where.box is None:
        return None
    how = held.kind.places
    filtered = f"?{held.address(**{VIEW: '', how.filter: 'CODE'})}" if how and how.filter else ""
    record = reverse("desk:territorio-record", args=[request.government.code, "CODE"])
    itself, values = not filtered, _values(where)
    return MapSpec(
        label=_title(held),
        src=reverse("portal:boundaries"),
        bounds_box=where.box,
        values={_key(each, itself=itself): values[each.code] for each in where.areas if each.code in values},
        classes=_classes(where),
        table=_table(held, where, request, filtered),
        code_property="public_id" if itself else "code",
        href=(filtered or record).replace("CODE", "{code}"),
        legend_title=_legend(held),
        none_label=_("ninguno"),
        image=f"?{held.address(**{VIEW: MAP, FORMAT: PICTURE})}",
    )


def _key(area: Any, *, itself: bool) -> str:
    return str(area.public_id if itself else area.code)


def _values(where: Placed) -> dict[str, MapValue]:
    return {each.code: MapValue(each.count, _count(each.count)) for each in where.areas if each.count}


def _count(count: int) -> str:
    return ngettext("%(n)s registro", "%(n)s registros", count) % {"n": number(count)}


def _classes(where: Placed) -> list[Any]:
    return count_classes((each.count for each in where.areas if each.is_drawn), number)


def _table(held: Listing, where: Placed, request: DeskRequest, filtered: str) -> Table:
    """Every division with how many rows it has; each leads to the list narrowed to it, or to the division itself."""
    rows = []
    for each in where.areas:
        url = filtered.replace("CODE", each.code) if each.count else ""
        if not filtered:
            url = reverse("desk:territorio-record", args=[request.government.code, each.public_id])
        rows.append(Row([Cell(each.name, url=url), Cell(number(each.count))], code=_key(each, itself=not filtered)))
    columns = [Column(_("Territorio")), Column(str(held.kind.plural), numeric=True)]
    hint = _("Lo que es de varios territorios se cuenta en cada uno.") if sum(a.count for a in where.areas) > where.total else ""
    return Table(_legend(held), columns, rows, hint=hint, stacked=False)
