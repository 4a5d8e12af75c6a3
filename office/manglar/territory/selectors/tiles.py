"""Vector tiles, read one by one from the PMTiles file of a layer."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from pmtiles.reader import MmapSource, Reader

from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.territory.models import MapLayer

_LAYER = re.compile(r"^[a-z][a-z0-9_]{0,40}$")


@dataclass(frozen=True, slots=True)
class TileInfo:
    """What a page must know of a layer before it asks for tiles; tiles are MVT, compressed with gzip."""

    layer: str
    min_zoom: int
    max_zoom: int
    west: float
    south: float
    east: float
    north: float
    stamp: str
    encoding: str = "gzip"
    media_type: str = "application/vnd.mapbox-vector-tile"


def tile_path(layer: str) -> Path:
    """Where the tiles of a layer are; ValueError for anything that is not the name of a layer."""
    if not _LAYER.match(layer):
        raise ValueError(say("«{layer}» no es el nombre de una capa.", layer=layer))
    return Path(settings.DATA_DIR) / "tiles" / f"{layer}.pmtiles"


def tile(layer: str, z: int, x: int, y: int) -> bytes | None:
    """One tile (gzip-compressed MVT), or None where there is nothing."""
    reader = _reader_of(layer)
    if reader is None or not (0 <= z <= 24 and 0 <= x < 2**z and 0 <= y < 2**z):
        return None
    found: bytes | None = reader.get(z, x, y)
    return found


def tile_info(layer: str) -> TileInfo | None:
    """Zooms, box and stamp (changes with the file) of a layer, or None where it was not written."""
    reader = _reader_of(layer)
    if reader is None:
        return None
    header = reader.header()
    return TileInfo(
        layer=layer, min_zoom=header["min_zoom"], max_zoom=header["max_zoom"], west=header["min_lon_e7"] / 1e7,
        south=header["min_lat_e7"] / 1e7, east=header["max_lon_e7"] / 1e7, north=header["max_lat_e7"] / 1e7,
        stamp=f"{tile_path(layer).stat().st_mtime_ns:x}",
    )


def layer_folder() -> Path:
    """Where the tiles of the layers of governments are: apart from the public ones, which anyone may ask for by name,
    and among the files that a backup takes, for they cannot be made again without the file that was loaded.
    """
    return Path(settings.MEDIA_ROOT) / "layers"


def layers_of(government: Government) -> QuerySet[MapLayer]:
    """The layers of a government, by title."""
    return MapLayer.objects.filter(government=government)


def layer_by_slug(government: Government, slug: str) -> MapLayer | None:
    """A layer of a government, or None."""
    return layers_of(government).filter(slug=slug).first()


def layer_tile(layer: MapLayer, z: int, x: int, y: int) -> bytes | None:
    """One tile of a layer (gzip-compressed MVT), or None where there is nothing."""
    part = next((each for each in layer.parts if each["min"] <= z <= each["max"]), None)
    reader = _reader_at(layer_folder() / part["file"]) if part else None
    if reader is None or not (0 <= x < 2**z and 0 <= y < 2**z):
        return None
    found: bytes | None = reader.get(z, x, y)
    return found


def _reader_of(layer: str) -> Any:
    try:
        path = tile_path(layer)
    except ValueError:
        return None
    return _reader_at(path)


def _reader_at(path: Path) -> Any:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return _opened(str(path), status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=32)
def _opened(path: str, changed_at: int, inode: int) -> Any:  # noqa: ARG001  # a rewritten file is another one
    with Path(path).open("rb") as file:
        return Reader(MmapSource(file))  # type: ignore[no-untyped-call]  # pmtiles has no types
