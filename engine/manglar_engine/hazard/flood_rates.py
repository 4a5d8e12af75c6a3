"""How often floods are recorded in each territory, **screening**: Poisson counts, Gamma rates.

A list of past events is never the whole past. The caller says in which years, and where, such events would
have been written down (completeness windows); events outside count for nothing and are named. What comes
out is the rate of *recorded* events, not of a depth of water.

Rates are exchangeable between territories: lambda_i ~ Gamma(shape a, mean m), with the prior of m flat in
its logarithm and that of a flat in its logarithm between limits; counts are Poisson(lambda_i T_i). Clayton
and Kaldor (1987), Biometrics 43(3), 671-681, use this model for rates of small areas and estimate a and m;
here they are integrated over a grid. Or each territory alone with Jeffreys' prior, Gamma(1/2, 0), whose
posterior is Gamma(n + 1/2, T): a closed form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammainc, gammaln

from manglar_engine.errors import SeriesError
from manglar_engine.hazard.recorded_events import RecordedEvent
from manglar_engine.io.canonical import canonical_bytes, digest
from manglar_engine.vocabulary import ENGINE_VERSION, Note

Floats = NDArray[np.float64]

DAYS_PER_YEAR = 365.25
JEFFREYS = 0.5
SHAPES: Floats = np.geomspace(0.1, 30.0, 33)
"""Shapes of the shared Gamma: from territories that hardly resemble each other to nearly equal ones."""
MEANS = 65
MEAN_SPAN = 8.0
"""The grid of the mean reaches this many times below and above the pooled rate."""
UNEVEN = 1.645
"""Laplace's statistic beyond this (a tenth of even records pass it) speaks against completeness."""
PRIORS = ("shared", "jeffreys")
LIMITS = (
    (
        "tamizaje: tasa de inundaciones registradas con consecuencias, no de profundidades de agua",
        "screening: rate of recorded floods with consequences, not of depths of water",
    ),
    (
        "vale lo que valga la ventana de integridad declarada; un registro de prensa crece con la prensa",
        "it is worth what the declared completeness window is; a press record grows with the press",
    ),
    (
        "los sucesos se toman independientes: dos inundaciones de la misma temporada cuentan dos",
        "events are taken as independent: two floods of one season count two",
    ),
)


@dataclass(frozen=True, slots=True)
class CompletenessWindow:
    """From ``first`` to ``last`` (both included) such events would have been recorded in ``territories``.

    No territories means all of them. ``reason`` says why this is believed.
    """

    first: date
    last: date
    reason: str
    territories: tuple[str, ...] = ()

    @property
    def years(self) -> float:
        """Return its length in years of 365.25 days."""
        return ((self.last - self.first).days + 1) / DAYS_PER_YEAR


@dataclass(frozen=True, slots=True)
class FloodRate:
    """Recorded floods a year in one territory: posterior mean and 90% credible interval.

    ``events``: counted, fractions for dates that straddle a window; ``unverified`` of them rest on a date
    nobody has verified. ``years``: of the windows. ``yearly_probability``: of one or more in a year.
    """

    territory: str
    events: float
    unverified: float
    years: float
    mean: float
    p05: float
    p95: float
    yearly_probability: float


@dataclass(frozen=True, slots=True)
class FloodRates:
    """Rates by territory; ``anywhere`` counts every event once over the longest window, with Jeffreys' prior."""

    by_territory: tuple[FloodRate, ...]
    anywhere: FloodRate
    notes: tuple[Note, ...]
    manifest: Mapping[str, object]

    def to_json(self) -> bytes:
        """Return canonical JSON."""
        return canonical_bytes(self)


def flood_rates(
    events: Sequence[RecordedEvent],
    windows: Sequence[CompletenessWindow],
    territories: Sequence[str],
    *,
    peril: str = "flood",
    prior: str = "shared",
) -> FloodRates:
    """Return annual rates of recorded events of ``peril`` in each of ``territories``.

    Args:
        events: as :func:`~manglar_engine.hazard.recorded_events.read_recorded_events` gives them.
        windows: when and where the record is complete; there is no default.
        territories: codes of the area; a territory without events has a rate too.
        peril: an event of several perils counts when it names this one.
        prior: ``shared`` (territories inform each other) or ``jeffreys`` (each alone).

    Raises:
        SeriesError: no windows, windows that overlap, run backwards, give no reason or name unknown
            territories; repeated territories or events; a territory without any window.
    """
    _check(events, windows, territories, prior)
    chosen = [event for event in events if peril in event.perils]
    _refuse_peril(events, chosen, peril)
    known = set(territories)
    exposure = np.array([sum(w.years for w in windows if _covers(w, code)) for code in territories])
    counts, unverified = np.zeros(len(territories)), np.zeros(len(territories))
    place = {code: i for i, code in enumerate(territories)}
    notes = [_outside(event, peril) for event in events if peril not in event.perils]
    total, total_unverified = 0.0, 0.0
    times: list[float] = []
    for event in chosen:
        shares = {code: _share(event, windows, code) for code in event.territories if code in known}
        largest = max(shares.values(), default=0.0)
        if largest == 0:
            notes.append(_not_counted(event, known))
            continue
        for code, share in shares.items():
            counts[place[code]] += share
            unverified[place[code]] += 0.0 if event.verified else share
        total += largest
        total_unverified += 0.0 if event.verified else largest
        times.append(event.middle.toordinal())
        notes += _partial(event, largest)
    rows = (
        _shared(counts, exposure)
        if prior == "shared"
        else [_jeffreys(n, t) for n, t in zip(counts, exposure, strict=True)]
    )
    longest = max(exposure)
    notes += _unevenness(times, windows) + _beyond_record(events, windows)
    notes += [Note("limit", "", "", es, en) for es, en in LIMITS]
    return FloodRates(
        by_territory=tuple(
            FloodRate(code, float(n), float(u), float(t), *row)
            for code, n, u, t, row in zip(territories, counts, unverified, exposure, rows, strict=True)
        ),
        anywhere=FloodRate("", total, total_unverified, float(longest), *_jeffreys(total, longest)),
        notes=tuple(notes),
        manifest={
            "engine": ENGINE_VERSION,
            "events": digest([_told(event) for event in events]),
            "windows": [
                {
                    "first": w.first.isoformat(),
                    "last": w.last.isoformat(),
                    "reason": w.reason,
                    "territories": w.territories,
                }
                for w in windows
            ],
            "peril": peril,
            "prior": prior,
            "interval": 0.9,
        },
    )


def _refuse_peril(events: Sequence[RecordedEvent], chosen: Sequence[RecordedEvent], peril: str) -> None:
    if events and not chosen:
        held = sorted({name for event in events for name in event.perils})
        raise SeriesError(f"no record is of peril {peril!r}", rows=held, mend="Ask for one of these.")


def _beyond_record(events: Sequence[RecordedEvent], windows: Sequence[CompletenessWindow]) -> list[Note]:
    """Note windows that go on for more than a year after the last record of any peril."""
    last = max((event.last for event in events), default=None)
    return [
        Note(
            "limit",
            f"{window.first} to {window.last}",
            "windows",
            f"la ventana sigue después del último registro ({last}): ¿se llevó el registro hasta su fin?",
            f"the window goes on after the last record ({last}): was the record kept until its end?",
        )
        for window in windows
        if last is not None and window.last.year > last.year + 1
    ]


def _told(event: RecordedEvent) -> Mapping[str, object]:
    return {
        "first": event.first.isoformat(),
        "last": event.last.isoformat(),
        "perils": event.perils,
        "territories": event.territories,
        "verified": event.verified,
    }


def _covers(window: CompletenessWindow, code: str) -> bool:
    return not window.territories or code in window.territories


def _check(
    events: Sequence[RecordedEvent], windows: Sequence[CompletenessWindow], territories: Sequence[str], prior: str
) -> None:
    if prior not in PRIORS:
        raise SeriesError(f"the prior {prior!r} is not known", mend=f"Use: {', '.join(PRIORS)}.")
    if not territories or len(set(territories)) != len(territories):
        raise SeriesError("territories are none or repeated", mend="Give every territory once.")
    if not windows:
        raise SeriesError(
            "no completeness window: nobody has said in which years floods would have been recorded",
            mend="Give one window or more, each with its reason.",
        )
    if len({event.row for event in events}) != len(events):
        raise SeriesError("event rows are repeated", mend="Give every event once.")
    wrong = [f"{w.first} to {w.last}" for w in windows if w.last < w.first or not w.reason.strip()]
    if wrong:
        raise SeriesError("windows run backwards or give no reason", rows=wrong, mend="Correct them.")
    unknown = sorted({code for w in windows for code in w.territories} - set(territories))
    if unknown:
        raise SeriesError("windows name territories that are not of the area", rows=unknown, mend="Correct the codes.")
    for code in territories:
        spans = sorted((w.first, w.last) for w in windows if _covers(w, code))
        if not spans:
            raise SeriesError("a territory has no window", rows=(code,), mend="Say since when its record is complete.")
        if any(after[0] <= before[1] for before, after in pairwise(spans)):
            raise SeriesError("windows overlap", rows=(code,), mend="Join them or cut one: days would count twice.")


def _share(event: RecordedEvent, windows: Sequence[CompletenessWindow], code: str) -> float:
    """Return which share of the event's possible days lies within the windows of ``code``."""
    days = 0
    for window in windows:
        if _covers(window, code):
            first, last = max(event.first, window.first), min(event.last, window.last)
            days += max((last - first + timedelta(days=1)).days, 0)
    return days / event.days


def _jeffreys(count: float, years: float) -> tuple[float, float, float, float]:
    """Return mean, 5% and 95% of Gamma(count + 1/2, years), and the mean probability of a year with one."""
    shape = count + JEFFREYS
    low, high = (_gamma_quantile(p, np.array([1.0]), np.array([shape]), np.array([years])) for p in (0.05, 0.95))
    return shape / years, low, high, float(1 - (years / (years + 1)) ** shape)


def _gamma_quantile(probability: float, weights: Floats, shapes: Floats, rates: Floats) -> float:
    """Return the quantile of a mixture of Gammas by bisection on the logarithm of the rate."""

    def over(log_rate: float) -> float:
        return float(weights @ gammainc(shapes, rates * np.exp(log_rate))) - probability

    centre = float(np.log(weights @ (shapes / rates)))
    return float(np.exp(brentq(over, centre - 60, centre + 12, xtol=1e-12)))


def _shared(counts: Floats, years: Floats) -> list[tuple[float, float, float, float]]:
    """Integrate the shared shape and mean over a grid; return rows as :func:`_jeffreys` does.

    The marginal of a count is negative binomial: ``Gamma(n + a)/(n! Gamma(a)) (b/(b+T))^a (T/(b+T))^n``
    with ``b = a/m``; then lambda given a and m is Gamma(a + n, b + T).
    """
    pooled = (counts.sum() + JEFFREYS) / years.sum()
    means = pooled * np.geomspace(1 / MEAN_SPAN, MEAN_SPAN, MEANS)
    shape, mean = (grid.ravel() for grid in np.meshgrid(SHAPES, means, indexing="ij"))
    rate = shape / mean
    log_weight = np.zeros(len(shape))
    for count, time in zip(counts, years, strict=True):
        log_weight += gammaln(count + shape) - gammaln(shape)
        log_weight += shape * np.log(rate / (rate + time)) + count * np.log(time / (rate + time))
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    rows = []
    for count, time in zip(counts, years, strict=True):
        shapes, rates = shape + count, rate + time
        low, high = (_gamma_quantile(p, weight, shapes, rates) for p in (0.05, 0.95))
        none = float(weight @ (rates / (rates + 1)) ** shapes) if shapes.size else 1.0
        rows.append((float(weight @ (shapes / rates)), low, high, 1 - none))
    return rows


def _outside(event: RecordedEvent, peril: str) -> Note:
    es, en = f"no es {peril}: {'/'.join(event.perils)}", f"not {peril}: {'/'.join(event.perils)}"
    return Note("set_aside", _name(event), "hazard", es, en)


def _not_counted(event: RecordedEvent, known: set[str]) -> Note:
    if not known & set(event.territories):
        es, en = "no nombra ningún territorio del área", "it names no territory of the area"
        return Note("set_aside", _name(event), "territory", es, en)
    es, en = "fuera de las ventanas de integridad", "outside the completeness windows"
    return Note("set_aside", _name(event), "date", es, en)


def _partial(event: RecordedEvent, share: float) -> list[Note]:
    if share >= 1:
        return []
    es = f"cuenta {share:.2f}: su fecha puede caer fuera de la ventana"
    return [Note("interpreted", _name(event), "date", es, f"counts {share:.2f}: its date may lie outside the window")]


def _name(event: RecordedEvent) -> str:
    return f"{event.row} ({event.first}, {event.place})"


def _unevenness(times: Sequence[float], windows: Sequence[CompletenessWindow]) -> list[Note]:
    """Note a record that thickens or thins: Laplace's statistic (Cox and Lewis 1966) on one window."""
    if len(windows) != 1 or len(times) < 3:
        return []
    (window,) = windows
    length = (window.last - window.first).days + 1
    centred = (np.mean(times) - window.first.toordinal()) / length - 0.5
    laplace = float(centred * np.sqrt(12 * len(times)))
    if abs(laplace) <= UNEVEN:
        return []
    es = f"los sucesos no se reparten parejo en la ventana (Laplace {laplace:+.1f}): puede no estar completa"
    en = f"events are uneven within the window (Laplace {laplace:+.1f}): it may be incomplete"
    return [Note("limit", f"{window.first} to {window.last}", "windows", es, en)]
