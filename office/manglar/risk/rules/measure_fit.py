"""Whether a measure of the library fits what a run asks: its hazard, its class of asset, its size and its prices."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.risk.rules.exposure import named
from manglar.risk.rules.impact_spec import MeasureChoice

#: Units that are one asset each → how codes and classes of such assets begin a word, in Spanish and in English.
COUNTED = {
    "vivienda": ("viviend", "casa", "hogar", "resid", "home", "hous", "dwelling"),
    "local": ("local", "comerc", "tienda", "commerc", "shop", "retail", "store"),
    "hospital": ("hospital", "clinic", "clínic", "salud", "health"),
    "instalación industrial": ("industr", "fabric", "fábric", "factor", "planta", "plant"),
}
#: Units of which one is the whole measure.
WHOLE = ("sistema nacional", "del valor")


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What of a measure of the library decides whether it fits."""

    name: str
    peril: str
    unit: str
    price_year: int


def is_counted(unit: str) -> bool:
    """Whether one unit of the measure is one asset."""
    return unit in COUNTED


def refuse_unfit(
    choice: MeasureChoice, facts: MeasureFacts, *, perils: Sequence[str], kinds: Sequence[str], price_year: int
) -> None:
    """Refuse a measure that would say something false.

    Args:
        choice: as it was asked.
        facts: of the library.
        perils: of the run, in the engine's words.
        kinds: of the assets that it reaches, one each.
        price_year: of the values of the assets.
    """
    _refuse_peril(facts, perils)
    if is_counted(facts.unit):
        _refuse_kinds(choice, facts, kinds)
        _refuse_few(choice, facts, len(kinds))
    elif not choice.quantity and facts.unit not in WHOLE:
        raise InvalidInput(
            say(
                "Diga cuántas unidades ({unit}) de «{name}» se harían: no se puede deducir de los activos.",
                unit=facts.unit,
                name=facts.name,
            )
        )
    if facts.price_year != price_year and not choice.price_source.strip():
        raise InvalidInput(
            say(
                "Los precios de «{name}» son de {theirs} y los valores de {ours}: diga cuánto vale en {ours} un balboa de {theirs} y quién lo dice (un índice de precios).",
                name=facts.name,
                theirs=str(facts.price_year),
                ours=str(price_year),
            )
        )


def _refuse_peril(facts: MeasureFacts, perils: Sequence[str]) -> None:
    if facts.peril not in perils:
        raise InvalidInput(
            say(
                "«{name}» es una medida contra «{peril}» y la corrida es de «{asked}»: elija una medida de esa amenaza.",
                name=facts.name,
                peril=facts.peril,
                asked=", ".join(perils),
            )
        )


def _refuse_kinds(choice: MeasureChoice, facts: MeasureFacts, kinds: Sequence[str]) -> None:
    others = sorted({kind for kind in kinds if not _fits(kind, COUNTED[facts.unit])})
    if others and choice.any_class != "yes":
        raise InvalidInput(
            say(
                "«{name}» está hecha para otra clase de activo ({unit}) y alcanzaría también: {others}. Limítela a sus clases, o diga expresamente que vale para otras.",
                name=facts.name,
                unit=facts.unit,
                others=named(others),
            )
        )


def _fits(kind: str, stems: Sequence[str]) -> bool:
    return any(part.startswith(tuple(stems)) for part in re.split(r"[^a-záéíóúñ]+", kind.lower()))


def _refuse_few(choice: MeasureChoice, facts: MeasureFacts, reached: int) -> None:
    if choice.quantity and choice.quantity < reached:
        raise InvalidInput(
            say(
                "«{name}» alcanza {reached:,} activos y se pide {asked:g}: diga {reached:,}, deje la cantidad vacía para que se cuenten, o limítela a un territorio o clase.",
                name=facts.name,
                reached=reached,
                asked=choice.quantity,
            )
        )
