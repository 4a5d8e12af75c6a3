"""CSV tables as columns, with the row numbers that a person sees in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import FormatError
from manglar_engine.io.columns import among_unknown

FIRST_ROW = 2
"""The header stands in row 1 of a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Table:
    """Texts by column; every column has ``length`` cells, in file order."""

    name: str
    columns: Mapping[str, tuple[str, ...]]
    length: int

    def texts(self, column: str) -> tuple[str, ...]:
        """Return the cells of ``column``; raise :class:`FormatError` when it does not exist."""
        if column not in self.columns:
            raise FormatError(
                f"{self.name} has no column {column!r}",
                mend=f"It has: {', '.join(self.columns)}. Rename or add the column.",
            )
        return self.columns[column]

    def measured(self, column: str) -> NDArray[np.float64]:
        """Return ``column`` as :meth:`numbers`; refuse too what stands for no datum, with its rows."""
        values = self.numbers(column)
        unsaid = np.flatnonzero(among_unknown(values))
        if unsaid.size:
            raise FormatError(
                f"{self.name}, column {column!r}: numbers that mean no datum (nodata)",
                rows=[f"{FIRST_ROW + i}: {self.texts(column)[i]}" for i in unsaid],
                mend="Are they? Leave these rows out: nothing is guessed.",
            )
        return values

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Return ``column`` as float64; blank, unreadable or infinite cells raise with their rows."""
        texts = self.texts(column)
        values = np.array([_number(text) for text in texts], dtype=np.float64)
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size:
            raise FormatError(
                f"{self.name}, column {column!r}: not a number",
                rows=[f"{FIRST_ROW + i}: {texts[i]!r}" for i in bad],
                mend="Write plain numbers with a decimal point and no thousands separator.",
            )
        return values


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def read_table(path: str | Path, *, required: Iterable[str] = ()) -> Table:
    """Read a CSV file with a header in UTF-8.

    Raises:
        FormatError: unreadable, empty, ragged rows, repeated or missing columns.
    """
    path = Path(path)
    rows = _rows(path)
    if len(rows) < FIRST_ROW:
        raise FormatError(f"{path.name} holds no rows", mend="Write a header and one row or more.")
    header = [cell.strip() for cell in rows[0]]
    if len(set(header)) != len(header):
        raise FormatError(f"{path.name} repeats a column name", mend="Name every column once.")
    ragged = [i + FIRST_ROW for i, row in enumerate(rows[1:]) if len(row) != len(header)]
    if ragged:
        raise FormatError(
            f"{path.name} has rows with another number of cells than its header",
            rows=ragged,
            mend="Quote the cells that hold commas.",
        )
    columns = {name: tuple(row[position].strip() for row in rows[1:]) for position, name in enumerate(header)}
    table = Table(name=path.name, columns=columns, length=len(rows) - 1)
    for column in required:
        table.texts(column)
    return table


DECIMAL = re.compile(r"^[+-]?\d+(,\d+)?([eE][+-]?\d+)?$")
THOUSANDS = re.compile(r"^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$")


def _with_points(name: str, rows: Sequence[list[str]]) -> Sequence[list[str]]:
    """Return the rows of a table with semicolons, its decimal commas as points.

    A column of numbers alone is read so; texts stay. Points of thousands are refused, with their rows: one cell
    cannot say whether 1.234 is a thousand or one and a bit.
    """
    commas = any(DECIMAL.match(cell.strip()) and "," in cell for row in rows[1:] for cell in row)
    doubtful = [
        f"{number}: {cell.strip()}"
        for number, row in enumerate(rows, start=1)
        for cell in row
        if number > 1 and THOUSANDS.match(cell.strip()) and (commas or "," in cell)
    ]
    if doubtful:
        raise FormatError(
            f"{name} has semicolons, and numbers with a point where the comma is the decimal mark",
            rows=doubtful,
            mend="Take the points of thousands away (1234,5 and not 1.234,5), or save it with decimal points.",
        )
    held = {
        column
        for column in range(len(rows[0]) if rows else 0)
        if all(DECIMAL.match(cell) for row in rows[1:] for cell in row[column : column + 1] if cell.strip())
    }
    return [
        row if number == 0 else [c.replace(",", ".") if i in held else c for i, c in enumerate(row)]
        for number, row in enumerate(rows)
    ]


def _rows(path: Path) -> Sequence[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            text = stream.read()
        first = text.split("\n", 1)[0]
        if ";" in first and "," not in first:  # as spreadsheets write it where the comma is the decimal mark
            return _with_points(
                path.name, [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if row]
            )
        return [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except OSError as error:
        raise FormatError(
            f"the file {path.name} cannot be opened: {error.strerror}",
            mend="Check the path and the permissions.",
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(
            f"the file {path.name} is not a CSV table in UTF-8: {error}",
            mend="Save it again as CSV, UTF-8.",
        ) from error
