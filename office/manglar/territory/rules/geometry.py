"""Outlines: repaired or refused, measured on the ellipsoid, compared with their neighbours. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lazy_loader
import numpy as np
import shapely

from manglar.foundation.sentences import Sentence, say

pyproj = lazy_loader.load("pyproj")

Geometry = Any  # shapely has no types of its own
DEGREES = "EPSG:4326"
SMALLEST_OVERLAP_M2 = 1.0
METRES_PER_DEGREE = 111_320.0
_KINDS = {
    "Point": say("un punto"),
    "MultiPoint": say("puntos"),
    "LineString": say("una línea"),
    "MultiLineString": say("líneas"),
    "LinearRing": say("una línea"),
}


class CannotMendError(ValueError):
    """A geometry that is no outline; the sentence says why."""

    def __init__(self, said: Sentence) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two neighbours claim the same ground."""

    one: str
    other: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class Box:
    """A bounding box in degrees."""

    west: float
    south: float
    east: float
    north: float

    def swapped(self) -> "Box":
        """The box with latitude and longitude exchanged."""
        return Box(self.south, self.west, self.north, self.east)

    def meets(self, other: "Box") -> bool:
        """Whether two boxes share ground."""
        return (self.west <= other.east and other.west <= self.east
                and self.south <= other.north and other.south <= self.north)


def box_around(geometries: Sequence[Geometry]) -> Box | None:
    """The box around all the geometries, or None when there is none."""
    if not len(geometries):
        return None
    bounds = np.asarray(shapely.total_bounds(np.asarray(geometries, dtype=object)))
    return Box(*(float(edge) for edge in bounds)) if np.isfinite(bounds).all() else None


def where(box: Box) -> Sentence:
    """Where on Earth a box in degrees is, in words: «entre 8.9°N y 9.2°N, y entre 79.6°O y 79.3°O»."""
    return say(
        "entre {south} y {north}, y entre {west} y {east}",
        south=_latitude(box.south),
        north=_latitude(box.north),
        west=_longitude(box.west),
        east=_longitude(box.east),
    )


def _latitude(degrees: float) -> Sentence:
    size = abs(degrees)
    return say("{size:.1f}°S", size=size) if degrees < 0 else say("{size:.1f}°N", size=size)


def _longitude(degrees: float) -> Sentence:
    size = abs(degrees)
    return say("{size:.1f}°O", size=size) if degrees < 0 else say("{size:.1f}°E", size=size)


def in_degrees(geometry: Geometry) -> bool:
    """Whether every coordinate can be a longitude and a latitude."""
    west, south, east, north = geometry.bounds
    return bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)


def mended(geometry: Geometry) -> tuple[Geometry, bool]:
    """The polygons of a geometry, valid and in a fixed order, and whether it had to be repaired.

    Raises CannotMendError with a sentence when no polygon is left.
    """
    if geometry is None or geometry.is_empty:
        raise CannotMendError(say("la geometría está vacía."))
    flat = shapely.force_2d(geometry)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise CannotMendError(say("hay coordenadas que no son números."))
    if flat.geom_type in _KINDS:
        raise CannotMendError(say("es {kind} y un territorio necesita un polígono.", kind=_KINDS[flat.geom_type]))
    valid = bool(flat.is_valid)
    whole = flat if valid else shapely.make_valid(flat, method="structure", keep_collapsed=False)
    parts = [single for part in shapely.get_parts(whole) for single in shapely.get_parts(part)]
    polygons = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    if not polygons:
        raise CannotMendError(say("no queda ningún polígono después de repararla."))
    outline = shapely.multipolygons(polygons)
    if not outline.is_valid:  # polygons of one collection that overlap each other
        outline = shapely.multipolygons(shapely.get_parts(shapely.union_all(polygons)))
    return shapely.normalize(outline), not valid or len(polygons) != len(parts)


def area_m2(geometry: Geometry) -> float:
    """The area on the WGS 84 ellipsoid, in square metres."""
    return abs(float(pyproj.Geod(ellps="WGS84").geometry_area_perimeter(geometry)[0]))


def area_in_km2(*, stated: float | None, computed_m2: float) -> float:
    """The area that a file states, whatever its unit, when it agrees with the outline; else the outline's."""
    computed = computed_m2 / 1e6
    for unit in (1e-6, 1.0, 1e-2):  # square metres, square kilometres, hectares
        if stated and computed and abs(stated * unit / computed - 1) < 0.05:
            return round(stated * unit, 6)
    return round(computed, 6)


def overlaps(outlines: Mapping[str, Geometry], *, of: frozenset[str] | None = None) -> list[Overlap]:
    """Pairs of neighbours that overlap by more than a square metre, largest first.

    ``of`` limits the answer to pairs in which one of these takes part.
    """
    names = list(outlines)
    if len(names) < 2:
        return []
    shapes = np.asarray([outlines[name] for name in names], dtype=object)
    found = []
    for one, other in zip(*shapely.STRtree(shapes).query(shapes, predicate="intersects"), strict=True):
        if one >= other or (of is not None and not {names[one], names[other]} & of):
            continue
        size = area_m2(shapely.intersection(shapes[one], shapes[other]))
        if size > SMALLEST_OVERLAP_M2:
            first, second = sorted((names[one], names[other]))
            found.append(Overlap(first, second, round(size, 1)))
    return sorted(found, key=lambda each: (-each.area_m2, each.one, each.other))


def simplified(outlines: Sequence[Geometry], *, tolerance_m: float) -> list[Geometry]:
    """The outlines with fewer corners; neighbours keep the same border, so that no slit opens between them."""
    shapes = np.asarray(outlines, dtype=object)
    if not len(shapes) or tolerance_m <= 0:
        return list(shapes)
    try:
        lighter = shapely.coverage_simplify(shapes, tolerance_m / METRES_PER_DEGREE)
    except shapely.errors.GEOSException:  # neighbours that cross: each is simplified alone
        lighter = shapely.simplify(shapes, tolerance_m / METRES_PER_DEGREE)
    return [whole if light.is_empty else light for whole, light in zip(shapes, lighter, strict=True)]


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two near points given as (longitude, latitude)."""
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(east, one[1] - other[1]) * METRES_PER_DEGREE
