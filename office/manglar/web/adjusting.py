"""The settings of a government under one vocabulary of keys: the page, the API and the command say the same words.

A key is a path (``name.es``, ``accent``, ``strategy.estrategia-abc.level.2.plural.es``); its value is a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.db import transaction

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.foundation.canonical import digest
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.identity import services as identity
from manglar.identity.permissions import may_change_settings
from manglar.identity.selectors import address_of_logo, government_with_identity, identity_of
from manglar.strategy import services as strategy
from manglar.strategy.selectors import Levels, strategies_with_levels

LANGUAGES = ("es", "en")
DAYS = ("due", "late", "stale")
Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a government may set, as it is now, and the strategies whose words are among it."""

    government: Government
    values: Values
    strategies: list[Levels]

    def version(self, keys: list[str] | None = None) -> str:
        """What some settings look like now, as a short text; all of them when none are named."""
        return digest({key: self.values[key] for key in keys or sorted(self.values)})[:16]


def settings_of(code: str) -> Settings | None:
    """The settings of the government with this code, or None."""
    government = government_with_identity(code)
    if government is None:
        return None
    own = identity_of(government)
    strategies = strategies_with_levels(government)
    values: Values = {
        **_texts("name", government.name),
        "language": government.language,
        "time_zone": government.time_zone,
        **_texts("office_name", own.office_name),
        **_texts("contact", own.contact),
        "website": own.website,
        "accent": own.accent,
        **_texts("logo_text", own.logo_text),
    }
    for each in strategies:
        values |= _words(each)
    return Settings(government, values, strategies)


def told_settings(held: Settings) -> dict[str, Any]:
    """Settings as plain data, for the API and the command."""
    return {
        "government": held.government.code,
        "values": held.values,
        "logo": address_of_logo(identity_of(held.government)),
        "currency": held.government.currency,
        "version": held.version(),
    }


def _texts(name: str, told: Mapping[str, str]) -> Values:
    return {f"{name}.{code}": told.get(code, "") for code in LANGUAGES}


def _words(each: Levels) -> Values:
    """The keys of one strategy: its days, and the words of its levels."""
    held = each.strategy
    root = f"strategy.{held.public_id}"
    values = {f"{root}.{name}_after_days": str(getattr(held, f"{name}_after_days")) for name in DAYS}
    named = {level.depth: level for level in held.levels.all()}
    for depth in each.depths:
        level = named.get(depth)
        values |= _texts(f"{root}.level.{depth}.singular", level.singular if level else {})
        values |= _texts(f"{root}.level.{depth}.plural", level.plural if level else {})
    return values


def change_settings(*, by: Actor, code: str, told: Mapping[str, str], version: str = "") -> Settings:
    """Change some settings, all or none; ``version`` is that of the settings which the person saw, when they tell it."""
    now = settings_of(code)
    if now is None:
        raise InvalidInput(say("No hay un gobierno con el código «{code}».", code=code))
    require(may_change_settings, by, now.government)
    if version and version != now.version():
        raise Conflict(say("Los ajustes cambiaron mientras tanto: vuelva a leerlos y pida el cambio otra vez."))
    for key in told:
        _require_known(key, now.values)
    wanted = {key: value for key, value in told.items() if value != now.values[key]}
    with transaction.atomic():
        _change_government(by, now, wanted)
        _change_identity(by, now, wanted)
        for each in now.strategies:
            _change_strategy(by, now, each, wanted)
    return settings_of(code) or now


def _require_known(key: str, known: Mapping[str, str]) -> None:
    if key in known:
        return
    near = get_close_matches(key, known, n=1)
    if near:
        raise InvalidInput(say("No hay un ajuste «{key}». ¿Quiso decir «{near}»?", key=key[:80], near=near[0]))
    raise InvalidInput(say("No hay un ajuste «{key}»: «manglar settings show» dice cuáles hay.", key=key[:80]))


def _text_in(now: Values, wanted: Values, name: str) -> dict[str, str] | None:
    """A text in all its languages when one of them changes; None when none does."""
    keys = {f"{name}.{code}": code for code in LANGUAGES}
    if not keys.keys() & wanted.keys():
        return None
    return {code: wanted.get(key, now.get(key, "")) for key, code in keys.items()}


def _change_government(by: Actor, now: Settings, wanted: Values) -> None:
    identity.change_government(
        by=by,
        government=now.government,
        name=_text_in(now.values, wanted, "name"),
        language=wanted.get("language"),
        time_zone=wanted.get("time_zone"),
    )


def _change_identity(by: Actor, now: Settings, wanted: Values) -> None:
    identity.change_identity(
        by=by,
        government=now.government,
        office_name=_text_in(now.values, wanted, "office_name"),
        contact=_text_in(now.values, wanted, "contact"),
        website=wanted.get("website"),
        accent=wanted.get("accent"),
        logo_text=_text_in(now.values, wanted, "logo_text"),
    )


def _change_strategy(by: Actor, now: Settings, each: Levels, wanted: Values) -> None:
    held, root = each.strategy, f"strategy.{each.strategy.public_id}"
    days = {name: f"{root}.{name}_after_days" for name in DAYS}
    if wanted.keys() & set(days.values()):
        due, late, stale = (_number(wanted.get(key, now.values[key])) for key in days.values())
        strategy.set_days(by=by, strategy=held, due=due, late=late, stale=stale)
    if any(key.startswith(f"{root}.level.") for key in wanted):
        both = now.values | wanted
        levels = [tuple(_word(both, f"{root}.level.{depth}.{form}") for form in ("singular", "plural")) for depth in each.depths]
        strategy.name_levels(by=by, strategy=held, levels=[(one, many) for one, many in levels])


def _word(values: Values, name: str) -> dict[str, str]:
    return {code: values[f"{name}.{code}"] for code in LANGUAGES}


def _number(text: str) -> int:
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
        raise InvalidInput(say("«{text}» no es un número de días: escriba uno entero, por ejemplo 30.", text=text[:40]))
    return int(digits)
