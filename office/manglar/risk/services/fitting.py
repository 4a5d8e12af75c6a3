"""The measures of a run made to fit what it asks, before it waits in the queue."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.risk import engine_bridge, selectors
from manglar.risk.engine_bridge.library import peril_of
from manglar.risk.rules.impact_spec import ImpactSpec, MeasureChoice
from manglar.risk.rules.measure_fit import MeasureFacts, refuse_unfit


def fitted(
    spec: ImpactSpec, columns: Mapping[str, list[Any]], kinds: Sequence[str], hazards: Sequence[str], price_year: int
) -> ImpactSpec:
    """The spec with the districts of its measures written as their parts; a measure that does not fit is refused.

    Args:
        spec: as it was asked.
        columns: of the assets.
        kinds: of each asset, as the city or its file names it.
        hazards: codes of the office.
        price_year: of the values.
    """
    library = {each.id: each for each in engine_bridge.library_measures()}
    perils = [peril_of(code) for code in hazards]
    found = []
    for asked in spec.measures:
        choice, reached = _reached(asked, columns, kinds)
        if choice.id in library:
            known = library[choice.id]
            facts = MeasureFacts(known.es, known.peril, known.unit, known.price_year)
            refuse_unfit(choice, facts, perils=perils, kinds=reached, price_year=price_year)
        found.append(choice)
    return replace(spec, measures=tuple(found))


def _reached(
    choice: MeasureChoice, columns: Mapping[str, list[Any]], kinds: Sequence[str]
) -> tuple[MeasureChoice, list[str]]:
    rows = zip(kinds, columns["territory"], columns["asset_class"], strict=True)
    inside = selectors.codes_within(choice.territories) if choice.territories else set(columns["territory"])
    reached = [
        (kind, code) for kind, code, name in rows if code in inside and (not choice.classes or name in choice.classes)
    ]
    if not reached:
        raise InvalidInput(
            say("La medida «{name}» no alcanza ningún activo de la corrida: amplíe su selección.", name=choice.id)
        )
    if choice.territories:
        choice = replace(choice, territories=tuple(sorted({code for _, code in reached})))
    return choice, [kind for kind, _ in reached]
