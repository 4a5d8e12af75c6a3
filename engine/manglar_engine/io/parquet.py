"""Parquet tables and GeoParquet points: columns with what they mean written in the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyproj
import shapely
from numpy.typing import NDArray
from pyarrow import parquet

from manglar_engine.errors import FormatError
from manglar_engine.io.crs import projjson
from manglar_engine.io.files import written_whole

GEO_VERSION = "1.1.0"
"""GeoParquet specification that is written: WKB in one column, PROJJSON in the file's metadata."""
PARQUET = {".parquet", ".geoparquet"}
"""Endings that are read."""
OWN = b"manglar"
"""Key under which a table says its units, currency and year."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of one length; ``meaning`` is what the file says of them; ``geometry`` of a GeoParquet file."""

    name: str
    columns: Mapping[str, NDArray[Any]]
    meaning: Mapping[str, str]
    geometry: NDArray[np.object_] | None = None
    crs: str = ""

    def column(self, name: str) -> NDArray[Any]:
        """Return a column without blanks.

        Raises:
            FormatError: it does not exist, or has blank cells, named by row from 1.
        """
        if name not in self.columns:
            raise FormatError(f"{self.name} has no column {name!r}", mend=f"It has: {', '.join(self.columns)}.")
        values = self.columns[name]
        if values.dtype.kind == "O":  # texts: a blank is no value, no letters, or a number that is none
            blank = _among(values, None) | _among(values, "") | ~_among(values, values)
        else:
            blank = np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), dtype=bool)
        if blank.any():
            raise FormatError(
                f"{self.name}, column {name!r}: blank cells",
                rows=(np.flatnonzero(blank) + 1).tolist(),
                mend="Fill them: nothing is guessed.",
            )
        return values

    def told(self, key: str) -> str:
        """Return what the file says of ``key``; raise :class:`FormatError` where it is silent."""
        if not self.meaning.get(key, "").strip():
            raise FormatError(
                f"{self.name} does not say its {key}",
                mend=f"Write {key} in the file's metadata, or say it in the call.",
            )
        return self.meaning[key]


def _among(values: NDArray[Any], wanted: Any) -> NDArray[np.bool_]:
    return np.asarray(np.equal(values, wanted), dtype=np.bool_)


def read_parquet(path: str | Path) -> Columns:
    """Read a Parquet table; a GeoParquet file gives its geometries and coordinate system too.

    Raises:
        FormatError: unreadable, no rows, or geometry without a coordinate system or an encoding of WKB.
    """
    path = Path(path)
    try:
        table = parquet.read_table(path)
    except (OSError, pyarrow.ArrowInvalid) as error:
        raise FormatError(f"{path.name} cannot be read as Parquet: {error}", mend="Write it again.") from error
    if not table.num_rows:
        raise FormatError(f"{path.name} holds no rows", mend="Write one or more.")
    metadata = table.schema.metadata or {}
    meaning = {str(k): str(v) for k, v in json.loads(metadata.get(OWN, b"{}")).items()}
    columns = {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}
    if b"geo" not in metadata:
        return Columns(path.name, columns, meaning)
    primary, crs = _geo(path.name, json.loads(metadata[b"geo"]))
    shapes = shapely.from_wkb(columns.pop(primary))
    return Columns(path.name, columns, meaning, shapes, crs)


def _geo(name: str, geo: Mapping[str, Any]) -> tuple[str, str]:
    """Return the primary column and its coordinate system; an absent ``crs`` is OGC:CRS84 by the standard."""
    primary = str(geo["primary_column"])
    column = geo["columns"][primary]
    if column.get("encoding") != "WKB":
        raise FormatError(f"{name}: geometry is encoded as {column.get('encoding')}", mend="Write it as WKB.")
    if "crs" not in column:
        return primary, "EPSG:4326"
    if column["crs"] is None:
        raise FormatError(f"{name} says that its coordinate system is unknown", mend="Assign it: nothing is guessed.")
    system = pyproj.CRS.from_json_dict(column["crs"])
    code = system.to_authority()
    if code == ("OGC", "CRS84"):
        return primary, "EPSG:4326"  # longitude first in both, as GeoParquet orders all axes
    return primary, ":".join(code) if code else system.to_wkt()


def write_parquet(path: str | Path, held: Columns) -> None:
    """Write columns, what they mean, and the geometry with its system where there is one.

    Raises:
        FormatError: columns of different lengths.
    """
    path = Path(path)
    arrays = {name: pyarrow.array(values.tolist()) for name, values in held.columns.items()}
    metadata = {OWN: json.dumps(dict(held.meaning), ensure_ascii=False, sort_keys=True).encode()}
    if held.geometry is not None:
        arrays["geometry"] = pyarrow.array(shapely.to_wkb(held.geometry).tolist(), type=pyarrow.binary())
        kinds = sorted({str(shape.geom_type) for shape in held.geometry})
        column = {"encoding": "WKB", "geometry_types": kinds, "crs": projjson(held.crs)}
        geo = {"version": GEO_VERSION, "primary_column": "geometry", "columns": {"geometry": column}}
        metadata[b"geo"] = json.dumps(geo, sort_keys=True).encode()
    if len({len(array) for array in arrays.values()}) != 1:
        raise FormatError(f"{path.name}: columns have different lengths", mend="Give one entry per row.")
    table = pyarrow.table(arrays).replace_schema_metadata(metadata)
    with written_whole(path) as made:
        parquet.write_table(table, made, compression="zstd")
