"""What measures are worth when hazard, exposure, vulnerability, cost and discount rate are not known.

The worth of a combination is linear in frequencies, values, costs and in the place of a function between its
bounds. It bends only with the intensity, which is computed on a grid of factors and taken as straight
between them. So 10,000 samples are one product with a table that the plain evaluation fills.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import SettingsError
from manglar_engine.io.watch import Watch
from manglar_engine.measures.measure import Measure
from manglar_engine.measures.moved import moved
from manglar_engine.measures.worth import (
    Climates,
    Horizon,
    Worth,
    benefits_by_year,
    costs_by_year,
    situations_of,
    starts_of,
    worth,
)
from manglar_engine.uncertainty.distributions import SAMPLES, Doubt, Fixed, check_doubts, draw, interval_of
from manglar_engine.uncertainty.impact_sweep import drawn_values
from manglar_engine.uncertainty.sobol import BASE, Sensitivity, sobol_indices
from manglar_engine.vocabulary import ESTIMATE, Cancel, Interval, Note, Progress
from manglar_engine.vulnerability.impact_function import ImpactFunction, ImpactFunctionSet

Floats = NDArray[np.float64]
_BySet = Mapping[int, ImpactFunctionSet]

INTENSITY, FREQUENCY, VALUE, VULNERABILITY, COST, DISCOUNT = (
    "intensity",
    "frequency",
    "value",
    "vulnerability",
    "cost",
    "discount rate",
)
QUANTITY = "quantity"
"""How many units the measures will need, as a factor on what they cost and on nothing else; only where it is named."""
EFFECT = "effect"
"""Where every effect stands between its worst and its best, on the nodes that the caller gives; only with them."""
NAMES = (INTENSITY, FREQUENCY, VALUE, VULNERABILITY, COST, DISCOUNT)
"""Doubts that this study knows: five factors around 1, a standard normal deviate for the functions, a rate."""
DOUBTS = (*NAMES, QUANTITY)
"""What a doubt may be of where the effects of the measures are taken as said."""
NEUTRAL = {INTENSITY: 1.0, FREQUENCY: 1.0, VALUE: 1.0, VULNERABILITY: 0.0, COST: 1.0, QUANTITY: 1.0}
STEADY = 1e-9
"""Samples that differ by a smaller share do not vary: less is the order of the sums."""
DEVIATES: Floats = np.array([-2.5, -1.645, 0.0, 1.645, 2.5])
FACTORS = 9
"""Nodes of the intensity factor over the range of its doubt."""


@dataclass(frozen=True, slots=True)
class Medians:
    """The middle sample of each headline; ``net_present_value`` is above zero just where most samples pay."""

    present_benefit: float
    present_cost: float
    net_present_value: float
    benefit_cost: float
    avoided: float


@dataclass(frozen=True, slots=True)
class UncertainWorth:
    """Worth with 90% intervals.

    ``avoided``: expected annual impact that the measures take away, all of them working, in the climate of the
    last year and with the exposure as given. ``pays``: share of samples in which benefits reach costs.
    ``plain``: with every doubt at its neutral value. ``medians``: of each of them over the samples, always
    inside their intervals.
    ``sensitivity``: of the net present value to each open doubt, empty where none moves it.
    """

    plain: Worth
    avoided: Interval
    present_benefit: Interval
    present_cost: Interval
    net_present_value: Interval
    benefit_cost: Interval
    pays: float
    medians: Medians
    sensitivity: tuple[Sensitivity, ...]
    notes: tuple[Note, ...]
    manifest: Mapping[str, object]


class _Sampled(NamedTuple):
    """Discounted benefits and costs, and what is avoided a year at the end, of each sample ``(samples,)``."""

    benefit: Floats
    cost: Floats
    avoided: Floats


@dataclass(frozen=True)
class _Prices:
    """Benefits by year on nodes ``(factors, deviates, years)``, costs ``(years + 1,)``, and the nodes."""

    benefit: Floats
    cost: Floats
    factors: Floats
    horizon: Horizon

    def sampled(self, drawn: Mapping[str, Floats]) -> _Sampled:
        """Return what the measures bring and cost in each sample."""
        weights = np.einsum("sk,sv->skv", _hats(self.factors, drawn[INTENSITY]), _hats(DEVIATES, drawn[VULNERABILITY]))
        yearly = weights.reshape(len(weights), -1) @ self.benefit.reshape(-1, self.benefit.shape[-1])
        discount = self.horizon.discount(drawn[DISCOUNT])
        factor = drawn[FREQUENCY] * drawn[VALUE]
        costs = (self.cost[0] + discount @ self.cost[1:]) * drawn[COST] * drawn.get(QUANTITY, 1.0)
        avoided = yearly[:, -1] / self.horizon.exposed()[-1]
        return _Sampled((yearly * discount).sum(axis=1) * factor, costs, avoided * factor)


@dataclass(frozen=True)
class _Ways:
    """The same measures at several places of their effects, straight between them ``(nodes,)``; costs are the same."""

    nodes: Floats
    prices: Sequence[_Prices]

    def sampled(self, drawn: Mapping[str, Floats]) -> _Sampled:
        """Return what the measures bring and cost in each sample."""
        told = [each.sampled(drawn) for each in self.prices]
        if len(told) == 1:
            return told[0]
        weights = _hats(self.nodes, drawn[EFFECT])
        benefit, avoided = (
            (weights * np.stack(each, axis=1)).sum(axis=1)
            for each in ([one.benefit for one in told], [one.avoided for one in told])
        )
        return _Sampled(benefit, told[0].cost, avoided)


def _hats(nodes: Floats, at: Floats) -> Floats:
    """Return linear weights ``(samples, nodes)``; outside the nodes the nearest counts."""
    return np.column_stack([np.interp(at, nodes, row) for row in np.eye(len(nodes))])


def uncertain_worth(
    climates: Climates,
    measures: Sequence[Measure],
    horizon: Horizon,
    doubts: Sequence[Doubt],
    *,
    seed: int,
    samples: int = SAMPLES,
    sobol_base: int = BASE,
    effects: Mapping[float, Sequence[Measure]] | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> UncertainWorth:
    """Return the worth of ``measures`` together under ``doubts``, with intervals and what they come from.

    Args:
        climates: as in :func:`~manglar_engine.measures.worth.worth`.
        measures: one combination.
        horizon: its discount rate is used where no doubt names it.
        doubts: of :data:`DOUBTS`; what is not named is taken as known.
        seed: of all draws.
        samples: of the intervals.
        sobol_base: points of the sensitivity, a power of two.
        effects: the same measures with other effects, by the place at which the doubt :data:`EFFECT` finds them.
        progress: called with a fraction 0..1 and a label.
        cancel: asked between plain evaluations; true stops the run.

    Raises:
        Cancelled: when asked to stop.
        EngineError: unknown or repeated doubts, factors that may fall below zero, rates outside 0..0.5, or
            what the plain worth refuses.
    """
    held = _complete(doubts, horizon, bounded=not _unbounded(climates)[1], effects=bool(effects))
    places = dict(sorted((effects or {0.0: measures}).items()))
    ways = [_prices(climates, chosen, horizon, held, watch=(progress, cancel)) for chosen in places.values()]
    prices = _Ways(np.array(list(places)), ways)
    drawn = draw(held, seed=seed, count=samples)
    benefits, costs, avoided = prices.sampled(drawn)
    if (costs <= 0).any():
        raise SettingsError("some samples cost nothing", mend="Give the measures a cost above zero.")
    open_doubts = [d for d in held if d.is_open]
    known = {d.name: float(d.distribution.quantile(np.array([0.5]))[0]) for d in held}

    def net(points: Floats) -> Floats:
        columns = {name: np.full(len(points), value) for name, value in known.items()}
        columns |= {d.name: points[:, i] for i, d in enumerate(open_doubts)}
        found = prices.sampled(columns)
        return found.benefit - found.cost

    varies = np.ptp(benefits - costs) > STEADY * float(np.abs(benefits).max() + costs.max())
    return UncertainWorth(
        plain=worth(climates, measures, horizon),
        avoided=interval_of(avoided),
        present_benefit=interval_of(benefits),
        present_cost=interval_of(costs),
        net_present_value=interval_of(benefits - costs),
        benefit_cost=interval_of(benefits / costs),
        pays=float((benefits >= costs).mean()),
        medians=Medians(
            *(float(np.median(each)) for each in (benefits, costs, benefits - costs, benefits / costs, avoided)),
        ),
        sensitivity=sobol_indices(net, open_doubts, seed=seed, base=sobol_base) if varies else (),
        notes=_notes(held, climates, vulnerability=VULNERABILITY in {d.name for d in doubts}),
        manifest={"seed": seed, "samples": samples, "sobol_base": sobol_base, "doubts": held, "interval": 0.9},
    )


def check_worth_doubts(doubts: Sequence[Doubt], *, effects: bool = False) -> None:
    """Refuse with :class:`SettingsError` doubts of what this study does not know, twice, or out of their range.

    ``effects``: whether :data:`EFFECT` is known.
    """
    check_doubts(doubts)
    names = (*DOUBTS, EFFECT) if effects else DOUBTS
    unknown = sorted({d.name for d in doubts} - set(names))
    if unknown:
        raise SettingsError("unknown doubts", rows=unknown, mend=f"Use: {', '.join(names)}.")
    ends = np.array([1e-6, 1 - 1e-6])
    for doubt in doubts:
        low, high = doubt.distribution.quantile(ends).tolist()
        if doubt.name == DISCOUNT and not 0 <= low <= high <= 0.5:  # noqa: PLR2004 - as the horizon
            raise SettingsError(f"the discount rate may be {low:.3g} to {high:.3g}", mend="Keep it within 0..0.5.")
        if doubt.name in {INTENSITY, FREQUENCY, VALUE, COST, QUANTITY} and low < 0:
            raise SettingsError(f"the factor {doubt.name!r} may be {low:.3g}", mend="Use a lognormal, or other limits.")


def _complete(doubts: Sequence[Doubt], horizon: Horizon, *, bounded: bool, effects: bool) -> list[Doubt]:
    """Return a doubt for every name, fixed where none was given or where no function has bounds."""
    check_worth_doubts(doubts, effects=effects)
    given = {d.name: d for d in doubts if bounded or d.name != VULNERABILITY}
    neutral = {**NEUTRAL, DISCOUNT: horizon.discount_rate, EFFECT: 0.0}
    names = (*NAMES, *([QUANTITY] if QUANTITY in given else []), *([EFFECT] if effects else []))
    return [given.get(name, Doubt(name, Fixed(neutral[name]), "se toma como conocido", ESTIMATE)) for name in names]


def _prices(
    climates: Climates,
    measures: Sequence[Measure],
    horizon: Horizon,
    doubts: Sequence[Doubt],
    *,
    watch: tuple[Progress | None, Cancel | None],
) -> _Prices:
    by_name = {d.name: d for d in doubts}
    low, high = by_name[INTENSITY].distribution.quantile(np.array([1e-4, 1 - 1e-4])).tolist()
    factors = np.linspace(low, high, FACTORS) if high > low else np.array([low, low + 1.0])
    deviates = DEVIATES if by_name[VULNERABILITY].is_open else np.zeros(1)
    table = np.zeros((len(factors), len(DEVIATES), horizon.years))
    computed = factors[: 1 if high <= low else None].tolist()
    held, starts = situations_of(climates), starts_of(measures, horizon)
    cost = costs_by_year(next(iter(held.values()))[0], measures, horizon)
    sets = [[m for m in measures if starts[m.id] <= start] for start in {horizon.first_year - 1, *starts.values()}]
    watched = Watch(*watch, len(computed) * len(deviates) + sum(map(len, held.values())))
    ways = {
        year: [(one.functions, watched.after(moved(one, sets, computed), "amenazas")) for one in ones]
        for year, ones in held.items()
    }
    for k, factor in enumerate(computed):
        for v, deviate in enumerate(deviates.tolist()):
            functions = {id(f): moved_functions(f, deviate) for ones in ways.values() for f, _ in ones}

            def expected(
                year: int, active: Sequence[Measure], factor: float = factor, functions: _BySet = functions
            ) -> Floats:
                return np.array([sum(way(factor, functions[id(f)], active) for f, way in ways[year])])

            benefit = benefits_by_year(expected, tuple(held), measures, horizon)
            table[k, v if len(deviates) > 1 else slice(None)] = watched.after(benefit, "combinaciones")[0]
    if high <= low:
        table[1] = table[0]
    return _Prices(table, cost, factors, horizon)


def moved_functions(functions: ImpactFunctionSet, deviate: float) -> ImpactFunctionSet:
    """Return the functions moved together by a standard normal ``deviate`` between their bounds."""
    return ImpactFunctionSet([_moved(function, deviate) for function in functions.values()])


def _moved(function: ImpactFunction, deviate: float) -> ImpactFunction:
    if function.low is None or deviate == 0:
        return function
    ratio = drawn_values(function.intensity, [function], np.array([[deviate]]))[0, 0]
    return replace(function, ratio=ratio, low=None, high=None)


def _unbounded(climates: Climates) -> tuple[list[str], bool]:
    """Return the functions without bounds, and whether none has them."""
    functions = {f.id: f for ones in situations_of(climates).values() for one in ones for f in one.functions.values()}
    without = sorted(name for name, f in functions.items() if f.low is None)
    return without, len(without) == len(functions)


def _notes(doubts: Sequence[Doubt], climates: Climates, *, vulnerability: bool) -> tuple[Note, ...]:
    closed = [d.name for d in doubts if not d.is_open]
    notes = []
    if closed:
        es = f"se toman como conocidos: {', '.join(closed)}"
        notes.append(Note("limit", "", "doubts", es, f"taken as known: {', '.join(closed)}"))
    without, _ = _unbounded(climates)
    if without and vulnerability:
        named = ", ".join(without)
        es, en = f"funciones sin límites, que no varían: {named}", f"functions without bounds do not vary: {named}"
        notes.append(Note("limit", "", VULNERABILITY, es, en))
    return tuple(notes)
