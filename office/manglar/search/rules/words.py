"""How a text becomes words to search for, and where those words stand in a text that is shown."""

import re
import threading
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from manglar.foundation.texts import fold

LANGUAGES = {"es": "spanish", "en": "english"}
#: Words are cut to what a column holds; nobody types more.
LONGEST_WORD = 40
#: What is read of a question: more characters or words than these are left out, and the page says so.
LONGEST_QUERY, MOST_TERMS = 200, 8
#: A number with points or dashes (a code such as 1.2.3, a year range) is one word; otherwise letters and digits.
_WORD = re.compile(r"\d+(?:[.\-]\d+)+|[^\W_]+")
_held = threading.local()


def words_in(text: str) -> list[str]:
    """The words of a text, folded, in their order; a lone letter is none."""
    found = (word[:LONGEST_WORD] for word in _WORD.findall(fold(text)))
    return [word for word in found if len(word) > 1 or word.isdigit()]


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word: what its plural and its relatives share.

    Snowball leaves the plural of short Spanish words as it is («ríos»): a final «s» that it left alone goes here.
    """
    found = str(_stemmer(language).stemWord(word))
    return found[:-1] if found == word and len(word) > 3 and word.endswith("s") else found


def _stemmer(language: str) -> snowballstemmer.stemmer:
    """A stemmer of this thread: one keeps the word that it works on, so threads cannot share it."""
    stemmers = getattr(_held, "stemmers", None)
    if stemmers is None:
        stemmers = _held.stemmers = {code: snowballstemmer.stemmer(name) for code, name in LANGUAGES.items()}
    return stemmers[language]


def stems(word: str) -> frozenset[str]:
    """The stems that a word has in any language: who searches does not say in which one."""
    return frozenset(stem(word, language) for language in LANGUAGES)


def terms_of(query: str, idle: Collection[str]) -> list[str]:
    """The words of a question without the idle ones («de», «la»), each once, in their order."""
    found = dict.fromkeys(word for word in words_in(query[:LONGEST_QUERY]) if word not in idle)
    return list(found)[:MOST_TERMS]


def was_cut(query: str, idle: Collection[str]) -> bool:
    """Whether part of a question was too long to be read."""
    asked = {word for word in words_in(query[: 10 * LONGEST_QUERY]) if word not in idle}
    return len(query) > LONGEST_QUERY or len(asked) > MOST_TERMS


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it is one of the words that were found."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Marker:
    """What counts as found in a text: words of these stems, and these words themselves."""

    stems: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def is_hit(self, word: str) -> bool:
        """Whether a word as it is written was found."""
        return any(each in self.words or not self.stems.isdisjoint(stems(each)) for each in words_in(word))

    def pieces(self, text: str) -> list[Piece]:
        """The text in pieces, found words apart; together they are the text (composed), whatever it holds."""
        return list(self._pieces(unicodedata.normalize("NFC", text)))

    def _pieces(self, text: str) -> Iterator[Piece]:
        done = 0
        for match in _WORD.finditer(text):
            if not self.is_hit(match.group()):
                continue
            if match.start() > done:
                yield Piece(text[done : match.start()], is_hit=False)
            yield Piece(match.group(), is_hit=True)
            done = match.end()
        if done < len(text):
            yield Piece(text[done:], is_hit=False)

    def says_any(self, text: str) -> bool:
        """Whether a text has a found word."""
        return any(piece.is_hit for piece in self._pieces(unicodedata.normalize("NFC", text)))

    def excerpt(self, text: str, length: int = 220) -> list[Piece]:
        """About ``length`` characters around the first found word, or the beginning where there is none."""
        text = unicodedata.normalize("NFC", text)
        first = next((m.start() for m in _WORD.finditer(text) if self.is_hit(m.group())), 0)
        start = max(0, first - length // 3) if first > length // 2 else 0
        if start:
            start = text.find(" ", start) + 1 or start
        end = start + length
        if end < len(text):
            end = max(text.rfind(" ", start, end), start + length // 2)
        shown = ("… " if start else "") + " ".join(text[start:end].split()) + (" …" if end < len(text) else "")
        return self.pieces(shown)


def as_written(word: str, texts: Iterable[str]) -> str:
    """A folded word as one of the texts writes it, with its accents; as it is where none does."""
    for text in texts:
        for match in _WORD.finditer(unicodedata.normalize("NFC", text)):
            if words_in(match.group()) == [word]:
                return match.group().lower()
    return word
