from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from manglar_engine import Assets, AssetTerms, ExposureError, FormatError, read_assets, write_assets
from manglar_engine.io.vectors import VectorLayer, write_vectors

TERMS = AssetTerms(currency="PAB", price_year=2020)


def assets():
    return Assets(
        ids=["a", "b"],
        x=[-79.5, -79.4],
        y=[9.0, 9.1],
        crs="EPSG:4326",
        value=[100.0, 200.0],
        currency="PAB",
        price_year=2020,
        people=[1.0, 2.0],
        asset_class=["home", "school"],
        territory=["080801", "080802"],
    )


def same(one, other):
    assert (one.ids, one.asset_class, one.territory) == (other.ids, other.asset_class, other.territory)
    assert (one.crs, one.currency, one.price_year) == (other.crs, other.currency, other.price_year)
    for name in ("x", "y", "value", "people"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_assets_come_back_from_geoparquet_as_they_went(tmp_path):
    write_assets(tmp_path / "a.parquet", assets())
    same(read_assets(tmp_path / "a.parquet"), assets())


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp"])
def test_vector_files_give_assets_when_currency_and_year_are_said(tmp_path, name):
    held = assets()
    columns = {
        "id": np.array(held.ids, dtype=object),
        "valor": held.value,
        "people": held.people,
        "clase": np.array(held.asset_class, dtype=object),
        "territory": np.array(held.territory, dtype=object),
    }
    write_vectors(tmp_path / name, VectorLayer("a", shapely.points(held.x, held.y), columns, "EPSG:4326"))
    renamed = AssetTerms(currency="PAB", price_year=2020, columns={"value": "valor", "asset_class": "clase"})
    same(read_assets(tmp_path / name, renamed), held)
    with pytest.raises(FormatError, match="price_year"):
        read_assets(tmp_path / name, AssetTerms(currency="PAB", columns=renamed.columns))
    with pytest.raises(FormatError, match="currency"):
        read_assets(tmp_path / name, AssetTerms(price_year=2020, columns=renamed.columns))
    with pytest.raises(FormatError, match="EPSG:32617"):
        read_assets(tmp_path / name, replace(renamed, crs="EPSG:32617"))
    with pytest.raises(FormatError, match="'value'"):
        read_assets(tmp_path / name, TERMS)


def csv(folder, *rows, header="id,x,y,value,people,asset_class,territory"):
    path = folder / "a.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_a_csv_needs_its_coordinate_system(tmp_path):
    path = csv(tmp_path, "a,-79.5,9.0,100,1,home,080801", "b,-79.4,9.1,200,2,school,080802")
    same(read_assets(path, AssetTerms(crs="EPSG:4326", currency="PAB", price_year=2020)), assets())
    with pytest.raises(FormatError, match="crs"):
        read_assets(path, TERMS)


def test_blank_cells_are_named_by_row(tmp_path):
    path = csv(tmp_path, "a,-79.5,9.0,100,1,home,080801", "b,-79.4,9.1,,2,school,080802")
    with pytest.raises(ExposureError, match=r"'value'.*rows: 2"):
        read_assets(path, AssetTerms(crs="EPSG:4326", currency="PAB", price_year=2020))


def test_what_the_file_says_and_what_is_asked_must_agree(tmp_path):
    write_assets(tmp_path / "a.parquet", assets())
    with pytest.raises(FormatError, match="'USD'"):
        read_assets(tmp_path / "a.parquet", AssetTerms(currency="USD"))
    with pytest.raises(FormatError, match="'2010'"):
        read_assets(tmp_path / "a.parquet", AssetTerms(price_year=2010))


def test_polygons_stand_at_a_point_inside_them(tmp_path):
    ring = shapely.Polygon([(0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (0, 4)])
    columns = {k: np.array([v], dtype=object) for k, v in {"id": "a", "asset_class": "home", "territory": "t"}.items()}
    columns |= {"value": np.array([1.0]), "people": np.array([0.0])}
    write_vectors(tmp_path / "a.gpkg", VectorLayer("a", np.array([ring]), columns, "EPSG:4326"))
    held = read_assets(tmp_path / "a.gpkg", TERMS)
    assert ring.contains(shapely.Point(held.x[0], held.y[0]))
