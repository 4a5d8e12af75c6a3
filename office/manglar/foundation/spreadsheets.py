"""Tables as files that a spreadsheet opens: nothing in them can run, and what comes out goes back in as it was."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

import openpyxl
from openpyxl.cell import WriteOnlyCell

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: With it Excel reads a CSV as UTF-8.
MARK = b"\xef\xbb\xbf"


def escape(text: str) -> str:
    """A text for a spreadsheet's cell that the spreadsheet will not run as a formula; a bare number is none."""
    return "'" + text if text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text) else text


def unescape(text: str) -> str:
    """Undo ``escape``."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield a CSV in UTF-8 line by line: any number of rows in constant memory."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    yield MARK
    for row in _all(header, rows):
        writer.writerow([escape(cell) for cell in row])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet whose cells are all text, so that the code 1.10 stays 1.10."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in _all(header, rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=escape(text))
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _all(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield header
    yield from rows
