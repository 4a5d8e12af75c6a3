"""Reading of files with places: bytes become rows with their values and their geometry in degrees.

What a file is was judged by ``operations.filetypes`` before anything here opens it. GDAL never gets a path
that a file names: archives are unpacked member by member, and only the parts of one layer.
"""

import csv
import io
import itertools
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import lazy_loader
import numpy as np
import shapely

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, say
from manglar.foundation.texts import decode
from manglar.operations import filetypes
from manglar.territory.rules.columns import chosen
from manglar.territory.rules.geometry import DEGREES, Geometry

openpyxl = lazy_loader.load("openpyxl")
pyogrio = lazy_loader.load("pyogrio")
pyproj = lazy_loader.load("pyproj")

MAX_ROWS = 300_000
MAX_COLUMNS = 500
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
ASK_CRS = say(
    "Indique el sistema de coordenadas, por ejemplo --crs EPSG:32617 (UTM 17 norte) o --crs EPSG:4326 (grados)."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number as a person counts it, its values, and its geometry in degrees."""

    number: int
    values: dict[str, Any]
    geometry: Geometry = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file as rows; ``faults`` are cells that could not be read, as (row, column, sentence)."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    has_geometry: bool = False
    faults: tuple[tuple[int, str, Said], ...] = ()
    notes: tuple[Said, ...] = field(default=())


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
    table = reader(content, crs, layer)
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


def to_degrees(geometries: Any, crs: str) -> Any:
    """Geometries in longitude and latitude (EPSG:4326), whatever system they were in."""
    if same_as_degrees(crs):
        return geometries
    change = pyproj.Transformer.from_crs(_system(crs), DEGREES, always_xy=True)

    def moved(points: Any) -> Any:
        return np.column_stack(change.transform(points[:, 0], points[:, 1]))

    return shapely.transform(geometries, moved)


def same_as_degrees(crs: str) -> bool:
    """Whether a coordinate system is longitude and latitude of WGS 84 already."""
    return _system(crs).to_authority() in {("EPSG", "4326"), ("OGC", "CRS84")}


def _system(crs: str) -> Any:
    try:
        return pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise InvalidInput(
            say("No existe el sistema de coordenadas «{crs}». {ask_crs}", crs=crs, ask_crs=ASK_CRS)
        ) from error


def _swapped(table: Table) -> Table:
    shapes = np.asarray([row.geometry for row in table.rows], dtype=object)
    turned = shapely.transform(shapes, lambda points: points[:, ::-1])
    rows = tuple(Row(row.number, row.values, shape) for row, shape in zip(table.rows, turned, strict=True))
    return Table(table.columns, rows, table.has_geometry, table.faults, table.notes)


def _unique(headers: Iterable[Any]) -> list[str]:
    """Names of columns: blank ones are numbered, repeated ones too."""
    seen: dict[str, int] = {}
    names = []
    for place, header in enumerate(headers, 1):
        bare = " ".join(str(header).split()) if header is not None else ""
        bare = bare or f"columna {place}"
        seen[bare] = seen.get(bare, 0) + 1
        names.append(bare if seen[bare] == 1 else f"{bare} ({seen[bare]})")
    if len(names) > MAX_COLUMNS:
        raise InvalidInput(
            say(
                "El archivo tiene {count} columnas; el límite es {max_columns}.",
                count=len(names),
                max_columns=MAX_COLUMNS,
            )
        )
    return names


def _counted(rows: Iterable[Any]) -> Iterator[Any]:
    for count, row in enumerate(rows):
        if count > MAX_ROWS:
            raise InvalidInput(say("El archivo pasa de {max_rows:,} filas: divídalo.", max_rows=MAX_ROWS))
        yield row


def _read_csv(content: bytes, crs: str, layer: str) -> Table:  # noqa: ARG001  # one shape for all readers
    try:
        text = decode(content)
    except ValueError as error:
        raise InvalidInput(
            say("El archivo no es texto legible: guárdelo como CSV UTF-8 y vuelva a intentarlo.")
        ) from error
    text = text.lstrip("\ufeff")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    rows: list[Row] = []
    faults: list[tuple[int, str, Said]] = []
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        headers = _unique(next((line for line in lines if any(cell.strip() for cell in line)), []))
        for cells in _counted(lines):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(headers) and any(cell.strip() for cell in cells[len(headers):]):
                faults.append(
                    (
                        lines.line_num,
                        "",
                        say("tiene {count} celdas y el encabezado {headers}.", count=len(cells), headers=len(headers)),
                    )
                )
            rows.append(Row(lines.line_num, dict(itertools.zip_longest(headers, cells[: len(headers)], fillvalue=""))))
    except csv.Error as error:
        raise InvalidInput(
            say("El CSV está mal escrito cerca de la línea {line_num}: {error}.", line_num=lines.line_num, error=error)
        ) from error
    return Table(tuple(headers), tuple(rows), faults=tuple(faults))


def _read_xlsx(content: bytes, crs: str, layer: str) -> Table:  # noqa: ARG001  # one shape for all readers
    grid = _sheet(content, layer, values=False)
    formulas = {
        (number, place) for number, cells in grid for place, cell in enumerate(cells)
        if isinstance(cell, str) and cell.startswith("=")
    }
    faults: list[tuple[int, str, Said]] = []
    if formulas:
        grid = _sheet(content, layer, values=True)
    filled = [(number, cells) for number, cells in grid if any(cell not in (None, "") for cell in cells)]
    if not filled:
        return Table((), ())
    headers = _unique(filled[0][1])
    rows = []
    for number, cells in filled[1:]:
        values = dict(itertools.zip_longest(headers, cells[: len(headers)]))
        rows.append(Row(number, values))
        faults += [
            (
                number,
                headers[place],
                say("tiene una fórmula sin resultado guardado: ábralo en Excel y guárdelo otra vez."),
            )
            for place in range(min(len(headers), len(cells)))
            if (number, place) in formulas and cells[place] is None
        ]
    return Table(tuple(headers), tuple(rows), faults=tuple(faults))


def _sheet(content: bytes, layer: str, *, values: bool) -> list[tuple[int, tuple[Any, ...]]]:
    """The cells of one sheet with their row numbers: what formulas gave (``values``) or the formulas."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
    except Exception as error:  # openpyxl lets any error of zip or XML through
        raise InvalidInput(
            say("El libro de Excel está dañado: ábralo, guárdelo otra vez e inténtelo de nuevo.")
        ) from error
    try:
        if layer and layer not in book.sheetnames:
            raise InvalidInput(
                say(
                    "El libro no tiene la hoja «{layer}». Tiene: {sheetnames}.",
                    layer=layer,
                    sheetnames=", ".join(book.sheetnames),
                )
            )
        sheet = book[layer] if layer else book.worksheets[0]
        return list(enumerate(_counted(sheet.iter_rows(values_only=True)), 1))
    finally:
        book.close()


def _read_geojson(content: bytes, crs: str, layer: str) -> Table:  # noqa: ARG001  # one shape for all readers
    data = json.loads(decode(content))
    features = data.get("features") if data.get("type") == "FeatureCollection" else [data]
    if not isinstance(features, list):
        raise InvalidInput(say("El GeoJSON no tiene una lista «features»: vuelva a exportarlo."))
    features = [each if isinstance(each, dict) else {} for each in _counted(features)]
    properties = [each.get("properties") if isinstance(each.get("properties"), dict) else {} for each in features]
    columns = _unique(dict.fromkeys(key for held in properties for key in held))
    texts = [json.dumps(each.get("geometry")) if isinstance(each.get("geometry"), dict) else None for each in features]
    shapes = shapely.from_geojson(np.asarray(texts, dtype=object), on_invalid="ignore")
    shapes = to_degrees(shapes, crs or _geojson_crs(data))
    faults: list[tuple[int, str, Said]] = [
        (number, "", say("su geometría está mal escrita."))
        for number, (text, shape) in enumerate(zip(texts, shapes, strict=True), 1)
        if text and shape is None
    ]
    rows = tuple(Row(number, dict(held), shape)
                 for number, (held, shape) in enumerate(zip(properties, shapes, strict=True), 1))
    return Table(tuple(columns), rows, has_geometry=True, faults=tuple(faults))


def _geojson_crs(data: dict[str, Any]) -> str:
    """The system that an old-style ``crs`` member names; RFC 7946 says degrees where there is none."""
    member = data.get("crs")
    named = member.get("properties", {}) if isinstance(member, dict) else {}
    return str(named.get("name") or DEGREES) if isinstance(named, dict) else DEGREES


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
            raise InvalidInput(say("El .zip tiene varias capas ({names}): indique una con --layer.", names=names))
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
                    "Indique con --layer una de las capas del archivo: {layers}.",
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
    names = _unique(meta["fields"])
    geometries = to_degrees(shapely.from_wkb(shapes, on_invalid="ignore"), crs or str(meta["crs"]))
    cells = [_plain(column) for column in columns]
    rows = tuple(
        Row(number, dict(zip(names, values, strict=True)), shape)
        for number, (shape, values) in enumerate(
            zip(geometries, zip(*cells, strict=True) if cells else itertools.repeat(()), strict=False), 1)
    )
    if len(rows) > MAX_ROWS:
        raise InvalidInput(say("El archivo pasa de {max_rows:,} filas: divídalo.", max_rows=MAX_ROWS))
    return Table(tuple(names), rows, has_geometry=True)


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


def choose_columns(
    columns: Sequence[str], wanted: Mapping[str, Sequence[str]], *, asked: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Field → column of a file, as asked or by the headers that are known; refuse a column that is not there."""
    try:
        return chosen(columns, wanted, asked=asked)
    except ValueError as error:
        raise InvalidInput(str(error)) from error
