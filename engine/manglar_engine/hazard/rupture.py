"""Ruptures that float over a fault: where they lie, and how far each site is from them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from manglar_engine.hazard.fault import Fault
from manglar_engine.hazard.scaling import scaling_of
from manglar_engine.hazard.sphere import LocalPlane

Floats = NDArray[np.float64]

CELL_KM = 1.0
"""Length of the pieces into which the trace is cut; positions are told to this precision."""
STEP_KM = 2.0
"""Ruptures advance along the trace by this or a quarter of their length, whichever is longer."""
STRIPS = 3
"""Pieces down the dip of an inclined fault."""
VERTICAL_DEG = 89.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Positions of ruptures of one magnitude: a window of cells and strips, equally likely.

    ``columns`` and ``rows`` are the sizes of the window; ``starts (n, 2)`` its first row and column.
    """

    columns: int
    rows: int
    starts: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class FaultDistances:
    """Distance from each site to each cell of a fault: ``km (strips, cells, sites)``."""

    fault: Fault
    km: Floats

    def placement(self, magnitude: float) -> Placement:
        """Return where a rupture of ``magnitude`` may lie, its area by Wells and Coppersmith (1994).

        It is as wide as the fault allows and square until then; larger than the fault, it is the
        whole fault.
        """
        strips, cells, _ = self.km.shape
        area = scaling_of(self.fault.rake_deg).area_from_magnitude(magnitude)
        width = min(math.sqrt(area), self.fault.width_km)
        length = area / width
        columns = _pieces(length, self.fault.length_km, cells)
        rows = _pieces(width, self.fault.width_km, strips)
        cell_km = self.fault.length_km / cells
        stride = max(1, round(max(STEP_KM, length / 4) / cell_km))
        last = cells - columns
        along = np.unique(np.append(np.arange(0, last + 1, stride), last))
        down = np.arange(strips - rows + 1)
        starts = np.array([(row, column) for row in down for column in along], dtype=np.intp)
        return Placement(columns=columns, rows=rows, starts=starts)

    def rjb_km(self, placement: Placement) -> Floats:
        """Return the Joyner-Boore distance ``(positions, sites)`` in km."""
        near = [
            self.km[row : row + placement.rows, column : column + placement.columns].min(axis=(0, 1))
            for row, column in placement.starts
        ]
        return np.array(near)


def _pieces(part: float, whole: float, count: int) -> int:
    """Return how many of ``count`` equal pieces of ``whole`` a ``part`` covers, one at least."""
    return int(min(count, max(1, round(part / whole * count))))


def cut_trace(points: Floats, count: int) -> Floats:
    """Return ``(count + 1, 2)`` points that cut the line ``(n, 2)`` into equal lengths."""
    reach = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0.0, reach[-1], count + 1)
    return np.column_stack([np.interp(at, reach, points[:, axis]) for axis in (0, 1)])


def surface_cells(fault: Fault, plane: LocalPlane) -> NDArray[np.object_]:
    """Return the surface projection of the fault as shapes ``(strips, cells)`` in km.

    A vertical fault is one strip of line pieces; an inclined one has three strips of quadrilaterals,
    each shifted to the right of the mean strike by ``depth / tan(dip)``.
    """
    cells = max(1, round(fault.length_km / CELL_KM))
    points = cut_trace(plane.project(*fault.trace_lonlat.T), cells)
    if fault.dip_deg >= VERTICAL_DEG:
        pairs = np.stack([points[:-1], points[1:]], axis=1)
        return np.asarray(shapely.linestrings(pairs))[None, :]
    strike = points[-1] - points[0]
    norm = np.hypot(*strike)
    along = strike / norm if norm > 0 else np.array([0.0, 1.0])
    right = np.array([along[1], -along[0]])
    depths = np.linspace(fault.upper_km, fault.lower_km, STRIPS + 1)
    shifts = depths[:, None] / math.tan(math.radians(fault.dip_deg)) * right
    edges = points[None, :, :] + shifts[:, None, :]
    rings = np.stack([edges[:-1, :-1], edges[:-1, 1:], edges[1:, 1:], edges[1:, :-1]], axis=2)
    return np.asarray(shapely.make_valid(shapely.polygons(rings)))


def fault_distances(fault: Fault, sites_km: Floats, plane: LocalPlane) -> FaultDistances:
    """Return the distances in km from ``sites_km (sites, 2)`` to every cell of the fault."""
    cells = surface_cells(fault, plane)
    points = shapely.points(sites_km)
    return FaultDistances(fault=fault, km=np.asarray(shapely.distance(cells[:, :, None], points[None, None, :])))
