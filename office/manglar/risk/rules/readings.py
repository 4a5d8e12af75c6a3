"""Reading a mapping key by key: every wrong key leaves a sentence that names it and says how to mend it."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from manglar.foundation.sentences import Said, say


class Reader:
    """One section under reading; what is wrong gathers in ``problems``, shared with the whole document."""

    def __init__(self, document: Mapping[str, Any], *, name: str = "", problems: list[Said] | None = None) -> None:
        self.document = document
        self.name = name
        self.problems: list[Said] = [] if problems is None else problems
        self.known: list[str] = []
        self.is_given = True

    def refuse(self, sentence: Said) -> None:
        """Note one thing that is wrong."""
        self.problems.append(sentence)

    def key(self, key: str) -> str:
        """The key as the sentences name it."""
        return f"«{self.name}.{key}»" if self.name else f"«{key}»"

    def _take(self, key: str) -> Any:
        self.known.append(key)
        return self.document.get(key)

    def section(self, key: str, *, required: bool = False) -> "Reader":
        """A table inside this one; empty when it is not there or is something else."""
        value = self._take(key)
        given = isinstance(value, Mapping)
        if value is None and required:
            self.refuse(say("Falta la sección [{key}].", key=key))
        elif value is not None and not given:
            self.refuse(
                say(
                    "{key} es una sección: escriba [{section}] en una línea y lo suyo debajo.",
                    key=self.key(key),
                    section=key,
                )
            )
        name = f"{self.name}.{key}" if self.name else key
        made = Reader(value if isinstance(value, Mapping) else {}, name=name, problems=self.problems)
        made.is_given = given
        return made

    def text(self, key: str, *, required: bool = False, limit: int = 1000) -> str:
        """A text on one line."""
        value = self._take(key)
        if value is None or value == "":
            if required and self.is_given:
                self.refuse(say("Falta {key}.", key=self.key(key)))
            return ""
        if not isinstance(value, str):
            self.refuse(
                say("{key} es un texto entre comillas, y se leyó {shown}.", key=self.key(key), shown=_shown(value))
            )
            return ""
        bare = " ".join(value.split())
        if len(bare) > limit:
            self.refuse(
                say(
                    "{key} tiene {count} letras; el límite es {limit}.", key=self.key(key), count=len(bare), limit=limit
                )
            )
        return bare[:limit]

    def sections(self, key: str, *, required: bool = False) -> list["Reader"]:
        """Tables that repeat, written [[key]]; none when it is not there or is something else."""
        value = self._take(key)
        if value is None or value == []:
            if required:
                self.refuse(say("Falta al menos una sección [[{key}]].", key=key))
            return []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.refuse(say("{key} se repite: escriba [[{section}]] y lo suyo debajo.", key=self.key(key), section=key))
            return []
        name = f"{self.name}.{key}" if self.name else key
        return [Reader(item, name=f"{name}.{n}", problems=self.problems) for n, item in enumerate(value, start=1)]

    def choice(self, key: str, allowed: Sequence[str], *, default: str = "") -> str:
        """One of some codes; ``default`` when it is not given."""
        value = self.text(key, required=not default) or default
        if value and value not in allowed:
            self.refuse(
                say(
                    "{key} es «{value}»; por ahora se calcula: {allowed}.",
                    key=self.key(key),
                    value=value,
                    allowed=", ".join(allowed),
                )
            )
        return value

    def whole(self, key: str, low: int, high: int, *, default: int) -> int:
        """A whole number between two others."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.refuse(
                say(
                    "{key} es un número entero de {low:,} a {high:,}, y se leyó {shown}.",
                    key=self.key(key),
                    low=low,
                    high=high,
                    shown=_shown(value),
                )
            )
            return default
        return value

    def number(self, key: str, low: float, high: float, *, default: float) -> float:
        """A finite number between two others."""
        value = self._take(key)
        if value is None:
            return default
        if not is_number(value) or not low <= value <= high:
            self.refuse(
                say(
                    "{key} es un número de {low:,g} a {high:,g}, y se leyó {shown}.",
                    key=self.key(key),
                    low=low,
                    high=high,
                    shown=_shown(value),
                )
            )
            return default
        return float(value)

    def numbers(self, key: str, low: float, high: float, *, default: tuple[float, ...]) -> tuple[float, ...]:
        """A rising list of numbers between two others."""
        value = self._take(key)
        if value is None:
            return default
        good = isinstance(value, list | tuple) and bool(value) and all(is_number(v) and low <= v <= high for v in value)
        if not good or sorted(set(value)) != list(value):
            self.refuse(
                say(
                    "{key} es una lista creciente de números de {low:,g} a {high:,g}, y se leyó {shown}.",
                    key=self.key(key),
                    low=low,
                    high=high,
                    shown=_shown(value),
                )
            )
            return default
        return tuple(float(item) for item in value)

    def day(self, key: str) -> str:
        """A day, as TOML writes it or as a text (AAAA-MM-DD); kept as a text."""
        value = self._take(key)
        text = value.isoformat() if isinstance(value, dt.date) else value
        try:
            return dt.date.fromisoformat(str(text)).isoformat()
        except ValueError:
            self.refuse(
                say(
                    "{key} es un día, por ejemplo 1990-01-01, y se leyó {shown}.",
                    key=self.key(key),
                    shown=_shown(value),
                )
            )
            return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once, in order."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item.strip() for item in value):
            self.refuse(
                say(
                    '{key} es una lista de textos, por ejemplo ["school"], y se leyó {shown}.',
                    key=self.key(key),
                    shown=_shown(value),
                )
            )
            return ()
        return tuple(sorted({item.strip() for item in value}))

    def mapping(self, key: str) -> dict[str, str]:
        """A table of texts."""
        value = self._take(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(item, str) for item in value.values()):
            self.refuse(
                say(
                    '{key} es una tabla de textos, por ejemplo {{ LC = "MC" }}, y se leyó {shown}.',
                    key=self.key(key),
                    shown=_shown(value),
                )
            )
            return {}
        return {str(name): value[name] for name in sorted(value)}

    def refuse_unknown(self, known: Iterable[str] = ()) -> None:
        """Note the keys that nobody asked for, with the one that was meant."""
        names = [*self.known, *known]
        for key in self.document:
            if key not in names:
                near = get_close_matches(key, names, n=1)
                known = ", ".join(dict.fromkeys(self.known))
                hint = say("¿quiso decir «{near}»?", near=near[0]) if near else say("Se usan: {known}.", known=known)
                self.refuse(say("No se conoce {key}: {hint}", key=self.key(key), hint=hint))


def is_number(value: object) -> bool:
    """Whether a value is a finite number (true and false are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "«true»" if value else "«false»"
    text = str(value) if isinstance(value, int | float) else repr(value)
    return f"«{text[:60]}»"
