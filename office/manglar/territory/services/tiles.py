"""Vector tiles written beside the database, replaced in one step."""

import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lazy_loader
import numpy as np
import shapely

from manglar.territory.selectors import boundaries_stamp, current_outlines, tile_path

pyogrio = lazy_loader.load("pyogrio")

log = logging.getLogger("manglar.territory")
MIN_ZOOM, MAX_ZOOM = 4, 14
DIVISIONS = "divisions"


def refresh_division_tiles() -> Path | None:
    """Write the tiles of the limits if these changed since they were last written."""
    target, said = tile_path(DIVISIONS), tile_path(DIVISIONS).with_suffix(".stamp")
    stamp = boundaries_stamp()
    if target.exists() and said.exists() and said.read_text() == stamp:
        return target
    written = write_division_tiles()
    if written:
        said.write_text(stamp)
    return written


def write_division_tiles() -> Path | None:
    """Write the tiles of all limits in force; None (and no file) where there are none."""
    held = current_outlines()
    properties = {
        "code": [each.division.code for each in held], "name": [each.division.name for each in held],
        "level": [each.division.level for each in held], "id": [each.division.public_id for each in held],
        "schematic": [each.boundary.is_schematic for each in held],
    }
    return write_tiles(DIVISIONS, [each.geometry for each in held], properties)


def write_tiles(layer: str, geometries: Sequence[Any], properties: Mapping[str, Sequence[Any]]) -> Path | None:
    """Write a layer as PMTiles under a passing name, then put it in its place; readers never see half a file."""
    target = tile_path(layer)
    if not len(geometries):
        target.unlink(missing_ok=True)
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    columns = [_column(values) for values in properties.values()]
    write_file(target, layer, np.asarray(geometries, dtype=object), dict(zip(properties, columns, strict=True)))
    log.debug("tiles of %s written: %s features", layer, len(geometries))
    return target


def write_file(
    target: Path, layer: str, geometries: Any, columns: Mapping[str, Any], *, zooms: tuple[int, int] = (MIN_ZOOM, MAX_ZOOM)
) -> None:
    """Write one PMTiles file under a passing name beside its place, then put it there.

    GDAL leaves features out of a tile that is too large and says nothing: its limits are set out of reach, and whoever
    has many features chooses zooms in which they fit (services/layers.py).
    """
    with tempfile.TemporaryDirectory(prefix=f".{layer}-", dir=target.parent) as folder:
        half = Path(folder) / f"{layer}.pmtiles"
        pyogrio.raw.write(
            half, shapely.to_wkb(geometries), list(columns.values()), list(columns), layer=layer, driver="PMTiles",
            geometry_type="Unknown", crs="EPSG:4326", NAME=layer, MINZOOM=zooms[0], MAXZOOM=zooms[1],
            MAX_SIZE=50_000_000, MAX_FEATURES=5_000_000,
        )  # fmt: skip
        os.replace(half, target)


def _column(values: Sequence[Any]) -> Any:
    return np.asarray(values, dtype=bool if values and isinstance(values[0], bool) else object)
