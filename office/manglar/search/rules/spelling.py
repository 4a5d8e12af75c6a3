"""Typing errors: which words a misspelt one may have been, without looking at every word.

The method is that of symmetric deletes (Wolf Garbe, SymSpell, 2012): a word is kept under itself with up to
``errors_in`` letters left out of its beginning; a misspelt word shares one of those keys with the right one.
"""

from collections.abc import Iterable
from itertools import combinations

from rapidfuzz.distance import OSA

#: Letters from which keys are made: long enough to tell words apart, short enough to keep few keys.
KEYED = 7
#: From three letters on, a word that is still being typed is looked up by how it begins.
SHORTEST_BEGINNING, LONGEST_BEGINNING = 3, 7


def errors_in(word: str) -> int:
    """How many errors a word of this length may have: none below four letters or in a number, two from eight on."""
    if len(word) < 4 or any(letter.isdigit() for letter in word):
        return 0
    return 1 if len(word) < 8 else 2


def misspelling_keys(word: str) -> set[str]:
    """The beginning of a word with none, one or two letters left out; nothing for a word that takes no error."""
    errors, beginning = errors_in(word), word[:KEYED]
    if not errors:
        return set()
    return {
        "".join(letter for place, letter in enumerate(beginning) if place not in left_out)
        for count in range(errors + 1)
        for left_out in combinations(range(len(beginning)), count)
    }


def beginning_key(word: str) -> str:
    """The key of the words that begin so; empty when there are too few letters to say."""
    return f"^{word[:LONGEST_BEGINNING]}" if len(word) >= SHORTEST_BEGINNING else ""


def keys_of(word: str) -> set[str]:
    """Every key under which a word is kept; a code or a number is found whole or not at all."""
    if any(letter.isdigit() for letter in word):
        return set()
    beginnings = range(SHORTEST_BEGINNING, min(len(word), LONGEST_BEGINNING) + 1)
    return misspelling_keys(word) | {f"^{word[:length]}" for length in beginnings}


def nearest(word: str, known: Iterable[str]) -> dict[str, int]:
    """Those of the known words that ``word`` may have been → how many errors apart they are."""
    most = errors_in(word)
    apart = {each: int(OSA.distance(word, each, score_cutoff=most)) for each in known}
    return {each: distance for each, distance in apart.items() if 0 < distance <= most}
