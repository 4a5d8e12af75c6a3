"""A list on the map: the same rows as its table, each at its point or counted in its divisions; and the same as GeoJSON.

A row that has no place is counted and said, never dropped: a map that leaves things out in silence is a wrong answer.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from manglar.design.maps import Box
from manglar.territory.selectors import boundaries_geojson, box_of_level
from manglar.web.kinds.base import Places
from manglar.web.listing import Listing, column_key, shown_text

MAP, FORMAT, GEOJSON = "mapa", "formato", "geojson"
#: So many points are drawn one by one; more are counted in their divisions, and the page says so.
MOST_POINTS = 5_000
AROUND = 0.02


@dataclass(frozen=True, slots=True)
class Area:
    """A division with how many rows of the list it has; ``is_drawn`` when it has an outline on the map."""

    code: str
    name: str
    public_id: str
    count: int
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the rows of a list are: how many there are, how many have no place, how many in each division or the points."""

    total: int
    without: int
    areas: tuple[Area, ...]
    points: tuple[tuple[str, float, float], ...]
    is_points: bool
    box: Box | None
    is_schematic: bool = False

    @property
    def elsewhere(self) -> int:
        """Rows of divisions that the map does not draw (wider ones, or without an outline)."""
        return sum(each.count for each in self.areas if not each.is_drawn)


def placed(held: Listing) -> Placed:
    """Where the rows of a list are; the kind says how its rows have a place."""
    how = _how(held)
    rows, total = _bare(held.rows), held.rows.count()
    if how.lon:
        with_place = rows.filter(**{f"{how.lon}__isnull": False, f"{how.lat}__isnull": False})
        count = with_place.count()
        if count <= MOST_POINTS:
            key = "public_id"
            points = tuple(with_place.order_by("pk").values_list(key, how.lon, how.lat))
            return Placed(total, total - count, (), points, True, _around(points) or _whole(), _is_schematic())
    areas = _areas(rows, how)
    inside = rows.filter(**{f"{how.divisions}__isnull": False}).values("pk").distinct().count()
    return Placed(total, total - inside, areas, (), False, _whole(), _is_schematic())


def _how(held: Listing) -> Places:
    if held.kind.places is None:
        raise ValueError(f"the kind {held.kind.slug} does not say how its rows have a place")
    return held.kind.places


def _bare(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The same rows without the joins of their filters: counting in divisions must not meet those of a filter."""
    bare: QuerySet[Any] = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    return bare


def _areas(rows: "QuerySet[Any]", how: Places) -> tuple[Area, ...]:
    """Every division that is drawn, and every other that some row names, by name."""
    stem = how.divisions.removesuffix("code")
    counted = rows.exclude(**{f"{how.divisions}__isnull": True}).order_by().values(
        how.divisions, f"{stem}name", f"{stem}public_id"
    ).annotate(n=Count("pk", distinct=True))  # fmt: skip
    found = {each[how.divisions]: each for each in counted}
    drawn = {each["properties"]["code"]: each["properties"] for each in boundaries_geojson()["features"]}
    areas = [
        Area(code, told["name"], told["public_id"], found[code]["n"] if code in found else 0, is_drawn=True)
        for code, told in drawn.items()
    ]
    areas += [
        Area(code, told[f"{stem}name"], told[f"{stem}public_id"], told["n"], is_drawn=False)
        for code, told in found.items()
        if code not in drawn
    ]
    return tuple(sorted(areas, key=lambda each: (not each.is_drawn, each.name)))


def _is_schematic() -> bool:
    return any(each["properties"]["schematic"] for each in boundaries_geojson()["features"])


def _whole() -> Box | None:
    box = box_of_level()
    return (box.west, box.south, box.east, box.north) if box else None


def _around(points: Sequence[tuple[str, float, float]]) -> Box | None:
    """The box around some points, with room beside them."""
    if not points:
        return None
    lons, lats = [lon for _key, lon, _lat in points], [lat for _key, _lon, lat in points]
    room = max(max(lons) - min(lons), max(lats) - min(lats), 0.02) * 0.05
    return (min(lons) - room, min(lats) - room, max(lons) + room, max(lats) + room)


def geojson_lines(held: Listing, language: str) -> Iterator[str]:
    """The whole list as a GeoJSON FeatureCollection, piece by piece; a row without a place has no geometry."""
    yield '{"type":"FeatureCollection","features":['
    mark = ""
    how = _how(held)
    outlines = {} if how.lon else {
        each["properties"]["code"]: each["geometry"] for each in boundaries_geojson()["features"]
    }  # fmt: skip
    keys = [column_key(column) for column in held.columns]
    for rows in _chunks(held.rows):
        codes = {} if how.lon else _codes(held, how, rows)
        for row in rows:
            geometry = _point(row, how) if how.lon else _outline(codes.get(row.pk, ()), outlines)
            told: dict[str, Any] = {key: shown_text(column.value(row, language)) for key, column in zip(keys, held.columns, strict=True)}
            properties: dict[str, Any] = {"id": held.kind.key(row), "name": held.kind.title(row, language), **told}
            if not how.lon:
                properties["divisions"] = codes.get(row.pk, [])
            feature = {"type": "Feature", "id": held.kind.key(row), "geometry": geometry, "properties": properties}
            yield mark + json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
            mark = ",\n"
    yield "]}"


def _chunks(rows: "QuerySet[Any]", size: int = 500) -> Iterator[list[Any]]:
    held: list[Any] = []
    for row in rows.iterator(chunk_size=size):
        held.append(row)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def _codes(held: Listing, how: Places, rows: Sequence[Any]) -> dict[int, list[str]]:
    """The codes of the divisions of some rows, in one query."""
    found: dict[int, list[str]] = {}
    pairs = held.rows.model._default_manager.filter(pk__in=[row.pk for row in rows]).order_by("pk", how.divisions)
    for pk, code in pairs.values_list("pk", how.divisions):
        if code:
            found.setdefault(pk, []).append(code)
    return found


def _point(row: Any, how: Places) -> dict[str, Any] | None:
    lon, lat = getattr(row, how.lon), getattr(row, how.lat)
    return None if lon is None or lat is None else {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}


def _outline(codes: Sequence[str], outlines: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The outline of a division, or of several as one collection."""
    shapes = [outlines[code] for code in codes if code in outlines]
    if not shapes:
        return None
    return shapes[0] if len(shapes) == 1 else {"type": "GeometryCollection", "geometries": shapes}
