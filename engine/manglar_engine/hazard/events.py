"""Events and their footprints: what may happen, how often, and how strong at each site.

The event-based form of Aznar-Siguan and Bresch (2019), "CLIMADA v1: a global weather and climate risk
assessment platform", Geosci. Model Dev. 12, 3085-3097, section 2.1: a set of events with an annual
frequency each and a sparse matrix of intensities, events by sites.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from manglar_engine.errors import HazardError
from manglar_engine.io.columns import Floats, frozen_numbers, refuse_lengths, refuse_outside, refuse_repeated
from manglar_engine.io.crs import DEGREES, unit_of

YEARS = (1000, 3000)
MOST_A_YEAR = 366.0
"""An event more frequent than daily is a return period written as a frequency."""
PERIODS = (2.0, 5.0, 10.0, 20.0, 25.0, 30.0, 50.0, 75.0, 100.0, 150.0, 200.0, 250.0, 300.0, 475.0, 500.0, 975.0, 1000.0)
"""Return periods as tables have them: a table of nothing but these is one of periods, not of rates."""
OFTEN = 10.0
TEXTS = ("peril", "scenario")


@dataclass(frozen=True, eq=False)
class EventSet:
    """Events in the order given; every column has one entry per event, or is one for all.

    Attributes:
        ids: unique texts.
        frequency: ``(events,)`` occurrences per year, a rate: 1 / return period of the single event.
        year: climate or calendar year that the rate belongs to.
        peril: what happens, as ``flood``; impact functions are looked up by it.
        scenario: which future, as ``historical`` or ``SSP2-4.5``.
    """

    ids: Sequence[str]
    frequency: Floats
    year: Sequence[int]
    peril: Sequence[str]
    scenario: Sequence[str]

    def __post_init__(self) -> None:
        """Freeze the columns and refuse what disagrees.

        Raises:
            HazardError: no events, columns of other lengths, repeated or blank ids, frequencies that
                are not rates, years that are not years, blank perils or scenarios.
        """
        ids = tuple(map(str, self.ids))
        object.__setattr__(self, "ids", ids)
        if not ids:
            raise HazardError("there are no events", mend="Give one event or more.")
        for name in TEXTS:
            given = getattr(self, name)
            column = (given,) * len(ids) if isinstance(given, str) else tuple(map(str, given))
            object.__setattr__(self, name, column)
        years = (self.year,) * len(ids) if isinstance(self.year, int) else tuple(map(int, self.year))
        object.__setattr__(self, "year", years)
        object.__setattr__(self, "frequency", frozen_numbers("frequency", self.frequency, HazardError))
        shapes = {name: (len(getattr(self, name)),) for name in (*TEXTS, "year")}
        refuse_lengths(len(ids), shapes | {"frequency": self.frequency.shape}, HazardError)
        refuse_repeated("event", ids, HazardError)
        self._check_values()

    def _refuse_periods(self) -> None:
        """Refuse frequencies that are all usual return periods, several or one too frequent to be an event."""
        held = set(self.frequency.tolist())
        if held <= {*PERIODS, 2475.0, 2500.0, 5000.0, 10000.0} and (len(held) > 1 or max(held) >= OFTEN):
            raise HazardError(
                "the frequencies look like return periods in years",
                rows=[f"{i}: {f:g}" for i, f in zip(self.ids, self.frequency.tolist(), strict=True)],
                mend="Which are they? Once in 50 years is 0.02 a year: write 1 / years. An event that does happen so "
                "many times a year is given as two events of half the rate.",
            )

    def _check_values(self) -> None:
        self._refuse_periods()
        refuse_outside(
            "frequency",
            self.ids,
            self.frequency,
            low=0.0,
            high=MOST_A_YEAR,
            mend="Give occurrences per year: an event once in 50 years has 0.02.",
            refusal=HazardError,
        )
        strange = {year for year in set(self.year) if not YEARS[0] <= year <= YEARS[1]}
        if strange:
            wrong = [f"{i}: {y}" for i, y in zip(self.ids, self.year, strict=True) if y in strange]
            raise HazardError("year is not a year", rows=wrong, mend="Say which year's climate the rate belongs to.")
        for name in TEXTS:
            if not all(text.strip() for text in set(getattr(self, name))):
                blank = [i for i, text in zip(self.ids, getattr(self, name), strict=True) if not text.strip()]
                raise HazardError(f"{name} is blank", rows=blank, mend=f"Fill {name}.")

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.ids)

    def take(self, rows: NDArray[np.intp]) -> EventSet:
        """Return the events at ``rows``, in that order."""
        return EventSet(
            ids=[self.ids[i] for i in rows],
            frequency=self.frequency[rows],
            year=[self.year[i] for i in rows],
            peril=[self.peril[i] for i in rows],
            scenario=[self.scenario[i] for i in rows],
        )


@dataclass(frozen=True, eq=False)
class Sites:
    """Places where a hazard is known: ``x`` and ``y`` in ``crs`` (longitude and latitude, or metres)."""

    x: Floats
    y: Floats
    crs: str

    def __post_init__(self) -> None:
        """Freeze the columns; refuse no sites, other lengths, or coordinates outside their system.

        Raises:
            HazardError: as above.
            FormatError: the coordinate system is missing, unknown or in a unit of its own.
        """
        for name in ("x", "y"):
            object.__setattr__(self, name, frozen_numbers(name, getattr(self, name), HazardError))
        if self.x.ndim != 1 or not self.x.size:
            raise HazardError("there are no sites", mend="Give one site or more, x and y as columns.")
        refuse_lengths(len(self), {"y": self.y.shape}, HazardError)
        limits = (180.0, 90.0) if unit_of(self.crs) == DEGREES else (1e8, 1e8)
        for name, limit in zip(("x", "y"), limits, strict=True):
            refuse_outside(
                f"{name} of the sites",
                range(len(self)),
                getattr(self, name),
                low=-limit,
                high=limit,
                mend=f"Give x and y in {self.crs}, x first (longitude).",
                refusal=HazardError,
            )

    def __len__(self) -> int:
        """Return the number of sites."""
        return len(self.x)


@dataclass(frozen=True, eq=False)
class Footprints:
    """Intensity of every event at every site.

    Attributes:
        intensity: ``(events, sites)`` sparse, float32 or float64; a pair that is absent has intensity
            zero (dry ground, no wind). Stored zeros are dropped.
        sites: the columns of the matrix.
        unit: of the intensity, as ``m`` or ``m/s``; impact functions must have the same.
        may_be_negative: whether less than nothing makes sense (degrees Celsius do, metres of water do not).
    """

    intensity: sparse.csr_array
    sites: Sites
    unit: str
    may_be_negative: bool = False

    def __post_init__(self) -> None:
        """Freeze a canonical copy of the matrix.

        Raises:
            HazardError: no unit, another number of columns than sites, a pair given twice, an
                intensity that is not finite, or a negative one where it may not be.
        """
        if not self.unit.strip():
            raise HazardError("the unit of the intensity is not stated", mend="Say it, as unit='m'.")
        held = self.intensity
        dtype = np.float32 if held.dtype == np.float32 else np.float64
        matrix = sparse.csr_array(held, dtype=dtype, copy=True)
        if matrix.shape[1] != len(self.sites):
            raise HazardError(
                f"the footprints have {matrix.shape[1]} columns and there are {len(self.sites)} sites",
                mend="Give one column per site, in the order of the sites.",
            )
        matrix.sort_indices()
        self._check_pairs(matrix)
        self._check_values(matrix)
        matrix.eliminate_zeros()
        for part in (matrix.data, matrix.indices, matrix.indptr):
            part.setflags(write=False)
        object.__setattr__(self, "intensity", matrix)

    @staticmethod
    def _check_pairs(matrix: sparse.csr_array) -> None:
        same = np.flatnonzero(matrix.indices[1:] == matrix.indices[:-1]) + 1
        rows = np.searchsorted(matrix.indptr, same, side="right") - 1
        repeated = same[matrix.indptr[rows] < same]
        if repeated.size:
            raise _pairs_repeated(matrix, repeated)

    def _check_values(self, matrix: sparse.csr_array) -> None:
        low = -np.inf if self.may_be_negative else 0.0
        wrong = np.flatnonzero(~(np.isfinite(matrix.data) & (matrix.data >= low)))
        if wrong.size:
            rows = np.searchsorted(matrix.indptr, wrong, side="right") - 1
            raise HazardError(
                "intensities are not finite, or negative where they may not be",
                rows=[
                    f"event {e}, site {matrix.indices[k]}: {float(matrix.data[k])!r}"
                    for e, k in zip(rows.tolist(), wrong.tolist(), strict=True)
                ],
                mend="Correct them; leave a pair out where nothing happens; say may_be_negative for temperatures.",
            )


def _pairs_repeated(matrix: sparse.csr_array, entries: NDArray[np.intp]) -> HazardError:
    rows = np.searchsorted(matrix.indptr, entries, side="right") - 1
    return HazardError(
        "an event has two intensities at one site",
        rows=[f"event {e}, site {matrix.indices[k]}" for e, k in zip(rows.tolist(), entries.tolist(), strict=True)],
        mend="Give each pair of event and site once.",
    )


def footprints_of(
    event: ArrayLike,
    site: ArrayLike,
    intensity: ArrayLike,
    *,
    events: int,
    sites: Sites,
    unit: str,
    may_be_negative: bool = False,
) -> Footprints:
    """Return footprints from triples: positions of event and site ``(pairs,)`` and their intensity.

    Raises:
        HazardError: positions outside the tables, pairs given twice, or intensities that
            :class:`Footprints` refuses.
    """
    rows, columns = np.asarray(event, dtype=np.int64), np.asarray(site, dtype=np.int64)
    values = np.asarray(intensity)
    if not rows.shape == columns.shape == values.shape or rows.ndim != 1:
        raise HazardError("event, site and intensity are not columns of one length", mend="Give one entry per pair.")
    for name, positions, count in (("event", rows, events), ("site", columns, len(sites))):
        wrong = np.flatnonzero((positions < 0) | (positions >= count))
        if wrong.size:
            raise HazardError(
                f"{name} positions lie outside 0..{count - 1}",
                rows=[f"pair {k}: {positions[k]}" for k in wrong.tolist()],
                mend=f"Number each {name} by its place in its table, from zero.",
            )
    order = np.lexsort((columns, rows))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=events))])
    matrix = sparse.csr_array((values[order], columns[order], indptr), shape=(events, len(sites)))
    return Footprints(matrix, sites, unit, may_be_negative)


@dataclass(frozen=True, eq=False)
class Hazard:
    """Events with their footprints: row ``e`` of the matrix is event ``e`` of the table."""

    events: EventSet
    footprints: Footprints

    def __post_init__(self) -> None:
        """Refuse with :class:`HazardError` another number of rows than events, or several perils."""
        rows = self.footprints.intensity.shape[0]
        if rows != len(self.events):
            raise HazardError(
                f"the footprints have {rows} rows and there are {len(self.events)} events",
                mend="Give one row per event, in the order of the events.",
            )
        perils = sorted(set(self.events.peril))
        if len(perils) > 1:
            raise HazardError(
                "one hazard holds several perils", rows=perils, mend="Give each peril its own hazard in the run."
            )

    @property
    def peril(self) -> str:
        """Return the one peril of its events."""
        return self.events.peril[0]

    def chosen(self, *, scenario: str | None = None, year: int | None = None) -> Hazard:
        """Return the events of one scenario and year only, in their order.

        Raises:
            HazardError: no event has them.
        """
        rows = np.array(
            [
                i
                for i, (s, y) in enumerate(zip(self.events.scenario, self.events.year, strict=True))
                if scenario in {None, s} and year in {None, y}
            ],
            dtype=np.intp,
        )
        if not rows.size:
            held = sorted({*zip(self.events.scenario, self.events.year, strict=True)})
            raise HazardError(
                f"no event has scenario {scenario!r} and year {year!r}", rows=held, mend="Ask for one of these."
            )
        if len(rows) == len(self.events):
            return self
        return Hazard(self.events.take(rows), replace(self.footprints, intensity=self.footprints.intensity[rows]))
