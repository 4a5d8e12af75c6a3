"""Reads of search: who may see what, and what is found."""

from manglar.search.rules.words import Marker
from manglar.search.selectors.audience import Audience, Desk, desk_audience, portal_audience
from manglar.search.selectors.finding import Hit, Results, find
from manglar.search.selectors.speech import speech

__all__ = ["Audience", "Desk", "Hit", "Marker", "Results", "desk_audience", "find", "portal_audience", "speech"]
