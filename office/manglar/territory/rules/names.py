"""How names of divisions are compared, whoever wrote them: no database here."""

import re
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from manglar.foundation.texts import fold

_BRACKETS = re.compile(r"\([^)]*\)")
_KIND = re.compile(r"^(?:corregimiento|distrito|provincia|municipio) (?:de |del )")
_OTHER_NAME = re.compile(r" o ")
_ARTICLE = re.compile(r"^(?:el|la|los|las) ")
_MARKS = re.compile(r"[^\w\s]|_")
_SMALL = frozenset({"de", "del", "la", "las", "los", "el", "y", "o", "e"})

Key = TypeVar("Key", bound=Hashable)


def name_key(name: str) -> str:
    """The name for comparison: no accents, case, marks, «(P)», «(Cabecera)» nor «corregimiento de»."""
    bare = fold(_MARKS.sub(" ", _BRACKETS.sub(" ", name)))
    return _KIND.sub("", bare)


def alternatives(name: str) -> frozenset[str]:
    """The names that «La Exposición o Calidonia» holds: the whole and each of its parts."""
    whole = name_key(name)
    return frozenset({whole, *(part.strip() for part in _OTHER_NAME.split(whole))}) - {""}


def without_article(name: str) -> frozenset[str]:
    """The alternatives of a name without «el», «la», «los», «las» in front."""
    return frozenset(_ARTICLE.sub("", key) for key in alternatives(name))


def is_same_name(one: str, other: str) -> bool:
    """Whether two writings name the same division."""
    return bool(alternatives(one) & alternatives(other))


def capitalised(name: str) -> str:
    """Write a name that a file has all in capitals as Spanish writes it; any other name stays."""
    name = " ".join(name.split())
    if name != name.upper():
        return name
    words = name.lower().split(" ")
    return " ".join(
        word if index and word in _SMALL else word[:1].upper() + word[1:] for index, word in enumerate(words)
    )


class NameIndex(Generic[Key]):
    """Many names to be searched many times: exact first, then alternatives, then without article."""

    def __init__(self, entries: Iterable[tuple[Key, Iterable[str]]]) -> None:
        self._tiers: tuple[dict[str, set[Key]], ...] = ({}, {}, {})
        for key, names in entries:
            for name in names:
                self.add(key, name)

    def add(self, key: Key, name: str) -> None:
        """Add one more name of an entry."""
        for tier, forms in zip(self._tiers, ({name_key(name)}, alternatives(name), without_article(name)), strict=True):
            for form in forms:
                if form:
                    tier.setdefault(form, set()).add(key)

    def find(self, name: str) -> set[Key]:
        """The entries with this name: those of the strictest comparison that finds any."""
        asked = ({name_key(name)}, alternatives(name), without_article(name))
        for tier, forms in zip(self._tiers, asked, strict=True):
            found = set().union(*(tier.get(form, set()) for form in forms)) if forms else set()
            if found:
                return found
        return set()
