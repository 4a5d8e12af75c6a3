"""The answer in a paragraph, in Spanish or English."""

from __future__ import annotations

from collections.abc import Mapping

from manglar_engine.report.numbers import check_language, money, money_range, people, percent
from manglar_engine.studies.result import RetrofitEffect, SeismicResult


def plain_sentence(result: SeismicResult, lang: str = "es", names: Mapping[str, str] | None = None) -> str:
    """Return what the screening says, in the words of a person.

    ``names`` gives the name of each territory code; a code without a name is told as it is.

    Raises:
        SettingsError: a language that is not ``es`` or ``en``.
    """
    check_language(lang)
    parts = [_damage(result, lang), _people(result, lang), _worst(result, lang, names or {})]
    if result.retrofit is not None:
        parts.append(retrofit_sentence(result.retrofit, lang))
    parts.append(_defaults(result, lang))
    return " ".join(part for part in parts if part)


def _damage(result: SeismicResult, lang: str) -> str:
    damage = result.total.ead_pab
    mean, limits = money(damage.mean, lang), money_range(damage, lang)
    if lang == "es":
        return f"En un año cualquiera se esperan {mean} de daño por terremotos (entre {limits}, con 90% de confianza)."
    return f"In any one year, {mean} of earthquake damage is expected (between {limits}, 90% interval)."


def _people(result: SeismicResult, lang: str) -> str:
    row = result.total
    if row.people <= 0:
        return ""
    hurt = row.people_affected_per_year
    mean, low, high = people(hurt.mean), people(hurt.p05), people(hurt.p95)
    if lang == "es":
        return (
            f"En promedio, {mean} personas al año (entre {low} y {high}) estarían en edificios con "
            "daño extenso o completo."
        )
    return (
        f"On average, {mean} people a year (between {low} and {high}) would be inside buildings with "
        "extensive or complete damage."
    )


def _worst(result: SeismicResult, lang: str, names: Mapping[str, str]) -> str:
    if len(result.by_territory) < 2 or result.total.ead_pab.mean <= 0:
        return ""
    worst = max(result.by_territory, key=lambda row: (row.ead_pab.mean, row.code))
    name, share = names.get(worst.code, worst.code), percent(worst.share_of_total)
    if lang == "es":
        return f"Donde más daño se espera es {name}: {share} del total."
    return f"Most damage is expected in {name}: {share} of the total."


def _defaults(result: SeismicResult, lang: str) -> str:
    share = percent(result.defaults_share["any_asset_column"])
    if lang == "es":
        return f"El {share} de esta cifra descansa en datos supuestos de los activos (estimación)."
    return f"{share} of this figure rests on assumed data of the assets (estimates)."


def retrofit_sentence(effect: RetrofitEffect, lang: str = "es") -> str:
    """Return what the measure changes, in the words of a person.

    Raises:
        SettingsError: a language that is not ``es`` or ``en``.
    """
    check_language(lang)
    if effect.benefit_cost is None:
        if lang == "es":
            return f"«{effect.name}» no cambia ningún activo: no cuesta ni evita nada."
        return f"“{effect.name}” changes no asset: it costs and avoids nothing."
    saved = effect.total.ead_avoided_pab
    mean, limits = money(saved.mean, lang), money_range(saved, lang)
    ratio, cost = effect.benefit_cost, money(effect.cost_pab, lang)
    if lang == "es":
        return (
            f"«{effect.name}» evitaría {mean} de daño al año (entre {limits}) por {cost}: en "
            f"{effect.horizon_years} años devuelve B/. {ratio.mean:.2f} por cada balboa "
            f"(entre {ratio.p05:.2f} y {ratio.p95:.2f})."
        )
    return (
        f"“{effect.name}” would avoid {mean} of damage a year (between {limits}) for {cost}: over "
        f"{effect.horizon_years} years it returns B/. {ratio.mean:.2f} per balboa "
        f"(between {ratio.p05:.2f} and {ratio.p95:.2f})."
    )
