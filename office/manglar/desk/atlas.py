"""The city's map on the desk: its layers, and what each place holds, in a sentence and in a table."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.assets.selectors import KindCount, counts_by_kind_and_division
from manglar.assets.selectors import kinds as asset_kinds
from manglar.design.maps import Box
from manglar.design.shapes import Cell, Column, FilterShown, MapOverlay, MapSpec, Row, Table
from manglar.design.templatetags.design import number
from manglar.desk import pages
from manglar.desk.maps import SCHEME
from manglar.territory import selectors as places
from manglar.territory.models import Division, MapLayer
from manglar.territory.permissions import may_change_territory
from manglar.web.access import DeskRequest
from manglar.web.mapping import FORMAT, GEOJSON

PLACE, LAYER, CLASS = "corregimiento", "capa", "clase"
#: So many assets are drawn one by one; of more, the page asks for a class or a place.
MOST_POINTS = 5_000
ROOM = 0.1


@dataclass(frozen=True, slots=True)
class Held:
    """How many of something there are in each division, by code; outside all of them under «»."""

    label: str
    counts: dict[str, int]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Assets:
    """The layer of assets: of one class or of all, whether they are drawn, and how many there are."""

    kind: str
    filter: FilterShown
    is_on: bool
    counts: list[KindCount]

    def of(self, division_ids: dict[int | None, str], code: str) -> int:
        """How many there are in a place; anywhere when ``code`` is empty."""
        return sum(each.count for each in self.counts if not code or division_ids.get(each.division_id) == code)


def atlas_page(request: DeskRequest) -> dict[str, Any]:
    """Everything that the city's map shows for an address: ``?corregimiento=080811&capa=edificios``."""
    layers = list(places.layers_of(request.government))
    divisions = list(places.divisions_on(timezone.localdate(), level=places.finest_level()).order_by("name", "code"))
    code = request.GET.get(PLACE, "")
    chosen = next((each for each in divisions if each.code == code), None)
    wanted = set(request.GET.getlist(LAYER))
    assets = _assets(request)
    names: dict[int | None, str] = {None: ""}
    names.update(places.all_divisions().values_list("pk", "code"))
    held = _held(request, layers, assets, names)
    total = assets.of(names, chosen.code if chosen else "")
    return {
        "filter": FilterShown.of(PLACE, _("Corregimiento"), [(each.code, each.name) for each in divisions], code),
        "layers": [(each, each.slug in wanted) for each in layers],
        "assets": assets,
        "assets_words": _assets_words(assets, total),
        "map": _map(request, layers, wanted, chosen, _table(request, divisions, held), assets=assets if total <= MOST_POINTS else None),
        "place": chosen,
        "record_url": reverse("desk:territorio-record", args=[request.government.code, chosen.public_id]) if chosen else "",
        "told": [(each.label, each.counts.get(chosen.code, 0), each.url) for each in held] if chosen else [],
        "outside": [_outside(each) for each in held if each.counts.get("")],
        "scheme": SCHEME if any(each["properties"]["schematic"] for each in places.boundaries_geojson()["features"]) else "",
        "load_url": reverse("desk:import-capa", args=[request.government.code])
        if may_change_territory.test(request.actor, request.government)
        else "",
        "crumbs": pages.crumbs(request, (_("Mapa"), "")),
    }


def _assets(request: DeskRequest) -> Assets:
    """The assets of the class that the address asks for; they are drawn unless it says not."""
    known = [(each.code, str(each)) for each in asset_kinds()]
    kind = request.GET.get(CLASS, "")
    kind = kind if kind in dict(known) else ""
    counts = [each for each in counts_by_kind_and_division(request.government) if not kind or each.kind == kind]
    return Assets(kind, FilterShown.of(CLASS, _("Clase de activo"), known, kind), request.GET.get("activos") != "no", counts)


def _assets_words(assets: Assets, total: int) -> str:
    """What the map does not draw, in words; nothing when it draws all."""
    if not assets.is_on or total <= MOST_POINTS:
        return ""
    return _("Son %(n)s activos: elija una clase o un corregimiento para verlos como puntos.") % {"n": number(total)}


def _held(request: DeskRequest, layers: list[MapLayer], assets: Assets, names: dict[int | None, str]) -> list[Held]:
    """What is counted by place: the assets, which lead to their list, and every layer."""
    counts: dict[str, int] = {}
    for each in assets.counts:
        code = names.get(each.division_id, "")
        counts[code] = counts.get(code, 0) + each.count
    place = request.GET.get(PLACE, "")
    told = {key: value for key, value in ((CLASS, assets.kind), (PLACE, place)) if value}
    url = f"{reverse('desk:activos', args=[request.government.code])}?{urlencode(told)}"
    return [Held(_("Activos"), counts, url), *(Held(each.title, each.counts) for each in layers)]


def _outside(held: Held) -> str:
    count = held.counts[""]
    return ngettext(
        "%(label)s: %(count)s está fuera de todo límite.", "%(label)s: %(count)s están fuera de todo límite.", count
    ) % {"label": held.label, "count": number(count)}


def _table(request: DeskRequest, divisions: list[Division], held: list[Held]) -> Table:
    """Every place with what it holds; each leads to the map at that place."""
    columns = [Column(_("Corregimiento")), *(Column(each.label, numeric=True) for each in held)]
    layers = "".join(f"&{urlencode({LAYER: slug})}" for slug in request.GET.getlist(LAYER))
    layers += "".join(f"&{urlencode({key: request.GET[key]})}" for key in (CLASS, "activos") if request.GET.get(key))
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
    request: DeskRequest, layers: list[MapLayer], wanted: set[str], chosen: Division | None, table: Table,
    *, assets: Assets | None,
) -> MapSpec | None:  # fmt: skip
    box = _box(chosen)
    code = request.government.code
    told = {CLASS: assets.kind if assets else "", PLACE: chosen.code if chosen else "", FORMAT: GEOJSON}
    query = urlencode({key: value for key, value in told.items() if value})
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
        href=f"?{PLACE}={{code}}" + (f"&{CLASS}={assets.kind}" if assets and assets.kind else "") + "".join(f"&{LAYER}={slug}" for slug in sorted(wanted & {each.slug for each in layers})),
        overlays=[_overlay(request, each, is_on=each.slug in wanted) for each in layers],
        points=f"{reverse('desk:activos', args=[code])}?{query}" if assets and assets.is_on else "",
        points_href=reverse("desk:activos-record", args=[code, "CODE"]).replace("CODE", "{code}"),
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
