"""GeoTIFF and COG: one band as a grid with its place, coordinate system and unit, or an error.

Rasterio loads when a raster is first touched: it carries GDAL and takes a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import lazy_loader
import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import FormatError
from manglar_engine.io.columns import among_unknown
from manglar_engine.io.crs import same_crs, unit_of
from manglar_engine.io.files import written_whole

rasterio = lazy_loader.load("rasterio")

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grid:
    """Where the cells of a raster or stack lie: north up, rectangular.

    ``x (columns,)`` rises and ``y (rows,)`` falls or rises; both are centres of cells in ``crs``.
    """

    x: Floats
    y: Floats
    crs: str

    def __post_init__(self) -> None:
        """Freeze the axes; raise :class:`FormatError` where they are not evenly spaced or have no system."""
        unit_of(self.crs)
        for name in ("x", "y"):
            axis = np.array(getattr(self, name), dtype=np.float64)
            steps = np.diff(axis)  # none for a single cell
            even = axis.ndim == 1 and axis.size > 0 and np.isfinite(axis).all() and (steps != 0).all()
            if not even or (steps.size and not np.allclose(steps, steps[0], rtol=1e-3, atol=0)):
                raise FormatError(f"the {name} axis of the grid is not evenly spaced", mend="Resample the layer.")
            axis.setflags(write=False)
            object.__setattr__(self, name, axis)

    @property
    def shape(self) -> tuple[int, int]:
        """Return rows and columns."""
        return len(self.y), len(self.x)

    @property
    def step(self) -> tuple[float, float]:
        """Return the signed size of a cell along x and y; an axis of one cell takes that of the other."""
        x, y = (float(axis[1] - axis[0]) if len(axis) > 1 else 0.0 for axis in (self.x, self.y))
        return (x or abs(y), y or -abs(x))

    def same_as(self, other: Grid) -> bool:
        """Return whether the cells coincide to a thousandth of a cell and the system is the same."""
        if self.shape != other.shape or not same_crs(self.crs, other.crs):
            return False
        slack = 1e-3 * max(map(abs, self.step))
        return bool(np.abs(self.x - other.x).max() <= slack and np.abs(self.y - other.y).max() <= slack)

    def cells_of(self, x: Floats, y: Floats) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return the flat position of the cell that holds each point, and which points lie inside."""
        step_x, step_y = self.step
        column = np.floor((x - self.x[0]) / step_x + 0.5)
        row = np.floor((y - self.y[0]) / step_y + 0.5)
        inside = (column >= 0) & (column < len(self.x)) & (row >= 0) & (row < len(self.y))
        flat = np.where(inside, row * len(self.x) + column, 0).astype(np.intp)
        return flat, inside


@dataclass(frozen=True, eq=False)
class Raster:
    """One layer ``values (rows, columns)`` in ``unit``; NaN where the file says there is no datum."""

    name: str
    grid: Grid
    values: Floats
    unit: str

    def __post_init__(self) -> None:
        """Freeze the values; raise :class:`FormatError` for another shape, infinities or no unit."""
        values = np.array(self.values, dtype=np.float64)
        if values.shape != self.grid.shape:
            raise FormatError(f"{self.name}: {values.shape} values on a grid of {self.grid.shape}", mend="Match them.")
        if np.isinf(values).any():
            raise FormatError(f"{self.name} holds infinite values", mend="Write no-data where nothing is known.")
        if not self.unit.strip():
            raise FormatError(f"{self.name} does not say its unit", mend="Say it, as unit='m': nothing is guessed.")
        values.setflags(write=False)
        object.__setattr__(self, "values", values)


def read_raster(path: str | Path, *, unit: str = "", band: int = 1) -> Raster:
    """Read one band of a GeoTIFF or COG, unpacked; cells of the declared no-data become NaN.

    Args:
        path: the file.
        unit: of the values; may be left out where the band itself says it, and must agree with it.
        band: from 1.

    Raises:
        FormatError: unreadable, no such band, no coordinate system, no unit or two that disagree, or a
            grid that is rotated.
    """
    path = Path(path)
    try:
        with rasterio.open(path) as source:
            if not 1 <= band <= source.count:
                raise FormatError(f"{path.name} has {source.count} bands, not band {band}", mend="Ask for another.")
            if source.crs is None:
                raise FormatError(
                    f"{path.name} does not say its coordinate system",
                    mend="Assign it in the file (gdal_edit -a_srs EPSG:…): nothing is guessed.",
                )
            told, crs = source.units[band - 1] or "", source.crs.to_string()
            transform, shape = source.transform, source.shape
            masked = source.read(band, masked=True)
            scale, offset = source.scales[band - 1], source.offsets[band - 1]
    except rasterio.errors.RasterioError as error:
        raise FormatError(f"{path.name} cannot be read as a raster: {error}", mend="Export it as GeoTIFF.") from error
    if transform.b or transform.d:
        raise FormatError(f"{path.name} is rotated", mend="Warp it north up (gdalwarp).")
    grid = Grid(
        transform.c + transform.a * (np.arange(shape[1]) + 0.5),
        transform.f + transform.e * (np.arange(shape[0]) + 0.5),
        crs,
    )
    values = np.ma.filled(np.ma.asarray(masked, dtype=np.float64), np.nan)
    values = values * scale + offset  # GDAL keeps packed numbers as they are and says how to unpack them
    _refuse_unsaid(path.name, values)
    return Raster(path.name, grid, values, agreed(path.name, "unit", unit, told))


def _refuse_unsaid(name: str, values: Floats) -> None:
    """Refuse what programs write for no datum where the file does not say that it is so."""
    unsaid = sorted(set(values[among_unknown(values)].tolist()))
    if unsaid:
        raise FormatError(
            f"{name} holds values that mean no datum, and does not declare its nodata",
            rows=[f"{value:g}" for value in unsaid],
            mend=f"Declare it in the file: gdal_edit.py -a_nodata {unsaid[0]:g} {name}.",
        )


def agreed(name: str, what: str, given: str, told: str) -> str:
    """Return what the caller or the file says; raise :class:`FormatError` where neither does, or they differ."""
    if given and told and given != told:
        raise FormatError(
            f"{name} says its {what} is {told!r} and {given!r} was asked for", mend="Correct the file or the call."
        )
    if not (given or told):
        raise FormatError(
            f"{name} does not say its {what}", mend=f"Say it, as {what}=…, or write it in the file: nothing is guessed."
        )
    return given or told


def write_raster(path: str | Path, raster: Raster, *, cog: bool = True) -> None:
    """Write a raster as COG, or as plain tiled GeoTIFF; float32, NaN as no-data, the unit in its band.

    The values are rounded to float32, as footprints are.

    Raises:
        OSError: the place cannot be written; nothing is left half-written.
    """
    path = Path(path)
    step_x, step_y = raster.grid.step
    rows, columns = raster.grid.shape
    transform = rasterio.Affine(step_x, 0, raster.grid.x[0] - step_x / 2, 0, step_y, raster.grid.y[0] - step_y / 2)
    with (
        written_whole(path) as made,
        rasterio.open(
            made,
            "w",
            driver="COG" if cog else "GTiff",
            height=rows,
            width=columns,
            count=1,
            dtype="float32",
            crs=raster.grid.crs,
            transform=transform,
            nodata=float("nan"),
            compress="deflate",
        ) as target,
    ):
        target.write(raster.values.astype(np.float32), 1)
        target.set_band_unit(1, raster.unit)
