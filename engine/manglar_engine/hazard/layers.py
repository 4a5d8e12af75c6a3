"""Maps as hazards: one raster per return period or per event, or a stack of them.

**Return-period maps become events.** Maps of rising periods T1 < ... < Tn are taken as n events that
exclude each other, map i with annual frequency 1/Ti - 1/T(i+1), and the last with 1/Tn. So the depth of map
i is reached or passed 1/Ti times a year at every cell, as the map says. Two limits follow: between two maps
the lower one stands for the whole interval, and nothing counts below T1 or beyond Tn, so that expected annual
damage is understated; and all cells reach their i-th depth in the same event, so that the damage of a whole
city in one rare event is overstated.

Where the annual expectation matters more than the curve, the damage between two maps may be taken to change in
a straight line with the frequency (``linear``: the trapezoids) or with its logarithm (``log``: the rule of
Delft-FIAT). Each map then weighs what it weighs in that integral: the expectation is that of the rule, and
the return periods that a curve tells are no longer those of the maps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manglar_engine.errors import HazardError
from manglar_engine.hazard.events import EventSet, Footprints, Hazard, Sites
from manglar_engine.io.rasters import Grid, Raster
from manglar_engine.io.stacks import Stack

Floats = NDArray[np.float64]

NOTHING, UNKNOWN = "nothing", "unknown"
"""What a cell without datum means: nothing happens there, or nobody knows and the cell is left out."""
REFUSE, LIFT = "refuse", "lift"
"""What to do where a longer period has less: refuse, or lift it to the shorter period's value."""
STEP, LINEAR, LOG = "step", "linear", "log"
BETWEEN = (STEP, LINEAR, LOG)
"""How damage changes with frequency between two maps: not at all, in a straight line, or with its logarithm."""
SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class MapReading:
    """How maps are to be read.

    Attributes:
        peril, scenario, year: of the events.
        nodata: :data:`NOTHING` or :data:`UNKNOWN`; there is no default.
        falls: :data:`REFUSE` or :data:`LIFT`, for return-period maps.
        may_be_negative: whether less than nothing makes sense, as for temperatures.
        between: :data:`STEP`, :data:`LINEAR` or :data:`LOG`, for return-period maps.
    """

    peril: str
    scenario: str
    year: int
    nodata: str
    falls: str = REFUSE
    may_be_negative: bool = False
    between: str = STEP

    def __post_init__(self) -> None:
        """Raise :class:`HazardError` for words that are not known."""
        if self.nodata not in {NOTHING, UNKNOWN} or self.falls not in {REFUSE, LIFT}:
            raise HazardError(
                f"nodata={self.nodata!r}, falls={self.falls!r} is not known",
                mend=f"nodata is {NOTHING!r} or {UNKNOWN!r}; falls is {REFUSE!r} or {LIFT!r}.",
            )


@dataclass(frozen=True, eq=False)
class Layers:
    """Layers on one grid: ``values (layers, rows, columns)`` in ``unit``, NaN without datum, with names."""

    names: tuple[str, ...]
    grid: Grid
    values: Floats
    unit: str


def layers_of(maps: Sequence[Raster] | Stack) -> Layers:
    """Return rasters or a stack as layers.

    Raises:
        HazardError: no maps, or maps of another grid, coordinate system or unit than the first, named.
    """
    if isinstance(maps, Stack):
        return Layers(maps.labels, maps.grid, maps.values, maps.unit)
    if not maps:
        raise HazardError("there are no maps", mend="Give one or more.")
    first = maps[0]
    other = [m.name for m in maps if m.unit != first.unit or not m.grid.same_as(first.grid)]
    if other:
        raise HazardError(
            f"maps differ from {first.name} in grid, coordinate system or unit ({first.grid.crs}, {first.unit})",
            rows=other,
            mend="Warp them to the same cells (gdalwarp -t_srs -te -tr) and convert their unit.",
        )
    return Layers(tuple(m.name for m in maps), first.grid, np.stack([m.values for m in maps]), first.unit)


def occurrence_frequencies(periods: Sequence[float], between: str = STEP) -> Floats:
    """Return the annual frequency of each map of rising return ``periods`` in years: see the module.

    On a segment from frequency ``f1`` down to ``f2`` the more frequent map weighs ``f1 - f2`` (step), half of
    it (linear), or ``f1 - (f1 - f2) / ln(f1 / f2)`` (log); the rarer one the rest, and the rarest ``1/Tn`` too.

    Raises:
        HazardError: periods that are not above zero, finite and strictly rising, or another rule.
    """
    if between not in BETWEEN:
        raise HazardError(f"between={between!r} is not known", mend=f"Use: {', '.join(BETWEEN)}.")
    held = np.asarray(periods, dtype=np.float64)
    if (
        held.ndim != 1
        or not held.size
        or not np.isfinite(held).all()
        or (held <= 0).any()
        or (np.diff(held) <= 0).any()
    ):
        raise HazardError("return periods must be years above zero that rise", rows=periods, mend="Sort them.")
    if (held < 1).any():
        raise HazardError(
            "return periods below one year: are these frequencies?",
            rows=[f"{period:g}" for period in periods],
            mend=f"Write years, as {1 / held[0]:g} and not {held[0]:g}; what comes oftener than yearly is for a table "
            "of events.",
        )
    passing = 1 / held
    width = passing[:-1] - passing[1:]
    lower = {
        STEP: lambda: width,
        LINEAR: lambda: width / 2,
        LOG: lambda: passing[:-1] - width / np.log(passing[:-1] / passing[1:]),
    }[between]()
    return np.asarray(
        np.append(lower, 0.0) + np.append(0.0, width - lower) + np.append(np.zeros(len(width)), passing[-1])
    )


def hazard_of_return_period_maps(
    maps: Mapping[float, Raster] | Stack, how: MapReading, *, near: tuple[Floats, Floats] | None = None
) -> Hazard:
    """Return events whose exceedance is that of the maps: see the module for what this assumes.

    Args:
        maps: raster by return period in years, or a stack whose labels are periods.
        how: peril, year, scenario and what missing cells mean.
        near: ``x (points,)`` and ``y (points,)`` in the maps' system: only the cells that hold one become sites.

    Raises:
        HazardError: periods, maps or points that disagree; a longer period with less than a shorter one.
    """
    if isinstance(maps, Stack):
        periods, layers = [_period(label, maps) for label in maps.labels], layers_of(maps)
    else:
        periods = sorted(maps)
        layers = layers_of([maps[period] for period in periods])
    frequency = occurrence_frequencies(periods, how.between)
    values, cells = _cells(layers, how, near)
    fallen = np.diff(values, axis=0) < -SLACK
    if fallen.any() and how.falls == REFUSE:
        raise HazardError(
            "a longer period has less than a shorter one",
            rows=[
                f"{layers.names[i]} to {layers.names[i + 1]}: {int(count)} cells"
                for i, count in enumerate(fallen.sum(axis=1))
                if count
            ],
            mend="Correct the maps, or lift the longer to the shorter with falls='lift'.",
        )
    values = np.maximum.accumulate(values, axis=0)
    events = EventSet(
        ids=[f"{how.peril} {how.scenario} {how.year} T{period:g}" for period in periods],
        frequency=frequency,
        year=[how.year] * len(periods),
        peril=how.peril,
        scenario=how.scenario,
    )
    return _hazard(events, values, cells, layers, how)


def hazard_of_event_maps(
    maps: Sequence[Raster] | Stack, events: EventSet, how: MapReading, *, near: tuple[Floats, Floats] | None = None
) -> Hazard:
    """Return the hazard of one map per event, in the order of the event table.

    ``near``: ``x (points,)`` and ``y (points,)`` in the maps' system: only the cells that hold one become sites.

    Raises:
        HazardError: another number of maps than events, a stack whose labels are not the ids of the
            events in order, a peril that is not that of ``how``, or maps that disagree.
    """
    layers = layers_of(maps)
    if len(layers.names) != len(events):
        raise HazardError(f"{len(layers.names)} maps for {len(events)} events", mend="Give one map per event.")
    if isinstance(maps, Stack) and maps.labels != events.ids:
        other = [f"{a} / {b}" for a, b in zip(maps.labels, events.ids, strict=True) if a != b]
        raise HazardError("layers and events have other ids or another order", rows=other, mend="Match them.")
    if set(events.peril) != {how.peril}:
        raise HazardError(f"the events are not {how.peril}", rows=sorted(set(events.peril)), mend="Say their peril.")
    values, cells = _cells(layers, how, near)
    return _hazard(events, values, cells, layers, how)


def _period(label: str, stack: Stack) -> float:
    try:
        return float(label)
    except ValueError as error:
        raise HazardError(
            f"{stack.name}: {stack.along} {label!r} is not a return period", mend="Label the layers in years."
        ) from error


def _cells(layers: Layers, how: MapReading, near: tuple[Floats, Floats] | None) -> tuple[Floats, NDArray[np.intp]]:
    """Return ``values (layers, cells)`` without NaN, and the flat positions of the cells."""
    flat = layers.values.reshape(len(layers.names), -1)
    cells = np.arange(flat.shape[1]) if near is None else _holding(layers.grid, near)
    values = flat[:, cells]
    missing = np.isnan(values)
    if how.nodata == NOTHING:
        return np.where(missing, 0.0, values), cells
    known = ~missing.any(axis=0)
    if not known.any():
        raise HazardError("no cell has a datum in every map", mend="Check no-data, or say nodata='nothing'.")
    return values[:, known], cells[known]


def _holding(grid: Grid, near: tuple[Floats, Floats]) -> NDArray[np.intp]:
    x, y = (np.asarray(axis, dtype=np.float64) for axis in near)
    cells, inside = grid.cells_of(x, y)
    if not inside.all():
        raise HazardError(
            "points lie outside the maps",
            rows=[f"{i}: {x[i]:g}, {y[i]:g}" for i in np.flatnonzero(~inside).tolist()],
            mend="Extend the maps, leave the points out, or check the coordinate system.",
        )
    return np.unique(cells)


def _hazard(events: EventSet, values: Floats, cells: NDArray[np.intp], layers: Layers, how: MapReading) -> Hazard:
    columns = layers.grid.shape[1]
    sites = Sites(layers.grid.x[cells % columns], layers.grid.y[cells // columns], layers.grid.crs)
    return Hazard(events, Footprints(sparse.csr_array(values), sites, layers.unit, how.may_be_negative))
