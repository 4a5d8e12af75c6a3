from __future__ import annotations

import json

import pytest

from manglar_engine import FormatError
from manglar_engine.io.geojson import load_features

POINT = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}, "properties": {}}


def collection(**more):
    return {"type": "FeatureCollection", "features": [POINT], **more}


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "OGC:CRS84"]
)
def test_longitude_and_latitude_by_any_of_its_names_is_read(name):
    assert load_features(collection(crs={"type": "name", "properties": {"name": name}})) == [POINT]


def test_a_file_without_a_named_system_is_longitude_and_latitude(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(collection()), encoding="utf-8")
    assert load_features(path) == [POINT]


@pytest.mark.parametrize("crs", [{"properties": {"name": "EPSG:32617"}}, {"properties": {}}, "EPSG:3857"])
def test_another_system_is_refused_with_the_way_out(crs):
    with pytest.raises(FormatError, match="4326"):
        load_features(collection(crs=crs))


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "Feature"}', '{"type": "FeatureCollection", "features": []}'])
def test_what_is_not_a_collection_with_features_is_refused(tmp_path, text):
    path = tmp_path / "a.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError):
        load_features(path)


@pytest.mark.parametrize("wrong", [None, 3, {"properties": [1]}])
def test_a_member_that_is_no_feature_is_named_by_its_row(wrong):
    with pytest.raises(FormatError, match="rows: 2"):
        load_features({"type": "FeatureCollection", "features": [POINT, wrong]})


def test_a_missing_file_says_its_name(tmp_path):
    with pytest.raises(FormatError, match=r"none\.geojson"):
        load_features(tmp_path / "none.geojson")
