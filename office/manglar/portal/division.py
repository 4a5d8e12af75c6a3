"""The page of one division: what it is, what may happen to it, and what is being done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from manglar.design.measures import Measure
from manglar.design.shapes import Cell, Column, Figure, KeyNumber, MapClass, MapSpec, MapValue, Pages, Row, Table
from manglar.design.templatetags.design import number, percent
from manglar.portal.commitments import PLACE, promises_table
from manglar.portal.copies import Copy, copies
from manglar.portal.deeds import deeds_of, deeds_table
from manglar.portal.following import following
from manglar.portal.hazards import division_hazards, grounds, newest_runs
from manglar.portal.maps import Box, division_map, is_schematic, picture
from manglar.portal.place_figures import hazard_sentences, place_files
from manglar.portal.readings import crumbs, language, language_note
from manglar.portal.risk import (
    MARK,
    curve_table,
    damage_word,
    hazard_slug,
    measure_figure,
    money,
    money_range,
    ninety,
    people,
    people_range,
    people_word,
    public_answer,
)
from manglar.portal.territory import Group, division_facts, divisions_table, names_table
from manglar.publication.choices import Kind
from manglar.publication.selectors import released, released_promises
from manglar.risk.selectors import Interval, RunPage, TerritoryRow, result_document
from manglar.risk.selectors.rows import curve_points
from manglar.territory import selectors as places
from manglar.territory.models import Division

#: The page of a place shows as many of each list; all of them are one click away, a page at a time.
SHORT, PAGE_SIZE = 12, 50
LIST, FINDINGS, INITIATIVES = "ver", "hallazgos", "iniciativas"
MARGIN = 0.35


@dataclass(frozen=True, slots=True)
class DivisionRisk:
    """What the public run says of a division, ready to be shown."""

    sentence: str
    #: On what it rests and how it compares, to be read with the sentence.
    beside: str
    keys: list[KeyNumber]
    losses: Table | None
    measure: Figure | None
    rests: str
    url: str


def division_page(code: str) -> dict[str, Any] | None:
    """Everything that the page of a living division shows, or None when there is none with this code."""
    division = places.division_by_code(code)
    if division is None:
        return None
    runs = newest_runs()
    answer = public_answer(runs)
    told = grounds(division, runs)
    risk, hazards = division_risk(division, answer, told), division_hazards(division, runs, told)
    shown_map = _map(division, answer)
    held = list(places.children_of(division, on=timezone.localdate()))
    about = copies(released(division=division.code))
    below = following(division.code)
    findings = [each for each in about if each.kind == Kind.FINDING]
    deeds = deeds_of(division.code, below)
    promises = released_promises(timezone.localdate(), language=language(), among=below)
    return {
        "division": division,
        "kicker": _kicker(division),
        "facts": division_facts(division),
        "risk": risk,
        "hazards": hazards,
        "first_words": hazard_sentences(hazards, findings),
        "index": _index(has_hazards=hazards is not None, has_held=bool(held), has_map=shown_map is not None),
        "files": place_files(division) if hazards or risk else [],
        "description": risk.sentence if risk else _("%(name)s: lo que se sabe de este lugar y lo que se está haciendo.") % {"name": division.name},
        "map": shown_map,
        "share_image": reverse("portal:division_image", args=[division.code, "png"]),
        "is_schematic": is_schematic(),
        "held": divisions_table([Group(division.name, "", "", held)], answer) if held else None,
        "findings": findings[:SHORT],
        "more_findings": _more(FINDINGS, _("Ver los %(count)s hallazgos"), len(findings)),
        "initiatives": deeds_table(deeds[:SHORT]) if deeds else None,
        "more_initiatives": _more(INITIATIVES, _("Ver las %(count)s iniciativas"), len(deeds)),
        "promises": promises_table(promises[:SHORT], caption=_("Compromisos que siguen de lo de aquí")) if promises else None,
        "more_promises": _more_promises(division, len(promises)),
        "institutions": _institutions([*(deed.copy for deed in deeds), *copies(promise.release for promise in promises)]),
        "language_note": language_note(each.title for each in about),
        "crumbs": crumbs((_("Territorio"), reverse("portal:territory")), *_above(division), division.name),
    }


def _index(*, has_hazards: bool, has_held: bool, has_map: bool) -> list[tuple[str, str]]:
    """The sections of the page, each by its anchor."""
    told = [
        (True, "riesgo", _("Qué puede pasar aquí")),
        (has_hazards, "amenazas", _("Todas las amenazas")),
        (True, "hallazgos", _("Hallazgos")),
        (True, "que-se-hace", _("Lo que se está haciendo")),
        (has_held, "contiene", _("Lo que contiene")),
        (has_map, "donde", _("Dónde está")),
    ]
    return [(anchor, words) for is_there, anchor, words in told if is_there]


def division_list(code: str, wanted: str, page_number: str) -> dict[str, Any] | None:
    """All the public findings or initiatives about a division, a page at a time; None where there is no such list."""
    division = places.division_by_code(code)
    if division is None or wanted not in {FINDINGS, INITIATIVES}:
        return None
    rows: list[Any] = _all_findings(division) if wanted == FINDINGS else deeds_of(division.code, following(division.code))
    page = Paginator(rows, PAGE_SIZE).get_page(page_number)
    here = reverse("portal:division", args=[division.code])
    shown: list[Any] = list(page.object_list)
    return {
        "division": division,
        "heading": _("Hallazgos") if wanted == FINDINGS else _("Lo que la estrategia prevé aquí"),
        "table": (_findings(shown) if wanted == FINDINGS else deeds_table(shown)) if shown else None,
        "pages": Pages(page.number, page.paginator.num_pages, len(rows), f"{LIST}={wanted}&"),
        "language_note": language_note((each if wanted == FINDINGS else each.copy).title for each in shown),
        "crumbs": crumbs((_("Territorio"), reverse("portal:territory")), *_above(division), (division.name, here),
                         _("Hallazgos") if wanted == FINDINGS else _("Iniciativas")),
    }  # fmt: skip


def _all_findings(division: Division) -> list[Copy]:
    rows = copies(released(kind=Kind.FINDING, division=division.code))
    return sorted(rows, key=lambda each: str(each.said["order"]))


def _more(wanted: str, words: str, count: int) -> tuple[str, str] | None:
    """Where the whole list is, when the page shows only its beginning."""
    return (words % {"count": number(count)}, f"?{LIST}={wanted}") if count > SHORT else None


def _more_promises(division: Division, count: int) -> tuple[str, str] | None:
    words = _("Ver los %(count)s compromisos") % {"count": number(count)}
    return (words, f"{reverse('portal:commitments')}?{PLACE}={division.code}") if count > SHORT else None


def _findings(findings: list[Copy]) -> Table:
    columns = [Column(_("Hallazgo")), Column(_("Fecha")), Column(_("Procedencia"))]
    rows = [
        Row([Cell(each.heading, url=each.url), Cell(each.day), Cell("", mark=str(each.said.get("mark", "")))])
        for each in findings
    ]
    return Table(_("Hallazgos"), columns, rows)


def _kicker(division: Division) -> str:
    level = str(division.get_level_display()).capitalize()
    if division.parent is None:
        return level
    return _("%(level)s de %(parent)s") % {"level": level, "parent": division.parent.name}


def _above(division: Division) -> list[tuple[str, str]]:
    parent = division.parent
    return [(parent.name, reverse("portal:division", args=[parent.code]))] if parent else []


def _institutions(about: list[Copy]) -> list[str]:
    """The institutions that answer for something here, each once."""
    return sorted({name for each in about for name in each.institutions})


def _map(division: Division, answer: RunPage | None) -> MapSpec | None:
    """The division among its neighbours, which the table names."""
    box = places.box_of(division)
    if box is None:
        return None
    wide, high = max(box.east - box.west, 0.01) * MARGIN, max(box.north - box.south, 0.01) * MARGIN
    shown: Box = (box.west - wide, box.south - high, box.east + wide, box.north + high)
    near = places.divisions_in_box(
        west=shown[0], south=shown[1], east=shown[2], north=shown[3], level=places.finest_level()
    )
    group = Group("", "", "", [each for each in near.order_by("code").distinct() if each.pk != division.pk])
    table = names_table([group], answer, unknown="")
    return division_map(
        _("Mapa de %(name)s y lo que está alrededor") % {"name": division.name},
        shown,
        values=_inside(division, group),
        classes=[MapClass(None, division.name)],
        table=Table(_("Lo que está alrededor"), table.columns, table.rows, hint=table.hint),
        image=reverse("portal:division_image", args=[division.code, "svg"]),
        none_label=_("lo que está alrededor"),
    )


def division_picture(code: str, form: str) -> bytes | str | None:
    """The map of a division drawn on the server; None where there is no such division or no outline."""
    division = places.division_by_code(code)
    return picture(_map(division, None), form) if division else None


def _inside(division: Division, group: Group) -> dict[str, MapValue]:
    """The division, or what it holds when it has no outline of its own."""
    held = [each.code for each in group.divisions if each.parent_id == division.pk]
    return {code: MapValue(1, "") for code in (held or [division.code])}


def division_risk(division: Division, answer: RunPage | None, told: Mapping[int, list[str]]) -> DivisionRisk | None:
    """What the public run says of a division, with its ``grounds``; None when it says nothing."""
    row = next((each for each in answer.territories if each.code == division.code), None) if answer else None
    if answer is None or row is None:
        return None
    return DivisionRisk(
        sentence=_sentence(division, row, answer),
        beside="; ".join(told.get(answer.run.pk, [])),
        keys=_keys(row, answer),
        losses=_losses(answer, row.code),
        measure=measure_figure(answer, code=row.code),
        rests=_rests(answer),
        url=reverse("portal:hazard", args=[hazard_slug(answer.run.hazard)]),
    )


def _sentence(division: Division, row: TerritoryRow, answer: RunPage) -> str:
    return _(
        "En %(name)s se esperan %(damage)s de daño por %(hazard)s en un año cualquiera, el %(share)s del daño de la ciudad."
    ) % {
        "name": division.name,
        "damage": money(row.ead_pab.mean),
        "hazard": damage_word(answer.run),
        "share": percent(row.share, 1),
    }


def _keys(row: TerritoryRow, answer: RunPage) -> list[KeyNumber]:
    hurt = []
    if row.affected:
        spread = ninety(people_range(row.affected))
        hurt = [KeyNumber(people_word(answer.run), people(row.affected.mean), spread, MARK, measure=_measure(row.affected, _("personas al año")))]
    return [
        KeyNumber(
            _("Daño esperado cada año"), money(row.ead_pab.mean), ninety(money_range(row.ead_pab)), MARK,
            measure=_measure(row.ead_pab, _("balboas al año")),
        ),
        *hurt,
        KeyNumber(
            _("Activos que entraron en la cuenta"),
            str(row.assets),
            _("valen %(value)s") % {"value": money(row.value_pab)},
            MARK,
            measure=Measure(_("activos"), row.assets),
        ),
    ]


def _measure(value: Interval, unit: str) -> Measure:
    """The numbers of an interval; without its ends where they are not known."""
    return Measure(unit, value.mean, value.low, value.high) if value.is_known else Measure(unit, value.mean)


def _losses(answer: RunPage, code: str) -> Table | None:
    rows = result_document(answer.run).get("by_territory", [])
    losses: list[Mapping[str, Any]] = next((each["losses"] for each in rows if each["code"] == code), [])
    return curve_table(curve_points(losses)) if losses else None


def _rests(answer: RunPage) -> str:
    """How much of it rests on what was supposed, and on what most."""
    if not answer.rests_on_defaults:
        return ""
    return _("El %(share)s del daño de la ciudad descansa en algún valor supuesto de los edificios.") % {
        "share": percent(answer.rests_on_defaults)
    }
