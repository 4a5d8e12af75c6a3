"""What the office says in several ways: groups of words kept as data, in Spanish and English."""

import tomllib
from dataclasses import dataclass

from manglar.search.rules.words import LANGUAGES, stem, words_in


@dataclass(frozen=True, slots=True)
class Speech:
    """Words that say nothing alone, and for each stem the stems that mean the same."""

    idle: frozenset[str]
    same: dict[str, frozenset[str]]

    def synonyms(self, stems: frozenset[str]) -> frozenset[str]:
        """The stems that mean the same as any of these, without these."""
        return frozenset().union(*(self.same.get(each, frozenset()) for each in stems)) - stems


def read_speech(*contents: str) -> Speech:
    """Read the words of the office from TOML texts; a later one adds to the earlier.

    Raises ValueError with a sentence that names what is wrong.
    """
    idle: set[str] = set()
    groups: list[set[str]] = []
    for content in contents:
        try:
            told = tomllib.loads(content)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"No es TOML: {error}") from error
        if unknown := set(told) - {"vacias", "sinonimos"}:
            raise ValueError(f"No se entiende «{', '.join(sorted(unknown))}»: se esperan «vacias» y «sinonimos».")
        for language, said in told.get("vacias", {}).items():
            idle |= {word for text in _checked(language, said) for word in words_in(text)}
        for number, group in enumerate(told.get("sinonimos", []), 1):
            groups.append(_stems_of(number, group))
    return Speech(frozenset(idle), _same(groups))


def groups_of(content: str) -> list[tuple[str, ...]]:
    """The groups of a text that ``read_speech`` accepts, as they are written."""
    return [tuple(text for said in group.values() for text in said) for group in tomllib.loads(content).get("sinonimos", [])]


def _stems_of(number: int, group: object) -> set[str]:
    if not isinstance(group, dict):
        raise ValueError(f"El grupo {number} de sinónimos no es una tabla con «es» y «en».")
    found = set()
    for language, said in group.items():
        for text in _checked(language, said):
            word = words_in(text)
            if len(word) != 1:
                raise ValueError(f"Grupo {number}: «{text}» no es una sola palabra.")
            found.add(stem(word[0], language))
    if len(found) < 2:
        raise ValueError(f"El grupo {number} de sinónimos tiene menos de dos palabras distintas.")
    return found


def _checked(language: str, said: object) -> list[str]:
    if language not in LANGUAGES:
        raise ValueError(f"No se conoce el idioma «{language}»: se esperan {', '.join(LANGUAGES)}.")
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise ValueError(f"Lo dicho en «{language}» no es una lista de palabras.")
    return said


def _same(groups: list[set[str]]) -> dict[str, frozenset[str]]:
    """A word may be in two groups: it means both, but they do not mean each other."""
    same: dict[str, set[str]] = {}
    for group in groups:
        for each in group:
            same.setdefault(each, set()).update(group)
    return {each: frozenset(others) for each, others in same.items()}
