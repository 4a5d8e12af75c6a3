"""A CSV or a workbook as rows of cells: numbers, dates and formulas as the person saw them."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.spreadsheets import unescape
from manglar.foundation.texts import decode

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_SHEETS = 20
#: A sheet whose formats reach further than its data ends after this many blank rows.
BLANK_ROWS_THAT_END_A_SHEET = 2_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as text, and what it was: a number may have lost its zeros, a date may have been a code."""

    text: str
    is_number: bool = False
    is_date: bool = False
    is_lost_formula: bool = False


BLANK = Cell("")


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its name and its non-blank rows, each with its number in the file."""

    name: str
    rows: list[tuple[int, list[Cell]]]


def read_csv(content: bytes) -> list[Grid]:
    """Read a CSV whatever its encoding and separator."""
    try:
        text = decode(content)
    except (ValueError, UnicodeError) as error:
        raise InvalidInput(
            say("El archivo no es texto legible: guárdelo como CSV UTF-8 y vuelva a intentarlo.")
        ) from error
    if "\x00" in text:
        raise InvalidInput(say("El archivo contiene caracteres nulos: guárdelo de nuevo como CSV UTF-8."))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        return [Grid("", _kept((number, [Cell(unescape(v.strip())) for v in row[:MAX_COLUMNS]])
                               for number, row in _numbered(lines)))]
    except csv.Error as error:
        raise InvalidInput(say("El CSV está mal escrito: {error}.", error=error)) from error


def _numbered(lines: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number that a spreadsheet gives them: a quoted line break does not count."""
    yield from enumerate(lines, start=1)


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most columns, the same number in most lines."""
    sample = "\n".join(text.splitlines()[:40])

    def score(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator) if any(row)]
        except csv.Error:
            return (0, 0)
        wide = [width for width in widths if width > 1]
        return (max((wide.count(width) * width for width in set(wide)), default=0), max(wide, default=0))

    return max((",", ";", "\t", "|"), key=score)


def read_xlsx(content: bytes) -> list[Grid]:
    """Read every visible sheet of a workbook; formulas give the value that was saved with them."""
    try:
        grids = list(_sheets(content, values=None))
        if any(cell.is_lost_formula for grid in grids for _, row in grid.rows for cell in row):
            saved = {grid.name: dict(grid.rows) for grid in _sheets(content, values=True)}
            grids = [Grid(grid.name, [_with_saved(row, saved.get(grid.name, {})) for row in grid.rows])
                     for grid in grids]
    except InvalidInput:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part made it raise
        raise InvalidInput(say("El libro de Excel está dañado o protegido: ábralo y guárdelo de nuevo.")) from error
    return grids


def _with_saved(row: tuple[int, list[Cell]], saved: dict[int, list[Cell]]) -> tuple[int, list[Cell]]:
    """Put in the place of each formula the value that the spreadsheet saved with it, where it did."""
    number, cells = row
    values = saved.get(number, [])
    return number, [
        values[i] if cell.is_lost_formula and i < len(values) and values[i].text else cell
        for i, cell in enumerate(cells)
    ]


def _sheets(content: bytes, *, values: bool | None) -> Iterator[Grid]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=bool(values))
    try:
        for sheet in book.worksheets[:MAX_SHEETS]:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()
                rows = ((number, [_cell(cell) for cell in row[:MAX_COLUMNS]])
                        for number, row in enumerate(sheet.iter_rows(), start=1))
                yield Grid(sheet.title, _kept(rows))
    finally:
        book.close()


def _kept(rows: Iterable[tuple[int, list[Cell]]]) -> list[tuple[int, list[Cell]]]:
    """The rows that say something; refuse a file that is no plan by its size, end one that only has formats left."""
    kept: list[tuple[int, list[Cell]]] = []
    blanks = 0
    for number, cells in rows:
        if any(cell.text or cell.is_lost_formula for cell in cells):
            kept.append((number, cells))
            blanks = 0
        else:
            blanks += 1
        if len(kept) > MAX_ROWS:
            raise InvalidInput(
                say(
                    "El archivo tiene más de {max_rows:,} filas con datos: un plan no es tan largo. Revise que sea la hoja correcta o divídalo.",
                    max_rows=MAX_ROWS,
                )
            )
        if blanks > BLANK_ROWS_THAT_END_A_SHEET:
            break
    return kept


def _cell(cell: Any) -> Cell:
    """A workbook's cell as the person saw it."""
    value = cell.value
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return Cell("sí" if value else "no")
    if isinstance(value, int | float):
        return Cell(_number(value, str(cell.number_format or "")), is_number=True)
    if isinstance(value, dt.datetime | dt.date):
        return Cell(value.strftime("%Y-%m-%d"), is_date=True)
    text = str(value).replace("\xa0", " ").strip()
    if cell.data_type == "f":
        return Cell("", is_lost_formula=True)
    return Cell(unescape(text))


def _number(value: float, number_format: str) -> str:
    """1.0 is «1»; 1.1 shown with two decimals is «1.10», as on the screen."""
    if float(value).is_integer() and "0.0" not in number_format:
        return str(int(value))
    if number_format in {"0.00", "0.0", "0.000"}:
        return f"{value:.{len(number_format) - 2}f}"
    return repr(round(float(value), 10))
