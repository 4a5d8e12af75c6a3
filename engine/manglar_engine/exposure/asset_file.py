"""Assets in GeoParquet 1.1: one point each, and the columns of :class:`Assets`.

https://geoparquet.org/releases/v1.1.0/ says what the footer holds: the column of geometries, its
encoding (WKB), its types and its coordinate system as PROJJSON.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import shapely

from manglar_engine.errors import FormatError
from manglar_engine.exposure.assets import Assets
from manglar_engine.io.crs import projjson
from manglar_engine.io.parquet_columns import Columns, read_columns, write_columns

TEXTS = ("id", "territory", "asset_class")
NUMBERS = ("value", "people")
SAID = "manglar"
"""Key of the footer with what GeoParquet has no place for: currency and year of the values."""


def write_assets(path: Path, assets: Assets) -> None:
    """Write assets as GeoParquet with point geometries."""
    points = shapely.to_wkb(shapely.points(assets.x, assets.y), byte_order=1)
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"], "crs": projjson(assets.crs)}},
    }
    said = {"crs": assets.crs, "currency": assets.currency, "price_year": assets.price_year}
    write_columns(
        path,
        {
            "id": list(assets.ids),
            "geometry": points.tolist(),
            "territory": list(assets.territory),
            "asset_class": list(assets.asset_class),
            "value": assets.value,
            "people": assets.people,
        },
        said={"geo": json.dumps(geo, sort_keys=True), SAID: json.dumps(said, sort_keys=True)},
    )


def read_assets(
    path: str | Path, *, currency: str | None = None, price_year: int | None = None, crs: str | None = None
) -> Assets:
    """Read assets from GeoParquet; what the footer does not say must be given.

    Raises:
        FormatError: unreadable, a column missing, geometries that are not points, or no currency, year
            or coordinate system in the footer nor given, or given otherwise than the footer says.
        ExposureError: assets that disagree.
    """
    held = read_columns(path, required=(*TEXTS, "geometry", *NUMBERS))
    points = shapely.from_wkb(held.blobs("geometry"))
    wrong = np.flatnonzero((shapely.get_type_id(points) != 0) | shapely.is_empty(points))
    if wrong.size:
        raise FormatError(
            f"{held.name} has geometries that are not points", rows=wrong.tolist(), mend="Give each asset one point."
        )
    said = _said(held)
    given = {"currency": currency, "price_year": price_year, "crs": crs}
    for name, value in given.items():
        if value is not None and said.get(name, value) != value:
            raise FormatError(
                f"{held.name} says {name} {said[name]!r} and {value!r} was given", mend="Leave it out, or correct one."
            )
        if value is None and name not in said:
            raise FormatError(f"{held.name} does not say its {name}", mend=f"Give {name}.")
    settled = {name: value if value is not None else said[name] for name, value in given.items()}
    return Assets(
        ids=held.texts("id"),
        x=shapely.get_x(points),
        y=shapely.get_y(points),
        crs=str(settled["crs"]),
        value=held.numbers("value"),
        currency=str(settled["currency"]),
        price_year=int(str(settled["price_year"])),
        people=held.numbers("people"),
        asset_class=held.texts("asset_class"),
        territory=held.texts("territory"),
    )


def _said(held: Columns) -> dict[str, object]:
    """Return what our own footer says, and the coordinate system that GeoParquet's names by its code."""
    said: dict[str, object] = dict(json.loads(held.said.get(SAID, "{}")))
    column = json.loads(held.said.get("geo", "{}")).get("columns", {}).get("geometry", {})
    code = (column.get("crs") or {}).get("id")
    if "crs" not in said and code:
        said["crs"] = f"{code['authority']}:{code['code']}"
    return said
