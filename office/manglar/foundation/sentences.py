"""Sentences for people: put together where something happens, said in the language of whoever reads them (ADR 0009).

Pure rules may use it: a sentence is a Spanish template with its values until somebody shows it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.translation import gettext, ngettext, override

SOURCE_LANGUAGE = "es"


class Sentence:
    """A sentence with its values; ``str`` says it in the language that is active then."""

    __slots__ = ("count", "plural", "template", "values")

    def __init__(self, template: str, values: Mapping[str, Any], *, plural: str = "", count: int | None = None) -> None:
        self.template = template
        self.values = dict(values)
        self.plural = plural
        self.count = count

    def __str__(self) -> str:
        plain = self.count is None
        template = gettext(self.template) if plain else ngettext(self.template, self.plural, self.count or 0)
        return template.format(**self.values)

    def __repr__(self) -> str:
        return f"say({self.in_spanish()!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key()[0])

    def _key(self) -> tuple[str, str, int | None, dict[str, Any]]:
        return self.template, self.plural, self.count, self.values

    def __contains__(self, words: str) -> bool:
        return words in str(self)

    def __deepcopy__(self, memo: object) -> "Sentence":
        return self

    def in_spanish(self) -> str:
        """The sentence in the source language, for what is kept: the log, a job's error."""
        with override(SOURCE_LANGUAGE):
            return str(self)


#: What a refusal takes: a sentence of ours, or words that are somebody else's already (Django's about a password).
Said = Sentence | str


def say(template: str, /, **values: Any) -> Sentence:
    """A sentence in Spanish with ``{name}`` for each value; the template is read by the catalogue, so it is literal."""
    return Sentence(template, values)


def say_many(one: str, many: str, /, count: int, **values: Any) -> Sentence:
    """A sentence in two forms, chosen by ``count``, which both may show as ``{count}``."""
    return Sentence(one, {"count": count, **values}, plural=many, count=count)


def sayable(template: str, /) -> str:
    """Mark a template for the catalogue where it stands in a table; ``Sentence`` says it with its values later."""
    return template


_AT_THE_COMMAND_LINE: ContextVar[bool] = ContextVar("at_the_command_line", default=False)


@contextmanager
def at_the_command_line() -> Iterator[None]:
    """Whoever reads what is said inside reads it beside a command, and may be told its options."""
    held = _AT_THE_COMMAND_LINE.set(True)
    try:
        yield
    finally:
        _AT_THE_COMMAND_LINE.reset(held)


def choose(*, page: Sentence, command: Sentence) -> "Choice":
    """How to go on, in the words of where it is read: the fields of a form, or the options of a command."""
    return Choice(page, command)


class Choice(Sentence):
    """What ``choose`` makes."""

    __slots__ = ("command", "page")

    def __init__(self, page: Sentence, command: Sentence) -> None:
        super().__init__("", {})
        self.page, self.command = page, command

    def __str__(self) -> str:
        return str(self.command if _AT_THE_COMMAND_LINE.get() else self.page)

    def _key(self) -> tuple[str, str, int | None, dict[str, Any]]:
        return "", "", None, {"page": self.page, "command": self.command}


def listed(parts: Sequence[object], *, separator: str = ", ") -> "Listing":
    """Several sentences or words in a row, each said when the row is."""
    return Listing(tuple(parts), separator)


class Listing(Sentence):
    """What ``listed`` makes."""

    __slots__ = ("parts", "separator")

    def __init__(self, parts: tuple[object, ...], separator: str) -> None:
        super().__init__("", {})
        self.parts = parts
        self.separator = separator

    def __str__(self) -> str:
        return self.separator.join(str(part) for part in self.parts)

    def _key(self) -> tuple[str, str, int | None, dict[str, Any]]:
        return "", self.separator, None, {"parts": self.parts}


def spoken(value: Any) -> Any:
    """Plain data with every sentence in it said in the language that is active now."""
    if isinstance(value, Sentence):
        return str(value)
    if isinstance(value, dict):
        return {key: spoken(inner) for key, inner in value.items()}
    return [spoken(inner) for inner in value] if isinstance(value, list | tuple) else value
