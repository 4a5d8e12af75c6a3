"""The doubts of what measures are worth, as people say them."""

from __future__ import annotations

from collections.abc import Mapping

from manglar_engine.studies.uncertain_worth import (
    COST,
    DISCOUNT,
    EFFECT,
    FREQUENCY,
    INTENSITY,
    QUANTITY,
    VALUE,
    VULNERABILITY,
)

WORDS: Mapping[str, tuple[str, str]] = {
    INTENSITY: ("la intensidad de las amenazas", "the intensity of the hazards"),
    FREQUENCY: ("la frecuencia de los eventos", "the frequency of the events"),
    VALUE: ("el valor de lo expuesto", "the value of what is exposed"),
    VULNERABILITY: ("las funciones de daño", "the functions of damage"),
    COST: ("el costo por unidad", "the cost of a unit"),
    DISCOUNT: ("la tasa de descuento", "the discount rate"),
    QUANTITY: ("la cantidad de unidades", "the number of units"),
    EFFECT: ("el efecto de las medidas", "the effect of the measures"),
}


def doubt_words(name: str, lang: str) -> str:
    """Return a doubt in Spanish (``es``) or English, and its own name where it is none of the known."""
    es, en = WORDS.get(name, (name, name))
    return es if lang == "es" else en
