from __future__ import annotations

import numpy as np
import pytest
import xarray

from manglar_engine import FormatError
from manglar_engine.io.rasters import Grid
from manglar_engine.io.stacks import Stack, read_stack, write_stack


def stack(**changes):
    values = np.arange(12, dtype=float).reshape(2, 2, 3)
    values[0, 0, 0] = np.nan
    grid = Grid(-79.6 + 0.01 * np.arange(3), 9.1 - 0.01 * np.arange(2), "EPSG:4326")
    told = {"name": "s", "along": "return_period", "labels": ("10", "100"), "grid": grid, "values": values, "unit": "m"}
    return Stack(**{**told, **changes})


@pytest.mark.parametrize("name", ["depth.nc", "depth.zarr"])
@pytest.mark.parametrize("labels", [("10", "100"), ("event a", "event b")])
def test_a_stack_comes_back_as_it_went(tmp_path, name, labels):
    given = stack(labels=labels)
    write_stack(tmp_path / name, given, "depth")
    write_stack(tmp_path / name, given, "depth")  # over itself
    back = read_stack(tmp_path / name, "depth", along="return_period")
    assert np.array_equal(back.values, given.values, equal_nan=True)
    assert back.grid.same_as(given.grid)
    assert (back.labels, back.unit, back.grid.crs) == (labels, "m", "EPSG:4326")
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_dimensions_in_another_order_are_put_in_place(tmp_path):
    given = stack()
    data = xarray.Dataset(
        {"d": (("lon", "lat", "event"), given.values.transpose(2, 1, 0), {"units": "m"})},
        coords={"event": [1, 2], "lat": given.grid.y, "lon": given.grid.x},
    )
    data.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    back = read_stack(tmp_path / "a.nc", "d", along="event", crs="EPSG:4326")
    assert np.array_equal(back.values, given.values, equal_nan=True)
    assert back.labels == ("1", "2")


def test_missing_unit_system_variable_or_dimension_is_refused(tmp_path):
    given = stack()
    data = xarray.Dataset(
        {"d": (("event", "y", "x"), given.values), "e": (("event", "y", "k"), given.values, {"units": "m"})},
        coords={"event": [1, 2], "y": given.grid.y, "x": given.grid.x},
    )
    data.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    with pytest.raises(FormatError, match="crs"):
        read_stack(tmp_path / "a.nc", "d", along="event", unit="m")
    with pytest.raises(FormatError, match="unit"):
        read_stack(tmp_path / "a.nc", "d", along="event", crs="EPSG:4326")
    with pytest.raises(FormatError, match="'z'"):
        read_stack(tmp_path / "a.nc", "z", along="event")
    with pytest.raises(FormatError, match="dimensions event, y, k"):
        read_stack(tmp_path / "a.nc", "e", along="event")


def test_another_system_or_unit_than_the_files_is_refused(tmp_path):
    write_stack(tmp_path / "a.nc", stack(), "depth")
    with pytest.raises(FormatError, match="EPSG:32617"):
        read_stack(tmp_path / "a.nc", "depth", along="return_period", crs="EPSG:32617")
    with pytest.raises(FormatError, match="'ft'"):
        read_stack(tmp_path / "a.nc", "depth", along="return_period", unit="ft")


def test_files_that_are_not_stacks_and_other_endings_are_refused(tmp_path):
    (tmp_path / "a.nc").write_text("nothing")
    with pytest.raises(FormatError, match="cannot be read"):
        read_stack(tmp_path / "a.nc", "d", along="event")
    with pytest.raises(FormatError, match="does not exist"):
        read_stack(tmp_path / "b.zarr", "d", along="event")
    with pytest.raises(FormatError, match=r"\.nc or \.zarr"):
        write_stack(tmp_path / "a.tif", stack(), "depth")


@pytest.mark.parametrize(
    "changes", [{"labels": ("10", "10")}, {"labels": ("10",)}, {"values": np.full((2, 2, 3), np.inf)}]
)
def test_impossible_stacks_are_refused(changes):
    with pytest.raises(FormatError):
        stack(**changes)
