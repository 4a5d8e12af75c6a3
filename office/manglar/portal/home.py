"""The first page: who this is, what the city is exposed to, what was promised, where each place is."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.agreements.choices import DueStatus
from manglar.design.shapes import KeyNumber, Step
from manglar.design.templatetags.design import number
from manglar.governments.selectors import home_government
from manglar.portal.commitments import promise_numbers
from manglar.portal.copies import copies
from manglar.portal.maps import is_schematic
from manglar.portal.readings import as_written, language, language_note, read
from manglar.portal.risk import damage_word, key_numbers, money, public_answer
from manglar.portal.territory import Group, division_names, finest_groups, territory_map
from manglar.publication.selectors import ReleasedPromise, latest_releases, released_promises
from manglar.risk.selectors import RunPage

LATEST = 6
#: Of the figures of the city, the damage and the people: what a measure would avoid is on the page of its hazard.
CITY_KEYS = 2


def home_page() -> dict[str, Any]:
    """Everything that the first page shows; what is not there yet says what to do first."""
    home = home_government()
    held = finest_groups(timezone.localdate())
    answer = public_answer() if held else None
    promises = released_promises(timezone.localdate(), language=language())
    latest = copies(latest_releases(LATEST))
    return {
        "city": read(home.name).text if home else "",
        "sentences": first_words(answer, promises),
        "keys": [*(key_numbers(answer)[:CITY_KEYS] if answer else []), *_promise_keys(promises), *_people_key(held)],
        "names": division_names(held),
        "asked": "",
        "latest": latest,
        "groups": held,
        "map": territory_map(held, answer, brief=True),
        "is_schematic": is_schematic() if held else False,
        "steps": _first_steps(has_home=home is not None, has_territory=bool(held), has_release=bool(latest)),
        "language_note": language_note(each.title for each in latest),
    }


def first_words(answer: RunPage | None, promises: list[ReleasedPromise]) -> list[str]:
    """What the city is exposed to and what was promised, in a short sentence each; none of what is not public yet."""
    told = []
    if answer and answer.total:
        told.append(
            _("Se esperan %(damage)s de daño por %(hazard)s en un año cualquiera.")
            % {"damage": money(answer.total.ead_pab.mean), "hazard": damage_word(answer.run)}
        )
    if promises:
        late = sum(each.status == DueStatus.LATE for each in promises)
        made = ngettext("Hay %(count)s compromiso público", "Hay %(count)s compromisos públicos", len(promises))
        made %= {"count": number(len(promises))}
        due = ngettext("%(count)s está vencido", "%(count)s están vencidos", late) % {"count": number(late)}
        told.append(_("%(made)s; %(due)s.") % {"made": made, "due": due if late else _("ninguno está vencido")})
    return told


def _promise_keys(promises: list[ReleasedPromise]) -> list[KeyNumber]:
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
