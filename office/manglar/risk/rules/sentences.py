"""What a run says, in one sentence that a council member reads once."""

from collections.abc import Mapping, Sequence
from typing import Any


def pab_words(amount: float, language: str = "es") -> str:
    """An amount with three figures, as people say it: B/. 18.4 millones."""
    if amount < 0:
        return f"−{pab_words(-amount, language)}"
    for size, es, en in ((1e6, "millones", "million"), (1, "", "")):
        if abs(amount) >= size:
            number = float(f"{amount / size:.3g}")
            word = en if language == "en" else es
            return f"B/. {number:,.10g} {word}".strip()
    return f"B/. {amount:.2f}"


def people_words(count: float) -> str:
    """How many people, with two figures."""
    return f"{float(f'{count:.2g}'):,.10g}"


def rate_words(rate: float, language: str = "es") -> str:
    """How often in a year, with two figures and never in powers of ten."""
    if rate < 0.001:
        return "less than 0.001" if language == "en" else "menos de 0.001"
    digits = 2 if rate >= 1 else 3
    return f"{float(f'{rate:.2g}'):,.{digits}f}".rstrip("0").rstrip(".")


Triple = tuple[float, float | None, float | None]
#: What damage is by the code of its hazard, where «por» and the name would not do.
EARTHQUAKES = ("terremotos", "earthquake")


def range_words(low: float | None, high: float | None, language: str = "es") -> str:
    """Between which amounts, with 90% confidence, or that nobody knows."""
    if low is None or high is None:
        return "without an interval" if language == "en" else "sin intervalo"
    least, most = pab_words(low, language), pab_words(high, language)
    return (
        f"between {least} and {most}, 90% interval"
        if language == "en"
        else f"entre {least} y {most}, con 90% de confianza"
    )


def division_sentence(
    name: str, *, damage: Triple, people: Triple | None, hazard: str = "terremotos", language: str = "es"
) -> str:
    """What is expected in one division by year; each triple is the mean and its 90% limits, None where unknown."""
    mean, around = pab_words(damage[0], language), range_words(damage[1], damage[2], language)
    if language == "en":
        said = f"In {name}, {mean} of {hazard} damage is expected in any one year ({around})"
    else:
        said = f"En {name} se esperan {mean} de daño por {hazard} en un año cualquiera ({around})"
    if people is None or people[1] is None or people[2] is None:
        return f"{said}."
    hurt, least, most = (people_words(value) for value in (people[0], people[1], people[2]))
    is_quake = hazard in EARTHQUAKES
    if language == "en":
        where = "would be inside buildings with extensive or complete damage" if is_quake else "would be affected"
        return f"{said}; on average, {hurt} people a year (between {least} and {most}) {where}."
    where = "estarían en edificios con daño extenso o completo" if is_quake else "resultarían afectadas"
    return f"{said}; en promedio, {hurt} personas al año (entre {least} y {most}) {where}."


def city_sentence(
    hazards: Sequence[str], *, damage: Triple, rare: tuple[float, float] | None, language: str = "es"
) -> str:
    """What the hazards of a run are expected to do to its assets, and what is passed once in a rare while."""
    mean, around = pab_words(damage[0], language), range_words(damage[1], damage[2], language)
    named = (" and " if language == "en" else " y ").join(hazards)
    if language == "en":
        said = f"{mean} of damage by {named} is expected in any one year ({around})"
        seldom = f"; once in {rare[0]:,g} years, {pab_words(rare[1], language)} or more" if rare else ""
    else:
        said = f"Se esperan {mean} de daño por {named} en un año cualquiera ({around})"
        seldom = f"; una vez cada {rare[0]:,g} años, {pab_words(rare[1])} o más" if rare else ""
    return f"{said}{seldom}."


def level_sentence(levels: Sequence[Mapping[str, Any]], datum: str, language: str = "es") -> str:
    """The rarest level that is told, with its interval and from where it is measured."""
    rare = levels[-1]
    years, best, low, high = (rare[key] for key in ("period_years", "best_m", "p05_m", "p95_m"))
    if language == "en":
        return f"Once in {years:g} years the sea passes {best:.2f} m (between {low:.2f} and {high:.2f}, 90% interval) above {datum}."
    return f"Una vez cada {years:g} años el mar pasa de {best:.2f} m (entre {low:.2f} y {high:.2f}, con 90% de confianza) sobre {datum}."


def rate_sentence(result: Mapping[str, Any], names: Mapping[str, str], language: str = "es") -> str:
    """How many recorded events a year the whole city expects, and where most."""
    city = result["anywhere"]
    worst = max(result["by_territory"], key=lambda row: (row["mean"], row["territory"]))
    name = names.get(worst["territory"], worst["territory"])
    mean, low, high = (rate_words(city[key], language) for key in ("mean", "p05", "p95"))
    most = rate_words(worst["mean"], language)
    if language == "en":
        return f"{mean} recorded events a year are expected in the whole city (between {low} and {high}, 90% interval); most in {name}, {most} a year."
    return f"Se esperan {mean} sucesos anotados al año en toda la ciudad (entre {low} y {high}, con 90% de confianza); donde más, {name}, {most} al año."


def division_rate_sentence(name: str, rate: Triple, probability: float, language: str = "es") -> str:
    """How many recorded events a year one division expects."""
    mean, low, high = (rate_words(value or 0.0, language) for value in rate)
    chance = f"{probability:.0%}"
    if language == "en":
        return f"In {name}, {mean} recorded events a year are expected (between {low} and {high}, 90% interval); the chance of one or more in a year is {chance}."
    return f"En {name} se esperan {mean} sucesos anotados al año (entre {low} y {high}, con 90% de confianza); la probabilidad de uno o más en un año es {chance}."


def ratio_words(ratio: float) -> str:
    """How many balboas come back for one, with two figures and never in powers of ten."""
    return "0.01" if 0 < ratio < 0.01 else f"{float(f'{ratio:.2g}'):,.10g}"


def measure_sentence(
    name: str, *, avoided: Triple, cost: Triple | None, ratio: Triple | None, net: Triple | None,
    probability: float | None, language: str = "es",
) -> str:  # fmt: skip
    """What a measure avoids, costs and is worth, each with its range, and how probable it is that it pays."""
    is_english = language == "en"

    def told(value: Triple) -> str:
        return f"{pab_words(value[0], language)} ({range_words(value[1], value[2], language)})"

    said = f"“{name}” would avoid {told(avoided)} a year" if is_english else f"«{name}» evitaría {told(avoided)} al año"
    if cost is None or ratio is None or net is None or probability is None:
        return f"{said}."
    back, chance = ratio_words(ratio[0]), percent_words(probability, language)
    ends = ("", "") if ratio[1] is None or ratio[2] is None else (ratio_words(ratio[1]), ratio_words(ratio[2]))
    if is_english:
        around = f" (between {ends[0]} and {ends[1]})" if ends[0] else " (without an interval)"
        return f"{said}. It would cost {told(cost)}, return {back} balboas for each one{around} and leave a net present value of {told(net)}; the probability that it pays is {chance}."
    around = f" (entre {ends[0]} y {ends[1]})" if ends[0] else " (sin intervalo)"
    return f"{said}. Costaría {told(cost)}, devolvería {back} balboas por cada uno{around} y dejaría un valor presente neto de {told(net)}; la probabilidad de que se pague es {chance}."


def percent_words(share: float, language: str = "es") -> str:
    """A probability from samples: never quite none nor quite certain."""
    if share < 0.01:
        return "less than 1%" if language == "en" else "menos de 1%"
    if share > 0.99:
        return "more than 99%" if language == "en" else "más de 99%"
    return f"{share:.0%}"
