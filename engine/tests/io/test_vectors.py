from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from pyogrio import raw

from manglar_engine import FormatError
from manglar_engine.io.vectors import VectorLayer, read_vectors, write_vectors


def layer(**changes):
    boxes = np.array([shapely.box(x, 9, x + 0.1, 9.1) for x in (-79.6, -79.4)])
    columns = {"code": np.array(["080801", "080802"], dtype=object), "area": np.array([1.5, 2.5])}
    return VectorLayer(**{"name": "zones", "geometry": boxes, "columns": columns, "crs": "EPSG:4326", **changes})


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp"])
def test_a_layer_comes_back_as_it_went(tmp_path, name):
    write_vectors(tmp_path / name, layer())
    back = read_vectors(tmp_path / name, required=("code",))
    assert shapely.equals_exact(back.geometry, layer().geometry, 1e-6, normalize=True).all()
    assert back.column("code").tolist() == ["080801", "080802"]
    assert back.column("area").tolist() == [1.5, 2.5]
    assert back.crs == "EPSG:4326"
    assert len(back) == 2
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_shapefile_without_its_prj_is_refused(tmp_path):
    write_vectors(tmp_path / "a.shp", layer())
    (tmp_path / "a.prj").unlink()
    with pytest.raises(FormatError, match=r"coordinate system.*\.prj"):
        read_vectors(tmp_path / "a.shp")


def test_invalid_and_missing_geometries_are_named_by_row(tmp_path):
    crossed = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    for shape, words in ((crossed, "2: Self-intersection"), (None, "rows: 2")):
        features = [
            {"type": "Feature", "properties": {"a": 1}, "geometry": {"type": "Point", "coordinates": [0, 0]}},
            {"type": "Feature", "properties": {"a": 2}, "geometry": shape},
        ]
        path = tmp_path / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        with pytest.raises(FormatError, match=words):
            read_vectors(path)


def test_several_layers_need_a_name(tmp_path):
    write_vectors(tmp_path / "a.gpkg", layer())
    import_more(tmp_path / "a.gpkg")
    with pytest.raises(FormatError, match=r"several layers.*more"):
        read_vectors(tmp_path / "a.gpkg")
    assert len(read_vectors(tmp_path / "a.gpkg", layer="more")) == 2


def import_more(path):
    given = layer()
    raw.write(
        path,
        shapely.to_wkb(given.geometry),
        [given.columns["code"]],
        ["code"],
        layer="more",
        geometry_type="Polygon",
        crs="EPSG:4326",
        driver="GPKG",
        append=True,
    )


def test_unknown_files_columns_endings_and_mixed_kinds_are_refused(tmp_path):
    with pytest.raises(FormatError, match="vector layer"):
        read_vectors(tmp_path / "missing.gpkg")
    (tmp_path / "a.gpkg").write_text("nothing")
    with pytest.raises(FormatError, match="cannot be read"):
        read_vectors(tmp_path / "a.gpkg")
    with pytest.raises(FormatError, match="'value'"):
        layer().column("value")
    with pytest.raises(FormatError, match="ending"):
        write_vectors(tmp_path / "a.kml", layer())
    mixed = np.array([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)])
    with pytest.raises(FormatError, match="mixes"):
        write_vectors(tmp_path / "b.gpkg", layer(geometry=mixed))
    with pytest.raises(FormatError, match="EPSG:4326"):
        write_vectors(tmp_path / "b.geojson", layer(crs="EPSG:32617"))
