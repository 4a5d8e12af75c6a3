"""The territory: every division with what is known of it, what is public about it, and its risk."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from manglar.design.measures import Measure
from manglar.design.shapes import Cell, Column, Fact, MapSpec, MapValue, Row, Table
from manglar.design.templatetags.design import long_date, number
from manglar.foundation.texts import fold
from manglar.portal.copies import facts, joined
from manglar.portal.maps import division_map, is_schematic, picture, whole_box
from manglar.portal.places_named import places_named
from manglar.portal.readings import as_written, crumbs
from manglar.portal.risk import money, public_answer, risk_map
from manglar.risk.selectors import RunPage, TerritoryRow
from manglar.territory import selectors as places
from manglar.territory.models import Division
from manglar.territory.selectors import TreeNode

#: A name that is asked for is shown as it was typed, up to here.
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Group:
    """The divisions of the narrowest level that one division holds."""

    name: str
    url: str
    level: str
    divisions: list[Division]


def groups(nodes: list[TreeNode], level: str) -> list[Group]:
    """The divisions of a level under what holds them, by name."""
    found = []
    for node in nodes:
        held = by_name(child.division for child in node.children if child.division.level == level)
        if held:
            division = node.division
            url = reverse("portal:division", args=[division.code])
            found.append(Group(division.name, url, division.get_level_display(), held))
        found += groups([child for child in node.children if child.division.level != level], level)
    return found


def by_name(divisions: Iterable[Division]) -> list[Division]:
    """Divisions in the order of the alphabet, whatever their accents."""
    return sorted(divisions, key=lambda each: fold(each.name))


def finest_groups(on: dt.date) -> list[Group]:
    """Every division of the narrowest level that exists on a day, under what holds it."""
    level = places.finest_level()
    nodes = places.tree(on=on)
    alone = by_name(node.division for node in nodes if node.division.level == level)
    return ([Group("", "", "", alone)] if alone else []) + groups(nodes, level)


def territory_page(asked: str = "") -> dict[str, Any]:
    """The list of the territory with its map; ``asked``: only the places whose name says so, and no map."""
    everything = finest_groups(timezone.localdate())
    held = everything if not asked else _named(everything, asked)
    answer = public_answer() if held and not asked else None
    return {
        "asked": asked[:LONGEST_NAME],
        "names": division_names(everything),
        "is_empty": not everything,
        "description": _("Cada lugar de la ciudad con lo que se sabe de él, lo que puede pasarle y lo que se está haciendo."),
        "groups": held,
        "map": None if asked else territory_map(held, answer),
        "is_schematic": is_schematic(),
        "tables": [] if asked or whole_box() else [divisions_table([group], answer) for group in held],
        "crumbs": crumbs(_("Territorio")),
    }


def place_asked(asked: str) -> str:
    """The address of the one division that some typed words name, accents and typing errors aside; empty when none or several."""
    found = [each for each in places_named(asked, most=2) if each.is_sure]
    return found[0].url if len(found) == 1 else ""


def _named(held: list[Group], asked: str) -> list[Group]:
    """The groups with only the divisions that some typed words name."""
    codes = {each.code for each in places_named(asked)}
    kept = [Group(each.name, each.url, each.level, [one for one in each.divisions if one.code in codes]) for each in held]
    return [each for each in kept if each.divisions]


def division_names(held: list[Group]) -> list[str]:
    """The names of the divisions, for a box that completes what is typed."""
    return sorted({each.name for group in held for each in group.divisions}, key=fold)


def territory_map(held: list[Group], answer: RunPage | None, *, brief: bool = False) -> MapSpec | None:
    """The map of the divisions: by their risk where it is public, else plain; its table brief beside it on request."""
    box = whole_box() if held else None
    if box is None:
        return None
    table = names_table(held, answer) if brief else divisions_table(held, answer)
    if answer is None:
        values = {each.code: MapValue(1, "") for group in held for each in group.divisions}
        return division_map(_("Mapa de los territorios de la ciudad"), box, values=values, classes=[], table=table)
    drawn = risk_map(answer)
    if drawn is None:
        return None
    return division_map(
        drawn.label, box, values=drawn.values, classes=drawn.classes, table=table, legend_title=drawn.legend_title
    )


def territory_picture(form: str) -> bytes | str | None:
    """The map of the city drawn on the server, as its pages show it; None where nothing has an outline."""
    held = finest_groups(timezone.localdate())
    return picture(territory_map(held, public_answer() if held else None, brief=True), form)


def divisions_table(held: list[Group], answer: RunPage | None) -> Table:
    """Every division with its surface, its people and, where it is public, its risk."""
    risks = {row.code: row for row in answer.territories} if answer else {}
    above = len({group.name for group in held}) > 1
    columns = [
        Column(_("Territorio")),
        *([Column(_("Parte de"))] if above else []),
        Column(_("Superficie"), numeric=True),
        Column(_("Población"), numeric=True),
    ]
    if risks:
        columns.append(Column(_("Daño esperado al año"), numeric=True))
    found = sorted(((each, group.name) for group in held for each in group.divisions), key=lambda pair: fold(pair[0].name))
    rows = [_division_row(each, name if above else None, risks) for each, name in found]
    return Table(_("Los territorios de la ciudad"), columns, rows, hint=_unmeasured(held, risks))


def names_table(held: list[Group], answer: RunPage | None, *, unknown: str | None = None) -> Table:
    """Every division by its name, with its risk where it is public: narrow enough to stand beside a map or on a phone.

    ``unknown``: what stands where nobody measured; «sin dato» unless told.
    """
    risks = {row.code: row for row in answer.territories} if answer else {}
    columns = [Column(_("Territorio"))]
    if risks:
        columns.append(Column(_("Daño esperado al año"), numeric=True))
    found = sorted((each for group in held for each in group.divisions), key=lambda each: fold(each.name))
    rows = []
    for each in found:
        cells = [Cell(each.name, url=reverse("portal:division", args=[each.code]))]
        if risks:
            cells.append(_risk_cell(risks.get(each.code), unknown))
        rows.append(Row(cells, code=each.code))
    return Table(_("Los territorios de la ciudad"), columns, rows, stacked=False, hint=_unmeasured(held, risks, unknown))


def _unmeasured(held: list[Group], risks: dict[str, TerritoryRow], unknown: str | None = None) -> str:
    """What «sin dato», or nothing, means where some division has no figure."""
    if not risks or all(each.code in risks for group in held for each in group.divisions):
        return ""
    if unknown == "":
        return _("En blanco: nadie lo midió ahí; no quiere decir que no haya riesgo.")
    return _("Sin dato: nadie lo midió ahí; no quiere decir que no haya riesgo.")


def _risk_cell(risk: TerritoryRow | None, unknown: str | None = None) -> Cell:
    if risk is None:
        return Cell(_("sin dato") if unknown is None else unknown)
    return Cell(money(risk.ead_pab.mean), measure=Measure(_("balboas al año"), risk.ead_pab.mean))


def _division_row(division: Division, above: str | None, risks: dict[str, TerritoryRow]) -> Row:
    cells = [
        Cell(division.name, url=reverse("portal:division", args=[division.code])),
        *([Cell(above)] if above is not None else []),
        Cell(area(division), measure=_measured(_("km²"), division.area_km2)),
        Cell(f"{people_with_year(division)} ", mark=division.population_mark, measure=_measured(_("personas"), division.population))
        if division.population is not None
        else Cell(""),
    ]
    if risks:
        cells.append(_risk_cell(risks.get(division.code)))
    return Row(cells, code=division.code)


def _measured(unit: str, value: float | Decimal | None) -> Measure | None:
    return None if value is None else Measure(unit, float(value))


def area(division: Division) -> str:
    """The surface of a division."""
    return _("%(area)s km²") % {"area": number(division.area_km2, 1)} if division.area_km2 is not None else ""


def people_with_year(division: Division) -> str:
    """The people of a division, with the year of the count."""
    if division.population is None:
        return ""
    return _("%(people)s (%(year)s)") % {"people": number(division.population), "year": division.population_year}


def division_facts(division: Division) -> list[Fact]:
    """What is known of a division itself, with where it comes from."""
    population = Fact(
        _("Población"),
        people_with_year(division),
        mark=division.population_mark,
        source=as_written(division.population_source),
    )
    return facts(
        (_("Código"), division.code),
        (_("Parte de"), division_link(division.parent) if division.parent else ""),
        (_("Superficie"), area(division)),
        ("", population if division.population is not None else None),
        (_("Existe desde"), long_date(division.valid_from) if division.valid_from else ""),
        (_("Se separó de"), division_link(division.split_from) if division.split_from else ""),
        (_("De aquí se separó"), joined([_offshoot(each) for each in places.history_of(division)])),
    )


def division_link(division: Division) -> str:
    """A division by its name, as a link to its page."""
    return format_html('<a href="{}">{}</a>', reverse("portal:division", args=[division.code]), division.name)


def _offshoot(division: Division) -> str:
    since = division.valid_from
    return format_html("{} ({})", division_link(division), long_date(since)) if since else division_link(division)
