"""What the engine answered about impact, in the shape in which every study of the office is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.risk.engine_bridge.door import notes_of
from manglar.risk.engine_bridge.measure_rows import effect_notes, measure_rows
from manglar.risk.engine_bridge.measures import FIRST_SCHEMA, Doubted
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
        "measures": measure_rows(told.answer.measures, told.doubts, document),
        "notes": _notes(told, value, spread),
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


def _notes(told: Told, value: Any, spread: tuple[float, float] | None) -> list[dict[str, str]]:
    """What was done and what limits the answer; what its interval carries is said once."""
    engines = notes_of(told.answer.notes)
    if told.document["schema"] == FIRST_SCHEMA:
        return [*told.notes, *engines, *_interval_notes(value, spread, told.document)]
    known = value.interval
    if known is not None and known.p05 <= value.expected <= known.p95:
        mine: list[dict[str, str]] = []
    else:
        engines = [each for each in engines if each["field"] != "interval"]
        mine = _spread_notes(spread, told.document)
    return [*told.notes, *engines, *mine, *effect_notes(told.doubts)]


def _interval_notes(
    value: Any, spread: tuple[float, float] | None, document: Mapping[str, Any]
) -> list[dict[str, str]]:
    return [] if value.interval is not None else _spread_notes(spread, document)


def _spread_notes(spread: tuple[float, float] | None, document: Mapping[str, Any]) -> list[dict[str, str]]:
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
