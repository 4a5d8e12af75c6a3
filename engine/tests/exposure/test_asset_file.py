from __future__ import annotations

import json

import made_impact as made
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from manglar_engine import FormatError, read_assets, write_assets


def test_assets_come_back_from_geoparquet_as_they_went_in(tmp_path):
    one = made.assets()
    write_assets(tmp_path / "a.parquet", one)
    back = read_assets(tmp_path / "a.parquet")
    for name in ("ids", "territory", "asset_class", "currency", "price_year", "crs"):
        assert getattr(back, name) == getattr(one, name)
    for name in ("x", "y", "value", "people"):
        assert (getattr(back, name) == getattr(one, name)).all()
    geo = json.loads(pq.read_schema(tmp_path / "a.parquet").metadata[b"geo"])
    assert geo["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 32617}


def foreign(path, geometry, **said):
    """A file of someone else: it has no place for currency and year."""
    one = made.assets(1)
    columns = {"id": one.ids, "territory": one.territory, "asset_class": one.asset_class, "value": [1], "people": [2]}
    table = pa.table({**columns, "geometry": [shapely.to_wkb(geometry)]})
    pq.write_table(table.replace_schema_metadata({key: json.dumps(value) for key, value in said.items()}), path)
    return path


POINT = shapely.Point(660_000, 990_000)
GEO = {"columns": {"geometry": {"crs": {"id": {"authority": "EPSG", "code": 32617}}}}}


def test_what_the_file_does_not_say_must_be_given(tmp_path):
    path = foreign(tmp_path / "a.parquet", POINT, geo=GEO)
    held = read_assets(path, currency="PAB", price_year=2024)
    assert (held.crs, held.currency, held.price_year) == ("EPSG:32617", "PAB", 2024)
    with pytest.raises(FormatError, match="does not say its price_year"):
        read_assets(path, currency="PAB")
    with pytest.raises(FormatError, match="says crs 'EPSG:32617' and 'EPSG:4326' was given"):
        read_assets(path, currency="PAB", price_year=2024, crs="EPSG:4326")
    with pytest.raises(FormatError, match="does not say its crs"):
        read_assets(foreign(tmp_path / "b.parquet", POINT), currency="PAB", price_year=2024)


def test_an_asset_that_is_not_a_point_is_refused_by_row(tmp_path):
    path = foreign(tmp_path / "a.parquet", shapely.box(0, 0, 1, 1), geo=GEO)
    with pytest.raises(FormatError, match=r"not points \(rows: 0\)"):
        read_assets(path, currency="PAB", price_year=2024)
