"""Tables as people send them: a CSV or a sheet of a workbook becomes rows under their headings."""

import csv
import io
import itertools
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import lazy_loader

from manglar.foundation.numbers import read_number
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, choose, listed, say
from manglar.foundation.texts import decode
from manglar.operations import filetypes
from manglar.territory.rules.columns import GENERIC, header_key
from manglar.territory.rules.geometry import Geometry

openpyxl = lazy_loader.load("openpyxl")

MAX_ROWS = 300_000
MAX_COLUMNS = 500
#: How many rows may stand above the heading: a title, a date, who made it.
MAX_TITLE_ROWS = 10
DELIMITERS = ",;\t|"
ASK_HEADINGS = say("Si hay un título encima de los encabezados, borre esas filas.")
#: How to say which column is which, where a sentence asks for it.
ASK_COLUMNS = choose(
    page=say("Dígalo abajo, en «Qué es cada columna»."),
    command=say("Dígalo con --map campo=COLUMNA, por ejemplo --map name=BARRIO."),
)
_FIRST_HEADERS = frozenset(header for headers in GENERIC.values() for header in headers)

csv.field_size_limit(filetypes.MAX_BYTES)  # the outline of a district as text is longer than Python's 128 KiB

TOO_LONG = say("El archivo pasa de {max_rows:,} filas: divídalo.", max_rows=MAX_ROWS)
Line = tuple[int, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number as a person counts it, its values, and its geometry in degrees.

    ``repair`` says what had to be done for its geometry to be read at all.
    """

    number: int
    values: dict[str, Any]
    geometry: Geometry = None
    repair: Said = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file as rows; ``faults`` are cells that could not be read, as (row, column, sentence)."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    has_geometry: bool = False
    faults: tuple[tuple[int, str, Said], ...] = ()
    notes: tuple[Said, ...] = field(default=())


def unique_names(headers: Iterable[Any]) -> list[str]:
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


def counted(rows: Iterable[Any]) -> Iterator[Any]:
    """The rows one by one; refuse a file with too many."""
    for count, row in enumerate(rows):
        if count > MAX_ROWS:
            raise InvalidInput(TOO_LONG)
        yield row


def _is_filled(cell: Any) -> bool:
    return cell is not None and bool(str(cell).strip())


def _below_title(lines: list[Line]) -> tuple[list[Line], list[Said]]:
    """The lines from the heading on: rows of one cell above a wider one of texts are a title, and that is said."""
    for place, (number, cells) in enumerate(lines[: MAX_TITLE_ROWS + 1]):
        filled = [cell for cell in cells if _is_filled(cell)]
        if len(filled) == 1 and header_key(str(filled[0])) not in _FIRST_HEADERS:
            continue
        if not place or any(read_number(cell).value is not None for cell in filled):
            break
        return lines[place:], [
            say(
                "Lo que hay encima de la fila {number} se tomó por título: los encabezados son los de esa fila.",
                number=number,
            )
        ]
    return lines, []


def read_csv(content: bytes) -> Table:
    """Read a CSV whatever its encoding and separator."""
    try:
        text = decode(content)
    except ValueError as error:
        raise InvalidInput(
            say("El archivo no es texto legible: guárdelo como CSV UTF-8 y vuelva a intentarlo.")
        ) from error
    text = text.lstrip("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    lines: list[Line] = []
    try:
        for cells in counted(reader):
            if any(cell.strip() for cell in cells):
                lines.append((reader.line_num, cells))
    except csv.Error as error:
        raise InvalidInput(
            say("El CSV está mal escrito cerca de la línea {line_num}: {error}.", line_num=reader.line_num, error=error)
        ) from error
    return _under_headings(lines, blank="")


def _delimiter(text: str) -> str:
    """The separator that the first line with one has most of."""
    separated = (line for line in text.splitlines() if any(each in line for each in DELIMITERS))
    return max(DELIMITERS, key=next(separated, "").count)


def _under_headings(lines: list[Line], *, blank: Any) -> Table:
    if not lines:
        return Table((), ())
    lines, notes = _below_title(lines)
    headers = unique_names(lines[0][1])
    faults: list[tuple[int, str, Said]] = []
    rows = []
    for number, cells in lines[1:]:
        if any(_is_filled(cell) for cell in cells[len(headers):]):
            said = say("tiene {count} celdas y el encabezado {headers}.", count=len(cells), headers=len(headers))
            faults.append((number, "", said))
        values = itertools.zip_longest(headers, cells[: len(headers)], fillvalue=blank)
        rows.append(Row(number, dict(values)))
    return Table(tuple(headers), tuple(rows), faults=tuple(faults), notes=tuple(notes))


def read_xlsx(content: bytes, sheet: str = "") -> Table:
    """Read one sheet of a workbook: the one asked for, else the first visible one with data, and say which."""
    _refuse_too_long(content)
    name, lines, notes = _sheet(content, sheet, values=False)
    formulas = {
        (number, place) for number, cells in lines for place, cell in enumerate(cells)
        if isinstance(cell, str) and cell.startswith("=")
    }
    if formulas:
        _, lines, _ = _sheet(content, name, values=True)
    table = _under_headings(lines, blank=None)
    faults = [
        (
            number,
            table.columns[place],
            say("tiene una fórmula sin resultado guardado: ábralo en Excel y guárdelo otra vez."),
        )
        for number, cells in lines for place in range(min(len(table.columns), len(cells)))
        if (number, place) in formulas and cells[place] is None
    ]
    return replace(table, faults=(*table.faults, *faults), notes=(*notes, *table.notes))


def _refuse_too_long(content: bytes) -> None:
    """Count the rows of each sheet as text: to find out by reading them would take a minute of everybody's server."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for part in book.namelist():
                if part.startswith("xl/worksheets/") and _rows_in(book, part) > MAX_ROWS:
                    raise InvalidInput(TOO_LONG)
    except (zipfile.BadZipFile, EOFError, zlib.error):
        return  # what is broken is said by the reader


def _rows_in(book: zipfile.ZipFile, part: str) -> int:
    count, tail = 0, b""
    with book.open(part) as sheet:
        while piece := sheet.read(1_000_000):
            count += (tail + piece).count(b"<row ")
            tail = piece[-4:]
    return count


def _sheet(content: bytes, asked: str, *, values: bool) -> tuple[str, list[Line], list[Said]]:
    """The name of a sheet, its rows that say something: what formulas gave (``values``) or the formulas, and a remark."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
        try:
            return _chosen_sheet(book, asked)
        finally:
            book.close()
    except InvalidInput:
        raise
    except Exception as error:  # openpyxl lets any error of zip or XML through
        raise InvalidInput(
            say("El libro de Excel está dañado: ábralo, guárdelo otra vez e inténtelo de nuevo.")
        ) from error


def _chosen_sheet(book: Any, asked: str) -> tuple[str, list[Line], list[Said]]:
    if asked and asked not in book.sheetnames:
        raise InvalidInput(
            say(
                "El libro no tiene la hoja «{layer}». Tiene: {sheetnames}.",
                layer=asked,
                sheetnames=", ".join(book.sheetnames),
            )
        )
    visible = [each for each in book.worksheets if each.sheet_state == "visible"]
    if not asked and not visible:
        raise InvalidInput(say("Todas las hojas del libro están ocultas: muestre la que tiene los datos."))
    for sheet in [book[asked]] if asked else visible:
        rows = enumerate(counted(sheet.iter_rows(values_only=True)), 1)
        lines: list[Line] = [(number, cells) for number, cells in rows if any(_is_filled(cell) for cell in cells)]
        if lines:
            break
    others = [
        each.title if each.sheet_state == "visible" else say("{sheet} (oculta)", sheet=each.title)
        for each in book.worksheets if each.title != sheet.title
    ]
    remark = say("Se leyó la hoja «{sheet}»; también hay: {others}.", sheet=sheet.title, others=listed(others))
    return sheet.title, lines, [remark] if others else []


def without_broken_text(table: Table) -> Table:
    """Half characters (lone surrogates) cannot be kept nor shown: each becomes «�», and its row has a fault."""
    faults = list(table.faults)
    rows = []
    for row in table.rows:
        broken = [column for column, cell in row.values.items() if _is_broken(column) or _is_broken(cell)]
        if broken:
            said = say("tiene un carácter roto, que se ve como «�»: corríjalo en el archivo original.")
            faults += [(row.number, _whole(column), said) for column in broken]
            values = {_whole(column): _whole(cell) for column, cell in row.values.items()}
            rows.append(replace(row, values=values))
        else:
            rows.append(row)
    columns = tuple(_whole(column) for column in table.columns)
    return replace(table, columns=columns, rows=tuple(rows), faults=tuple(faults))


def _is_broken(cell: Any) -> bool:
    text = json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, list | dict) else cell
    return isinstance(text, str) and not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)


def _whole(cell: Any) -> Any:
    if isinstance(cell, str):
        return "".join("�" if "\ud800" <= letter <= "\udfff" else letter for letter in cell)
    if isinstance(cell, list):
        return [_whole(each) for each in cell]
    return {_whole(key): _whole(each) for key, each in cell.items()} if isinstance(cell, dict) else cell
