"""The engine's library of measures, as plain data for a form."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")

#: The office's code of a hazard → the engine's word for it, where they differ.
PERILS = {"extreme_sea_level": "coastal flood"}


@dataclass(frozen=True, slots=True)
class LibraryMeasure:
    """A measure that has been tried: what it does, what a unit costs, and who says so."""

    id: str
    es: str
    en: str
    peril: str
    intensity: str
    effect_es: str
    effect_en: str
    effect_mark: str
    cost: float
    cost_low: float
    cost_high: float
    unit: str
    price_year: int
    cost_mark: str
    sources: tuple[str, ...]
    is_sourced: bool


def peril_of(hazard: str) -> str:
    """The engine's word for a hazard of the office."""
    return PERILS.get(hazard, hazard)


def library_measures(hazard: str = "") -> tuple[LibraryMeasure, ...]:
    """The measures of the library that act on a hazard, or all; those without a figure of effect or cost are left out."""
    titles = {key: source.title for key, source in engine.measure_sources().items()}
    found = []
    for each in engine.measure_library().values():
        price = each.cost.value
        if price is None or (hazard and each.peril != peril_of(hazard)):
            continue
        cited = dict.fromkeys((*each.effect.sources, *each.cost.sources))
        found.append(
            LibraryMeasure(
                id=each.id,
                es=each.es,
                en=each.en,
                peril=each.peril,
                intensity=each.intensity,
                effect_es=each.effect.es,
                effect_en=each.effect.en,
                effect_mark=each.effect.mark,
                cost=price.best,
                cost_low=price.min,
                cost_high=price.max,
                unit=each.unit,
                price_year=each.price_year,
                cost_mark=each.cost.mark,
                sources=tuple(titles[key] for key in cited),
                is_sourced=each.is_sourced,
            )
        )
    return tuple(found)
