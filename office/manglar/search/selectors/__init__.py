"""Reads of search: who may see what, and what is found."""

from manglar.search.rules.words import Marker
from manglar.search.selectors.audience import Audience, Desk, desk_audience, portal_audience
from manglar.search.selectors.finding import Hit, Results, find
from manglar.search.selectors.speech import AddedWords, added_words, speech

__all__ = ["AddedWords", "Audience", "Desk", "Hit", "Marker", "Results", "added_words", "desk_audience", "find", "portal_audience", "speech"]
