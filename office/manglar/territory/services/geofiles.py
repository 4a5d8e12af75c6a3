"""Reading of files with places: bytes become rows with their values and their geometry in degrees.

What a file is was judged by ``operations.filetypes`` before anything here opens it. GDAL never gets a path
that a file names: archives are unpacked member by member, and only the parts of one layer.
"""

import io
import itertools
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import lazy_loader
import numpy as np
import shapely

from manglar.foundation.outcomes import Headings
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, choose, say
from manglar.foundation.texts import decode
from manglar.operations import filetypes
from manglar.territory.rules.columns import chosen
from manglar.territory.rules.geometry import DEGREES
from manglar.territory.services.outlines import BADLY_WRITTEN, WAS_OPEN, from_features, with_wkt
from manglar.territory.services.systems import ASK_CRS, placed
from manglar.territory.services.tables import (
    MAX_ROWS,
    Row,
    Table,
    counted,
    read_csv,
    read_xlsx,
    unique_names,
    without_broken_text,
)

pyogrio = lazy_loader.load("pyogrio")

#: How many rows show what a column holds.
SAMPLES = 3
ASK_LAYER = choose(page=say("Escriba cuál en «Capa u hoja»."), command=say("Indique una con --layer."))
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
def read_table(name: str, content: bytes, *, crs: str = "", layer: str = "", swap: bool = False) -> Table:
    """Read a CSV, XLSX, GeoJSON, GeoPackage or zipped shapefile; refuse anything else with a sentence.

    ``crs`` is the coordinate system when the file does not say it; ``swap`` exchanges latitude and longitude.
    """
    kind = filetypes.recognise(name, content)
    reader = _READERS.get(kind)
    if reader is None:
        raise InvalidInput(
            say(
                "«{file}» es {name}. Use CSV, XLSX, GeoJSON, GeoPackage o un .zip con el shapefile completo (.shp, .shx, .dbf y .prj).",
                file=filetypes.clean_name(name),
                name=kind.name,
            )
        )
    table = without_broken_text(reader(content, crs, layer))
    if not table.rows:
        raise InvalidInput(say("«{file}» no tiene ninguna fila.", file=filetypes.clean_name(name)))
    if swap and table.has_geometry:
        return _swapped(table)
    return table


def bundled(path: str) -> tuple[str, bytes]:
    """A ``.shp`` file and its siblings as one archive in memory, so that a path reads as an upload does."""
    place = Path(path)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for sibling in sorted(place.parent.glob("*")):
            if sibling.stem == place.stem and sibling.suffix.lower() in SHAPEFILE_PARTS:
                archive.write(sibling, sibling.name)
    return place.stem + ".zip", held.getvalue()


def _swapped(table: Table) -> Table:
    shapes = np.asarray([row.geometry for row in table.rows], dtype=object)
    turned = shapely.transform(shapes, lambda points: points[:, ::-1])
    rows = tuple(replace(row, geometry=shape) for row, shape in zip(table.rows, turned, strict=True))
    return replace(table, rows=rows)


def _read_csv(content: bytes, crs: str, layer: str) -> Table:  # noqa: ARG001  # one shape for all readers
    return with_wkt(read_csv(content), crs)


def _read_xlsx(content: bytes, crs: str, layer: str) -> Table:
    return with_wkt(read_xlsx(content, layer), crs)


def _read_geojson(content: bytes, crs: str, layer: str) -> Table:  # noqa: ARG001  # one shape for all readers
    data = json.loads(decode(content))
    features = data.get("features") if data.get("type") == "FeatureCollection" else [data]
    if not isinstance(features, list):
        raise InvalidInput(say("El GeoJSON no tiene una lista «features»: vuelva a exportarlo."))
    features = [each if isinstance(each, dict) else {} for each in counted(features)]
    properties = [each.get("properties") if isinstance(each.get("properties"), dict) else {} for each in features]
    columns = unique_names(dict.fromkeys(key for held in properties for key in held))
    geometries = [held if isinstance(held := each.get("geometry"), dict) and held else None for each in features]
    shapes, closed = from_features(geometries)
    shapes, notes = placed(shapes, crs or _geojson_crs(data))
    faults: list[tuple[int, str, Said]] = [
        (number, "", BADLY_WRITTEN)
        for number, (geometry, shape) in enumerate(zip(geometries, shapes, strict=True), 1)
        if geometry and shape is None
    ]
    rows = tuple(
        Row(number + 1, dict(held), shape, WAS_OPEN if number in closed else "")
        for number, (held, shape) in enumerate(zip(properties, shapes, strict=True))
    )
    return Table(tuple(columns), rows, has_geometry=True, faults=tuple(faults), notes=tuple(notes))


def _geojson_crs(data: dict[str, Any]) -> str:
    """The system that an old-style ``crs`` member names; RFC 7946 says degrees where there is none."""
    member = data.get("crs")
    named = member.get("properties", {}) if isinstance(member, dict) else {}
    name = str(named.get("name") or DEGREES) if isinstance(named, dict) else DEGREES
    return name.encode("ascii", "replace").decode()  # the name of a system has no other letters


def _read_gpkg(content: bytes, crs: str, layer: str) -> Table:
    with tempfile.TemporaryDirectory(prefix="manglar-") as folder:
        place = Path(folder) / "file.gpkg"
        place.write_bytes(content)
        return _read_with_gdal(place, crs, layer)


def _read_zip(content: bytes, crs: str, layer: str) -> Table:
    with zipfile.ZipFile(io.BytesIO(content)) as archive, tempfile.TemporaryDirectory(prefix="manglar-") as folder:
        members = {member.filename: member for member in archive.infolist() if not member.is_dir()}
        shapes = [name for name in members if name.lower().endswith(".shp") and "__macosx" not in name.lower()]
        asked = [name for name in shapes if not layer or PurePosixPath(name).stem == layer]
        if len(asked) != 1:
            names = ", ".join(sorted(PurePosixPath(name).stem for name in shapes))
            raise InvalidInput(say("El .zip tiene varias capas ({names}). {ask_layer}", names=names, ask_layer=ASK_LAYER))
        stem = asked[0][: -len(".shp")]
        for name, member in members.items():
            if name[: len(stem)] == stem and name[len(stem):].lower() in SHAPEFILE_PARTS:
                (Path(folder) / ("layer" + name[len(stem):].lower())).write_bytes(archive.read(member))
        lacking = [part for part in (".shx", ".dbf") if not (Path(folder) / f"layer{part}").exists()]
        if lacking:
            raise InvalidInput(
                say("Al shapefile del .zip le falta {lacking}: inclúyalo junto al .shp.", lacking=", ".join(lacking))
            )
        return _read_with_gdal(Path(folder) / "layer.shp", crs, "")


def _read_with_gdal(place: Path, crs: str, layer: str) -> Table:
    try:
        layers = {str(name): kind for name, kind in pyogrio.list_layers(place) if kind is not None}
        if (layer and layer not in layers) or (not layer and len(layers) != 1):
            raise InvalidInput(
                say(
                    "El archivo tiene varias capas: {layers}. {ask_layer}",
                    ask_layer=ASK_LAYER,
                    layers=", ".join(sorted(layers)) or say("ninguna"),
                )
            )
        wanted = layer or next(iter(layers))
        meta, _, shapes, columns = pyogrio.raw.read(
            place, layer=wanted, force_2d=True, datetime_as_string=True, max_features=MAX_ROWS + 1
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise InvalidInput(say("El archivo está dañado o incompleto: vuelva a exportarlo.")) from error
    if not (meta["crs"] or crs):
        raise InvalidInput(
            say(
                "El archivo no dice en qué sistema están sus coordenadas (le falta el .prj). {ask_crs}", ask_crs=ASK_CRS
            )
        )
    names = unique_names(meta["fields"])
    geometries, notes = placed(shapely.from_wkb(shapes, on_invalid="ignore"), crs or str(meta["crs"]))
    cells = [_plain(column) for column in columns]
    rows = tuple(
        Row(number, dict(zip(names, values, strict=True)), shape)
        for number, (shape, values) in enumerate(
            zip(geometries, zip(*cells, strict=True) if cells else itertools.repeat(()), strict=False), 1)
    )
    if len(rows) > MAX_ROWS:
        raise InvalidInput(say("El archivo pasa de {max_rows:,} filas: divídalo.", max_rows=MAX_ROWS))
    return Table(tuple(names), rows, has_geometry=True, notes=tuple(notes))


def _plain(column: Any) -> list[Any]:
    """A column of GDAL as plain values; text that was UTF-8 but was not said to be is read again."""
    return [_reread(cell) if isinstance(cell, str) else None if cell is None or cell != cell else cell  # noqa: PLR0124  # NaN
            for cell in column.tolist()]


def _reread(text: str) -> str:
    if "Ã" not in text and "Â" not in text:
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


Reader = Callable[[bytes, str, str], Table]
_READERS: dict[filetypes.FileKind, Reader] = {
    filetypes.CSV: _read_csv, filetypes.XLSX: _read_xlsx, filetypes.GEOJSON: _read_geojson,
    filetypes.GPKG: _read_gpkg, filetypes.SHAPEFILE_ZIP: _read_zip,
}


def is_blank(value: object) -> bool:
    """Whether a cell says nothing."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())  # noqa: PLR0124  # NaN


def texts_of(values: dict[str, Any], columns: Sequence[str]) -> list[str]:
    """The cells of some columns as trimmed texts."""
    return ["" if is_blank(values.get(column)) else str(values[column]).strip() for column in columns]


def headings_of(
    table: Table, wanted: Mapping[str, Sequence[str]], *, asked: Mapping[str, str], remembered: Mapping[str, str]
) -> Headings:
    """The columns of a table, with the first values of each and what each was understood as."""
    samples = tuple(
        tuple(text for row in table.rows[:SAMPLES] for text in texts_of(row.values, [column]) if text)
        for column in table.columns
    )
    found = choose_columns(table.columns, wanted, asked=asked or remembered)
    return Headings(table.columns, samples, found, was_remembered=bool(remembered and not asked))


def choose_columns(
    columns: Sequence[str], wanted: Mapping[str, Sequence[str]], *, asked: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Field → column of a file, as asked or by the headers that are known; refuse a column that is not there."""
    try:
        return chosen(columns, wanted, asked=asked)
    except ValueError as error:
        raise InvalidInput(str(error)) from error
