"""Which polygon holds a place: territories of assets, and zones that measures select."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from manglar_engine.errors import ExposureError, FormatError
from manglar_engine.exposure.assets import Assets
from manglar_engine.io.crs import same_crs
from manglar_engine.io.parquet import PARQUET, read_parquet
from manglar_engine.io.vectors import DRIVERS, VectorLayer, read_vectors, refuse_broken

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
POLYGONS = {"Polygon", "MultiPolygon"}


@dataclass(frozen=True, eq=False)
class ZonesRead(Mapping[str, Bools]):
    """Zones by name, as which assets lie in each ``(assets,)``, and where their names stand: a file's column."""

    flags: Mapping[str, Bools]
    file: str
    column: str
    layer: str = ""

    def __getitem__(self, name: str) -> Bools:
        """Return which assets lie in the zone ``(assets,)``."""
        return self.flags[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names, sorted."""
        return iter(self.flags)

    def __len__(self) -> int:
        """Return the number of zones."""
        return len(self.flags)


def territories_at(
    layer: VectorLayer, column: str, *, ids: Sequence[str], x: Floats, y: Floats, crs: str
) -> tuple[str, ...]:
    """Return the code in ``column`` of the polygon that holds each point; a border belongs to it.

    Args:
        layer: polygons of the division.
        column: where its codes stand.
        ids: of the points, to name them.
        x: of the points ``(points,)``, in ``crs``.
        y: of the points ``(points,)``, in ``crs``.
        crs: must be that of the layer.

    Raises:
        ExposureError: points in no polygon, or in several of different codes, named.
        FormatError: no such column.
    """
    codes = _codes(layer, column, crs)
    point, polygon = _holding(layer, x, y)
    held: list[set[str]] = [set() for _ in range(len(x))]
    for i, k in zip(point.tolist(), polygon.tolist(), strict=True):
        held[i].add(codes[k])
    outside = [name for name, found in zip(ids, held, strict=True) if not found]
    if outside:
        raise ExposureError(
            f"places lie outside every polygon of {layer.name}", rows=outside, mend="Move or leave out."
        )
    several = [f"{n}: {', '.join(sorted(found))}" for n, found in zip(ids, held, strict=True) if len(found) > 1]
    if several:
        raise ExposureError(
            f"places lie in several polygons of {layer.name}", rows=several, mend="Mend the overlap, or say which."
        )
    return tuple(next(iter(found)) for found in held)


def zones_of(layer: VectorLayer, column: str, assets: Assets) -> dict[str, Bools]:
    """Return, for each name in ``column``, which assets its polygons hold ``(assets,)``; zones may overlap.

    Raises:
        ExposureError: another coordinate system, or features that are not polygons.
        FormatError: no such column.
    """
    names = _codes(layer, column, assets.crs)
    zones = {name: np.zeros(len(assets), dtype=bool) for name in sorted(set(names))}
    point, polygon = _holding(layer, assets.x, assets.y)
    for i, k in zip(point.tolist(), polygon.tolist(), strict=True):
        zones[names[k]][i] = True
    return zones


def read_zone_layer(path: str | Path, *, layer: str = "") -> VectorLayer:
    """Read the polygons of zones: a vector layer, or a GeoParquet file.

    Raises:
        FormatError: as :func:`~manglar_engine.io.vectors.read_vectors`, or a table without geometry.
    """
    path = Path(path)
    if path.suffix.lower() in DRIVERS:
        return read_vectors(path, layer=layer)
    if path.suffix.lower() not in PARQUET:
        raise FormatError(
            f"{path.name} is not a file of polygons that can be read",
            mend=f"Give one of: {', '.join([*DRIVERS, *sorted(PARQUET)])}.",
        )
    if layer:
        raise FormatError(f"{path.name} has no layers", mend="Leave the layer out.")
    held = read_parquet(path)
    if held.geometry is None:
        raise FormatError(f"{path.name} has no geometry", mend="Write it as GeoParquet, with its polygons.")
    refuse_broken(path.name, held.geometry)
    return VectorLayer(path.name, held.geometry, held.columns, held.crs)


def read_zones(path: str | Path, column: str, assets: Assets, *, layer: str = "") -> ZonesRead:
    """Read the zones that measures may select, by the names in ``column``; ``layer`` where the file has several.

    Raises:
        FormatError: an unreadable file, or no such column.
        ExposureError: another coordinate system, features that are not polygons, or blank names.
    """
    path = Path(path)
    return ZonesRead(zones_of(read_zone_layer(path, layer=layer), column, assets), path.name, column, layer)


def _codes(layer: VectorLayer, column: str, crs: str) -> list[str]:
    if not same_crs(layer.crs, crs):
        raise ExposureError(
            f"{layer.name} is in {layer.crs} and the places in {crs}",
            mend=f"Project one of them to the other's system, as {layer.name} to {crs}.",
        )
    wrong = [row for row, shape in enumerate(layer.geometry, start=1) if shape.geom_type not in POLYGONS]
    if wrong:
        raise ExposureError(
            f"{layer.name}: features that are not polygons", rows=wrong, mend="Leave them out, or draw them as areas."
        )
    codes = [str(code) for code in layer.column(column).tolist()]
    blank = [row for row, code in enumerate(codes, start=1) if not code.strip() or code in {"None", "nan"}]
    if blank:
        raise ExposureError(f"{layer.name}: {column} is blank", rows=blank, mend="Give each polygon its name.")
    return codes


def _holding(layer: VectorLayer, x: Floats, y: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs of point and polygon that holds it."""
    found = shapely.STRtree(layer.geometry).query(shapely.points(x, y), predicate="intersects")
    return found[0], found[1]
