"""The places and the hazards that some typed words name, in either language, accents and typing errors aside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from manglar.evidence.models import HazardType
from manglar.evidence.selectors import hazards
from manglar.foundation.translated import read_in
from manglar.portal.following import hazard_of
from manglar.portal.readings import language
from manglar.portal.risk import hazard_slug, public_runs
from manglar.publication.choices import Kind
from manglar.publication.selectors import released
from manglar.search.rules.spelling import nearest
from manglar.search.rules.words import terms_of, words_in
from manglar.search.selectors import speech
from manglar.territory import selectors as places
from manglar.territory.models import Division

#: As many are named at most: more would bury what else was found.
MOST = 6
#: How well the words of a name are said by what was typed, best last.
NOT, BEGUN, MISSPELT, EXACT = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Named:
    """A page that some words name: ``is_sure`` when they are the whole of its name, typing errors aside."""

    title: str
    url: str
    note: str
    code: str
    is_sure: bool


def places_named(asked: str, *, most: int = 0) -> list[Named]:
    """The living divisions whose name or other name the words say, the best first; ``most`` of them, or all."""
    words = terms_of(asked, speech().idle)
    found = _ranked(words, _living()) if words else []
    return found[:most] if most else found


def _living() -> list[Division]:
    return list(places.all_divisions().filter(valid_until__isnull=True).select_related("parent").prefetch_related("aliases"))


def _ranked(words: Sequence[str], living: Sequence[Division]) -> list[Named]:
    ranked = []
    for each in living:
        fit = max(_fit(words, name) for name in (each.name, *(alias.name for alias in each.aliases.all())))
        if fit[0]:
            ranked.append((fit, each))
    ranked.sort(key=lambda pair: (-pair[0][1], -pair[0][0], len(pair[1].name), pair[1].code))
    return [_place(each, is_sure=whole) for (_score, whole), each in ranked]


def hazards_named(asked: str) -> list[Named]:
    """The hazards with a page that the words name, in Spanish or in English."""
    said = speech()
    words = terms_of(asked, said.idle)
    if not words:
        return []
    fitting = [each for each in hazards() if any(_fit(words, name, any_word=True)[0] for name in (*each.name.values(), each.code))]
    if not fitting:
        return []
    shown = {run.hazard_id for run in public_runs()}
    about = {hazard_of(each) for each in released(kind=Kind.FINDING).defer("folded")}
    return [_hazard(each) for each in fitting if each.pk in shown or each.code in about]


def pages_named(asked: str) -> list[Named]:
    """The places and the hazards that the words of a question name, places that are sure first."""
    held, kinds = _places_within(asked), hazards_named(asked)
    return [*held, *kinds][:MOST]


def _places_within(asked: str) -> list[Named]:
    """The places whose names the words say; else those that some words in a row name whole, the longest first."""
    words = terms_of(asked, speech().idle)
    living = _living() if words else []
    found = _ranked(words, living)[:MOST] if words else []
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            if found:
                return found
            found = [each for each in _ranked(words[start : start + length], living) if each.is_sure][:MOST]
    return found


def _fit(words: Sequence[str], name: str, *, any_word: bool = False) -> tuple[int, bool]:
    """How well some words say a name (0: not at all), and whether they say all of it."""
    held = words_in(name)
    scores = [_score(word, held) for word in words]
    if not held or (not any(scores) if any_word else not all(scores)):
        return NOT, False
    said = [word for word in held if word not in speech().idle] or held
    return sum(scores), len(words) == len(said) and all(score > BEGUN for score in scores)


def _score(word: str, held: Iterable[str]) -> int:
    known = list(held)
    if word in known:
        return EXACT
    if nearest(word, known):
        return MISSPELT
    return BEGUN if len(word) > 2 and any(each.startswith(word) for each in known) else NOT


def _place(division: Division, *, is_sure: bool) -> Named:
    above = division.parent.name if division.parent else ""
    level = str(division.get_level_display()).capitalize()
    note = _("%(level)s de %(parent)s") % {"level": level, "parent": above} if above else level
    return Named(division.name, reverse("portal:division", args=[division.code]), note, division.code, is_sure)


def _hazard(hazard: HazardType) -> Named:
    name = read_in(hazard.name, language()).text
    return Named(name, reverse("portal:hazard", args=[hazard_slug(hazard)]), _("Amenaza"), hazard.code, is_sure=True)
