"""The hazards and the places by which the portal's lists are narrowed, and what to say where a list has nothing on them."""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from manglar.design.shapes import FilterShown
from manglar.evidence.selectors import hazards
from manglar.foundation.texts import fold
from manglar.foundation.translated import read_in
from manglar.portal.copies import copies
from manglar.portal.readings import language
from manglar.publication.choices import Kind
from manglar.publication.selectors import released
from manglar.territory import selectors as places

#: Where there is no promise, as many things that there are instead are named.
MOST_INSTEAD = 8


def hazard_name(code: str) -> str:
    """A hazard as this page's reader calls it; its code when there is no such hazard."""
    found = next((each for each in hazards() if each.code == code), None)
    return read_in(found.name, language()).text if found else code


def subject_filters(hazard: str, place: str) -> list[FilterShown]:
    """The filters by hazard and by place: all of them, so that an answer of none can be had for each."""
    kinds = sorted(((each.code, read_in(each.name, language()).text) for each in hazards()), key=lambda pair: fold(pair[1]))
    living = places.divisions_on(timezone.localdate()).filter(level=places.finest_level())
    held = sorted(living.values_list("code", "name"), key=lambda pair: fold(pair[1]))
    if place and place not in dict(held) and (division := places.division_by_code(place)):
        held.insert(0, (division.code, division.name))
    return [
        FilterShown.of("amenaza", _("Amenaza"), kinds, hazard),
        FilterShown.of("lugar", _("Lugar"), held, place),
    ]


def none_about(subject: str) -> str:
    """That nobody promised anything about something, in words."""
    return _("Sobre %(subject)s no hay ningún compromiso publicado") % {"subject": subject}


def instead_of(public_ids: set[str]) -> list[str]:
    """What is public about something on which nothing was promised: findings and initiatives, as links."""
    rows = released().filter(subject_id__in=public_ids, kind__in=[Kind.INITIATIVE, Kind.FINDING]).defer("folded")
    found = sorted(copies(rows[:MOST_INSTEAD]), key=lambda each: each.kind != Kind.INITIATIVE)
    return [
        format_html('{}: <a href="{}">{}</a>', capfirst(each.label), each.url or reverse("portal:home"), each.heading)
        for each in found
    ]
