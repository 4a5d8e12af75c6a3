"""The reading of a file of divisions: rows become values, or row problems. Nothing here asks the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from manglar.foundation.numbers import Number, read_count, read_number, says_nothing, writes_decimal_comma
from manglar.foundation.refusals import InvalidInput, RowProblem
from manglar.foundation.sentences import Said, choose, say
from manglar.territory.choices import Level
from manglar.territory.rules import columns as headers
from manglar.territory.rules.codes import MAX_CODE, code_from_name, composed_code, tidy_code
from manglar.territory.rules.geometry import CannotMendError, Geometry, area_in_km2, area_m2, in_degrees, mended
from manglar.territory.rules.names import capitalised
from manglar.territory.services.geofiles import choose_columns, is_blank
from manglar.territory.services.systems import ASK_CRS
from manglar.territory.services.tables import ASK_COLUMNS, ASK_HEADINGS, Row, Table

#: The level above, where a file names a parent that has to be created.
LEVEL_ABOVE = {
    Level.PROVINCE: Level.COUNTRY, Level.MUNICIPALITY: Level.PROVINCE, Level.DISTRICT: Level.PROVINCE,
    Level.CORREGIMIENTO: Level.DISTRICT, Level.ZONE: Level.DISTRICT, Level.NEIGHBOURHOOD: Level.ZONE,
}
_ASK_YEAR = choose(page=say("Escríbalo en «Año de la población»."), command=say("Use --population-year."))
_KM2_HEADERS = {"area_km2": 1.0, "superficie_km2": 1.0, "area_m2": 1e-6, "area_ha": 1e-2}


@dataclass(frozen=True, slots=True)
class Ancestor:
    """What a row says that it is part of."""

    level: str
    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.name and self.code else self.name or self.code


@dataclass(slots=True)
class Read:
    """One row as values; ``problem`` says why it cannot be used."""

    number: int
    code: str = ""
    name: str = ""
    code_is_made: bool = False
    ancestors: tuple[Ancestor, ...] = ()
    area_km2: float | None = None
    people: int | None = None
    people_year: int | None = None
    source: str = ""
    aliases: tuple[str, ...] = ()
    outline: Geometry = None
    repaired: bool = False
    repair: Said = ""
    problem: Said = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file of divisions as values, with the columns that were used and remarks on the whole."""

    rows: list[Read]
    columns: dict[str, str]
    notes: list[Said] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    table: Table
    level: str
    fields: dict[str, str]
    parts: tuple[str, ...]
    code_prefix: str
    populations: list[tuple[int, str]]
    decimal_comma: bool = False
    odd: list[Said] = field(default_factory=list)

    def read(self, row: Row) -> Read:
        values = row.values
        read = Read(row.number, name=capitalised(self._text(values, "name")))
        read.code = tidy_code(values.get(self.fields.get("code", "")))
        read.code_is_made = not read.code
        read.code = self.code_prefix + read.code if read.code else code_from_name(read.name, prefix=self.code_prefix)
        read.ancestors = self._ancestors(values)
        read.source = self._text(values, "source")
        read.aliases = tuple(part.strip() for part in self._text(values, "alias").split(";") if part.strip())
        read.problem = _naming_problem(read)
        if not read.problem:
            self._read_population(read, values)
        if not read.problem and self.table.has_geometry:
            self._read_outline(read, row)
        if not read.problem:
            self._read_area(read, values)
        return read

    def _text(self, values: Mapping[str, Any], field_name: str) -> str:
        cell = values.get(self.fields.get(field_name, ""))
        return "" if is_blank(cell) else str(cell).strip()

    def _ancestors(self, values: Mapping[str, Any]) -> tuple[Ancestor, ...]:
        above = LEVEL_ABOVE.get(Level(self.level))
        if above is None:
            return ()
        code = composed_code([values.get(column) for column in self.parts]) or tidy_code(
            values.get(self.fields.get("parent", "")))
        name = capitalised(self._text(values, "parent_name"))
        if not code and not name:
            return ()
        chain = [Ancestor(above, code, name)]
        if self.level == Level.CORREGIMIENTO and len(self.parts) == 2:
            province = capitalised(self._text(values, "province_name"))
            chain.insert(0, Ancestor(Level.PROVINCE, composed_code([values.get(self.parts[0])]), province))
        return tuple(chain)

    def _read_population(self, read: Read, values: Mapping[str, Any]) -> None:
        for year, column in self.populations:
            cell = values.get(column)
            if says_nothing(cell):
                continue
            people = read_count(cell)
            if people.value is None:
                read.problem = say("la población {problem}.", problem=people.sentence)
                return
            self._note_odd(read, column, people)
            read.people, read.people_year = int(people.value), year
            return

    def _read_outline(self, read: Read, row: Row) -> None:
        if row.geometry is None:
            return
        try:
            read.outline, read.repaired = mended(row.geometry)
        except CannotMendError as error:
            read.problem = error.said
            return
        read.repaired, read.repair = read.repaired or bool(row.repair), row.repair
        if not in_degrees(read.outline):
            read.outline = None
            read.problem = say("sus coordenadas no son grados. {ask_crs}", ask_crs=ASK_CRS)

    def _read_area(self, read: Read, values: Mapping[str, Any]) -> None:
        column = self.fields.get("area", "")
        number = read_number(values.get(column), decimal_comma=self.decimal_comma)
        stated = number.value
        if stated is not None and stated < 0:
            read.problem = say("la superficie «{cell}» es negativa.", cell=values.get(column))
            return
        self._note_odd(read, column, number)
        if read.outline is not None:
            read.area_km2 = area_in_km2(stated=stated, computed_m2=area_m2(read.outline))
        elif stated is not None and headers.header_key(column) in _KM2_HEADERS:
            read.area_km2 = round(stated * _KM2_HEADERS[headers.header_key(column)], 6)

    def _note_odd(self, read: Read, column: str, number: Number) -> None:
        if number.sentence:
            self.odd.append(say("{problem}.", problem=RowProblem(read.number, number.sentence, column)))


def _naming_problem(read: Read) -> Said:
    if not read.name:
        return say("le falta el nombre.")
    if len(read.name) > 120:
        return say("su nombre pasa de 120 caracteres: «{name}…».", name=read.name[:40])
    if not read.code or len(read.code) > MAX_CODE:
        return say(
            "su código «{code}» debe tener entre 1 y {max_code} caracteres.", code=read.code[:40], max_code=MAX_CODE
        )
    return ""


def read_divisions(
    table: Table, *, level: str, mapping: Mapping[str, str], code_prefix: str = "", population_year: int | None = None
) -> Reading:
    """Read a table as divisions of a level; refuse a file in which the name cannot be found."""
    fields = choose_columns(table.columns, wanted_columns(level), asked=mapping)
    if "name" not in fields:
        raise InvalidInput(
            say(
                "No se sabe qué columna es el nombre. El archivo tiene: {columns}. {ask_columns} {ask_headings}",
                ask_columns=ASK_COLUMNS,
                columns=", ".join(table.columns) or say("ninguna"),
                ask_headings=ASK_HEADINGS,
            )
        )
    notes = list(table.notes)
    if "code" not in fields:
        notes.append(
            say("El archivo no tiene códigos: se hacen con el nombre. ¿Los hay? {ask_columns}", ask_columns=ASK_COLUMNS)
        )
    populations, more = _populations(table, mapping.get("population"), population_year)
    parts = () if mapping.get("parent") else headers.parent_parts(table.columns, level)
    reader = _Reader(table, level, fields, parts, code_prefix, populations)
    reader.decimal_comma = writes_decimal_comma(row.values.get(fields.get("area", "")) for row in table.rows)
    rows = [reader.read(row) for row in table.rows]
    _refuse_faults(table, rows)
    _refuse_repeated(rows)
    return Reading(rows, fields, [*notes, *more, *reader.odd])


def wanted_columns(level: str) -> dict[str, tuple[str, ...]]:
    """The headers that are known for each field of a file of a level."""
    return {**headers.wanted_of_level(level), "province_name": ("prov_nomb", "provincia", "province")}


def _populations(table: Table, asked: str | None, year: int | None) -> tuple[list[tuple[int, str]], list[Said]]:
    found = headers.population_columns(table.columns) if asked is None else []
    if asked:
        known = headers.population_columns(table.columns)
        found = [(next((y for y, c in known if c == asked), None), asked)]
    dated = [(said or year, column) for said, column in found if said or year]
    undated = [column for said, column in found if not (said or year)]
    notes: list[Said] = [
        say(
            "No se tomó la población de «{column}»: no dice de qué año es. {ask_year}", column=column, ask_year=_ASK_YEAR
        )
        for column in undated
    ]
    return [(said, column) for said, column in dated if said is not None], notes


def _refuse_faults(table: Table, rows: list[Read]) -> None:
    faults = {
        number: say("«{column}» {problem}", column=column, problem=said) if column else said
        for number, column, said in table.faults
    }
    for row in rows:
        row.problem = row.problem or faults.get(row.number, "")


def _refuse_repeated(rows: list[Read]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if row.problem:
            continue
        if row.code in first:
            row.problem = say(
                "repite el código {code} de la fila {row}: deje una sola fila por territorio.",
                code=row.code,
                row=first[row.code],
            )
        first.setdefault(row.code, row.number)
