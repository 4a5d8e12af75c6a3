"""Assets in GeoParquet, GeoPackage, shapefile, GeoJSON, Parquet or CSV: the same columns, nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from manglar_engine.errors import ExposureError, FormatError
from manglar_engine.exposure.assets import Assets
from manglar_engine.io.crs import same_crs
from manglar_engine.io.parquet import PARQUET, Columns, read_parquet, write_parquet
from manglar_engine.io.rasters import agreed
from manglar_engine.io.tables import read_table
from manglar_engine.io.vectors import DRIVERS, read_vectors

COLUMNS = ("id", "value", "people", "asset_class", "territory")


@dataclass(frozen=True, slots=True)
class AssetTerms:
    """What a file of assets may say of itself, or the caller says for it; both must agree.

    ``columns`` renames: ``{"value": "valor_pab"}`` reads the value from that column.
    """

    crs: str = ""
    currency: str = ""
    price_year: int | None = None
    columns: Mapping[str, str] | None = None


def read_assets(path: str | Path, terms: AssetTerms | None = None, *, layer: str = "") -> Assets:
    """Read assets with id, value, people, class and territory; places from geometry or columns x and y.

    Polygons and lines stand where shapely's representative point is, inside them.

    Raises:
        FormatError: unreadable, missing columns, or a file that does not say its coordinate system,
            currency or price year when the caller does not either, or says another.
        ExposureError: blank cells and whatever :class:`Assets` refuses, naming rows.
    """
    path, terms = Path(path), terms or AssetTerms()
    held = _held(path, layer)
    names = {name: (terms.columns or {}).get(name, name) for name in (*COLUMNS, "x", "y")}
    columns = {name: _filled(held, names[name]) for name in COLUMNS}
    x, y, crs = _places(held, names, terms)
    year = agreed(
        held.name,
        "price_year",
        "" if terms.price_year is None else str(terms.price_year),
        held.meaning.get("price_year", ""),
    )
    if not year.lstrip("-").isdigit():
        raise FormatError(f"{held.name}: price_year {year!r} is not a year", mend="Write a whole year.")
    return Assets(
        ids=[str(item) for item in columns["id"].tolist()],
        x=x,
        y=y,
        crs=crs,
        value=columns["value"],
        currency=agreed(held.name, "currency", terms.currency, held.meaning.get("currency", "")),
        price_year=int(year),
        people=columns["people"],
        asset_class=[str(item) for item in columns["asset_class"].tolist()],
        territory=[str(item) for item in columns["territory"].tolist()],
    )


def _held(path: Path, layer: str) -> Columns:
    """Return the columns of any of the formats, geometry included where there is one."""
    if path.suffix in PARQUET:
        return read_parquet(path)
    if path.suffix.lower() in DRIVERS:
        found = read_vectors(path, layer=layer)
        return Columns(found.name, found.columns, {}, found.geometry, found.crs)
    table = read_table(path)
    return Columns(table.name, {name: np.array(cells, dtype=object) for name, cells in table.columns.items()}, {})


def _filled(held: Columns, name: str) -> NDArray[Any]:
    try:
        return held.column(name)
    except FormatError as error:
        raise (ExposureError if error.rows else FormatError)(error.what, mend=error.mend, rows=error.rows) from error


def _places(
    held: Columns, names: Mapping[str, str], terms: AssetTerms
) -> tuple[NDArray[np.float64], NDArray[np.float64], str]:
    if held.geometry is None:
        crs = agreed(held.name, "crs", terms.crs, held.meaning.get("crs", ""))
        return _filled(held, names["x"]), _filled(held, names["y"]), crs
    missing = np.flatnonzero(shapely.is_missing(held.geometry) | shapely.is_empty(held.geometry))
    if missing.size:
        raise ExposureError(f"{held.name}: no geometry", rows=(missing + 1).tolist(), mend="Draw or leave out.")
    if terms.crs and not same_crs(terms.crs, held.crs):
        raise FormatError(f"{held.name} is in {held.crs} and {terms.crs} was asked for", mend="Project it first.")
    points = shapely.point_on_surface(held.geometry)
    return shapely.get_x(points), shapely.get_y(points), held.crs


def write_assets(path: str | Path, assets: Assets) -> None:
    """Write assets as GeoParquet points, with currency and price year in the file's metadata.

    Raises:
        OSError: the place cannot be written; nothing is left half-written.
    """
    columns = {
        "id": np.array(assets.ids, dtype=object),
        "value": assets.value,
        "people": assets.people,
        "asset_class": np.array(assets.asset_class, dtype=object),
        "territory": np.array(assets.territory, dtype=object),
    }
    meaning = {"currency": assets.currency, "price_year": str(assets.price_year)}
    points = shapely.points(assets.x, assets.y)
    write_parquet(path, Columns(Path(path).name, columns, meaning, points, assets.crs))
