"""What the engine answered about impact, in the shape in which every study of the office is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.risk.engine_bridge.door import notes_of
from manglar.risk.engine_bridge.measures import Doubted
from manglar.risk.rules.exposure import note

if TYPE_CHECKING:
    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")
np = lazy_loader.load("numpy")

VALUE, PEOPLE = "value", "people"
LOW_HIGH = (0.05, 0.95)
_COLUMNS = {
    "value_pab": ("valor de reposición supuesto", "assumed replacement value"),
    "people": ("personas supuestas", "assumed people"),
    "lon": ("lugar aproximado", "approximate place"),
}


@dataclass(frozen=True)
class Told:
    """An answer with what the office knows beside it; ``kept`` are the rows of the document that entered."""

    document: Mapping[str, Any]
    answer: "engine.ImpactAnswer"
    kept: list[int]
    doubts: Sequence[Doubted]
    intensities: Any
    notes: list[dict[str, str]]


def result_of(told: Told) -> dict[str, Any]:
    """The result of a run of impact as plain data."""
    answer, document = told.answer, told.document
    amounts = {each.amount: each for each in answer.amounts}
    value, people = amounts[VALUE], amounts.get(PEOPLE)
    spread = _spread(document)
    inside = {amount: _by_territory(told, amount) for amount in ("people", "value_pab")}
    return {
        "total": {
            "assets": len(told.kept),
            "value_pab": value.exposed,
            "people": sum(inside["people"].values()),
            "ead_pab": _interval(value.expected, value.interval, spread),
            "people_affected_per_year": _interval(people.expected, people.interval, None) if people else None,
            "losses": _losses(value.curve),
        },
        "curve": _losses(value.curve),
        "by_territory": _territories(told, spread, inside["people"]),
        "by_asset": _assets(told),
        "by_fault": [],
        "defaults": _defaults(told),
        "retrofit": None,
        "measures": _measures(told),
        "notes": [*told.notes, *notes_of(answer.notes), *_interval_notes(value, spread, document)],
        "manifest": dict(answer.manifest) | {"office_inputs": document["schema"]},
    }


def _spread(document: Mapping[str, Any]) -> tuple[float, float] | None:
    """How far all values together may be from the truth, as factors of the 90% interval."""
    sigma = document["settings"]["value_sigma"]
    if not sigma > 0:
        return None
    low, high = engine.LogNormal(1.0, sigma).quantile(np.array(LOW_HIGH)).tolist()
    return low, high


def _interval(
    mean: float, known: "engine.Interval | None", spread: tuple[float, float] | None
) -> dict[str, float | None]:
    """An interval by the functions where they have bounds, else by the values, else none."""
    if known is not None and known.p05 <= mean <= known.p95:
        return {"mean": mean, "p05": known.p05, "p95": known.p95}
    if spread is not None:
        return {"mean": mean, "p05": mean * spread[0], "p95": mean * spread[1]}
    return {"mean": mean, "p05": None, "p95": None}


def _interval_notes(
    value: Any, spread: tuple[float, float] | None, document: Mapping[str, Any]
) -> list[dict[str, str]]:
    if value.interval is not None:
        return []
    if spread is None:
        es, en = (
            "las funciones no traen límites: no hay intervalo",
            "the functions have no bounds: there is no interval",
        )
    else:
        sigma = document["settings"]["value_sigma"]
        es = f"las funciones no traen límites: el intervalo lleva solo lo que pueden errar los valores, todos a la vez (desviación {sigma:g} del logaritmo, estimación)"
        en = f"the functions have no bounds: the interval holds only how far values may err, all together (log deviation {sigma:g}, estimate)"
    return [note("limit", "", "interval", es=es, en=en)]


def _losses(points: "Sequence[Any]") -> list[dict[str, Any]]:
    """The curve; it has no interval, for the events are given."""
    return [
        {
            "return_period_years": point.return_period_years,
            "loss_pab": {"mean": point.impact, "p05": None, "p95": None},
            "is_lower_bound": point.is_lower_bound,
        }
        for point in points
    ]


def _by_territory(told: Told, column: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for i in told.kept:
        code = told.document["assets"]["territory"][i]
        found[code] = found.get(code, 0.0) + told.document["assets"][column][i]
    return found


def _territories(
    told: Told, spread: tuple[float, float] | None, people_inside: Mapping[str, float]
) -> list[dict[str, Any]]:
    amounts = {each.amount: each for each in told.answer.amounts}
    value, people = amounts[VALUE], amounts.get(PEOPLE)
    hurt = {row.code: row for row in people.by_territory} if people else {}
    total = value.expected or 1.0
    return [
        {
            "code": row.code,
            "assets": row.assets,
            "value_pab": row.exposed,
            "people": people_inside[row.code],
            "ead_pab": _interval(row.expected, row.interval, spread),
            "people_affected_per_year": _interval(hurt[row.code].expected, hurt[row.code].interval, None)
            if hurt
            else None,
            "share_of_total": row.expected / total,
            "losses": _losses(row.curve),
        }
        for row in value.by_territory
    ]


def _assets(told: Told) -> list[dict[str, Any]]:
    columns, impacts = told.document["assets"], told.answer.impacts
    damage = impacts[VALUE].expected_by_asset.tolist()
    hurt = impacts[PEOPLE].expected_by_asset.tolist() if PEOPLE in impacts else [None] * len(damage)
    felt = told.intensities.tolist() if told.intensities is not None else [(None, None)] * len(damage)
    return [
        {
            "id": columns["ids"][i],
            "territory": columns["territory"][i],
            "ead_pab": damage[place],
            "people_affected_per_year": hurt[place],
            "intensity_often": felt[place][0],
            "intensity_rare": felt[place][1],
        }
        for place, i in enumerate(told.kept)
    ]


def _defaults(told: Told) -> list[dict[str, Any]]:
    """Which share of the damage rests on what was supposed, of the assets and of the functions."""
    value = next(each for each in told.answer.amounts if each.amount == VALUE)
    damage = told.answer.impacts[VALUE].expected_by_asset
    total = float(damage.sum()) or 1.0
    flags = told.document["defaulted"]
    rows, any_flag = [], np.zeros(len(told.kept), dtype=bool)
    for column, (es, en) in _COLUMNS.items():
        held = np.array([flags[column][i] for i in told.kept], dtype=bool) if column in flags else None
        if held is not None:
            any_flag |= held
            rows.append(_default(column, float(damage[held].sum()) / total, es, en))
    rows.append(
        _default(
            "any_asset_column",
            float(damage[any_flag].sum()) / total,
            "algún dato supuesto de los activos",
            "some assumed datum of the assets",
        )
    )
    rows.append(
        _default(
            "functions",
            value.estimate_share,
            "funciones de impacto que son estimación",
            "impact functions that are estimates",
        )
    )
    rows.append(
        _default(
            "unbounded", value.unbounded_share, "funciones de impacto sin límites", "impact functions without bounds"
        )
    )
    return rows


def _default(name: str, share: float, es: str, en: str) -> dict[str, Any]:
    return {"id": name, "share": min(1.0, share), "mark": "estimación", "es": es, "en": en}


def _measures(told: Told) -> list[dict[str, Any]]:
    library = engine.measure_library()
    rows = []
    for row, doubted in zip(told.answer.measures, told.doubts, strict=True):
        titles = [library[name] for name in row.measures]
        before, after = row.expected_before, row.expected_after
        ratios = _avoided_spread(doubted)
        rows.append(
            {
                "id": "+".join(row.measures),
                "es": " + ".join(each.es for each in titles),
                "en": " + ".join(each.en for each in titles),
                "assets": row.assets,
                "before_pab": {"mean": before, "p05": None, "p95": None},
                "after_pab": {"mean": after, "p05": None, "p95": None},
                "avoided_pab": _scaled(before - after, ratios),
                "by_territory": {
                    code: _scaled(value, ratios) for code, value in sorted(row.avoided_by_territory.items())
                },
                "effects": [{"es": e.effect.es, "en": e.effect.en, "mark": e.effect.mark} for e in titles],
                "costs": [
                    {"es": e.cost.es, "en": e.cost.en, "mark": e.cost.mark, "unit": e.unit, "price_year": e.price_year}
                    for e in titles
                ],
                "worth": _worth(row.worth, doubted, told.document["horizon"]),
            }
        )
    return rows


def _avoided_spread(doubted: Doubted) -> tuple[float, float] | None:
    """Without doubts about the rate, a present benefit is so many times the damage avoided in a year: one spread serves both."""
    known = doubted.worth
    if known is None or not known.plain.present_benefit > 0:
        return None
    low, high = (end / known.plain.present_benefit for end in (known.present_benefit.p05, known.present_benefit.p95))
    return (low, high) if low <= 1 <= high else None


def _scaled(mean: float, ratios: tuple[float, float] | None) -> dict[str, float | None]:
    if ratios is None or mean < 0:
        return {"mean": mean, "p05": None, "p95": None}
    return {"mean": mean, "p05": mean * ratios[0], "p95": mean * ratios[1]}


def _worth(plain: "engine.Worth | None", doubted: Doubted, horizon: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if plain is None or doubted.worth is None or horizon is None:
        return None
    known = doubted.worth
    return {
        "cost_pab": plain.present_cost,
        "capital_pab": plain.capital_today,
        "discount_rate": horizon["discount_rate"],
        "horizon_years": horizon["years"],
        "present_benefit_pab": _plain(plain.present_benefit, known.present_benefit),
        "present_cost_pab": _plain(plain.present_cost, known.present_cost),
        "net_present_value_pab": _plain(plain.net_present_value, known.net_present_value),
        "benefit_cost": _plain(plain.benefit_cost, known.benefit_cost) if plain.benefit_cost is not None else None,
        "break_even_year": plain.break_even_year,
        "probability_worth_it": known.pays,
        "co_benefits": [{"es": c.co_benefit.es, "en": c.co_benefit.en} for c in plain.co_benefits],
        "notes": notes_of(known.notes),
    }


def _plain(best: float, known: "engine.Interval") -> dict[str, float | None]:
    """The plain figure between the ends of the samples; without ends where they do not hold it."""
    held = known.p05 <= best <= known.p95
    return {"mean": best, "p05": known.p05 if held else None, "p95": known.p95 if held else None}
