"""The reading of a file of assets: rows become values with what is odd about them. Nothing here asks the database."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import shapely

from manglar.assets import rules
from manglar.foundation.money import CENT
from manglar.foundation.numbers import Number, read_count, read_number, says_nothing, writes_decimal_comma
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, say
from manglar.foundation.texts import fold
from manglar.territory.services import (
    ASK_COLUMNS,
    ASK_CRS,
    ASK_HEADINGS,
    Row,
    Table,
    choose_columns,
    is_blank,
    to_degrees,
)

HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("nombre", "name", "escuela", "sitio_tran", "sitio", "centro", "hospital", "instalacion", "denominacion",
             "puente", "estacion", "nombre_del_centro", "label"),
    "lon": ("lon", "longitud", "longitude", "lon_dec", "long", "lng", "x", "coord_x", "este"),
    "lat": ("lat", "latitud", "latitude", "lat_dec", "y", "coord_y", "norte"),
    "people": ("people", "personas", "matricula", "ocupantes", "alumnos", "estudiantes", "usuarios"),
    "value_pab": ("value_pab", "valor_pab", "valor", "value", "costo_reposicion", "valor_reposicion"),
    "building_class": ("building_class", "clase_edificio", "tipologia"),
    "occupancy": ("occupancy", "uso"),
    "is_critical": ("is_critical", "critico", "critica", "critical"),
    "position_is_approximate": ("position_is_approximate", "aproximado", "ubicacion_aproximada"),
    "external_id": ("external_id", "codigo", "code", "id", "objectid", "fid", "no", "numero"),
    "division": ("corr_nomb", "corregimiento", "division", "territorio", "barrio"),
    "division_parent": ("dist_nomb", "distrito", "district"),
}
FIELDS = tuple(HEADERS)
_LONGEST = {"building_class": 40, "occupancy": 40, "external_id": 80}


@dataclass(slots=True)
class ReadAsset:
    """One row as values, with the place that it gives and what was odd."""

    number: int
    name: str = ""
    lon: float | None = None
    lat: float | None = None
    people: int | None = None
    value_pab: Decimal | None = None
    building_class: str = ""
    occupancy: str = ""
    is_critical: bool = False
    position_is_approximate: bool = False
    external_id: str = ""
    division_said: str = ""
    parent_said: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    place_fault: Said = ""
    odd: list[tuple[str, Said]] = field(default_factory=list)

    @property
    def place(self) -> tuple[float, float] | None:
        """Longitude and latitude, or None."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


@dataclass(frozen=True, slots=True)
class AssetReading:
    """A file of assets as values, the columns that were used, and how many cells of each said «N/D»."""

    rows: list[ReadAsset]
    columns: dict[str, str]
    blanks: Counter[str]
    notes: list[Said]


class _Reader:
    def __init__(self, table: Table, columns: dict[str, str], kind_name: str) -> None:
        self.table, self.columns, self.kind_name = table, columns, kind_name
        self.blanks: Counter[str] = Counter()
        self.faults: dict[int, list[tuple[str, Said]]] = {}
        for number, column, sentence in table.faults:
            self.faults.setdefault(number, []).append((column, sentence))

        value = columns.get("value_pab")
        cells = (row.values.get(value) for row in table.rows) if value else ()
        self._read_value = partial(read_number, decimal_comma=writes_decimal_comma(cells))

    def read(self, row: Row) -> ReadAsset:
        values = row.values
        read = ReadAsset(row.number, odd=list(self.faults.get(row.number, [])))
        read.name = " ".join(self._text(values, "name").split())
        if not read.name:
            read.name = f"{self.kind_name} sin nombre"
            read.odd.append((self.columns.get("name", ""), say("no tiene nombre")))
        elif len(read.name) > 200:
            read.odd.append((self.columns["name"], say("su nombre pasa de 200 caracteres: se cortó")))
            read.name = read.name[:200]
        people = self._number(read, values, "people", read_count)
        read.people = None if people is None else int(people)
        value = self._number(read, values, "value_pab", self._read_value)
        read.value_pab = _amount(read, value, self.columns.get("value_pab", ""))
        for key in ("building_class", "occupancy", "external_id"):
            self._short(read, values, key)
        read.is_critical = rules.read_yes(self._text(values, "is_critical"))
        read.position_is_approximate = rules.read_yes(self._text(values, "position_is_approximate"))
        read.division_said, read.parent_said = self._text(values, "division"), self._text(values, "division_parent")
        read.attributes = self._rest(read, values)
        return read

    def _text(self, values: Mapping[str, Any], key: str) -> str:
        cell = values.get(self.columns.get(key, ""))
        if is_blank(cell):
            return ""
        text = str(cell).strip().replace("\x00", "")
        return text[:-2] if isinstance(cell, float) and text.endswith(".0") else text

    def _number(self, read: ReadAsset, values: Mapping[str, Any], key: str, reader: Any) -> float | None:
        column = self.columns.get(key)
        if column is None:
            return None
        cell = values.get(column)
        if says_nothing(cell):
            self.blanks[column] += 1
            return None
        number: Number = reader(cell)
        if number.sentence:
            read.odd.append((column, number.sentence))
        return number.value

    def _short(self, read: ReadAsset, values: Mapping[str, Any], key: str) -> None:
        text = self._text(values, key)
        if len(text) > _LONGEST[key]:
            read.odd.append(
                (
                    self.columns[key],
                    say(
                        "«{text}…» pasa de {longest} caracteres: quedó en los datos de la fila",
                        text=text[:20],
                        longest=_LONGEST[key],
                    ),
                )
            )
            text = ""
        setattr(read, key, text)

    def _rest(self, read: ReadAsset, values: Mapping[str, Any]) -> dict[str, Any]:
        """All the cells but those that the asset repeats letter by letter: nothing of the row is lost."""
        kept = {self.columns.get("name"): read.name, self.columns.get("external_id"): read.external_id,
                self.columns.get("people"): "" if read.people is None else str(read.people)}
        return {
            column: _plain(cell) for column, cell in values.items()
            if not is_blank(cell) and not (isinstance(cell, str) and kept.get(column) == cell)
        }


def _amount(read: ReadAsset, value: float | None, column: str) -> Decimal | None:
    if value is None:
        return None
    if not 0 <= value < 1e13:
        read.odd.append((column, say("{value:,g} no puede ser un valor en balboas", value=value)))
        return None
    return Decimal(str(value)).quantize(CENT)


def _plain(cell: Any) -> Any:
    """A cell as JSON can keep it."""
    if isinstance(cell, str):
        return cell.replace("\x00", "")
    if isinstance(cell, bool | int) or (isinstance(cell, float) and math.isfinite(cell)):
        return cell
    if isinstance(cell, dt.date | dt.time | dt.datetime):
        return cell.isoformat()
    if isinstance(cell, list | tuple):
        return [_plain(each) for each in cell]
    if isinstance(cell, dict):
        return {str(key): _plain(each) for key, each in cell.items()}
    return None if cell is None else str(cell)


def read_assets(
    table: Table, *, mapping: Mapping[str, str], kind_name: str, crs: str = "", swap: bool = False
) -> AssetReading:
    """Read a table as assets; refuse a file in which neither place nor name can be found."""
    unknown = sorted(set(mapping) - set(FIELDS))
    if unknown:
        raise InvalidInput(
            say("No hay un campo «{unknown}». Hay: {known}.", unknown=unknown[0], known=", ".join(FIELDS))
        )
    columns = choose_columns(table.columns, HEADERS, asked=mapping)
    has_columns = "lon" in columns and "lat" in columns
    said = say("El archivo tiene: {columns}.", columns=", ".join(table.columns) or say("ninguna columna"))
    if not table.has_geometry and not has_columns:
        raise InvalidInput(
            say(
                "No se sabe qué columnas son la longitud y la latitud. {said} {ask_columns} {ask_headings}",
                said=said,
                ask_columns=ASK_COLUMNS,
                ask_headings=ASK_HEADINGS,
            )
        )
    if "name" not in columns:
        raise InvalidInput(
            say(
                "No se sabe qué columna es el nombre. {said} {ask_columns} {ask_headings}",
                said=said,
                ask_columns=ASK_COLUMNS,
                ask_headings=ASK_HEADINGS,
            )
        )
    reader = _Reader(table, columns, kind_name)
    reads = [reader.read(row) for row in table.rows]
    _place(table, reads, columns if has_columns else {}, crs=crs, swap=swap)
    notes = list(table.notes)
    if not rules.is_unique([read.external_id for read in reads]) and "external_id" in columns:
        notes.append(
            say(
                "«{external_id}» no distingue las filas: se guarda, pero no se usa para reconocerlas.",
                external_id=columns["external_id"],
            )
        )
        for read in reads:
            if read.external_id:
                read.attributes.setdefault(columns["external_id"], read.external_id)
                read.external_id = ""
    return AssetReading(reads, columns, reader.blanks, notes)


def _place(table: Table, reads: list[ReadAsset], columns: Mapping[str, str], *, crs: str, swap: bool) -> None:
    """Give each row its longitude and latitude: of its geometry, else of its columns."""
    for read, row in zip(reads, table.rows, strict=True):
        point = _point_of(row.geometry) if row.geometry is not None else None
        if point is not None:
            read.lon, read.lat = point
            read.odd += [("", row.repair)] if row.repair else []
            if row.geometry.geom_type not in {"Point", "MultiPoint"}:
                read.odd.append(("", say("no es un punto: se tomó un punto dentro de su figura")))
    bare = [read for read in reads if read.place is None]
    if columns:
        rows = {row.number: row.values for row in table.rows}
        for read in bare:
            lon, lat = (rules.read_coordinate(rows[read.number].get(columns[key])) for key in ("lon", "lat"))
            if lon is not None and lat is not None:
                read.lon, read.lat = (lat, lon) if swap else (lon, lat)
        _project([read for read in bare if read.place is not None], crs)
    _check_places(reads)


def _point_of(geometry: Any) -> tuple[float, float] | None:
    if geometry.is_empty or not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None
    point = geometry if geometry.geom_type == "Point" else shapely.point_on_surface(geometry)
    return (float(point.x), float(point.y)) if not point.is_empty else None


def _project(reads: list[ReadAsset], crs: str) -> None:
    """Bring the numbers of the columns to degrees, when the person said which system they are in."""
    if not crs or not reads:
        return
    points = to_degrees(shapely.points([read.place for read in reads]), crs)
    for read, (lon, lat) in zip(reads, shapely.get_coordinates(points), strict=True):
        finite = math.isfinite(lon) and math.isfinite(lat)
        read.lon, read.lat = (float(lon), float(lat)) if finite else (None, None)


def _check_places(reads: list[ReadAsset]) -> None:
    """Say which rows have no usable place; a whole file in metres is refused."""
    strange = 0
    for read in reads:
        if read.lon is None or read.lat is None:
            read.place_fault = say("no tiene coordenadas que se puedan leer")
        elif read.lon == 0 and read.lat == 0:
            read.place_fault = say("sus coordenadas son 0, 0")
        elif not rules.are_degrees(read.lon, read.lat):
            strange += 1
            read.place_fault = say("sus coordenadas ({lon:g}, {lat:g}) no son grados", lon=read.lon, lat=read.lat)
            read.attributes |= {"_lon": read.lon, "_lat": read.lat}
            read.lon = read.lat = None
    if rules.mostly(strange, len(reads)):
        raise InvalidInput(say("Las coordenadas del archivo no son grados: parecen metros. {ask_crs}", ask_crs=ASK_CRS))


def folded_name(read: ReadAsset) -> str:
    """The name for comparison."""
    return fold(read.name)
