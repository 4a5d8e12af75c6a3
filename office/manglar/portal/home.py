"""The first page: who this is, what the city is exposed to, what was promised, where each place is."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from manglar.design.shapes import KeyNumber, Step
from manglar.design.templatetags.design import number
from manglar.governments.selectors import home_government
from manglar.portal.commitments import promise_numbers
from manglar.portal.copies import copies
from manglar.portal.maps import is_schematic
from manglar.portal.readings import as_written, language, language_note, read
from manglar.portal.risk import key_numbers, public_answer
from manglar.portal.territory import Group, finest_groups, territory_map
from manglar.publication.selectors import latest_releases, released_promises

LATEST = 6


def home_page() -> dict[str, Any]:
    """Everything that the first page shows; what is not there yet says what to do first."""
    home = home_government()
    held = finest_groups(timezone.localdate())
    answer = public_answer() if held else None
    promises = released_promises(timezone.localdate(), language=language())
    latest = copies(latest_releases(LATEST))
    return {
        "city": read(home.name).text if home else "",
        "sentence": answer.sentence if answer else "",
        "keys": [*(key_numbers(answer) if answer else []), *_promise_keys(promises), *_people_key(held)],
        "latest": latest,
        "groups": held,
        "map": territory_map(held, answer, brief=True),
        "is_schematic": is_schematic() if held else False,
        "steps": _first_steps(has_home=home is not None, has_territory=bool(held), has_release=bool(latest)),
        "language_note": language_note(each.title for each in latest),
    }


def _promise_keys(promises: list[Any]) -> list[KeyNumber]:
    """Promises in figures, each a step from their list; none where nothing was promised in public."""
    url = reverse("portal:commitments")
    return [
        KeyNumber(key.label, key.value, key.interval, source=_("ver los compromisos"), source_url=url)
        for key in promise_numbers(promises)[: 3 if promises else 0]
    ]


def _people_key(held: list[Group]) -> list[KeyNumber]:
    """The people of the city, when every division was counted in the same year and the same way."""
    counted = [each for group in held for each in group.divisions]
    ways = {(each.population_year, each.population_mark, each.population_source) for each in counted}
    if not counted or len(ways) != 1 or any(each.population is None for each in counted):
        return []
    year, mark, source = ways.pop()
    label = _("Personas que viven aquí (%(year)s)") % {"year": year}
    return [
        KeyNumber(label, number(sum(each.population or 0 for each in counted)), mark=mark, source=as_written(source))
    ]


def _first_steps(*, has_home: bool, has_territory: bool, has_release: bool) -> list[Step]:
    """What a new city does first; nothing once all of it is done."""
    if has_home and has_territory and has_release:
        return []
    told = [
        (has_home, _("Fundar la ciudad"), _("En el servidor: «manglar new-city». Pide el nombre y la primera persona que administra.")),
        (has_territory, _("Cargar los territorios"), _("En el escritorio, o con «manglar territory import»: un archivo con los límites o una lista con códigos y nombres.")),
        (has_release, _("Publicar lo primero"), _("En el escritorio, en Publicación: un hallazgo revisado o la estrategia. Nada se ve aquí hasta que se publica.")),
    ]  # fmt: skip
    current = next(place for place, (done, _title, _text) in enumerate(told) if not done)
    return [
        Step(title, "done" if done else "current" if place == current else "", "" if done else text)
        for place, (done, title, text) in enumerate(told)
    ]
