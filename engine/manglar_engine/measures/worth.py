"""What measures are worth: discounted benefits and costs over a horizon, co-benefits kept apart.

Years are counted from ``first_year``. Money of year t is worth ``(1 + r)^-(t - first_year + 1)`` today:
today is the end of the year before. A measure is paid at the end of the year before it starts to work.
Expected annual impact between two climates is a straight line in time; after the last it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import MeasureError
from manglar_engine.exposure.assets import positions
from manglar_engine.measures.measure import CoBenefit, Measure
from manglar_engine.measures.situation import Situation
from manglar_engine.vocabulary import Note

Floats = NDArray[np.float64]

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Horizon:
    """From ``first_year``, for ``years``; rates are per year, as shares.

    ``growth``: of what is exposed, in real terms. ``growth_from``: the year in which the exposure is as given.
    """

    first_year: int
    years: int
    discount_rate: float
    growth: float = 0.0
    growth_from: int | None = None

    def __post_init__(self) -> None:
        """Raise :class:`MeasureError` naming what is out of range."""
        wrong = [
            text
            for text, holds in {
                f"years: 1 to {LONGEST}": 1 <= self.years <= LONGEST,
                "discount_rate: 0 to 0.5": 0 <= self.discount_rate <= 0.5,  # noqa: PLR2004 - stated
                "growth: -0.1 to 0.2": -0.1 <= self.growth <= 0.2,  # noqa: PLR2004 - stated
                "first_year: a year": 1900 <= self.first_year <= 2300,
            }.items()
            if not holds
        ]
        if wrong:
            raise MeasureError(f"horizon out of range: {'; '.join(wrong)}", mend="Correct it.")

    @property
    def calendar(self) -> NDArray[np.int64]:
        """Return the years ``(years,)``."""
        return np.arange(self.first_year, self.first_year + self.years)

    def discount(self, rate: Floats | float | None = None) -> Floats:
        """Return what one unit at the end of each year is worth today ``(..., years)``."""
        r = np.asarray(self.discount_rate if rate is None else rate, dtype=np.float64)
        return np.asarray((1 + r[..., None]) ** -np.arange(1.0, self.years + 1))

    def exposed(self) -> Floats:
        """Return how much is exposed in each year, relative to the exposure given ``(years,)``."""
        base = self.first_year if self.growth_from is None else self.growth_from
        return np.asarray((1 + self.growth) ** (self.calendar - base).astype(np.float64))


@dataclass(frozen=True, slots=True)
class CoBenefitWorth:
    """One co-benefit and its present value, ``None`` where nobody has put a figure on it."""

    co_benefit: CoBenefit
    present_value: float | None


@dataclass(frozen=True, slots=True)
class Worth:
    """Worth of a set of measures, in the currency of the assets.

    Attributes:
        yearly_benefit, yearly_cost: of each year, not discounted; costs of year t are paid in it, and
            ``capital_today`` before the first.
        benefit_cost: ``None`` where nothing is spent. ``break_even_year``: the first year at whose end
            discounted benefits have reached discounted costs; ``None`` if they never do.
        by_territory: present benefit by code. ``co_benefits``: beside, never added.
    """

    measures: tuple[str, ...]
    present_benefit: float
    present_cost: float
    net_present_value: float
    benefit_cost: float | None
    break_even_year: int | None
    by_territory: Mapping[str, float]
    yearly_benefit: tuple[float, ...]
    yearly_cost: tuple[float, ...]
    capital_today: float
    co_benefits: tuple[CoBenefitWorth, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Streams:
    """What a set of measures brings and costs by year: linear parts from which any sample is priced.

    ``benefit (territories, years)`` includes growth; ``cost (years + 1,)``, the first entry paid today.
    """

    territories: tuple[str, ...]
    benefit: Floats
    cost: Floats


Expected = Callable[[int, Sequence[Measure]], Floats]
Climates = Mapping[int, Situation | Sequence[Situation]]
"""What is known of each year: one hazard, or several over the same assets, whose losses add up."""


def situations_of(climates: Climates) -> dict[int, tuple[Situation, ...]]:
    """Return the situations of every year.

    Raises:
        MeasureError: no climate, a year without a situation, other assets somewhere, or perils that
            repeat within a year or change between years.
    """
    held = {int(y): (s,) if isinstance(s, Situation) else tuple(s) for y, s in climates.items()}
    if not held or not all(held.values()):
        raise MeasureError("no climate is given", mend="Give the situation of one year or more.")
    if len({id(one.assets) for year in held.values() for one in year}) > 1:
        raise MeasureError("climates hold different assets", mend="Use the same assets; growth is of the horizon.")
    perils = {year: [one.hazard.peril for one in ones] for year, ones in held.items()}
    wanted = sorted(set(next(iter(perils.values()))))
    wrong = [f"{year}: {', '.join(names)}" for year, names in perils.items() if sorted(names) != wanted]
    if wrong:
        raise MeasureError("perils repeat, or differ between years", rows=wrong, mend="Give each peril once a year.")
    return held


def _expected(situations: Sequence[Situation], measures: Sequence[Measure]) -> Floats:
    return np.asarray(np.sum([one.expected(measures) for one in situations], axis=0))


def starts_of(measures: Sequence[Measure], horizon: Horizon) -> dict[str, int]:
    """Return the year from which each measure works; raise :class:`MeasureError` where it is not of the horizon."""
    calendar = horizon.calendar
    starts = {m.id: m.from_year if m.from_year is not None else horizon.first_year for m in measures}
    outside = [f"{name}: {year}" for name, year in starts.items() if not calendar[0] <= year <= calendar[-1]]
    if outside:
        raise MeasureError("measures start outside the horizon", rows=outside, mend="Change from_year or horizon.")
    return starts


def benefits_by_year(expected: Expected, years: Sequence[int], measures: Sequence[Measure], horizon: Horizon) -> Floats:
    """Return what ``measures`` avoid in each year, with growth ``(parts, years)``.

    Args:
        expected: the expected annual impact ``(parts,)`` of a year's climate under some measures.
        years: in which the climate is known.
        measures: each works from its year.
        horizon: years and growth.

    Raises:
        MeasureError: a measure that starts outside the horizon.
    """
    starts, calendar = starts_of(measures, horizon), horizon.calendar
    anchors = sorted(years)
    before = [expected(year, []) for year in anchors]
    benefit = np.zeros((len(before[0]), horizon.years))
    for start in sorted({horizon.first_year, *starts.values()}):
        active = [m for m in measures if starts[m.id] <= start]
        avoided = np.array([was - expected(year, active) for year, was in zip(anchors, before, strict=True)])
        yearly = np.stack([np.interp(calendar, anchors, column) for column in avoided.T])
        benefit = np.where(calendar >= start, yearly, benefit)
    return np.asarray(benefit * horizon.exposed())


def streams(climates: Climates, measures: Sequence[Measure], horizon: Horizon) -> Streams:
    """Return benefits and costs by year for all ``measures`` together, each from its year.

    Args:
        climates: the situation of each year in which the climate is known; one means it does not change.
            Losses of several perils add up: where they hit together an asset may lose more than it is worth.
        measures: evaluated as one combination in every year.
        horizon: years, rates and growth.

    Raises:
        MeasureError: no climate, a measure without a cost or that starts outside the horizon, climates
            over other assets.
    """
    held = situations_of(climates)
    benefit = benefits_by_year(lambda year, active: _expected(held[year], active), tuple(held), measures, horizon)
    first = next(iter(held.values()))[0]
    territories, _ = positions(first.assets.territory)
    return Streams(territories, benefit, costs_by_year(first, measures, horizon))


def costs_by_year(situation: Situation, measures: Sequence[Measure], horizon: Horizon) -> Floats:
    """Return what ``measures`` cost ``(years + 1,)``, the first entry paid today.

    Raises:
        MeasureError: a measure without a cost, or that starts outside the horizon.
    """
    starts = starts_of(measures, horizon)
    cost = np.zeros(horizon.years + 1)
    without = [m.id for m in measures if m.cost is None]
    if without:
        raise MeasureError("measures have no cost", rows=without, mend="Give each a cost with its source.")
    for measure in measures:
        if measure.cost is None:
            continue
        selected = measure.selected(situation.assets, situation.zones or {})
        capital = measure.cost.capital(situation.assets, selected)
        paid = starts[measure.id] - horizon.first_year
        cost[paid] += capital
        cost[paid + 1 :] += measure.cost.yearly_share * capital + measure.cost.yearly
    return cost


def worth(climates: Climates, measures: Sequence[Measure], horizon: Horizon) -> Worth:
    """Return what ``measures`` together are worth, in the currency of the assets.

    Args:
        climates: the situation of each year in which the climate is known; one means it does not change.
        measures: evaluated as one combination in every year.
        horizon: years, rates and growth.

    Raises:
        MeasureError: no climate, a measure without a cost or that starts outside the horizon, climates over
            other assets.
    """
    held = streams(climates, measures, horizon)
    discount = horizon.discount()
    benefits = held.benefit.sum(axis=0)
    present = benefits * discount
    costs = held.cost * np.append(1.0, discount)
    total_benefit, total_cost = float(present.sum()), float(costs.sum())
    return Worth(
        measures=tuple(m.id for m in measures),
        present_benefit=total_benefit,
        present_cost=total_cost,
        net_present_value=total_benefit - total_cost,
        benefit_cost=total_benefit / total_cost if total_cost > 0 else None,
        break_even_year=break_even(present, costs, horizon),
        by_territory=dict(zip(held.territories, (held.benefit @ discount).tolist(), strict=True)),
        yearly_benefit=tuple(benefits.tolist()),
        yearly_cost=tuple(held.cost[1:].tolist()),
        capital_today=float(held.cost[0]),
        co_benefits=_co_benefits(measures, horizon),
        notes=_notes(climates, horizon),
    )


def break_even(present: Floats, costs: Floats, horizon: Horizon) -> int | None:
    """Return the first year whose end finds benefits ``(years,)`` at or above costs ``(years + 1,)``, discounted.

    Later costs may take it back below: the first year is what is told.
    """
    reached = np.flatnonzero(np.cumsum(present) - np.cumsum(costs)[1:] >= 0)
    return int(horizon.calendar[reached[0]]) if reached.size else None


def _co_benefits(measures: Sequence[Measure], horizon: Horizon) -> tuple[CoBenefitWorth, ...]:
    discount = horizon.discount()
    rows = []
    for measure in measures:
        start = measure.from_year if measure.from_year is not None else horizon.first_year
        working = horizon.calendar >= start
        for one in measure.co_benefits:
            value = None if one.per_year is None else float(one.per_year * discount[working].sum())
            rows.append(CoBenefitWorth(one, value))
    return tuple(rows)


def _notes(climates: Climates, horizon: Horizon) -> tuple[Note, ...]:
    last, first = max(climates), min(climates)
    notes = []
    if max(len(ones) for ones in situations_of(climates).values()) > 1:
        es = "las pérdidas de varias amenazas se suman, también donde golpean juntas"
        notes.append(Note("limit", "", "climates", es, "losses of several perils add up, also where they hit together"))
    if len(climates) == 1:
        es = f"el clima se toma como el de {first} en todos los años"
        notes.append(Note("limit", str(first), "climates", es, f"the climate is that of {first} in every year"))
    elif horizon.calendar[-1] > last or horizon.calendar[0] < first:
        es = f"fuera de {first}-{last} el clima se toma como el del año más cercano"
        en = f"outside {first}-{last} the climate is that of the nearest year"
        notes.append(Note("limit", f"{first}-{last}", "climates", es, en))
    return tuple(notes)
