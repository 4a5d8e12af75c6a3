"""Coordinate systems and where on Earth a file lies: everything is brought to degrees, and what looks wrong is said."""

from typing import Any

import lazy_loader
import numpy as np
import shapely

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, Sentence, choose, say
from manglar.territory.rules.geometry import DEGREES, Box, box_around, where

pyproj = lazy_loader.load("pyproj")

ASK_CRS = choose(
    page=say(
        "Indique el sistema de coordenadas del archivo, por ejemplo EPSG:32617 (UTM 17 norte) o EPSG:4326 (grados)."
    ),
    command=say(
        "Indique el sistema de coordenadas, por ejemplo --crs EPSG:32617 (UTM 17 norte) o --crs EPSG:4326 (grados)."
    ),
)
ASK_SWAP = choose(
    page=say("Marque «Cambiar latitud y longitud» y vuelva a ver la vista previa."), command=say("Repita con --swap.")
)
SWAPPED = say("Parece que el archivo tiene cambiadas la latitud y la longitud. {ask_swap}", ask_swap=ASK_SWAP)
#: South of it there is no municipality: the area of the Antarctic Treaty (article VI).
NO_CITY_SOUTH_OF = -60.0
#: A city may reach a little out of the zone of its system.
_ZONE_MARGIN_DEG = 1.0


def to_degrees(geometries: Any, crs: str) -> Any:
    """Geometries in longitude and latitude (EPSG:4326), whatever system they were in."""
    if same_as_degrees(crs):
        return geometries
    change = pyproj.Transformer.from_crs(_system(crs), DEGREES, always_xy=True)

    def moved(points: Any) -> Any:
        return np.column_stack(change.transform(points[:, 0], points[:, 1]))

    return shapely.transform(geometries, moved)


def placed(geometries: Any, crs: str) -> tuple[Any, list[Said]]:
    """Geometries in degrees, and a remark where the system that was stated is not used in such a place."""
    degrees = to_degrees(geometries, crs)
    area, there = _system(crs).area_of_use, box_around(degrees)
    if area is None or there is None or area.west > area.east:  # a zone across the antimeridian
        return degrees, []
    margin = _ZONE_MARGIN_DEG
    zone = Box(area.west - margin, area.south - margin, area.east + margin, area.north + margin)
    if there.meets(zone):
        return degrees, []
    return degrees, [
        say(
            "Según {crs} el archivo está {there}, donde ese sistema no se usa: compruebe el sistema y el orden de sus coordenadas.",
            crs=crs,
            there=where(there),
        )
    ]


def same_as_degrees(crs: str) -> bool:
    """Whether a coordinate system is longitude and latitude of WGS 84 already."""
    return _system(crs).to_authority() in {("EPSG", "4326"), ("OGC", "CRS84")}


def _system(crs: str) -> Any:
    try:
        return pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise InvalidInput(
            say("No existe el sistema de coordenadas «{crs}». {ask_crs}", crs=crs, ask_crs=ASK_CRS)
        ) from error


def place_of_file(there: Box, here: Box | None) -> Sentence:
    """Where on Earth a file lies, for a person to see; refuse one whose latitude and longitude changed places.

    ``here``: where the installation's records are, None before it has any.
    """
    if here is not None and not there.meets(here) and there.swapped().meets(here):
        raise InvalidInput(SWAPPED)
    if there.north < NO_CITY_SOUTH_OF:
        raise InvalidInput(
            say(
                "El archivo está {there}, en la Antártida: parece que tiene cambiadas la latitud y la longitud; al derecho estaría {turned}. {ask_swap}",
                there=where(there),
                ask_swap=ASK_SWAP,
                turned=where(there.swapped()),
            )
        )
    return say("El archivo está {there}: compruebe que es su ciudad.", there=where(there))
