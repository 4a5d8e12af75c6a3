"""Reads about how governments present themselves: always with the government, in its own query."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePosixPath
from typing import cast

from django.db.models import QuerySet

from manglar.foundation.sentences import Said
from manglar.governments.models import Government
from manglar.identity import rules
from manglar.identity.models import Identity


def _governments() -> QuerySet[Government]:
    return Government.objects.select_related("identity__logo")


def home_with_identity() -> Government | None:
    """The government whose installation this is, with how it presents itself; one query."""
    return _governments().filter(is_home=True).first()


def government_with_identity(code: str) -> Government | None:
    """The government with this code, with how it presents itself; one query."""
    return _governments().filter(code=code).first()


def identity_of(government: Government) -> Identity:
    """How a government presents itself; an empty one, not kept, where nothing was ever said.

    Costs no query on a government that these selectors gave.
    """
    return getattr(government, "identity", None) or Identity(government=government)


@dataclass(frozen=True, slots=True)
class Style:
    """The stylesheet of a colour, the digest that names it in its address, and its deepest shade; empty without a colour."""

    css: str = ""
    digest: str = ""
    deep: str = ""


@lru_cache(maxsize=256)
def style_of_colour(accent: str) -> Style:
    """The stylesheet of an accepted colour."""
    if not accent:
        return Style()
    css = rules.stylesheet(accent)
    return Style(css, sha256(css.encode()).hexdigest()[:16], rules.light_shades(accent).deep)


def style_of(government: Government) -> Style:
    """The stylesheet of a government's colour."""
    return style_of_colour(identity_of(government).accent)


def colour_problem(colour: str) -> Said:
    """Why a colour that somebody thinks of could not be accepted; empty when it could, or where there is none."""
    if not colour.strip():
        return ""
    try:
        return rules.why_refused(rules.parse_colour(colour))
    except ValueError as error:
        return cast(Said, error.args[0])


def readable_colour(colour: str) -> str:
    """A colour that somebody thinks of, or its nearest shade that can be accepted; the program's where there is none.

    Empty for what is no colour.
    """
    try:
        return rules.nearest_readable(rules.parse_colour(colour or rules.PROGRAM_ACCENT))
    except ValueError:
        return ""


def sample_of(colour: str) -> str:
    """CSS of the two samples of a colour; empty for one that could not be accepted."""
    readable = readable_colour(colour)
    return rules.sample_stylesheet(readable) if readable == colour else ""


def address_of_logo(identity: Identity) -> str:
    """The last part of a logo's address: it changes with its bytes; empty where there is none."""
    if identity.logo is None:
        return ""
    return f"{identity.logo.sha256[:16]}{PurePosixPath(identity.logo.name).suffix}"
