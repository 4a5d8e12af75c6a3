"""Reads of limits: outlines, boxes, which division a point is in, and what the page draws."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db.models import F, Max, Min, Q, QuerySet

from manglar.territory.models import Boundary, Division
from manglar.territory.rules.geometry import Box, Geometry, simplified
from manglar.territory.selectors.divisions import LEVELS

PAGE_TOLERANCE_M = 30.0


@dataclass(frozen=True, slots=True)
class Outlined:
    """A division with its outline."""

    division: Division
    boundary: Boundary
    geometry: Geometry


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point is: None outside every limit; ``others`` when limits overlap there."""

    division: Division | None
    others: tuple[Division, ...] = ()


@dataclass(frozen=True)
class Locator:
    """The outlines of a level, to find the division of many points at once."""

    outlines: tuple[Outlined, ...]
    is_schematic: bool

    def locate(self, points: Any) -> list[Located]:
        """Where each point is (an array of shapely points; None and empty points are nowhere)."""
        hits: list[list[Division]] = [[] for _ in range(len(points))]
        if self.outlines and len(points):
            # The points are indexed and each outline asked once: GEOS prepares what is asked, and that is the large one.
            shapes = [each.geometry for each in self.outlines]
            for place, point in zip(*shapely.STRtree(points).query(shapes, predicate="intersects"), strict=True):
                hits[point].append(self.outlines[place].division)
        located = []
        for found in hits:
            found.sort(key=lambda each: each.code)
            located.append(Located(found[0], tuple(found[1:])) if found else Located(None))
        return located

    def box(self) -> Box | None:
        """The box around all the outlines."""
        edges = [(o.boundary.west, o.boundary.south, o.boundary.east, o.boundary.north) for o in self.outlines]
        if not edges:
            return None
        west, south, east, north = zip(*edges, strict=True)
        return Box(min(west), min(south), max(east), max(north))


def _current(level: str = "") -> QuerySet[Boundary]:
    found = Boundary.objects.filter(is_current=True, division__valid_until__isnull=True).select_related(
        "division__parent"
    ).order_by("division__code")
    return found.filter(division__level=level) if level else found


def has_boundaries(*, level: str = "") -> bool:
    """Whether there is any limit in force."""
    return _current(level).exists()


def _outlined(boundaries: QuerySet[Boundary]) -> list[Outlined]:
    held = list(boundaries)
    shapes = shapely.from_wkb([bytes(each.geometry) for each in held]) if held else []
    return [Outlined(each.division, each, shape) for each, shape in zip(held, shapes, strict=True)]


def current_outlines(*, level: str = "") -> list[Outlined]:
    """The living divisions of a level with the limits in force."""
    return _outlined(_current(level))


def level_with_boundaries() -> str:
    """The narrowest level that has limits; empty where there are none."""
    present = set(_current().order_by().values_list("division__level", flat=True).distinct())
    return next((level for level in reversed(LEVELS) if level in present), "")


def locator(*, level: str = "") -> Locator:
    """A locator for a level, or for the narrowest one that has limits."""
    outlines = tuple(current_outlines(level=level or level_with_boundaries()))
    return Locator(outlines, any(each.boundary.is_schematic for each in outlines))


def division_at(*, longitude: float, latitude: float, level: str = "", on: dt.date | None = None) -> Division | None:
    """The division that holds a point: of a level, else of the narrowest level that has one there."""
    boxes = Boundary.objects.filter(
        west__lte=longitude, east__gte=longitude, south__lte=latitude, north__gte=latitude
    ).select_related("division__parent")
    boxes = boxes.filter(division__level=level) if level else boxes
    if on is None:
        candidates = _outlined(boxes.filter(is_current=True, division__valid_until__isnull=True))
    else:
        candidates = _outlined(_in_force(boxes, on))
    point = shapely.Point(longitude, latitude)
    found = [each.division for each in candidates if each.geometry.intersects(point)]
    found.sort(key=lambda each: (-LEVELS.index(each.level), each.code))
    return found[0] if found else None


def _in_force(boundaries: QuerySet[Boundary], on: dt.date) -> QuerySet[Boundary]:
    """Of each division that existed on a day, the limit that held then: a real one rather than a schematic one."""
    alive = boundaries.filter(
        Q(division__valid_from__isnull=True) | Q(division__valid_from__lte=on),
        Q(division__valid_until__isnull=True) | Q(division__valid_until__gte=on),
        Q(valid_from__isnull=True) | Q(valid_from__lte=on),
    )
    best: dict[int, int] = {}
    for boundary in Boundary.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on), division__in=alive.values("division")
    ).defer("geometry").order_by("-is_schematic", F("valid_from").asc(nulls_first=True), "pk"):
        best[boundary.division_id] = boundary.pk
    return alive.filter(pk__in=best.values())


def outline_of(division: Division, *, on: dt.date | None = None) -> Outlined | None:
    """The outline of a division: the one in force, or the one of a day."""
    held = Boundary.objects.filter(division=division).select_related("division__parent")
    found = _outlined(_in_force(held, on) if on is not None else held.filter(is_current=True))
    return found[0] if found else None


def box_of(division: Division) -> Box | None:
    """The box around a division, or around what it holds when it has no limit of its own."""
    own = Boundary.objects.filter(is_current=True, division=division)
    return _box(own) or _box(Boundary.objects.filter(is_current=True, division__parent=division))


def box_of_level(level: str = "") -> Box | None:
    """The box around all divisions of a level, or of all."""
    return _box(_current(level))


def _box(boundaries: QuerySet[Boundary]) -> Box | None:
    edges = boundaries.order_by().aggregate(
        west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north")
    )
    return None if edges["west"] is None else Box(**edges)


def boundaries_stamp() -> str:
    """A text that changes whenever a limit in force or what is said of its division does: for caches and ETags."""
    held = _current().values_list("pk", "division__public_id", "division__code", "division__name", "division__level", "division__parent__code")
    return hashlib.sha256(repr(list(held)).encode()).hexdigest()[:16]


def boundaries_geojson(*, level: str = "", tolerance_m: float = PAGE_TOLERANCE_M) -> dict[str, Any]:
    """The limits in force of a level as a GeoJSON FeatureCollection, simplified for a page."""
    chosen = level or level_with_boundaries()
    text = _geojson_text(chosen, tolerance_m, boundaries_stamp())
    collection: dict[str, Any] = json.loads(text)
    return collection


@lru_cache(maxsize=16)
def _geojson_text(level: str, tolerance_m: float, stamp: str) -> str:  # noqa: ARG001  # the stamp is part of the key
    held = current_outlines(level=level)
    light = simplified([each.geometry for each in held], tolerance_m=tolerance_m)
    features = [_feature(each, shape) for each, shape in zip(held, light, strict=True)]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _feature(outlined: Outlined, shape: Geometry) -> dict[str, Any]:
    division = outlined.division
    return {
        "type": "Feature",
        "id": division.public_id,
        "properties": {
            "public_id": division.public_id, "code": division.code, "name": division.name, "level": division.level,
            "parent": division.parent.code if division.parent else "", "schematic": outlined.boundary.is_schematic,
        },
        "geometry": json.loads(shapely.to_geojson(_rounded(shape))),
    }


def _rounded(shape: Geometry) -> Geometry:
    """Six decimals of a degree are ten centimetres: enough for a page, and half the bytes."""
    return shapely.transform(shape, lambda points: np.round(points, 6))


def outlines_of(divisions: Sequence[Division]) -> list[Outlined]:
    """The outlines in force of some divisions."""
    return _outlined(_current().filter(division__in=list(divisions)))
