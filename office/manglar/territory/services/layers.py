"""A layer of many points: read from a file, counted by division, and written as tiles of a size that a phone can take.

Far away one does not see buildings but how many there are: up to some zoom a tile holds squares with their count, from
there on the points themselves. The zoom is chosen so that no tile holds more than ``MOST_IN_TILE``; nothing is left out.
"""

import datetime as dt
import hashlib
import importlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import floor, log10
from pathlib import Path
from typing import Any

import lazy_loader
import numpy as np
import shapely
from django.db import transaction

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.refusals import InvalidInput, RowProblem
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.operations import filetypes
from manglar.territory.models import MapLayer
from manglar.territory.permissions import may_change_territory
from manglar.territory.selectors import layer_by_slug, layer_folder, locator
from manglar.territory.services.tiles import MIN_ZOOM, write_file

pyogrio = lazy_loader.load("pyogrio")
pyproj = lazy_loader.load("pyproj")

#: About 20 bytes each: a tile stays below 500 kB.
MOST_IN_TILE = 20_000
LEAST_ZOOM, MOST_ZOOM, TILES_TO = 12, 17, 14
#: The far squares serve zooms 4 to 9; so many squares stand side by side in a tile of the last zoom of each part.
FAR, SQUARES = 9, 32
CLASSES, MOST_CLASSES, MOST_PROBLEMS = 5, 12, 20
#: Kilometres in a degree of latitude on a sphere of the Earth's mean radius (6,371.0088 km, IUGG).
KM_OF_DEGREE = 111.195
ACCEPTED = (filetypes.PARQUET, filetypes.GEOJSON, filetypes.GPKG, filetypes.SHAPEFILE_ZIP)
_SLUG = re.compile(r"^[a-z][a-z0-9-]{0,39}$")


@dataclass(frozen=True, slots=True)
class LayerText:
    """What a layer is called, where it comes from, and which column tells its classes apart."""

    slug: str
    title: str
    mark: str
    source_text: str
    class_column: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    lon: Any
    lat: Any
    kinds: Any


@dataclass(frozen=True, slots=True)
class LayerLook:
    """What a file holds, before it is loaded: how many places, in which box, of which classes, outside every limit."""

    count: int
    outside: int
    box: tuple[float, float, float, float]
    classes: dict[str, int]
    replaces: str


def layer_from_bytes(
    *, by: Actor, government: Government, name: str, content: bytes, text: LayerText, at: dt.datetime
) -> MapLayer:
    """Load a file that came by a page: its name says only how it ends, its content was judged before."""
    with _as_file(name, content) as path:
        return load_layer(by=by, government=government, path=path, text=text, at=at)


def look_at_layer(*, by: Actor, government: Government, name: str, content: bytes, text: LayerText) -> LayerLook:
    """Read a file as ``load_layer`` would, and write nothing."""
    require(may_change_territory, by, government)
    _check_text(text)
    with _as_file(name, content) as path:
        read = _checked(_read(path, text.class_column))
    kinds = Counter(map(str, read.kinds)) if text.class_column else Counter[str]()
    before = layer_by_slug(government, text.slug)
    box = (float(read.lon.min()), float(read.lat.min()), float(read.lon.max()), float(read.lat.max()))
    outside = _counts(read).get("", 0)
    return LayerLook(len(read.lon), outside, box, dict(kinds.most_common(MOST_CLASSES)), before.title if before else "")


@contextmanager
def _as_file(name: str, content: bytes) -> Iterator[Path]:
    found = filetypes.recognise(name, content)
    if found not in ACCEPTED:
        wanted = ", ".join(each.name for each in ACCEPTED)
        raise InvalidInput(
            say("«{file}» es {name}; para una capa se usa {wanted}.", file=filetypes.clean_name(name), name=found.name, wanted=wanted)
        )
    with tempfile.TemporaryDirectory(prefix="manglar-") as folder:
        path = Path(folder) / f"capa{found.endings[0]}"
        path.write_bytes(content)
        yield path


def _check_text(text: LayerText) -> None:
    if not _SLUG.match(text.slug) or not text.title.strip() or not text.source_text.strip():
        raise InvalidInput(
            say("Una capa pide un nombre corto (letras minúsculas sin acento, números y guiones), un título y su fuente.")
        )


def load_layer(*, by: Actor, government: Government, path: Path, text: LayerText, at: dt.datetime) -> MapLayer:
    """Load a file as a layer of a government; one that has the same short name is replaced in one step."""
    require(may_change_territory, by, government)
    _check_text(text)
    if not path.is_file():
        raise InvalidInput(say("No existe el archivo «{path}».", path=str(path)))
    read = _checked(_read(path, text.class_column))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    parts, breaks = _write(read, f"{government.code}-{text.slug}-{digest[:12]}")
    classes = Counter(map(str, read.kinds)) if text.class_column else Counter[str]()
    fields = {
        "title": text.title.strip(), "mark": text.mark, "source_text": text.source_text.strip(), "file_name": path.name,
        "sha256": digest, "count": len(read.lon), "counts": _counts(read), "breaks": breaks, "parts": parts,
        "classes": dict(classes.most_common(MOST_CLASSES)), "loaded_at": at,
        "west": float(read.lon.min()), "east": float(read.lon.max()),
        "south": float(read.lat.min()), "north": float(read.lat.max()),
    }  # fmt: skip
    layer = layer_by_slug(government, text.slug) or MapLayer(government=government, slug=text.slug)
    stale = {each["file"] for each in layer.parts} - {each["file"] for each in parts}
    for name, value in fields.items():
        setattr(layer, name, value)
    with act("layer.loaded", by=by, government_id=government.pk, subject=layer.public_id):
        layer.save()
        transaction.on_commit(lambda: _remove(stale), robust=True)
    return layer


def _remove(names: set[str]) -> None:
    for name in names:
        (layer_folder() / name).unlink(missing_ok=True)


def _read(path: Path, class_column: str) -> _Read:
    """The places of a file in degrees; an area stands at a point inside it."""
    try:
        if path.suffix.lower() in {".parquet", ".geoparquet"}:
            return _read_parquet(path, class_column)
        meta, _ids, geometry, columns = pyogrio.raw.read(path)
    except (OSError, ValueError, pyogrio.errors.DataSourceError) as error:
        raise InvalidInput(say("«{name}» no se pudo leer como mapa: {error}", name=path.name, error=str(error)[:200])) from error
    if not meta["crs"]:
        raise InvalidInput(say("«{name}» no dice su sistema de coordenadas.", name=path.name))
    points = _inside(geometry)
    change = pyproj.Transformer.from_crs(meta["crs"], "EPSG:4326", always_xy=True)
    lon, lat = change.transform(shapely.get_x(points), shapely.get_y(points))
    names = list(meta["fields"])
    return _Read(np.asarray(lon), np.asarray(lat), columns[_place(names, class_column)] if class_column else None)


def _read_parquet(path: Path, class_column: str) -> _Read:
    """GeoParquet 1.1.0 (https://geoparquet.org/releases/v1.1.0/): without a CRS it is OGC:CRS84, degrees."""
    table = importlib.import_module("pyarrow.parquet").read_table(path)  # heavy: only for whoever loads a layer
    geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    kinds = table[table.column_names[_place(table.column_names, class_column)]].to_numpy() if class_column else None
    if not geo:
        raise InvalidInput(say("«{name}» es Parquet pero no GeoParquet: le faltan los metadatos «geo».", name=path.name))
    primary = geo["primary_column"]
    system = geo["columns"][primary].get("crs", "OGC:CRS84")
    points = _inside(table[primary].to_numpy())
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    source = pyproj.CRS.from_user_input(system)
    if not source.is_geographic:
        lon, lat = pyproj.Transformer.from_crs(source, "EPSG:4326", always_xy=True).transform(lon, lat)
    return _Read(np.asarray(lon), np.asarray(lat), kinds)


def _inside(geometry: Any) -> Any:
    """Points as they are; of anything else a point inside it."""
    shapes = shapely.from_wkb(geometry)
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT.value
    shapes[~is_point] = shapely.point_on_surface(shapes[~is_point])
    return shapes


def _place(names: list[str], wanted: str) -> int:
    if wanted not in names:
        raise InvalidInput(say("No hay una columna «{name}»; hay: {names}.", name=wanted, names=", ".join(names[:30])))
    return names.index(wanted)


def _checked(read: _Read) -> _Read:
    """Refuse an empty file, and rows without a place on Earth, by their number."""
    if not len(read.lon):
        raise InvalidInput(say("El archivo no tiene ningún lugar."))
    good = np.isfinite(read.lon) & np.isfinite(read.lat) & (np.abs(read.lon) <= 180) & (np.abs(read.lat) <= 85)
    if not good.all():
        bad = np.flatnonzero(~good)
        problems = [RowProblem(int(row) + 1, say("No tiene un lugar en grados.")) for row in bad[:MOST_PROBLEMS]]
        raise InvalidInput(say("Filas sin un lugar en grados: {count}.", count=len(bad)), problems=problems)
    return read


def _counts(read: _Read) -> dict[str, int]:
    """How many in each division of the narrowest level, by code; those outside all of them under «»."""
    where = locator().locate(shapely.points(read.lon, read.lat))
    return dict(Counter(each.division.code if each.division else "" for each in where))


def _write(read: _Read, name: str) -> tuple[list[dict[str, Any]], list[float]]:
    """Write the parts of the tiles; return them, and the limits of the classes of the squares, in points per km²."""
    layer_folder().mkdir(parents=True, exist_ok=True)
    near = _first_zoom(read)
    spans = [(MIN_ZOOM, FAR), (FAR + 1, near - 1)]
    parts, breaks = [], list[float]()
    for low, high in spans:
        squares, counts, density = _squares(read, 360 / 2**high / SQUARES)
        breaks = sorted({_round(float(np.quantile(density, step / CLASSES))) for step in range(1, CLASSES)})
        parts.append(_part(f"{name}-{low}", (low, high), squares, {"n": counts, "d": density}))
    points = shapely.points(read.lon, read.lat)
    kinds = read.kinds if read.kinds is not None else np.full(len(points), "")
    columns = {"n": np.ones(len(points), dtype=np.int64), "k": np.asarray([str(each) for each in kinds], dtype=object)}
    parts.append(_part(f"{name}-{near}", (near, max(near, TILES_TO)), points, columns))
    return parts, breaks


def _part(name: str, zooms: tuple[int, int], geometries: Any, columns: dict[str, Any]) -> dict[str, Any]:
    file = f"{name}.pmtiles"
    write_file(layer_folder() / file, "data", geometries, columns, zooms=zooms)
    return {"file": file, "min": zooms[0], "max": zooms[1]}


def _first_zoom(read: _Read) -> int:
    """The first zoom at which no tile (Web Mercator) holds too many points."""
    radians = np.radians(read.lat)
    across = (read.lon + 180) / 360
    down = (1 - np.log(np.tan(radians) + 1 / np.cos(radians)) / np.pi) / 2
    for zoom in range(LEAST_ZOOM, MOST_ZOOM):
        tiles = np.floor(across * 2**zoom).astype(np.int64) * 2**zoom + np.floor(down * 2**zoom).astype(np.int64)
        if np.unique(tiles, return_counts=True)[1].max() <= MOST_IN_TILE:
            return zoom
    return MOST_ZOOM


def _round(value: float) -> float:
    """Two significant digits."""
    return round(value, 1 - floor(log10(value))) if value > 0 else 0.0


def _squares(read: _Read, side: float) -> tuple[Any, Any, Any]:
    """Squares of a side in degrees, each with how many points it holds, and how many that is per km²."""
    cells = np.stack([np.floor(read.lon / side), np.floor(read.lat / side)], axis=1).astype(np.int64)
    held, counts = np.unique(cells, axis=0, return_counts=True)
    west, south = held[:, 0] * side, held[:, 1] * side
    area = (side * KM_OF_DEGREE) ** 2 * np.cos(np.radians(south + side / 2))
    return shapely.box(west, south, west + side, south + side), counts.astype(np.int64), np.round(counts / area, 1)
