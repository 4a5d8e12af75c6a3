from __future__ import annotations

import numpy as np
import pytest
import rasterio

from manglar_engine import FormatError
from manglar_engine.io.rasters import Grid, Raster, read_raster, write_raster


def raster(**changes):
    values = np.array([[0.0, 0.5, np.nan], [1.0, 2.25, 0.0]])
    grid = Grid(660_000 + 30.0 * np.arange(3), 1_000_000 - 30.0 * np.arange(2), "EPSG:32617")
    return Raster(**{"name": "depth", "grid": grid, "values": values, "unit": "m", **changes})


def plain(path, *, crs="EPSG:32617", unit=None, transform=None, nodata=-9999.0):
    profile = {"driver": "GTiff", "height": 2, "width": 3, "count": 1, "dtype": "float32", "crs": crs, "nodata": nodata}
    place = transform or rasterio.Affine(30, 0, 660_000, 0, -30, 1_000_000)
    with rasterio.open(path, "w", transform=place, **profile) as target:
        target.write(np.array([[0, 1, -9999], [2, 3, 4]], dtype=np.float32), 1)
        if unit:
            target.set_band_unit(1, unit)
    return path


@pytest.mark.parametrize("cog", [True, False])
def test_a_raster_comes_back_as_it_went(tmp_path, cog):
    write_raster(tmp_path / "depth.tif", raster(), cog=cog)
    back = read_raster(tmp_path / "depth.tif")
    assert np.array_equal(back.values, raster().values, equal_nan=True)
    assert back.grid.same_as(raster().grid)
    assert (back.unit, back.grid.crs) == ("m", "EPSG:32617")
    with rasterio.open(tmp_path / "depth.tif") as source:
        assert (source.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG") == cog
    assert [p.name for p in tmp_path.iterdir()] == ["depth.tif"]


def test_declared_no_data_becomes_nan_and_the_first_cell_is_where_it_is(tmp_path):
    back = read_raster(plain(tmp_path / "a.tif"), unit="m")
    assert np.isnan(back.values[0, 2])
    assert (back.grid.x[0], back.grid.y[0]) == (660_015, 999_985)


def test_packed_numbers_are_unpacked(tmp_path):
    path = plain(tmp_path / "a.tif")
    with rasterio.open(path, "r+") as target:
        target.scales, target.offsets = (0.01,), (5.0,)
    back = read_raster(path, unit="m")
    assert back.values[1].tolist() == pytest.approx([5.02, 5.03, 5.04])
    assert np.isnan(back.values[0, 2])


def test_a_missing_coordinate_system_is_refused(tmp_path):
    with pytest.raises(FormatError, match="coordinate system"):
        read_raster(plain(tmp_path / "a.tif", crs=None), unit="m")


def test_a_missing_unit_and_two_that_disagree_are_refused(tmp_path):
    with pytest.raises(FormatError, match="does not say its unit"):
        read_raster(plain(tmp_path / "a.tif"))
    with pytest.raises(FormatError, match=r"'cm'.*'m'"):
        read_raster(plain(tmp_path / "b.tif", unit="cm"), unit="m")


def test_a_rotated_raster_a_missing_band_and_no_raster_are_refused(tmp_path):
    turned = rasterio.Affine(30, 5, 660_000, 5, -30, 1_000_000)
    with pytest.raises(FormatError, match="rotated"):
        read_raster(plain(tmp_path / "a.tif", transform=turned), unit="m")
    with pytest.raises(FormatError, match="1 bands"):
        read_raster(plain(tmp_path / "b.tif"), unit="m", band=2)
    (tmp_path / "c.tif").write_text("nothing")
    with pytest.raises(FormatError, match=r"c\.tif"):
        read_raster(tmp_path / "c.tif", unit="m")


def test_points_find_the_cell_that_holds_them():
    grid = raster().grid
    cells, inside = grid.cells_of(np.array([660_000.0, 660_014, 660_016, 659_984]), np.array([1e6, 1e6, 999_970, 1e6]))
    assert cells[:3].tolist() == [0, 0, 4]
    assert inside.tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": " "},
        {"values": np.zeros((3, 3))},
        {"values": np.full((2, 3), np.inf)},
    ],
)
def test_impossible_rasters_are_refused(changes):
    with pytest.raises(FormatError):
        raster(**changes)


def test_uneven_axes_are_refused():
    with pytest.raises(FormatError, match="x axis"):
        Grid(np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0]), "EPSG:32617")
    with pytest.raises(FormatError, match="y axis"):
        Grid(np.array([0.0, 1.0]), np.array([1.0, 1.0]), "EPSG:32617")


def test_a_datum_that_is_none_is_asked_about(tmp_path):
    for value in (-9999.0, 3.4028235e38, 1e20):
        grid = Grid(x=np.array([0.0, 1.0]), y=np.array([0.0]), crs="EPSG:32617")
        write_raster(tmp_path / "a.tif", Raster("a", grid, np.array([[1.0, value]]), "m"), cog=False)
        with pytest.raises(FormatError, match="a_nodata"):
            read_raster(tmp_path / "a.tif")
