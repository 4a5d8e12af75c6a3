"""Messages that are said where the page lands, beside what they are about, and not at its top."""

from collections.abc import Iterable
from typing import Any

from django.template import Library

register = Library()
#: How the tag of a message begins that names the element (its id) beside which it is said.
BESIDE = "junto-a:"


def beside(anchor: str) -> str:
    """The tag of a message that is said beside an element of the page, by its id."""
    return f"{BESIDE}{anchor}"


@register.filter
def at_the_top(messages: Iterable[Any]) -> list[Any]:
    """The messages of no particular place."""
    return [each for each in messages or () if not (each.extra_tags or "").startswith(BESIDE)]


@register.filter
def beside_of(messages: Iterable[Any], anchor: str) -> list[Any]:
    """The messages that are said beside an element."""
    return [each for each in messages or () if each.extra_tags == beside(anchor)]
