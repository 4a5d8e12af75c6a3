"""Tide-gauge series as they come: extremes with the days behind them, means kept apart from extremes.

Extremes (annual maxima, peaks over a threshold) carry return levels. Monthly and annual means carry
trend and seasonal cycle only, and are another type: nothing here turns one into the other.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import FormatError, SeriesError
from manglar_engine.io.tables import FIRST_ROW, Table, read_table
from manglar_engine.vocabulary import Note

Floats = NDArray[np.float64]
Years = NDArray[np.int64]

METRES = {"mm": 1e-3, "cm": 1e-2, "m": 1.0}
HIGHEST_M = 20.0
"""Above and below any datum of a gauge: the largest tides of the world range 16 m (estimación of the rest)."""
MINIMUM_COVERAGE = 0.9
"""Least share of a year's days that must have been observed (estimación): a year with less may have lost
its highest tide, and would drag the fit down. The gauge of Balboa loses 1907, 1979, 1989 and 2003 by it."""
DAYS_PER_YEAR = 365.25
PSMSL_LINE = re.compile(r"^\s*\d{4}(\.\d+)?\s*;\s*-?\d+\s*;")
PSMSL_MISSING = -99999
NO_RETURN_LEVELS_OF_MEANS = (
    "return levels cannot be fitted to monthly or annual means: averaging removes the tides and storms that flood"
)
"""The refusal, word for word."""
USE_EXTREMES = "Give annual maxima or peaks over a threshold of the same gauge; use the means for the trend."


@dataclass(frozen=True, slots=True)
class ExtremeSeries:
    """Extremes of one gauge in metres above a named datum, without the years set aside.

    Attributes:
        kind: ``annual maxima`` (one value a year) or ``peaks over threshold``.
        years, values_m: ``(n,)``; a year may repeat among peaks. Peaks exceed ``threshold_m``.
        observed_years: length of observation behind the values, in years of 365.25 days.
        notes: the years set aside, each with its reason.
    """

    kind: str
    years: Years
    values_m: Floats
    observed_years: float
    datum: str
    source: str
    threshold_m: float = float("nan")
    notes: tuple[Note, ...] = ()

    @property
    def rate(self) -> float:
        """Return the mean number of values in a year of observation."""
        return len(self.values_m) / self.observed_years


@dataclass(frozen=True, slots=True)
class MeanSeries:
    """Monthly or annual mean sea level in metres; ``time`` in decimal years. Carries no return levels."""

    time: Floats
    values_m: Floats
    period: str
    source: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Straight line through means: ``mm_per_year`` with its standard error, from ``first`` to ``last``.

    The standard error counts ``n (1 - r)/(1 + r)`` independent values, ``r`` the lag-one autocorrelation
    of the residuals (Santer et al. 2000, J. Geophys. Res. 105(D6), 7337-7356).
    """

    mm_per_year: float
    standard_error: float
    first: float
    last: float
    values: int


def read_annual_maxima(
    path: str | Path,
    *,
    value_column: str,
    unit: str,
    datum: str,
    source: str,
    minimum_coverage: float = MINIMUM_COVERAGE,
) -> ExtremeSeries:
    """Read ``year``, ``observed_days`` and one value per year from CSV.

    Args:
        path: the table.
        value_column: where the maxima stand.
        unit: ``mm``, ``cm`` or ``m``.
        datum: what the levels are measured from.
        source: citation.
        minimum_coverage: years observed for a smaller share of their days are set aside and named.

    Raises:
        SeriesError: means instead of extremes, repeated years, impossible days, no unit, datum or source.
        FormatError: not a table with these columns.
    """
    table = _extremes_table(path, value_column)
    years, days, notes = _coverage(table, minimum_coverage)
    _refuse_repeated(table.name, years)
    values = table.measured(value_column) * _scale(unit, datum=datum, source=source)
    _refuse_unit(table.name, values, unit)
    kept = _kept(years, notes)
    return ExtremeSeries(
        kind="annual maxima",
        years=years[kept],
        values_m=values[kept],
        observed_years=float(days[kept].sum() / DAYS_PER_YEAR),
        datum=datum,
        source=source,
        notes=notes,
    )


def read_peaks_over_threshold(
    path: str | Path,
    *,
    value_column: str,
    threshold: float,
    unit: str,
    datum: str,
    source: str,
    minimum_coverage: float = MINIMUM_COVERAGE,
) -> ExtremeSeries:
    """Read one row per peak, or a row with a blank value for a year without peaks; arguments as above.

    Raises:
        SeriesError: as :func:`read_annual_maxima`, and peaks that do not exceed ``threshold``, or a year
            with different ``observed_days`` in its rows.
    """
    table = _extremes_table(path, value_column)
    years, days, notes = _coverage(table, minimum_coverage)
    texts = table.texts(value_column)
    filled = np.array([bool(text) for text in texts])
    values = np.full(len(texts), np.nan)
    values[filled] = Table(table.name, {value_column: tuple(t or "0" for t in texts)}, table.length).numbers(
        value_column
    )[filled]
    low = np.flatnonzero(filled & ~(values > threshold))
    if low.size:
        raise SeriesError(
            f"{table.name}: peaks that do not exceed the threshold {threshold:g} {unit}",
            rows=[f"{FIRST_ROW + i}: {texts[i]}" for i in low.tolist()],
            mend="Give the threshold over which the peaks were taken, in the unit of the column.",
        )
    _refuse_other_days(table.name, years, days)
    scale = _scale(unit, datum=datum, source=source)
    _refuse_unit(table.name, values[filled] * scale, unit)
    kept = _kept(years, notes)
    first = np.unique(years, return_index=True)[1]
    return ExtremeSeries(
        kind="peaks over threshold",
        years=years[kept & filled],
        values_m=values[kept & filled] * scale,
        observed_years=float(days[first][kept[first]].sum() / DAYS_PER_YEAR),
        datum=datum,
        source=source,
        threshold_m=threshold * scale,
        notes=notes,
    )


def read_psmsl_means(path: str | Path, *, source: str) -> MeanSeries:
    """Read a PSMSL file of monthly or annual means (``time; mm; …``); missing values are left out.

    Raises:
        FormatError: not that format, or no value at all.
    """
    path = Path(path)
    lines = _lines(path)
    wrong = [number for number, line in enumerate(lines, start=1) if not PSMSL_LINE.match(line)]
    if wrong or not lines:
        raise FormatError(
            f"{path.name} is not a PSMSL file of means",
            rows=wrong,
            mend="Each line must be: time; mean in mm; days missing; flag.",
        )
    cells = [line.split(";") for line in lines]
    time = np.array([float(row[0]) for row in cells])
    level = np.array([int(row[1]) for row in cells])
    there = level != PSMSL_MISSING
    if not there.any():
        raise FormatError(f"{path.name} holds only missing values", mend="Download the series again.")
    monthly = bool((time % 1 != 0).any())
    return MeanSeries(time[there], level[there] * 1e-3, "monthly" if monthly else "annual", source)


def mean_sea_level_trend(means: MeanSeries) -> Trend:
    """Return the trend of annual means; monthly means lose their seasonal cycle first.

    Raises:
        SeriesError: fewer than thirty values, too few to tell a trend from a decade's oscillation.
    """
    count = len(means.time)
    if count < 30:
        raise SeriesError(f"{count} means are too few for a trend", mend="Give thirty or more.")
    centre = means.time.mean()
    columns = [np.ones(count), means.time - centre]
    if means.period == "monthly":
        phase = 2 * np.pi * means.time
        columns += [np.cos(phase), np.sin(phase), np.cos(2 * phase), np.sin(2 * phase)]
    design = np.column_stack(columns)
    fitted, *_ = np.linalg.lstsq(design, means.values_m, rcond=None)
    residual = means.values_m - design @ fitted
    lag = float(np.clip((residual[1:] @ residual[:-1]) / (residual @ residual), 0.0, 0.99))
    effective = count * (1 - lag) / (1 + lag)
    variance = residual @ residual / max(effective - design.shape[1], 1.0)
    spread = ((means.time - centre) ** 2).sum()
    return Trend(
        mm_per_year=float(fitted[1] * 1e3),
        standard_error=float(np.sqrt(variance / spread) * 1e3),
        first=float(means.time[0]),
        last=float(means.time[-1]),
        values=count,
    )


def _lines(path: Path) -> Sequence[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"the file {path.name} cannot be read: {error}", mend="Check the path.") from error


def _extremes_table(path: str | Path, value_column: str) -> Table:
    path = Path(path)
    lines = _lines(path)
    if lines and all(PSMSL_LINE.match(line) for line in lines):
        raise SeriesError(f"{path.name}: {NO_RETURN_LEVELS_OF_MEANS}", mend=USE_EXTREMES)
    return read_table(path, required=("year", "observed_days", value_column))


def _scale(unit: str, *, datum: str, source: str) -> float:
    if unit not in METRES:
        raise SeriesError(f"the unit {unit!r} is not known", mend=f"Use: {', '.join(METRES)}.")
    for name, text in (("datum", datum), ("source", source)):
        if not text.strip():
            raise SeriesError(f"the {name} of the series is blank", mend=f"Say the {name}: nothing is guessed.")
    return METRES[unit]


def _refuse_unit(name: str, values_m: Floats, unit: str) -> None:
    """Refuse levels that no tide reaches: they are in another unit than was said."""
    wrong = values_m[np.abs(values_m) > HIGHEST_M]
    if wrong.size:
        raise SeriesError(
            f"{name}: levels beyond {HIGHEST_M:g} m when read in {unit!r}",
            rows=[f"{value:g} m" for value in wrong.tolist()],
            mend=f"Say the unit they are in ({', '.join(METRES)}), or measure from another datum.",
        )


def _coverage(table: Table, minimum: float) -> tuple[Years, Floats, tuple[Note, ...]]:
    """Return years and observed days ``(rows,)``, and a note for every year with too few of them."""
    if not 0 <= minimum <= 1:
        raise SeriesError(f"minimum_coverage {minimum!r} is not a share", mend="Give a number from 0 to 1.")
    numbers, days = table.numbers("year"), table.numbers("observed_days")
    limits = np.array([366.0 if year % 1 == 0 and isleap(int(year)) else 365.0 for year in numbers])
    wrong = np.flatnonzero((numbers % 1 != 0) | (days < 0) | (days > limits))
    if wrong.size:
        raise SeriesError(
            f"{table.name}: years that are not whole, or more days than the year has",
            rows=[f"{FIRST_ROW + i}: year {numbers[i]:g}, {days[i]:g} days" for i in wrong.tolist()],
            mend="Correct year and observed_days; a decimal year is the mark of a series of means.",
        )
    years = numbers.astype(np.int64)
    short = sorted({(int(y), int(d)) for y, d, n in zip(years, days, limits, strict=True) if d < minimum * n})
    notes = tuple(
        Note(
            "set_aside",
            str(year),
            "observed_days",
            f"{year}: {count} días observados, menos de {minimum:.0%} del año; no entra en el ajuste",
            f"{year}: {count} days observed, less than {minimum:.0%} of the year; left out of the fit",
        )
        for year, count in short
    )
    return years, days, notes


def _kept(years: Years, notes: Sequence[Note]) -> NDArray[np.bool_]:
    return ~np.isin(years, [int(note.row) for note in notes])


def _refuse_repeated(name: str, years: Years) -> None:
    repeated = [f"{year} ({times} values)" for year, times in Counter(years.tolist()).items() if times > 1]
    if repeated:
        raise SeriesError(
            f"{name}: annual maxima have one value a year, and some years have more",
            rows=repeated,
            mend="Give one maximum a year, or read them as peaks over a threshold; monthly values are refused.",
        )


def _refuse_other_days(name: str, years: Years, days: Floats) -> None:
    told: dict[int, set[float]] = {}
    for year, count in zip(years.tolist(), days.tolist(), strict=True):
        told.setdefault(year, set()).add(count)
    wrong = [year for year, counts in told.items() if len(counts) > 1]
    if wrong:
        raise SeriesError(
            f"{name}: rows of the same year disagree on observed_days", rows=wrong, mend="Write the same number."
        )
