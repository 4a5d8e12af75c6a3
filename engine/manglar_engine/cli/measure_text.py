"""What a set of measures changes, in the words of the terminal."""

from __future__ import annotations

from manglar_engine.report.numbers import percent
from manglar_engine.studies.doubt_words import doubt_words
from manglar_engine.studies.measures_answer import MeasuresAnswer
from manglar_engine.studies.uncertain_worth import UncertainWorth
from manglar_engine.uncertainty.sobol import Sensitivity
from manglar_engine.vocabulary import Interval

WORDS = {
    "es": {
        "avoided": "evita por año",
        "ratio": "beneficio por unidad gastada",
        "pays": "conviene en {} de cada 100 muestras",
        "always": "conviene en todas las muestras",
        "never": "no conviene en ninguna muestra",
        "from": "de qué viene la duda",
        "under": "menos de 1",
        "over": "más de 99",
    },
    "en": {
        "avoided": "avoids a year",
        "ratio": "benefit for each unit spent",
        "pays": "pays in {} of every 100 samples",
        "always": "pays in every sample",
        "never": "pays in no sample",
        "from": "what the doubt comes from",
        "under": "fewer than 1",
        "over": "more than 99",
    },
}
LEAST = 0.01
"""A doubt that explains a smaller share is not named on the terminal; the JSON has them all."""


def measure_lines(row: MeasuresAnswer, lang: str) -> list[str]:
    """Return a line of what ``row`` avoids and is worth, and under doubts one more of what they come from.

    Under doubts the figure told is that of the middle sample: the plain one may lie outside the interval.
    """
    words, known, name = WORDS[lang], row.uncertain, " + ".join(row.measures)
    if known is not None:
        avoided = f"{known.medians.avoided:,.0f}{_between(known.avoided, ',.0f')}"
        ratio = f"{known.medians.benefit_cost:.2f}{_between(known.benefit_cost, '.2f')}"
        text = f"{name}: {words['avoided']} {avoided}; {words['ratio']} {ratio}; {pays_text(known.pays, lang)}"
        return [text, *_sources(known, lang)]
    text = f"{name}: {words['avoided']} {row.expected_before - row.expected_after:,.0f}"
    if row.worth is None or row.worth.benefit_cost is None:
        return [text]
    return [f"{text}; {words['ratio']} {row.worth.benefit_cost:.2f}"]


def pays_text(share: float, lang: str) -> str:
    """Return in how many of every 100 samples a set of measures pays; all and none are said only where it is so."""
    words = WORDS[lang]
    if share in (0.0, 1.0):
        return words["always" if share else "never"]
    told = percent(share).rstrip("%").replace("<1", words["under"]).replace(">99", words["over"])
    return words["pays"].format(told)


def _between(interval: Interval, form: str) -> str:
    return f" (90%: {interval.p05:{form}}–{interval.p95:{form}})"


def _sources(known: UncertainWorth, lang: str) -> list[str]:
    """Return what each doubt would take from the variance of the net present value if it were known, most first."""
    ordered = sorted(known.sensitivity, key=lambda one: (-one.first, one.name))
    told = [f"{doubt_words(one.name, lang)} {percent(_share(one))}" for one in ordered if one.first >= LEAST]
    return [f"    {WORDS[lang]['from']}: {', '.join(told)}"] if told else []


def _share(one: Sensitivity) -> float:
    """Return the first order as a share: an estimate may pass 1 by its noise."""
    return min(one.first, 1.0)
