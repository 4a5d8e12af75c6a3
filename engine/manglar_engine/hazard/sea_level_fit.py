"""Extreme-value distributions by maximum likelihood, with profile-likelihood intervals.

Coles (2001), An Introduction to Statistical Modeling of Extreme Values, Springer,
doi 10.1007/978-1-4471-3675-0, chapters 3 (annual maxima, generalised extreme value) and 4 (peaks over a
threshold, generalised Pareto). ``shape`` is his xi: below zero the levels have an upper end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from manglar_engine.errors import SeriesError
from manglar_engine.hazard.sea_level_series import ExtremeSeries

Floats = NDArray[np.float64]

LEAST_VALUES = 20
"""Fewer extremes than this are refused (estimación): three parameters and a tail need more than a few."""
IRREGULAR_SHAPE = -0.5
"""At or below it maximum likelihood loses its usual properties (Coles 2001, section 3.3.2)."""
NEAR_ZERO = 1e-7
IMPOSSIBLE = 1e10
SETTLED = 1e-5
"""Far below any standard error."""
WIDEST = 60
"""Logarithms of scale and rate beyond this are outside any series."""


def reduced(y: Floats, shape: float) -> Floats:
    """Return ``ln(1 + shape y)/shape``, and its limit ``y`` at shape zero; infinite outside the support."""
    if abs(shape) < NEAR_ZERO:
        return y - shape * y * y / 2
    inside = 1 + shape * y
    return np.where(inside > 0, np.log(np.where(inside > 0, inside, 1.0)) / shape, np.inf)


def growth(log_periods: Floats | float, shape: float) -> Floats:
    """Return ``(exp(shape t) - 1)/shape``, and its limit ``t``: the inverse of :func:`reduced`."""
    t = np.asarray(log_periods, dtype=np.float64)
    if abs(shape) < NEAR_ZERO:
        return t + shape * t * t / 2
    return np.asarray(np.expm1(shape * t) / shape)


class Tail(Protocol):
    """What the two models share: a likelihood and the level passed once in so many years.

    Both work on values shifted and divided by a scale of their own, so that parameters are near one.
    """

    names: tuple[str, ...]

    def start(self) -> Floats:
        """Return a first guess of the parameters."""

    def minus_log_likelihood(self, parameters: Floats) -> float:
        """Return minus the log-likelihood, very large outside the support."""

    def level(self, parameters: Floats, period_years: float) -> float:
        """Return the level passed once in ``period_years`` on average."""

    def with_level(self, free: Floats, level: float, period_years: float) -> Floats:
        """Return all parameters such that :meth:`level` is ``level``; ``free`` are all but the first."""


@dataclass(frozen=True, slots=True)
class AnnualMaxima:
    """GEV of annual maxima: parameters location, ln scale, shape; Coles (2001) eqs. 3.2, 3.7 and 3.9.

    The level of period T is the quantile of 1 - 1/T (eqs. 3.4 and 3.10).
    """

    values: Floats
    names: tuple[str, ...] = ("location", "log_scale", "shape")

    def start(self) -> Floats:
        """Return the moments of a Gumbel distribution."""
        scale = np.sqrt(6.0) / np.pi * self.values.std()
        return np.array([self.values.mean() - np.euler_gamma * scale, np.log(scale), -0.05])

    def minus_log_likelihood(self, parameters: Floats) -> float:
        """Return ``n ln s + (1 + shape) sum(r) + sum(exp(-r))`` with r the reduced values (eq. 3.7)."""
        location, log_scale, shape = parameters
        if not -1 < shape < 1 or abs(log_scale) > WIDEST:
            return IMPOSSIBLE
        r = reduced((self.values - location) / np.exp(log_scale), float(shape))
        if not np.isfinite(r).all() or r.min() < -WIDEST:
            return IMPOSSIBLE
        return float(len(r) * log_scale + (1 + shape) * r.sum() + np.exp(-r).sum())

    def level(self, parameters: Floats, period_years: float) -> float:
        """Return the quantile of ``1 - 1/period`` (eq. 3.4)."""
        location, log_scale, shape = parameters
        return float(location + np.exp(log_scale) * growth(_gumbel(period_years), float(shape)))

    def with_level(self, free: Floats, level: float, period_years: float) -> Floats:
        """Return the parameters in terms of the level (Coles 2001, section 3.3.4)."""
        log_scale, shape = free
        location = level - np.exp(np.clip(log_scale, -WIDEST, WIDEST)) * growth(_gumbel(period_years), float(shape))
        return np.array([location, log_scale, shape])


def _gumbel(period_years: float) -> float:
    return float(-np.log(-np.log1p(-1 / period_years)))


@dataclass(frozen=True, slots=True)
class PeaksOverThreshold:
    """Poisson rate and GPD of the excesses: parameters ln scale, shape, ln rate.

    Coles (2001) eq. 4.2 for the distribution, section 4.3.2 for the likelihood, section 4.3.3 for the
    level of N years, with the number of peaks in a year Poisson instead of binomial. The rate is a
    parameter of the likelihood, so that its uncertainty is in the interval.
    """

    excesses: Floats
    observed_years: float
    names: tuple[str, ...] = ("log_scale", "shape", "log_rate")

    def start(self) -> Floats:
        """Return the exponential distribution and the mean rate."""
        return np.array([np.log(self.excesses.mean()), -0.05, np.log(len(self.excesses) / self.observed_years)])

    def minus_log_likelihood(self, parameters: Floats) -> float:
        """Return ``n ln s + (1 + shape) sum(r)`` of the GPD plus the Poisson part."""
        log_scale, shape, log_rate = parameters
        if not -1 < shape < 1 or max(abs(log_scale), abs(log_rate)) > WIDEST:
            return IMPOSSIBLE
        r = reduced(self.excesses / np.exp(log_scale), float(shape))
        if not np.isfinite(r).all():
            return IMPOSSIBLE
        poisson = np.exp(log_rate) * self.observed_years - len(r) * log_rate
        return float(len(r) * log_scale + (1 + shape) * r.sum() + poisson)

    def level(self, parameters: Floats, period_years: float) -> float:
        """Return the excess passed once in ``period_years``: ``scale growth(ln(rate N), shape)``."""
        log_scale, shape, log_rate = parameters
        return float(np.exp(log_scale) * growth(log_rate + np.log(period_years), float(shape)))

    def with_level(self, free: Floats, level: float, period_years: float) -> Floats:
        """Return the parameters in terms of the level."""
        shape, log_rate = free
        unit = growth(log_rate + np.log(period_years), float(shape))
        return np.array([np.log(level / unit) if level > 0 < unit else np.inf, shape, log_rate])


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted tail in metres.

    Attributes:
        model: ``GEV`` or ``Poisson-GPD``. ``series``: what was fitted.
        location_m: of the GEV, or the threshold. ``scale_m``, ``shape``: of the distribution.
        rate: events in a year: one for annual maxima.
        standard_errors: of location (GEV only), scale, shape and rate (peaks only), by name, from the
            inverse of the observed information (Coles 2001, theorem 2.4).
        covariance: of location, scale and shape for the GEV; of scale and shape for peaks.
        log_likelihood: in metres.
    """

    model: str
    series: ExtremeSeries
    location_m: float
    scale_m: float
    shape: float
    rate: float
    standard_errors: dict[str, float]
    covariance: Floats
    log_likelihood: float
    tail: AnnualMaxima | PeaksOverThreshold
    best: Floats
    centre_m: float
    unit_m: float

    def level_m(self, period_years: float) -> float:
        """Return the level in metres passed once in ``period_years`` on average."""
        return self.centre_m + self.unit_m * self.tail.level(self.best, period_years)


def fit_series(series: ExtremeSeries) -> Fit:
    """Fit the GEV to annual maxima, or a Poisson rate and the GPD to peaks over a threshold.

    Raises:
        SeriesError: fewer than :data:`LEAST_VALUES` values, values all equal, or a likelihood without a
            regular maximum (shape at or below -0.5).
    """
    if len(series.values_m) < LEAST_VALUES:
        raise SeriesError(
            f"{len(series.values_m)} extremes are too few to fit a tail",
            mend=f"Give {LEAST_VALUES} or more, or a regional study.",
        )
    if not np.isfinite(series.values_m).all() or np.ptp(series.values_m) <= 0:
        raise SeriesError("the extremes are all equal or not finite", mend="Correct the series.")
    peaks = series.kind == "peaks over threshold"
    centre = series.threshold_m if peaks else float(series.values_m.mean())
    unit = float((series.values_m - centre).mean() if peaks else series.values_m.std())
    scaled = (series.values_m - centre) / unit
    tail = PeaksOverThreshold(scaled, series.observed_years) if peaks else AnnualMaxima(scaled)
    best, lowest = minimise(tail.minus_log_likelihood, tail.start())
    shape = float(best[tail.names.index("shape")])
    if shape <= IRREGULAR_SHAPE:
        raise SeriesError(
            f"the fitted shape is {shape:.2f}: at or below {IRREGULAR_SHAPE} maximum likelihood is not regular",
            mend="Check the series for a ceiling or a clipped gauge; a longer one may help.",
        )
    return _fit_in_metres(series, tail, best, lowest, (centre, unit))


def _fit_in_metres(
    series: ExtremeSeries,
    tail: AnnualMaxima | PeaksOverThreshold,
    best: Floats,
    lowest: float,
    frame: tuple[float, float],
) -> Fit:
    centre, unit = frame
    information = np.linalg.inv(_hessian(tail.minus_log_likelihood, best))
    values = dict(zip(tail.names, best.tolist(), strict=True))
    scale = float(np.exp(values["log_scale"])) * unit
    peaks = isinstance(tail, PeaksOverThreshold)
    # The delta method (Coles 2001, theorem 2.4) from the scaled logarithms to metres.
    slopes = np.array([scale, 1.0] if peaks else [unit, scale, 1.0])
    part = information[:2, :2] if peaks else information
    covariance: Floats = np.asarray(part * np.outer(slopes, slopes), dtype=np.float64)
    errors = dict(
        zip(
            ("scale_m", "shape") if peaks else ("location_m", "scale_m", "shape"),
            np.sqrt(np.diag(covariance)).tolist(),
            strict=True,
        )
    )
    rate = float(np.exp(values["log_rate"])) if peaks else 1.0
    if peaks:
        errors["rate"] = rate * float(np.sqrt(information[2, 2]))
    return Fit(
        model="Poisson-GPD" if peaks else "GEV",
        series=series,
        location_m=centre if peaks else centre + unit * values["location"],
        scale_m=scale,
        shape=values["shape"],
        rate=rate,
        standard_errors=errors,
        covariance=covariance,
        log_likelihood=-lowest - len(series.values_m) * float(np.log(unit)),
        tail=tail,
        best=best,
        centre_m=centre,
        unit_m=unit,
    )


def minimise(function: Callable[[Floats], float], start: Floats) -> tuple[Floats, float]:
    """Return where ``function`` is lowest near ``start`` and its value.

    A simplex a fifth wide (parameters are near one), and smaller fresh ones around its answer until
    nothing moves: a simplex may collapse before it arrives.
    """
    found = start
    for width in (0.2, 0.05, 0.02, 0.02, 0.02):
        corners = np.vstack([found, found + width * np.eye(len(found))])
        result = minimize(
            function,
            found,
            method="Nelder-Mead",
            options={"initial_simplex": corners, "xatol": 1e-8, "fatol": 1e-12, "maxiter": 4000},
        )
        moved = float(np.abs(result.x - found).max())
        found = np.asarray(result.x, dtype=np.float64)
        if moved < SETTLED:
            break
    return found, float(result.fun)


def _hessian(function: Callable[[Floats], float], at: Floats) -> Floats:
    """Return second derivatives by central differences with steps of a thousandth."""
    count, step = len(at), 1e-3
    table = np.empty((count, count))
    moves = step * np.eye(count)
    for i in range(count):
        for j in range(i, count):
            a, b = moves[i], moves[j]
            total = function(at + a + b) - function(at + a - b) - function(at - a + b) + function(at - a - b)
            table[i, j] = table[j, i] = total / (4 * step * step)
    return table
