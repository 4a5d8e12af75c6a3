from __future__ import annotations

import numpy as np
import pytest
import shapely

from manglar_engine import Assets, ExposureError, FormatError, territories_at, zones_of
from manglar_engine.io.vectors import VectorLayer


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
