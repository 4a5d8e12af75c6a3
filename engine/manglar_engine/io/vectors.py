"""Shapefile, GeoPackage and GeoJSON through pyogrio: geometries, columns and a coordinate system, or an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lazy_loader
import numpy as np
import shapely
from numpy.typing import NDArray

from manglar_engine.errors import FormatError
from manglar_engine.io.crs import unit_of
from manglar_engine.io.files import written_whole

pyogrio = lazy_loader.load("pyogrio")

Geometries = NDArray[np.object_]
DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "ESRI Shapefile"}


@dataclass(frozen=True, eq=False)
class VectorLayer:
    """Features in file order: ``geometry (rows,)`` of shapely, ``columns`` by name, one system for all."""

    name: str
    geometry: Geometries
    columns: Mapping[str, NDArray[Any]]
    crs: str

    def __len__(self) -> int:
        """Return the number of features."""
        return len(self.geometry)

    def column(self, name: str) -> NDArray[Any]:
        """Return a column; raise :class:`FormatError` when it does not exist."""
        if name not in self.columns:
            raise FormatError(
                f"{self.name} has no column {name!r}",
                mend=f"It has: {', '.join(self.columns)}. Rename or add the column.",
            )
        return self.columns[name]


def read_vectors(path: str | Path, *, layer: str = "", required: Iterable[str] = ()) -> VectorLayer:
    """Read a layer as it is: nothing is repaired or guessed.

    Args:
        path: ``.gpkg``, ``.geojson``, ``.json`` or ``.shp``.
        layer: needed where the file has several.
        required: columns that must exist.

    Raises:
        FormatError: unreadable, several layers and none named, no features, no coordinate system,
            features without geometry or with invalid geometry (named by row, from 1, with the reason).
    """
    path = Path(path)
    if path.suffix.lower() not in DRIVERS or not path.exists():
        raise FormatError(
            f"{path.name} is not a vector layer that can be read", mend=f"Give one of: {', '.join(DRIVERS)}."
        )
    try:
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        if len(layers) > 1 and not layer:
            raise FormatError(f"{path.name} has several layers", rows=layers, mend="Say which: layer='…'.")
        meta, _, geometry, fields = pyogrio.raw.read(path, layer=layer or None)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise FormatError(f"{path.name} cannot be read: {error}", mend="Export it again.") from error
    if not meta["crs"]:
        raise FormatError(
            f"{path.name} does not say its coordinate system",
            mend="A shapefile needs its .prj beside it; assign the system in the file: nothing is guessed.",
        )
    unit_of(meta["crs"])
    if geometry is None or not len(geometry):
        raise FormatError(f"{path.name} has no features", mend="Export one or more, with geometry.")
    shapes: Geometries = shapely.from_wkb(geometry)
    refuse_broken(path.name, shapes)
    found = VectorLayer(path.name, shapes, dict(zip(map(str, meta["fields"]), fields, strict=True)), str(meta["crs"]))
    for name in required:
        found.column(name)
    return found


def refuse_broken(name: str, shapes: Geometries) -> None:
    """Refuse with :class:`FormatError` features without geometry or with an invalid one, named by row from 1."""
    without = np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if without.size:
        raise FormatError(
            f"{name}: features without geometry", rows=(without + 1).tolist(), mend="Draw them or leave them out."
        )
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    if broken.size:
        reasons = shapely.is_valid_reason(shapes[broken])
        raise FormatError(
            f"{name}: geometries are not valid",
            rows=[f"{row + 1}: {reason}" for row, reason in zip(broken.tolist(), reasons, strict=True)],
            mend="Repair them (QGIS, Fix geometries) and look at the result.",
        )


def write_vectors(path: str | Path, layer: VectorLayer) -> None:
    """Write a layer; the ending says the format. GeoJSON must be in EPSG:4326 (RFC 7946).

    Raises:
        FormatError: another ending, mixed geometry types, or GeoJSON in another system.
    """
    path = Path(path)
    driver = DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise FormatError(f"{path.name}: unknown ending", mend=f"Use: {', '.join(DRIVERS)}.")
    kinds = sorted({str(shape.geom_type) for shape in layer.geometry})
    if len(kinds) != 1:
        raise FormatError(f"{layer.name} mixes {', '.join(kinds)}", mend="Write one kind of geometry a layer.")
    if driver == "GeoJSON" and layer.crs != "EPSG:4326":
        raise FormatError(f"{path.name}: GeoJSON is in EPSG:4326, not {layer.crs}", mend="Project it first.")
    with written_whole(path) as made:
        pyogrio.raw.write(
            made,
            shapely.to_wkb(layer.geometry),
            list(layer.columns.values()),
            list(layer.columns),
            geometry_type=kinds[0],
            crs=layer.crs,
            driver=driver,
        )
        for part in made.parent.glob(f"{made.stem}.*"):
            if part != made and driver == "ESRI Shapefile":  # its other files travel with it
                part.replace(path.with_suffix(part.suffix))
