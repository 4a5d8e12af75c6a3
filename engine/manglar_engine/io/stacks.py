"""NetCDF and Zarr stacks: layers of one variable along a named dimension, with CF unit and grid mapping."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lazy_loader
import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import FormatError
from manglar_engine.io.crs import same_crs, unit_of
from manglar_engine.io.files import written_whole
from manglar_engine.io.rasters import Grid, agreed

xarray = lazy_loader.load("xarray")
pyproj = lazy_loader.load("pyproj")

Floats = NDArray[np.float64]
AXES = {"x": ("x", "lon", "longitude"), "y": ("y", "lat", "latitude")}
MAPPING = "crs"
"""Name of the grid-mapping variable that :func:`write_stack` writes (CF conventions, section 5.6)."""


@dataclass(frozen=True, eq=False)
class Stack:
    """Layers ``values (labels, rows, columns)`` of one variable in ``unit``; NaN where there is no datum.

    ``along``: name of the dimension, as ``return_period`` or ``event``; ``labels``: its coordinate, as texts.
    """

    name: str
    along: str
    labels: tuple[str, ...]
    grid: Grid
    values: Floats
    unit: str

    def __post_init__(self) -> None:
        """Freeze the values; raise :class:`FormatError` for shapes that disagree or repeated labels."""
        values = np.array(self.values, dtype=np.float64)
        if values.shape != (len(self.labels), *self.grid.shape):
            raise FormatError(
                f"{self.name}: values {values.shape} for {len(self.labels)} layers of {self.grid.shape}",
                mend="Match them.",
            )
        repeated = sorted({label for label in self.labels if self.labels.count(label) > 1})
        if repeated or not self.labels:
            raise FormatError(
                f"{self.name}: {self.along} repeats or has no layer", rows=repeated, mend="Name each once."
            )
        if np.isinf(values).any():
            raise FormatError(f"{self.name} holds infinite values", mend="Write NaN where nothing is known.")
        values.setflags(write=False)
        object.__setattr__(self, "values", values)


def read_stack(path: str | Path, variable: str, *, along: str, unit: str = "", crs: str = "") -> Stack:
    """Read one variable of a NetCDF file (``.nc``) or a Zarr store (``.zarr``).

    Args:
        path: file or folder.
        variable: name of the data variable; its dimensions are ``along``, y and x in any order.
        along: the dimension of the layers; it must have a coordinate.
        unit: where the variable has no ``units``; must agree where it has.
        crs: where the variable has no CF grid mapping; must agree where it has.

    Raises:
        FormatError: unreadable, unknown names, other dimensions, no unit or coordinate system.
    """
    path = Path(path)
    with _opened(path) as held:
        if variable not in held.data_vars:
            raise FormatError(
                f"{path.name} has no variable {variable!r}", mend=f"It has: {', '.join(map(str, held.data_vars))}."
            )
        array = held[variable]
        axes = {axis: next((d for d in array.dims if str(d).lower() in names), None) for axis, names in AXES.items()}
        wanted = [along, axes["y"], axes["x"]]
        if None in wanted or set(wanted) != set(array.dims) or along not in array.coords:
            raise FormatError(
                f"{path.name}: {variable} has dimensions {', '.join(map(str, array.dims))}",
                mend=f"It needs {along} with its coordinate, y (lat) and x (lon), and no other.",
            )
        array = array.transpose(*wanted)
        return Stack(
            name=f"{path.name}:{variable}",
            along=along,
            labels=tuple(_label(value) for value in array[along].values.tolist()),
            grid=Grid(array[axes["x"]].values, array[axes["y"]].values, _system(path.name, held, array, crs)),
            values=array.values,
            unit=agreed(f"{path.name}: {variable}", "unit", unit, str(array.attrs.get("units", ""))),
        )


def _opened(path: Path) -> Any:
    if not path.exists():
        raise FormatError(f"{path.name} does not exist", mend="Check the path.")
    try:
        if path.suffix == ".zarr":
            return xarray.open_zarr(path, consolidated=False)
        return xarray.open_dataset(path, engine="h5netcdf")
    except (OSError, ValueError, KeyError) as error:
        raise FormatError(f"{path.name} cannot be read as a stack: {error}", mend="Write NetCDF 4 or Zarr.") from error


def _label(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _system(name: str, held: Any, array: Any, given: str) -> str:
    """Return the coordinate system by the shortest name that it has."""
    mapping = array.attrs.get("grid_mapping") or array.encoding.get("grid_mapping")
    told = ""
    if mapping in held.variables:
        attributes = held[mapping].attrs
        told = str(attributes.get("crs_wkt") or attributes.get("spatial_ref") or "")
    if told and given:
        if not same_crs(given, told):
            raise FormatError(f"{name} is not in {given}", mend="Correct the file or the call.")
        return given
    system = agreed(name, "crs", given, told)
    unit_of(system)
    code = pyproj.CRS.from_user_input(system).to_authority()
    return ":".join(code) if code else system


def write_stack(path: str | Path, stack: Stack, variable: str) -> None:
    """Write a stack as NetCDF 4 (``.nc``) or Zarr v3 (``.zarr``), with unit and grid mapping by CF.

    Raises:
        FormatError: another ending.
    """
    path = Path(path)
    if path.suffix not in {".nc", ".zarr"}:
        raise FormatError(f"{path.name}: stacks end in .nc or .zarr", mend="Choose one of the two.")
    numbers = _numbers(stack.labels)
    data = xarray.Dataset(
        {
            variable: ((stack.along, "y", "x"), stack.values, {"units": stack.unit, "grid_mapping": MAPPING}),
            MAPPING: ((), 0, {"crs_wkt": pyproj.CRS.from_user_input(stack.grid.crs).to_wkt()}),
        },
        coords={
            stack.along: numbers if numbers is not None else np.array(stack.labels, dtype=object),
            "y": stack.grid.y,
            "x": stack.grid.x,
        },
    )
    with written_whole(path) as made:
        if path.suffix == ".nc":
            data.to_netcdf(made, engine="h5netcdf")
        else:
            data.to_zarr(made, zarr_format=3, consolidated=False)


def _numbers(labels: tuple[str, ...]) -> list[float] | None:
    try:
        return [float(label) for label in labels]
    except ValueError:
        return None
