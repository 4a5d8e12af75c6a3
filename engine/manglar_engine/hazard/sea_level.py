"""Extreme sea level from a tide gauge, **screening**: return levels, how well they fit, scenarios added.

What it is not: a design level. One gauge in its harbour, no waves, run-up or tsunami, the past taken as
stationary once the mean is removed. The limits travel with every answer as notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import EngineError, SeriesError
from manglar_engine.hazard.sea_level_fit import Fit, fit_series, growth, reduced
from manglar_engine.hazard.sea_level_profile import LevelProfile, profile_level
from manglar_engine.hazard.sea_level_series import (
    NO_RETURN_LEVELS_OF_MEANS,
    USE_EXTREMES,
    ExtremeSeries,
    MeanSeries,
)
from manglar_engine.io.canonical import array_digest, canonical_bytes
from manglar_engine.io.watch import Watch
from manglar_engine.vocabulary import ENGINE_VERSION, ESTIMATE, SOURCE, Cancel, Note, Progress, Triple

Floats = NDArray[np.float64]

PERIODS = (2.0, 5.0, 10.0, 25.0, 50.0, 100.0)
EXTRAPOLATED = 2.0
"""Periods longer than this many times the record are marked: the record hardly speaks of them."""
INTERVAL = np.array([0.05, 0.95])
DOUBTED = 0.05
"""A share of drawn series below this, as far from the fit as the series itself, is told as a limit."""
STEPS_A_LEVEL = 8
"""A profile takes about as long as so many fits."""
SAMPLES = 10_000
BOOTSTRAP = 200
LIMITS = (
    (
        "tamizaje: un mareógrafo, dentro de su puerto; sin oleaje, sin tsunamis, sin escorrentía",
        "screening: one gauge, inside its harbour; no waves, no tsunamis, no runoff",
    ),
    (
        "niveles estacionarios una vez quitada la media: sin el ciclo nodal de la marea (18.6 años)",
        "levels stationary once the mean is removed: without the nodal cycle of the tide (18.6 years)",
    ),
    (
        "niveles desde el plano de la serie: para inundar un mapa hay que atarlo al de la topografía",
        "levels from the datum of the series: to flood a map it must be tied to that of the terrain",
    ),
)


@dataclass(frozen=True, slots=True)
class SeaLevelScenario:
    """A rise of mean sea level by ``year`` over that of ``base_year``, triangular in metres, with its source."""

    id: str
    es: str
    en: str
    base_year: int
    year: int
    rise_m: Triple
    source: str
    mark: str

    def __post_init__(self) -> None:
        """Raise :class:`SeriesError` for limits out of order, no source, or a year before the base."""
        wrong = [
            text
            for text, holds in {
                "rise_m must be best, min, max in order": self.rise_m.is_ordered,
                "the source is blank": bool(self.source.strip()),
                f"the mark must be {SOURCE!r} or {ESTIMATE!r}": self.mark in (SOURCE, ESTIMATE),
                "the year does not follow base_year": self.year > self.base_year,
            }.items()
            if not holds
        ]
        if wrong:
            raise SeriesError(f"scenario: {'; '.join(wrong)}", rows=(self.id,), mend="Correct the scenario.")


@dataclass(frozen=True, slots=True)
class ReturnLevel:
    """A level in metres above the datum: best estimate and 90% interval; ``scenario`` is blank for today.

    ``extrapolated``: the period is more than twice the record.
    """

    scenario: str
    period_years: float
    best_m: float
    p05_m: float
    p95_m: float
    extrapolated: bool


@dataclass(frozen=True, slots=True)
class GoodnessOfFit:
    """Distance between the extremes and the fitted distribution.

    ``kolmogorov_smirnov`` and ``anderson_darling`` with the share of ``bootstrap`` series drawn from the
    fit, and fitted again, that lie as far or farther: a small share speaks against the fit.
    ``quantile_correlation``: of sorted extremes and fitted quantiles (the quantile plot, Coles 2001, 2.6.7).
    """

    kolmogorov_smirnov: float
    kolmogorov_smirnov_share: float
    anderson_darling: float
    anderson_darling_share: float
    quantile_correlation: float
    bootstrap: int


@dataclass(frozen=True, slots=True)
class SeaLevelResult:
    """Return levels by scenario and period, the fit behind them, notes and a manifest."""

    model: str
    datum: str
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]
    levels: tuple[ReturnLevel, ...]
    goodness: GoodnessOfFit
    notes: tuple[Note, ...]
    manifest: Mapping[str, object]

    def to_json(self) -> bytes:
        """Return canonical JSON: the same answer has the same bytes."""
        return canonical_bytes(self)


def extreme_sea_level(
    series: ExtremeSeries | MeanSeries,
    *,
    seed: int,
    periods: Sequence[float] = PERIODS,
    scenarios: Sequence[SeaLevelScenario] = (),
    samples: int = SAMPLES,
    bootstrap: int = BOOTSTRAP,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> SeaLevelResult:
    """Return levels passed once in each period, today and in every scenario, with 90% intervals.

    Args:
        series: extremes; a series of means is refused.
        seed: of the draws that add scenarios and measure the fit.
        periods: years, rising.
        scenarios: rises of the mean, added to the levels.
        samples: draws for the sum of level and rise.
        bootstrap: series drawn to judge the fit.
        progress: called with a fraction 0..1 and a label.
        cancel: asked between levels and between drawn series; true stops the run.

    Raises:
        SeriesError: means, too few extremes, periods or scenarios that disagree.
        Cancelled: when asked to stop.
    """
    if isinstance(series, MeanSeries):
        raise SeriesError(NO_RETURN_LEVELS_OF_MEANS, mend=USE_EXTREMES)
    _check(periods, scenarios, samples, bootstrap)
    fit = fit_series(series)
    watch = Watch(progress, cancel, len(periods) * STEPS_A_LEVEL + bootstrap)
    profiles = [watch.after(profile_level(fit, period), "niveles", STEPS_A_LEVEL) for period in periods]
    limit = EXTRAPOLATED * series.observed_years
    levels = [_today(profile, limit) for profile in profiles]
    for scenario in scenarios:
        levels += [_raised(profile, scenario, seed=seed, samples=samples, limit=limit) for profile in profiles]
    goodness = goodness_of_fit(fit, seed=seed, bootstrap=bootstrap, watch=watch)
    return SeaLevelResult(
        model=fit.model,
        datum=series.datum,
        parameters={
            "location_m": fit.location_m,
            "scale_m": fit.scale_m,
            "shape": fit.shape,
            "rate": fit.rate,
            "log_likelihood": fit.log_likelihood,
        },
        standard_errors=fit.standard_errors,
        levels=tuple(levels),
        goodness=goodness,
        notes=(*series.notes, *_doubted(goodness), *_limits(fit, levels)),
        manifest={
            "engine": ENGINE_VERSION,
            "series": array_digest(series.years.astype(np.float64), series.values_m),
            "source": series.source,
            "kind": series.kind,
            "values": len(series.values_m),
            "observed_years": series.observed_years,
            "seed": seed,
            "samples": samples,
            "scenarios": scenarios,
            "interval": 0.9,
        },
    )


def _check(periods: Sequence[float], scenarios: Sequence[SeaLevelScenario], samples: int, bootstrap: int) -> None:
    if not periods or list(periods) != sorted(set(periods)):
        raise SeriesError("return periods must be one or more, each longer than the one before", mend="Sort them.")
    ids = [scenario.id for scenario in scenarios]
    repeated = sorted({name for name in ids if ids.count(name) > 1 or not name})
    if repeated:
        raise SeriesError("scenario ids are blank or repeated", rows=repeated, mend="Give each its own id.")
    if samples < 1000 or bootstrap < 20:
        raise SeriesError("samples must be 1,000 or more and bootstrap 20 or more", mend="Raise them.")


def _stream(name: str, seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([seed, *name.encode("utf-8")]))


def _today(profile: LevelProfile, limit: float) -> ReturnLevel:
    low, high = profile.quantile(INTERVAL).tolist()
    return ReturnLevel("", profile.period_years, profile.best_m, low, high, profile.period_years > limit)


def _raised(profile: LevelProfile, scenario: SeaLevelScenario, *, seed: int, samples: int, limit: float) -> ReturnLevel:
    """Add a rise to a level: the two are independent, each stratified in its own random order."""
    stream = _stream(f"{scenario.id} {profile.period_years:g}", seed)
    slices = (np.arange(samples) + 0.5) / samples
    rise = triangular_quantile(scenario.rise_m, stream.permutation(slices))
    total = profile.quantile(stream.permutation(slices)) + rise
    low, high = np.quantile(total, INTERVAL).tolist()
    best = profile.best_m + scenario.rise_m.best
    return ReturnLevel(scenario.id, profile.period_years, best, low, high, profile.period_years > limit)


def triangular_quantile(limits: Triple, probability: Floats) -> Floats:
    """Return the inverse of the triangular distribution with mode ``best`` between ``min`` and ``max``."""
    width = limits.max - limits.min
    if width <= 0:
        return np.full(np.shape(probability), limits.best)
    left, right = limits.best - limits.min, limits.max - limits.best
    return np.where(
        probability * width < left,
        limits.min + np.sqrt(probability * width * left),
        limits.max - np.sqrt((1 - probability) * width * right),
    )


def goodness_of_fit(fit: Fit, *, seed: int, bootstrap: int = BOOTSTRAP, watch: Watch | None = None) -> GoodnessOfFit:
    """Measure how far the extremes lie from the fit, against series drawn from it and fitted again."""
    values = np.sort(fit.series.values_m)
    own = _distances(_cumulative(fit, values))
    stream = _stream("goodness of fit", seed)
    draws = []
    for _ in range(bootstrap):
        drawn = _quantile(fit, stream.random(len(values)))
        again = _refit(fit, drawn)
        if watch is not None:
            watch.after(None, "bondad del ajuste")
        if again is not None:
            draws.append(_distances(_cumulative(again, np.sort(drawn))))
    if not draws:
        raise SeriesError("no series drawn from the fit could be fitted again", mend="Give a longer series.")
    farther = (np.array(draws) >= own).mean(axis=0)
    positions = (np.arange(len(values)) + 0.5) / len(values)
    return GoodnessOfFit(
        kolmogorov_smirnov=own[0],
        kolmogorov_smirnov_share=float(farther[0]),
        anderson_darling=own[1],
        anderson_darling_share=float(farther[1]),
        quantile_correlation=float(np.corrcoef(values, _quantile(fit, positions))[0, 1]),
        bootstrap=len(draws),
    )


def _refit(fit: Fit, values: Floats) -> Fit | None:
    series = fit.series
    drawn = ExtremeSeries(
        series.kind, series.years, values, series.observed_years, series.datum, series.source, series.threshold_m
    )
    try:
        return fit_series(drawn)
    except EngineError:
        return None  # a drawn series without a regular maximum tells nothing; the count says how many there were


def _cumulative(fit: Fit, values: Floats) -> Floats:
    r = reduced((values - fit.location_m) / fit.scale_m, fit.shape)
    return np.exp(-np.exp(-r)) if fit.model == "GEV" else -np.expm1(-r)


def _quantile(fit: Fit, probability: Floats) -> Floats:
    t = -np.log(-np.log(probability)) if fit.model == "GEV" else -np.log1p(-probability)
    return np.asarray(fit.location_m + fit.scale_m * growth(t, fit.shape))


def _distances(cumulative: Floats) -> tuple[float, float]:
    """Return Kolmogorov-Smirnov D and Anderson-Darling A² of sorted cumulative probabilities."""
    p = np.clip(cumulative, 1e-12, 1 - 1e-12)
    count = len(p)
    ranks = np.arange(1, count + 1)
    largest = max((ranks / count - p).max(), (p - (ranks - 1) / count).max())
    weighted = (2 * ranks - 1) * (np.log(p) + np.log1p(-p[::-1]))
    return float(largest), float(-count - weighted.sum() / count)


def _doubted(goodness: GoodnessOfFit) -> list[Note]:
    """Note a fit that series drawn from it rarely lie as far from."""
    share = min(goodness.anderson_darling_share, goodness.kolmogorov_smirnov_share)
    if share >= DOUBTED:
        return []
    es = f"el ajuste no convence: solo {share:.1%} de las series simuladas se apartan tanto; compare con el otro método"
    en = f"the fit is spoken against: only {share:.1%} of drawn series lie as far; compare with the other method"
    return [Note("limit", f"{share:.3f}", "goodness", es, en)]


def _limits(fit: Fit, levels: Sequence[ReturnLevel]) -> list[Note]:
    notes = [Note("limit", "", "", es, en) for es, en in LIMITS]
    far = sorted({level.period_years for level in levels if level.extrapolated})
    if far:
        named = ", ".join(f"{period:g}" for period in far)
        notes.append(
            Note(
                "limit",
                named,
                "period_years",
                f"{named} años: más del doble del registro ({fit.series.observed_years:.0f} años), extrapolación",
                f"{named} years: over twice the record ({fit.series.observed_years:.0f} years), extrapolation",
            )
        )
    if fit.shape < 0:
        top = fit.location_m - fit.scale_m / fit.shape
        notes.append(
            Note(
                "limit",
                "",
                "shape",
                f"forma negativa: el ajuste no pasa de {top:.2f} m, por raro que sea el suceso",
                f"negative shape: the fit never passes {top:.2f} m, however rare the event",
            )
        )
    return notes
