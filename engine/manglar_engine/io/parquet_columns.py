"""Aligned columns in Parquet: what comes back is what went in, or an error that names the column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from manglar_engine.errors import FormatError
from manglar_engine.io.files import write_whole

Column = Sequence[str] | Sequence[bytes] | NDArray[Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a file by name and what its footer says."""

    name: str
    held: Mapping[str, Any]
    said: Mapping[str, str]

    def texts(self, column: str) -> list[str]:
        """Return a column of texts; refuse with :class:`FormatError` blanks and what is not text."""
        values: list[str] = self._column(column).to_pylist()
        wrong = [row for row, value in enumerate(values) if not isinstance(value, str)]
        if wrong:
            raise FormatError(f"{self.name}, column {column!r}: not text", rows=wrong, mend="Write it as text.")
        return values

    def blobs(self, column: str) -> list[bytes]:
        """Return a column of bytes."""
        return list(self._column(column).to_pylist())

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Return a column as float64; refuse with :class:`FormatError` blanks and what is not a number."""
        held = self._column(column)
        if not (pa.types.is_integer(held.type) or pa.types.is_floating(held.type)):
            raise FormatError(
                f"{self.name}, column {column!r} holds {held.type}, not numbers", mend="Write it as numbers."
            )
        if held.null_count:
            rows = np.flatnonzero(held.is_null().to_numpy(zero_copy_only=False)).tolist()
            raise FormatError(f"{self.name}, column {column!r}: blank cells", rows=rows, mend="Fill them.")
        return np.asarray(held.to_numpy(), dtype=np.float64)

    def _column(self, column: str) -> Any:
        if column not in self.held:
            raise FormatError(
                f"{self.name} has no column {column!r}",
                mend=f"It has: {', '.join(self.held)}. Rename or add the column.",
            )
        return self.held[column]


def write_columns(path: Path, columns: Mapping[str, Column], *, said: Mapping[str, str] | None = None) -> None:
    """Write columns of one length to ``path``, whole or not at all; ``said`` goes to the footer."""
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    table = table.replace_schema_metadata(dict(said or {}))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_whole(path, sink.getvalue().to_pybytes())


def read_columns(path: str | Path, *, required: Iterable[str] = ()) -> Columns:
    """Read a Parquet file.

    Raises:
        FormatError: it cannot be read, or lacks a required column.
    """
    path = Path(path)
    try:
        table = pq.ParquetFile(path).read()
    except OSError as error:
        raise FormatError(
            f"the file {path.name} cannot be opened: {error.strerror or error}",
            mend="Check the path and the permissions.",
        ) from error
    except pa.ArrowInvalid as error:
        raise FormatError(f"the file {path.name} is not Parquet: {error}", mend="Write it again as Parquet.") from error
    said = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    held = {name: table.column(name).combine_chunks() for name in table.column_names}
    columns = Columns(path.name, held, said)
    missing = [name for name in required if name not in held]
    if missing:
        raise FormatError(
            f"{path.name} lacks columns", rows=missing, mend=f"It has: {', '.join(held)}. Rename or add them."
        )
    return columns
