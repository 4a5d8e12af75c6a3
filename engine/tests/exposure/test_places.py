from __future__ import annotations

import numpy as np
import pytest
import shapely

from manglar_engine import Assets, ExposureError, FormatError, read_zones, territories_at, zones_of
from manglar_engine.io.parquet import Columns, write_parquet
from manglar_engine.io.vectors import VectorLayer, write_vectors


def layer(**changes):
    boxes = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(18, 0, 30, 10)])
    told = {"name": "division", "geometry": boxes, "columns": {"code": np.array(["A", "B", "C"], dtype=object)}}
    return VectorLayer(**{**told, "crs": "EPSG:32617", **changes})


def at(*x):
    ids = [f"p{i}" for i in range(len(x))]
    return {"ids": ids, "x": np.array(x, dtype=float), "y": np.full(len(x), 5.0), "crs": "EPSG:32617"}


def test_each_place_has_the_code_of_its_polygon():
    assert territories_at(layer(), "code", **at(1, 15, 25)) == ("A", "B", "C")


def test_places_outside_and_in_several_polygons_are_named():
    with pytest.raises(ExposureError, match=r"outside.*p1"):
        territories_at(layer(), "code", **at(1, 50))
    with pytest.raises(ExposureError, match="p0: B, C"):
        territories_at(layer(), "code", **at(19))


def test_parts_of_one_territory_may_touch():
    same = layer(columns={"code": np.array(["A", "A", "C"], dtype=object)})
    assert territories_at(same, "code", **at(10)) == ("A",)


def test_zones_may_overlap():
    held = Assets(
        ids=["a", "b"],
        x=[5.0, 19.0],
        y=[5.0, 5.0],
        crs="EPSG:32617",
        value=[1.0, 1.0],
        currency="PAB",
        price_year=2020,
        people=[0.0, 0.0],
        asset_class=["h", "h"],
        territory=["t", "t"],
    )
    zones = zones_of(layer(), "code", held)
    assert {name: flags.tolist() for name, flags in zones.items()} == {
        "A": [True, False],
        "B": [False, True],
        "C": [False, True],
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"crs": "EPSG:4326"}, "EPSG:4326"),
        ({"geometry": np.array([shapely.Point(0, 0)] * 3)}, "not polygons"),
        ({"columns": {"code": np.array(["A", None, "C"], dtype=object)}}, "rows: 2"),
    ],
)
def test_layers_that_cannot_tell_are_refused(changes, words):
    with pytest.raises(ExposureError, match=words):
        territories_at(layer(**changes), "code", **at(1))
    with pytest.raises(FormatError, match="'name'"):
        territories_at(layer(), "name", **at(1))


def place(x):
    return Assets(
        ids=[f"p{i}" for i in range(len(x))],
        x=x,
        y=[5.0] * len(x),
        crs="EPSG:32617",
        value=[1.0] * len(x),
        currency="PAB",
        price_year=2020,
        people=[0.0] * len(x),
        asset_class=["h"] * len(x),
        territory=["t"] * len(x),
    )


@pytest.mark.parametrize("ending", ["gpkg", "parquet"])
def test_zones_are_read_with_where_their_names_stand(tmp_path, ending):
    held = layer()
    if ending == "gpkg":
        write_vectors(tmp_path / "z.gpkg", held)
    else:
        write_parquet(tmp_path / "z.parquet", Columns("z", held.columns, {}, held.geometry, held.crs))
    found = read_zones(tmp_path / f"z.{ending}", "code", place([5.0, 19.0]))
    assert (found.file, found.column, found.layer) == (f"z.{ending}", "code", "")
    assert {name: flags.tolist() for name, flags in found.items()} == {
        "A": [True, False],
        "B": [False, True],
        "C": [False, True],
    }
    assert len(found) == 3


def test_a_table_without_polygons_is_no_file_of_zones(tmp_path):
    held = layer()
    write_parquet(tmp_path / "bare.parquet", Columns("bare", held.columns, {}))
    twisted = np.array([shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), *held.geometry[1:]])
    write_parquet(tmp_path / "twisted.parquet", Columns("twisted", held.columns, {}, twisted, held.crs))
    (tmp_path / "zones.csv").write_text("code\nA\n", encoding="utf-8")
    for name, more, said in (
        ("bare.parquet", {}, "no geometry"),
        ("twisted.parquet", {}, "geometries are not valid"),
        ("twisted.parquet", {"layer": "a"}, "has no layers"),
        ("zones.csv", {}, "not a file of polygons"),
        ("none.gpkg", {}, "not a vector layer"),
    ):
        with pytest.raises(FormatError, match=said):
            read_zones(tmp_path / name, "code", place([5.0]), **more)
