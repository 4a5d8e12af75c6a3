"""What belongs to a record, on its page: how many of each kind, what is late first, each leading to its list; and where it is."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from manglar.design.maps import Box
from manglar.design.shapes import Cell, Column, MapSpec, MapValue, Row, Status, Table
from manglar.design.templatetags.design import number
from manglar.desk import pages
from manglar.territory.selectors import box_of
from manglar.web.access import DeskRequest
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Kind, Related
from manglar.web.listing import VIEW, narrowed
from manglar.web.mapping import FORMAT, GEOJSON, MAP

#: Degrees around a point, and the share of its size around a division, that its map shows.
AROUND, ROOM = 0.01, 0.15


def related_table(kind: Kind, record: Any, request: DeskRequest) -> Table | None:
    """How many records of other kinds belong to this one; those with something late come first. None where it has none."""
    shown = [
        _line(each, request)
        for each in kind.related(record, request.government, pages.language())
        if KINDS[each.slug].read.test(request.actor, request.government)
    ]
    if not shown:
        return None
    columns = [Column(_("Qué")), Column(_("Cuántos"), numeric=True), Column(_("Vencidos")), Column(_("En el mapa"))]
    rows = [row for _late, row in sorted(shown, key=lambda each: -each[0])]
    return Table(_("Lo que tiene aquí"), columns, rows)


def _line(each: Related, request: DeskRequest) -> tuple[int, Row]:
    """How many are late, and the row."""
    count = _count(each, request, each.told) if each.count is None else each.count
    late = _count(each, request, {**each.told, **each.late}) if each.late and count else 0
    listed = reverse(f"desk:{each.slug}", args=[request.government.code])
    url = f"{listed}?{urlencode(each.told)}" if count else ""
    with_map = count and MAP in KINDS[each.slug].views
    cells = [
        Cell(str(each.label), url=url),
        Cell(number(count)),
        Cell(number(late), url=f"{listed}?{urlencode({**each.told, **each.late})}", status=Status(_("vencidos"), "late")) if late else Cell(""),
        Cell(_("Ver en el mapa"), url=f"{url}&{VIEW}={MAP}") if with_map else Cell(""),
    ]
    return late, Row(cells)


def _count(each: Related, request: DeskRequest, told: Any) -> int:
    rows = narrowed(KINDS[each.slug], request.government, timezone.localdate(), told)
    return int(rows.count())


def place_map(kind: Kind, record: Any, request: DeskRequest) -> MapSpec | None:
    """A small map of where a record is: its point, or the division that it is. None where its kind or itself has none."""
    if kind.places is None:
        return None
    if kind.places.lon:
        return _point(kind, record, request)
    return _outline(record) if kind.places.divisions == "code" else None


def _point(kind: Kind, record: Any, request: DeskRequest) -> MapSpec | None:
    how = kind.places
    lon, lat = (getattr(record, how.lon), getattr(record, how.lat)) if how else (None, None)
    if lon is None or lat is None:
        return None
    name = kind.title(record, pages.language())
    columns = [Column(_("Lugar")), Column(_("Longitud"), numeric=True), Column(_("Latitud"), numeric=True)]
    return MapSpec(
        label=_("Mapa de %(place)s") % {"place": name},
        src=f"{reverse(f'desk:{kind.slug}-record', args=[request.government.code, kind.key(record)])}?{FORMAT}={GEOJSON}",
        bounds_box=(lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND),
        values={},
        classes=(),
        table=Table(_("Dónde está"), columns, [Row.of(name, f"{lon:.5f}", f"{lat:.5f}", code=kind.key(record))]),
        kind="circle",
        code_property="id",
        under=reverse("portal:boundaries"),
    )


def _outline(division: Any) -> MapSpec | None:
    box = box_of(division)
    if box is None:
        return None
    return MapSpec(
        label=_("Mapa de %(place)s") % {"place": division.name},
        src=reverse("portal:boundaries"),
        bounds_box=_wider((box.west, box.south, box.east, box.north)),
        values={division.code: MapValue(1, "")},
        classes=(),
        table=Table(_("Dónde está"), [Column(_("Lugar"))], [Row.of(division.name, code=division.code)]),
        chosen=division.code,
        none_label=_("lo que está alrededor"),
        image=reverse("portal:division_image", args=[division.code, "svg"]),
    )


def _wider(box: Box) -> Box:
    room = max(box[2] - box[0], box[3] - box[1], 0.01) * ROOM
    return (box[0] - room, box[1] - room, box[2] + room, box[3] + room)
