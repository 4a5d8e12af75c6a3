"""Measures of the library as the engine's own, and what they are worth when prices and values are not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.risk.engine_bridge.door import Cancelled, Progress
from manglar.risk.rules.measure_fit import is_counted

if TYPE_CHECKING:
    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")

#: Inputs of runs of before, which are counted as they were then.
FIRST_SCHEMA = "manglar-impact-inputs-1"
#: Operations that work the better the greater their figure; of the others the less is left, the better.
GROWING = ("shift", "protect")
#: Points of the sensitivity, a power of two: six doubts need few.
SOBOL_BASE = 256
#: A price that might be nothing would make a measure free: the least is a twentieth of the best figure.
LEAST_PRICE = 0.05


@dataclass(frozen=True, slots=True)
class Doubted:
    """What one set of measures is worth, with its 90% intervals; None where nobody gave a horizon."""

    measures: tuple[str, ...]
    worth: "engine.UncertainWorth | None"
    #: Measures whose effect nobody gave a range.
    fixed_effects: tuple[str, ...] = ()


def measures_of(rows: Sequence[Mapping[str, Any]], assets: "engine.Assets") -> "tuple[engine.Measure, ...]":
    """The measures that a run chose from the library, in prices of the year of its values.

    A quantity of 0 is one unit for each asset that the measure reaches inside the maps, or one of what is whole.
    """
    library = engine.measure_library()
    unknown = [row["id"] for row in rows if row["id"] not in library]
    if unknown:
        raise InvalidInput(
            say(
                "La biblioteca no tiene estas medidas: {unknown}. Véalas con «manglar risk measures».",
                unknown=", ".join(unknown),
            )
        )
    return tuple(_sized(library[row["id"]], row, assets) for row in rows)


def _sized(template: "engine.MeasureTemplate", row: Mapping[str, Any], assets: "engine.Assets") -> "engine.Measure":
    if row["quantity"]:
        return _measure(template, row, row["quantity"], assets.price_year)
    one = _measure(template, row, 1.0, assets.price_year)
    if not is_counted(template.unit):
        return one
    return _measure(template, row, float(one.selected(assets, {}).sum()), assets.price_year)


def _measure(
    template: "engine.MeasureTemplate", row: Mapping[str, Any], quantity: float, price_year: int
) -> "engine.Measure":
    return template.measure(
        quantity=quantity,
        territories=row.get("territories", ()),
        classes=row.get("classes", ()),
        from_year=row.get("from_year") or None,
        price_year=price_year if template.price_year != price_year else None,
        price_factor=row["price_factor"],
        price_source=row.get("price_source", ""),
    )


def uncertain_of(
    answer: "engine.ImpactAnswer",
    situations: "Sequence[engine.Situation]",
    asked: "tuple[Sequence[engine.Measure], engine.Horizon | None]",
    document: Mapping[str, Any],
    *,
    progress: Progress | None,
    cancel: Cancelled | None,
) -> list[Doubted]:
    """The worth of each set of measures of an answer, under doubts about values, functions and prices."""
    measures, horizon = asked
    by_id = {measure.id: measure for measure in measures}
    found = []
    for number, row in enumerate(answer.measures):
        chosen = [by_id[name] for name in row.measures]
        if horizon is None:
            found.append(Doubted(row.measures, None))
            continue
        places, effect = _effects(chosen) if document["schema"] != FIRST_SCHEMA else ({}, [])
        worth = engine.uncertain_worth(
            {situations[0].hazard.events.year[0]: list(situations)},
            chosen,
            horizon,
            [*_doubts(chosen, document), *effect],
            seed=document["seed"],
            samples=document["samples"],
            sobol_base=SOBOL_BASE,
            effects=places or None,
            progress=_share(progress, number, len(answer.measures)),
            cancel=cancel,
        )
        found.append(Doubted(row.measures, worth, tuple(each.id for each in chosen if _ends(each) is None)))
    return found


def _ends(measure: "engine.Measure") -> tuple[float, float, float] | None:
    """The worst, the best known and the greatest figure of the effect of a measure; None without a range."""
    template = engine.measure_library()[measure.id]
    known = template.effect.value
    if known is None or not known.min < known.max:
        return None
    ends = (known.min, known.best, known.max)
    return ends if template.operation in GROWING else (ends[2], ends[1], ends[0])


def _effects(chosen: "Sequence[engine.Measure]") -> "tuple[dict[float, list[engine.Measure]], list[engine.Doubt]]":
    """The measures at the ends of their effects, and how likely each place is; all work well or badly together.

    Places run over a width of one, so that of one measure its effect is triangular between the library's limits.
    """
    ranges = [ends for each in chosen if (ends := _ends(each))]
    if not ranges:
        return {}, []
    left = sum((best - worst) / (top - worst) for worst, best, top in ranges) / len(ranges)
    places = {-left: 0, 0.0: 1, 1.0 - left: 2}
    moved = {place: [_with_effect(each, end) for each in chosen] for place, end in sorted(places.items())}
    marks = {engine.measure_library()[each.id].effect.mark for each in chosen if _ends(each)}
    mark = "fuente" if marks == {"fuente"} else "estimación"
    doubt = engine.Doubt("effect", engine.Triangular(-left, 0.0, 1.0 - left), "biblioteca de medidas", mark)
    return moved, [doubt]


def _with_effect(measure: "engine.Measure", end: int) -> "engine.Measure":
    ends = _ends(measure)
    if ends is None:
        return measure
    return replace(measure, operations=tuple(_moved(each, ends[end]) for each in measure.operations))


def _moved(operation: Any, figure: float) -> Any:
    """The same operation with another figure: the one field of it that is no name."""
    field = next(name for name in operation.__dataclass_fields__ if name != "peril")
    return replace(operation, **{field: figure})


def _doubts(chosen: "Sequence[engine.Measure]", document: Mapping[str, Any]) -> "list[engine.Doubt]":
    doubts = []
    sigma = document["settings"]["value_sigma"]
    if sigma > 0:
        doubts.append(engine.Doubt("value", engine.LogNormal(1.0, sigma), "«settings.value_sigma»", "estimación"))
    doubts.append(engine.Doubt("vulnerability", engine.Normal(0.0, 1.0), "límites de las funciones", "estimación"))
    library = engine.measure_library()
    prices = [library[measure.id].cost.value for measure in chosen]
    # The prices of all the measures are taken to err together: the widest interval that the library allows.
    low = max(LEAST_PRICE, min((price.min / price.best for price in prices if price and price.best), default=1.0))
    high = max((price.max / price.best for price in prices if price and price.best), default=1.0)
    if high > low:
        cost = engine.Triangular(min(low, 1.0), 1.0, max(high, 1.0))
        doubts.append(engine.Doubt("cost", cost, "biblioteca de medidas", "estimación"))
    return doubts


def _share(progress: Progress | None, number: int, count: int) -> Progress | None:
    if progress is None:
        return None
    return lambda fraction, label: progress((number + fraction) / count, label)
