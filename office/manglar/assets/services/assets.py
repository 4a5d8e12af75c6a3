"""Recording and changing one asset, and finding again the division of all."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import shapely

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.assets.models import Asset, AssetKind
from manglar.assets.permissions import may_change_assets
from manglar.assets.rules import are_degrees
from manglar.audit.services import act
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.territory import selectors as territory
from manglar.territory.models import Division

CHANGEABLE = frozenset({"name", "lon", "lat", "value_pab", "people", "building_class", "occupancy", "is_critical",
                        "position_is_approximate", "mark", "source_text", "external_id", "attributes"})


#: Farther from every limit than this, a place typed by hand is a mistake (about 110 km).
FAR_DEG, KM_OF_DEGREE = 1.0, 111.2


@dataclass(frozen=True, slots=True)
class _Spot:
    division_id: int | None
    is_outside: bool


def record_asset(
    *, by: Actor, government: Government, kind: AssetKind, name: str, lon: float, lat: float,
    said: Division | None = None, **known: Any,
) -> Asset:
    """Record one asset at a place; ``known`` are other fields of it (value_pab, people, building_class…).

    While the limits are a scheme, the division that is ``said`` rules: a scheme measures nothing.
    """
    require(may_change_assets, by, government)
    _check(known)
    spot = _Spot(said.pk, is_outside=False) if said and territory.locator().is_schematic else _spot(lon, lat)
    asset = Asset(
        government=government, kind=kind, name=_name(name), lon=lon, lat=lat, division_id=spot.division_id,
        is_outside=spot.is_outside, **known,
    )
    with act("asset.recorded", by=by, government_id=government.pk, subject=asset.public_id):
        asset.save()
    return asset


def revise_asset(*, by: Actor, asset: Asset, reason: str = "", **known: Any) -> Asset:
    """Change what is known of an asset; a new place finds its division again."""
    require(may_change_assets, by, asset.government)
    _check(known)
    for field, value in known.items():
        setattr(asset, field, value)
    asset.name = _name(asset.name)
    if {"lon", "lat"} & known.keys():
        if asset.lon is None or asset.lat is None:
            raise InvalidInput(say("Dé la longitud y la latitud."))
        spot = _spot(asset.lon, asset.lat)
        asset.division_id, asset.is_outside = spot.division_id, spot.is_outside
    with act("asset.revised", by=by, government_id=asset.government_id, subject=asset.public_id, reason=reason):
        asset.save()
    return asset


def _check(known: dict[str, Any]) -> None:
    unknown = sorted(known.keys() - CHANGEABLE)
    if unknown:
        raise InvalidInput(
            say(
                "Un activo no tiene «{unknown}». Tiene: {changeable}.",
                unknown=unknown[0],
                changeable=", ".join(sorted(CHANGEABLE)),
            )
        )
    value, people = known.get("value_pab"), known.get("people")
    if value is not None and Decimal(value) < 0:
        raise InvalidInput(say("El valor no puede ser negativo."))
    if people is not None and people < 0:
        raise InvalidInput(say("La cantidad de personas no puede ser negativa."))


def _name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > 200:
        raise InvalidInput(say("Escriba el nombre del activo, de hasta 200 caracteres."))
    return tidy


def _spot(lon: float, lat: float) -> _Spot:
    if not are_degrees(lon, lat):
        raise InvalidInput(say("({lon:g}, {lat:g}) no son una longitud y una latitud en grados.", lon=lon, lat=lat))
    division = territory.division_at(longitude=lon, latitude=lat)
    if division is None and territory.has_boundaries():
        _refuse_elsewhere(lon, lat)
    return _Spot(division.pk if division else None, division is None and territory.has_boundaries())


def _refuse_elsewhere(lon: float, lat: float) -> None:
    """A place outside every limit may be true; one with its numbers changed, or in another country, is a mistake."""
    if are_degrees(lat, lon) and territory.division_at(longitude=lat, latitude=lon) is not None:
        raise InvalidInput(
            say("La longitud y la latitud parecen cambiadas: escriba {lat:g} como longitud y {lon:g} como latitud.", lat=lat, lon=lon)
        )
    box = territory.box_of_level()
    if box is None:
        return
    away = max(box.west - lon, lon - box.east, box.south - lat, lat - box.north)
    if away > FAR_DEG:
        raise InvalidInput(
            say("Ese lugar queda a unos {km:,.0f} km de la ciudad: revise la longitud y la latitud.", km=away * KM_OF_DEGREE)
        )


def locate_assets(*, by: Actor, government: Government) -> dict[str, int]:
    """Find again the division of every asset with a place, after the limits changed."""
    require(may_change_assets, by, government)
    locator = territory.locator()
    if not locator.outlines:
        raise InvalidInput(say("No hay límites: impórtelos antes, en Territorio."))
    assets = list(Asset.objects.filter(government=government, lon__isnull=False).order_by("pk"))
    located = locator.locate(shapely.points([(asset.lon, asset.lat) for asset in assets])) if assets else []
    moved = []
    for asset, at in zip(assets, located, strict=True):
        inside = {each.pk for each in (at.division, *at.others) if each}
        if (asset.division_id in inside) or (not inside and asset.is_outside):
            continue
        asset.division, asset.is_outside = at.division, at.division is None
        moved.append(asset)
    if moved:
        with act("assets.located", by=by, government_id=government.pk):
            Asset.objects.bulk_update(moved, ["division", "is_outside"], batch_size=500)
    return {"assets": len(assets), "moved": len(moved), "outside": sum(asset.is_outside for asset in assets)}
