"""What each set of measures avoids and is worth, as the office keeps it: the middle sample, inside its 90% interval."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.risk.engine_bridge.door import notes_of
from manglar.risk.engine_bridge.measures import FIRST_SCHEMA, Doubted
from manglar.risk.rules.exposure import note

if TYPE_CHECKING:
    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")


def measure_rows(
    answers: Sequence[Any], doubts: Sequence[Doubted], document: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What each set of measures avoids and is worth, as plain data.

    A run of before stands as it was told then: its plain figures, without the ends that do not hold them.
    """
    library, is_first = engine.measure_library(), document["schema"] == FIRST_SCHEMA
    rows = []
    for row, doubted in zip(answers, doubts, strict=True):
        titles = [library[name] for name in row.measures]
        before = row.expected_before
        ratios = _first_spread(doubted) if is_first else _spread(doubted)
        avoided = before - row.expected_after
        after = row.expected_after if is_first or ratios is None else max(0.0, before - avoided * ratios[0])
        rows.append(
            {
                "id": "+".join(row.measures),
                "es": " + ".join(each.es for each in titles),
                "en": " + ".join(each.en for each in titles),
                "assets": row.assets,
                "before_pab": {"mean": before, "p05": None, "p95": None},
                "after_pab": {"mean": after, "p05": None, "p95": None},
                "avoided_pab": _scaled(avoided, ratios),
                "by_territory": {
                    code: _scaled(value, ratios) for code, value in sorted(row.avoided_by_territory.items())
                },
                "effects": [{"es": e.effect.es, "en": e.effect.en, "mark": e.effect.mark} for e in titles],
                "costs": [
                    {"es": e.cost.es, "en": e.cost.en, "mark": e.cost.mark, "unit": e.unit, "price_year": e.price_year}
                    for e in titles
                ],
                "worth": _worth(row.worth, doubted, document),
            }
        )
    return rows


def effect_notes(doubts: Sequence[Doubted]) -> list[dict[str, str]]:
    """What of the measures the intervals do not carry."""
    library = engine.measure_library()
    names = sorted({name for each in doubts for name in each.fixed_effects})
    found = [
        note(
            "limit", name, "effect",
            es=f"la biblioteca no dice entre qué límites está el efecto de «{library[name].es}»: el intervalo no lo lleva",
            en=f"the library does not say between which limits the effect of “{library[name].en}” lies: the interval leaves it out",
        )
        for name in names
    ]  # fmt: skip
    if any(each.worth is not None for each in doubts):
        es = "la cantidad de cada medida se toma como dicha: el intervalo lleva su precio, no cuántas unidades hacen falta"
        en = "the quantity of each measure is taken as said: the interval carries its price, not how many units it needs"
        found.append(note("limit", "", "quantity", es=es, en=en))
    return found


def _spread(doubted: Doubted) -> tuple[float, float, float] | None:
    """The middle and the ends of what is avoided, as parts of the plain figure; one spread serves every year."""
    known = doubted.worth
    if known is None or not known.plain.present_benefit > 0:
        return None
    held, plain = known.present_benefit, known.plain.present_benefit
    return known.medians.present_benefit / plain, held.p05 / plain, held.p95 / plain


def _first_spread(doubted: Doubted) -> tuple[float, float, float] | None:
    known = _spread(doubted)
    return (1.0, *known[1:]) if known is not None and known[1] <= 1 <= known[2] else None


def _scaled(plain: float, ratios: tuple[float, float, float] | None) -> dict[str, float | None]:
    if ratios is None or plain < 0:
        return {"mean": plain, "p05": None, "p95": None}
    return {"mean": plain * ratios[0], "p05": plain * ratios[1], "p95": plain * ratios[2]}


def _worth(plain: "engine.Worth | None", doubted: Doubted, document: Mapping[str, Any]) -> dict[str, Any] | None:
    known, horizon = doubted.worth, document["horizon"]
    if plain is None or known is None or horizon is None:
        return None
    is_first = document["schema"] == FIRST_SCHEMA
    best: Any = plain if is_first else known.medians
    told = _plain if is_first else _middle
    return {
        "cost_pab": best.present_cost,
        "capital_pab": plain.capital_today,
        "discount_rate": horizon["discount_rate"],
        "horizon_years": horizon["years"],
        "present_benefit_pab": told(best.present_benefit, known.present_benefit),
        "present_cost_pab": told(best.present_cost, known.present_cost),
        "net_present_value_pab": told(best.net_present_value, known.net_present_value),
        "benefit_cost": told(best.benefit_cost, known.benefit_cost) if best.benefit_cost is not None else None,
        "break_even_year": plain.break_even_year if is_first else _break_even(known, horizon),
        "probability_worth_it": known.pays,
        "co_benefits": [{"es": c.co_benefit.es, "en": c.co_benefit.en} for c in plain.co_benefits],
        "notes": notes_of(known.notes),
    }


def _break_even(known: "engine.UncertainWorth", horizon: Mapping[str, Any]) -> int | None:
    """The first year at whose end the middle benefits have reached the middle costs; None if they never do."""
    plain, middle, rate = known.plain, known.medians, horizon["discount_rate"]
    if not (plain.present_benefit > 0 and plain.present_cost > 0):
        return None
    more, dearer = middle.present_benefit / plain.present_benefit, middle.present_cost / plain.present_cost
    left = -plain.capital_today * dearer
    for n, (won, spent) in enumerate(zip(plain.yearly_benefit, plain.yearly_cost, strict=True)):
        left += (won * more - spent * dearer) / (1 + rate) ** (n + 1)
        if left >= 0:
            return int(horizon["first_year"]) + n
    return None


def _middle(best: float, known: "engine.Interval") -> dict[str, float | None]:
    """The middle sample between the ends that hold it."""
    return {"mean": best, "p05": known.p05, "p95": known.p95}


def _plain(best: float, known: "engine.Interval") -> dict[str, float | None]:
    """The plain figure between the ends of the samples; without ends where they do not hold it."""
    held = known.p05 <= best <= known.p95
    return {"mean": best, "p05": known.p05 if held else None, "p95": known.p95 if held else None}
