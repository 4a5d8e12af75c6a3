"""Numbers as people say them: two figures that matter, and the word for millions."""

from __future__ import annotations

import math
from typing import Literal

from manglar_engine.errors import SettingsError
from manglar_engine.vocabulary import Interval

Language = Literal["es", "en"]
LANGUAGES = ("es", "en")
MILLION, THOUSAND, ONE = 1e6, 1e3, 1.0
SCALES = {
    "es": ((1e9, "mil millones", "mil millones"), (MILLION, "millón", "millones"), (THOUSAND, "mil", "mil")),
    "en": ((1e9, "billion", "billion"), (MILLION, "million", "million"), (THOUSAND, "thousand", "thousand")),
}
TWO_FIGURES = 99.5


def check_language(lang: str) -> None:
    """Raise :class:`SettingsError` for a language that the engine does not speak."""
    if lang not in LANGUAGES:
        raise SettingsError(f"the language {lang!r} is not spoken", mend="Use es or en.")


def two_figures(value: float) -> float:
    """Return ``value`` with two significant figures."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    return float(f"{value:.2g}")


def _digits(value: float) -> str:
    rounded = two_figures(value)
    if rounded >= 10 or rounded == int(rounded):
        return f"{rounded:,.0f}"
    return f"{rounded:.2g}"


def _scale(value: float, lang: str) -> tuple[float, str]:
    rounded = two_figures(value)
    for size, one, many in SCALES[lang]:
        if rounded >= size:
            return size, one if rounded == size else many
    return ONE, ""


def money(value: float, lang: str = "es") -> str:
    """Return balboas as people say them: ``B/. 1.2 millones``, ``B/. 350 mil``, ``B/. 82``."""
    size, word = _scale(value, lang)
    return f"B/. {_digits(value / size)} {word}".rstrip()


def money_range(values: Interval, lang: str = "es") -> str:
    """Return the limits with one word when both have it: ``entre 0.4 y 2.9 millones``."""
    link = "y" if lang == "es" else "and"
    (low_size, _), (size, word) = _scale(values.p05, lang), _scale(values.p95, lang)
    if low_size in (size, size / THOUSAND) and size > THOUSAND and values.p05 / size >= 0.01:  # noqa: PLR2004 - one hundredth of the word still reads well
        return f"{_digits(values.p05 / size)} {link} {_digits(values.p95 / size)} {word}"
    return f"{money(values.p05, lang)} {link} {money(values.p95, lang)}"


def people(value: float) -> str:
    """Return a number of people with two figures: ``1,200``, ``30``, ``0.4``."""
    return _digits(value)


def percent(share: float) -> str:
    """Return a share as a whole percentage, without claiming all or nothing when it is not so."""
    whole = 100 * share
    if 0 < whole < 1:
        return "<1%"
    return ">99%" if TWO_FIGURES <= whole < 100 else f"{whole:.0f}%"
