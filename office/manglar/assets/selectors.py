"""Reads of assets: lists, counts, pages, GeoJSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from manglar.assets.models import Asset, AssetKind
from manglar.foundation.provenance import Mark
from manglar.governments.models import Government
from manglar.territory.models import Division
from manglar.territory.selectors import Box


@dataclass(frozen=True, slots=True)
class Known:
    """A datum of an asset: its own, or what is supposed of its kind, with how far it may be trusted."""

    value: Any
    is_supposed: bool
    mark: str
    source_text: str


@dataclass(frozen=True, slots=True)
class AssetPage:
    """An asset with what its page shows; data that it lacks come from its kind and say so."""

    asset: Asset
    value_pab: Known
    people: Known
    building_class: Known
    occupancy: Known
    attributes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many assets of a kind there are in a division."""

    kind: str
    division_id: int | None
    count: int
    critical: int
    people: int
    outside: int


def box_of_assets(government: Government) -> Box | None:
    """The box around the assets of a government, or None when none has a place."""
    edges = Asset.objects.filter(government=government).order_by().aggregate(
        west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat")
    )
    return None if edges["west"] is None or edges["south"] is None else Box(**edges)


def kinds() -> QuerySet[AssetKind]:
    """The kinds that the installation knows."""
    return AssetKind.objects.all()


def kind_by_code(code: str) -> AssetKind | None:
    """The kind with this code, or None."""
    return AssetKind.objects.filter(code=code).first()


def kinds_with_counts(government: Government) -> QuerySet[AssetKind]:
    """The kinds with ``count``: how many assets of each a government has."""
    return AssetKind.objects.annotate(count=Count("assets", filter=Q(assets__government=government))).order_by("code")


def assets_of(
    government: Government, *, kind: str = "", division: Division | None = None, is_outside: bool | None = None
) -> QuerySet[Asset]:
    """The assets of a government: of a kind, of a division (or of what it holds), outside every limit or not."""
    found = Asset.objects.filter(government=government).select_related("kind", "division")
    if kind:
        found = found.filter(kind__code=kind)
    if division is not None:
        found = found.filter(Q(division=division) | Q(division__parent=division) | Q(division__parent__parent=division))
    return found if is_outside is None else found.filter(is_outside=is_outside)


def critical_assets(government: Government, *, kind: str = "") -> QuerySet[Asset]:
    """The assets without which the city stops."""
    return assets_of(government, kind=kind).filter(is_critical=True)


def counts_by_kind_and_division(government: Government) -> list[KindCount]:
    """Counts of assets by kind and division, in one query."""
    rows = (
        Asset.objects.filter(government=government).order_by().values("kind__code", "division_id")
        .annotate(n=Count("pk"), critical=Count("pk", filter=Q(is_critical=True)), total=Sum("people"),
                  outside=Count("pk", filter=Q(is_outside=True)))
        .order_by("kind__code", "division_id")
    )
    return [
        KindCount(row["kind__code"], row["division_id"], row["n"], row["critical"], row["total"] or 0, row["outside"])
        for row in rows
    ]


def counts_in(government: Government, division: Division) -> list[tuple[AssetKind, int]]:
    """How many assets of each kind a government has in a division, the most first; kinds without any are left out."""
    held = Count("assets", filter=Q(assets__government=government, assets__division=division))
    return [(kind, kind.held) for kind in AssetKind.objects.annotate(held=held).filter(held__gt=0).order_by("-held", "code")]


def asset_by_id(public_id: str) -> Asset | None:
    """The asset with this public identifier, or None."""
    return Asset.objects.select_related("kind", "division", "government", "imported_by").filter(public_id=public_id).first()


def asset_page(asset: Asset) -> AssetPage:
    """An asset with its own data and, where they lack, those of its kind."""
    kind = asset.kind
    return AssetPage(
        asset,
        value_pab=_known(asset, asset.value_pab, kind.default_value_pab),
        people=_known(asset, asset.people, kind.default_people),
        building_class=_known(asset, asset.building_class or None, kind.default_building_class or None),
        occupancy=_known(asset, asset.occupancy or None, kind.default_occupancy or None),
        attributes=tuple(sorted(asset.attributes.items())),
    )


def _known(asset: Asset, own: Any, supposed: Any) -> Known:
    if own is not None or supposed is None:
        return Known(own, False, asset.mark, asset.source_text)
    return Known(supposed, True, asset.kind.default_mark or Mark.ESTIMATE, asset.kind.default_source)


def assets_geojson(assets: QuerySet[Asset]) -> Iterator[str]:
    """The assets that have a place as a GeoJSON FeatureCollection, piece by piece."""
    yield '{"type": "FeatureCollection", "features": ['
    rows = assets.filter(lon__isnull=False).values_list(
        "public_id", "name", "kind__code", "division__code", "lon", "lat", "people", "value_pab", "is_critical",
        "is_outside", "position_is_approximate", "mark",
    )
    mark = ""
    for row in rows.iterator(chunk_size=2_000):
        yield mark + json.dumps(_feature(*row), ensure_ascii=False)
        mark = ","
    yield "]}"


def _feature(public_id: str, name: str, kind: str, division: str | None, *rest: Any) -> dict[str, Any]:
    lon, lat, people, value, critical, outside, approximate, mark = rest
    return {
        "type": "Feature", "id": public_id,
        "properties": {
            "public_id": public_id, "name": name, "kind": kind, "division": division or "", "people": people,
            "value_pab": None if value is None else str(value), "is_critical": critical, "is_outside": outside,
            "position_is_approximate": approximate, "mark": mark,
        },
        "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
    }
