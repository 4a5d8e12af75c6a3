from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from manglar_engine import FormatError
from manglar_engine.io.parquet import Columns, read_parquet, write_parquet


def held(**changes):
    columns = {"id": np.array(["a", "b"], dtype=object), "value": np.array([1.0, 2.0])}
    told = {"name": "t", "columns": columns, "meaning": {"currency": "PAB"}}
    return Columns(**{**told, **changes})


def test_a_table_comes_back_with_what_it_means(tmp_path):
    write_parquet(tmp_path / "a.parquet", held())
    back = read_parquet(tmp_path / "a.parquet")
    assert back.column("id").tolist() == ["a", "b"]
    assert back.column("value").tolist() == [1.0, 2.0]
    assert back.told("currency") == "PAB"
    with pytest.raises(FormatError, match="price_year"):
        back.told("price_year")


def test_points_are_geoparquet_that_says_its_system(tmp_path):
    points = shapely.points([-79.5, -79.4], [9.0, 9.1])
    write_parquet(tmp_path / "a.parquet", held(geometry=points, crs="EPSG:32617"))
    geo = json.loads(pq.read_schema(tmp_path / "a.parquet").metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert geo["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 32617}
    back = read_parquet(tmp_path / "a.parquet")
    assert back.crs == "EPSG:32617"
    assert shapely.equals(back.geometry, points).all()


@pytest.mark.parametrize(
    ("column", "crs"),
    [
        ({"encoding": "WKB", "geometry_types": []}, "EPSG:4326"),
        ({"encoding": "WKB", "crs": None}, ""),
        ({"encoding": "point"}, ""),
    ],
)
def test_an_absent_system_is_that_of_the_standard_and_an_unknown_one_is_refused(tmp_path, column, crs):
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = pa.table({"id": ["a"], "geometry": [shapely.to_wkb(shapely.Point(0, 0))]})
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), tmp_path / "a.parquet")
    if crs:
        assert read_parquet(tmp_path / "a.parquet").crs == crs
    else:
        with pytest.raises(FormatError, match=r"a\.parquet"):
            read_parquet(tmp_path / "a.parquet")


def test_blank_cells_are_named_by_row():
    columns = {"id": np.array(["a", None, ""], dtype=object), "value": np.array([1.0, np.nan, 2.0])}
    with pytest.raises(FormatError, match="rows: 2, 3"):
        held(columns=columns).column("id")
    with pytest.raises(FormatError, match="rows: 2"):
        held(columns=columns).column("value")
    with pytest.raises(FormatError, match="'people'"):
        held().column("people")


def test_empty_unreadable_and_ragged_tables_are_refused(tmp_path):
    (tmp_path / "a.parquet").write_text("nothing")
    with pytest.raises(FormatError, match="Parquet"):
        read_parquet(tmp_path / "a.parquet")
    pq.write_table(pa.table({"id": pa.array([], pa.string())}), tmp_path / "b.parquet")
    with pytest.raises(FormatError, match="no rows"):
        read_parquet(tmp_path / "b.parquet")
    with pytest.raises(FormatError, match="lengths"):
        write_parquet(tmp_path / "c.parquet", held(columns={"a": np.zeros(2), "b": np.zeros(3)}))
