"""The city's map on the desk: its layers, and what each place holds, in a sentence and in a table."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.assets.selectors import counts_by_kind_and_division
from manglar.design.maps import Box
from manglar.design.shapes import Cell, Column, FilterShown, MapOverlay, MapSpec, Row, Table
from manglar.design.templatetags.design import number
from manglar.desk import pages
from manglar.desk.maps import SCHEME
from manglar.territory import selectors as places
from manglar.territory.models import Division, MapLayer
from manglar.territory.permissions import may_change_territory
from manglar.web.access import DeskRequest

PLACE, LAYER = "corregimiento", "capa"
ROOM = 0.1


@dataclass(frozen=True, slots=True)
class Held:
    """How many of something there are in each division, by code; outside all of them under «»."""

    label: str
    counts: dict[str, int]


def atlas_page(request: DeskRequest) -> dict[str, Any]:
    """Everything that the city's map shows for an address: ``?corregimiento=080811&capa=edificios``."""
    layers = list(places.layers_of(request.government))
    divisions = list(places.divisions_on(timezone.localdate(), level=places.finest_level()).order_by("name", "code"))
    code = request.GET.get(PLACE, "")
    chosen = next((each for each in divisions if each.code == code), None)
    wanted = set(request.GET.getlist(LAYER))
    held = _held(request, layers)
    return {
        "filter": FilterShown.of(PLACE, _("Corregimiento"), [(each.code, each.name) for each in divisions], code),
        "layers": [(each, each.slug in wanted) for each in layers],
        "map": _map(request, layers, wanted, chosen, _table(request, divisions, held)),
        "place": chosen,
        "record_url": reverse("desk:territorio-record", args=[request.government.code, chosen.public_id]) if chosen else "",
        "sentence": _sentence(chosen, held) if chosen else "",
        "outside": [_outside(each) for each in held if each.counts.get("")],
        "scheme": SCHEME if any(each["properties"]["schematic"] for each in places.boundaries_geojson()["features"]) else "",
        "load_url": reverse("desk:import-capa", args=[request.government.code])
        if may_change_territory.test(request.actor, request.government)
        else "",
        "crumbs": pages.crumbs(request, (_("Mapa"), "")),
    }


def _held(request: DeskRequest, layers: list[MapLayer]) -> list[Held]:
    """What is counted by place: the assets, and every layer."""
    names = dict(places.all_divisions().values_list("pk", "code"))
    assets: dict[str, int] = {}
    for each in counts_by_kind_and_division(request.government):
        code = names.get(each.division_id, "") if each.division_id else ""
        assets[code] = assets.get(code, 0) + each.count
    return [Held(_("Activos"), assets), *(Held(each.title, each.counts) for each in layers)]


def _sentence(place: Division, held: list[Held]) -> str:
    """What a place holds, in one sentence."""
    told = "; ".join(f"{each.label}: {number(each.counts.get(place.code, 0))}" for each in held)
    return _("En %(place)s hay: %(told)s.") % {"place": place.name, "told": told}


def _outside(held: Held) -> str:
    count = held.counts[""]
    return ngettext(
        "%(label)s: %(count)s está fuera de todo límite.", "%(label)s: %(count)s están fuera de todo límite.", count
    ) % {"label": held.label, "count": number(count)}


def _table(request: DeskRequest, divisions: list[Division], held: list[Held]) -> Table:
    """Every place with what it holds; each leads to the map at that place."""
    columns = [Column(_("Corregimiento")), *(Column(each.label, numeric=True) for each in held)]
    layers = "".join(f"&{LAYER}={slug}" for slug in request.GET.getlist(LAYER))
    rows = [
        Row(
            [
                Cell(each.name, url=f"?{PLACE}={each.code}{layers}"),
                *(Cell(number(one.counts.get(each.code, 0))) for one in held),
            ],
            code=each.code,
            current=each.code == request.GET.get(PLACE),
        )
        for each in divisions
    ]
    return Table(_("Qué hay en cada lugar"), columns, rows, stacked=False)


def _map(
    request: DeskRequest, layers: list[MapLayer], wanted: set[str], chosen: Division | None, table: Table
) -> MapSpec | None:
    box = _box(chosen)
    if box is None:
        return None
    return MapSpec(
        label=_("Mapa de %(place)s") % {"place": chosen.name} if chosen else _("Mapa de la ciudad"),
        src=reverse("portal:boundaries"),
        bounds_box=box,
        values={},
        classes=(),
        table=table,
        chosen=chosen.code if chosen else "",
        href=f"?{PLACE}={{code}}" + "".join(f"&{LAYER}={slug}" for slug in sorted(wanted & {each.slug for each in layers})),
        overlays=[_overlay(request, each, is_on=each.slug in wanted) for each in layers],
        image=reverse("portal:division_image", args=[chosen.code, "svg"]) if chosen else reverse("portal:territory_image", args=["svg"]),
    )


def _box(chosen: Division | None) -> Box | None:
    box = places.box_of(chosen) if chosen else places.box_of_level()
    if box is None:
        return None
    room = max(box.east - box.west, box.north - box.south) * ROOM if chosen else 0.0
    return (box.west - room, box.south - room, box.east + room, box.north + room)


def _overlay(request: DeskRequest, layer: MapLayer, *, is_on: bool) -> MapOverlay:
    tile = reverse("desk:layer-tile", args=[request.government.code, layer.slug, 0, 0, 0])
    limits = list(layer.breaks)
    starts = [0.0, *limits]
    labels = [
        _("desde %(low)s por km²") % {"low": number(low)} if low else _("menos de %(limit)s por km²") % {"limit": number(limits[0])}
        for low in starts
    ] if limits else [_("hay")]  # fmt: skip
    return MapOverlay(
        key=layer.slug,
        label=f"{layer.title} ({number(layer.count)})",
        tiles=tile.replace("/0/0/0.pbf", "/{z}/{x}/{y}.pbf") + f"?v={layer.sha256[:12]}",
        near=layer.parts[-1]["min"],
        last=layer.parts[-1]["max"],
        limits=limits,
        labels=labels,
        density=_("%(title)s por km²") % {"title": layer.title},
        points=_("%(title)s: un punto es uno") % {"title": layer.title},
        is_on=is_on,
    )
