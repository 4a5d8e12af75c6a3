"""Geometries as texts: the WKT of a table's column, the GeoJSON of a feature, with open rings closed."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, say
from manglar.territory.rules.columns import header_key
from manglar.territory.rules.geometry import DEGREES
from manglar.territory.services.systems import placed
from manglar.territory.services.tables import Row, Table

WKT_HEADERS = ("wkt", "wkt_geom", "wkt_geometry", "geom", "the_geom", "geometry", "geometria", "shape", "poligono")
BADLY_WRITTEN = say("su geometría está mal escrita.")
WAS_OPEN = say("su contorno no estaba cerrado: se cerró. Compárelo con el original.")
_SRID = re.compile(r"^\s*SRID=(\d+)\s*;", re.IGNORECASE)


def from_features(geometries: Sequence[dict[str, Any] | None]) -> tuple[Any, set[int]]:
    """The shapes of GeoJSON geometries (None where one cannot be read), and which had to be closed."""
    shapes = _shapes(geometries)
    closed = {
        number: mended for number, (geometry, shape) in enumerate(zip(geometries, shapes, strict=True))
        if geometry and shape is None and (mended := _closed(geometry)) is not None
    }
    for number, shape in zip(closed, _shapes(list(closed.values())), strict=True):
        shapes[number] = shape
    return shapes, {number for number in closed if shapes[number] is not None}


def _shapes(geometries: Sequence[dict[str, Any] | None]) -> Any:
    texts = [None if each is None else json.dumps(each) for each in geometries]
    return shapely.from_geojson(np.asarray(texts, dtype=object), on_invalid="ignore")


def _closed(geometry: dict[str, Any]) -> dict[str, Any] | None:
    """The polygon with each ring ended where it begins, or None when it is no polygon or no ring has a surface."""
    depth = {"Polygon": 1, "MultiPolygon": 2}.get(str(geometry.get("type")))
    try:
        return geometry | {"coordinates": _closed_rings(geometry["coordinates"], depth)} if depth else None
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _closed_rings(part: Any, depth: int) -> list[Any]:
    if depth:
        return [_closed_rings(each, depth - 1) for each in part]
    if len(part) < 3:
        raise ValueError("a ring of two points has no surface")
    return list(part) if part[0] == part[-1] else [*part, part[0]]


def with_wkt(table: Table, crs: str) -> Table:
    """The table with the geometry that a column writes as WKT; a column that is only called so is said not to be used."""
    column = next((each for each in table.columns if header_key(each) in WKT_HEADERS), "")
    if not column:
        return table
    cells = [row.values.get(column) for row in table.rows]
    texts = [str(cell).strip() if cell is not None else "" for cell in cells]
    bare = [_SRID.sub("", text).strip() or None for text in texts]
    shapes = shapely.from_wkt(np.asarray(bare, dtype=object), on_invalid="ignore")
    repaired = shapely.from_wkt(np.asarray(bare, dtype=object), on_invalid="fix")
    if not any(shape is not None for shape in repaired):
        said = say("La columna «{column}» no se usó: sus textos no son WKT, como «POLYGON ((…))».", column=column)
        return replace(table, notes=(*table.notes, said))
    system = crs or _system_of(texts)
    degrees, notes = placed(repaired, system)
    rows = tuple(
        Row(row.number, {key: cell for key, cell in row.values.items() if key != column}, shape,
            WAS_OPEN if shape is not None and before is None else "")
        for row, shape, before in zip(table.rows, degrees, shapes, strict=True)
    )
    faults: list[tuple[int, str, Said]] = [
        (row.number, column, BADLY_WRITTEN) for row, text, shape in zip(table.rows, bare, degrees, strict=True)
        if text and shape is None
    ]
    said = say("El lugar de cada fila se leyó de la columna «{column}» (WKT, {system}).", column=column, system=system)
    columns = tuple(each for each in table.columns if each != column)
    return Table(columns, rows, has_geometry=True, faults=(*table.faults, *faults), notes=(*table.notes, said, *notes))


def _system_of(texts: Sequence[str]) -> str:
    """The system that the texts name («SRID=32617;…»); degrees where they name none."""
    named = {match.group(1) for text in texts if (match := _SRID.match(text))}
    if len(named) > 1:
        raise InvalidInput(
            say("El archivo mezcla sistemas de coordenadas (SRID {named}): sepárelo.", named=", ".join(sorted(named)))
        )
    return f"EPSG:{named.pop()}" if named else DEGREES
