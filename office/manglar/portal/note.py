"""What the page of an advice note adds: its options side by side, and the risk figures that were frozen with it."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from manglar.decisions.rules import Worth, chance_in_words, doubt, ratio_in_words, worth_of
from manglar.design.shapes import Cell, Column, Fact, Row, Status, Table
from manglar.design.templatetags.design import interval, pab
from manglar.portal.copies import Copy, day, facts
from manglar.portal.readings import paragraphs, read, says


def note_facts(copy: Copy) -> list[Fact]:
    """When it was put to the mayor, and on which run it rests."""
    run = copy.fields.get("risk_run", "")
    return facts(
        (_("Presentada"), day(copy.fields.get("submitted_on"))),
        (_("Corrida de riesgo"), format_html("<code>{}</code>", run) if run else ""),
    )


def options_table(copy: Copy) -> Table | None:
    """One column for each option, one row for each thing to compare."""
    options: list[dict[str, Any]] = copy.fields.get("options", [])
    if not options:
        return None
    columns = [Column(_("Qué se compara")), *(Column(says(each["title"])) for each in options)]
    rows = [
        _row(_("En qué consiste"), [Cell(paragraphs(read(each.get("text")))) for each in options]),
        _row(_("Costo"), [_amount(each, "cost") for each in options]),
        _row(_("Daño que evita cada año"), [_amount(each, "avoided_damage") for each in options]),
        _row(_("Daño evitado por balboa"), [Cell(str(ratio_in_words(_worth(copy, each)))) for each in options]),
        _row(_("Probabilidad de que valga lo que cuesta"), [Cell(str(chance_in_words(_worth(copy, each)))) for each in options]),
        _row(_("Qué tan seguro es"), [Cell(_doubt(copy, each) or _("Casi siempre vale lo que cuesta.")) for each in options]),
        _row(_("Corrida en que se apoya"), [Cell(_run(_worth(copy, each))) for each in options]),
        *(_row(name, [_criterion(each, name) for each in options]) for name in _criteria(options)),
        _row(_("Recomendación"), [_recommended(each) for each in options]),
    ]
    hint = _("La oficina aconseja; quien decide es la Alcaldía.")
    return Table(_("Opciones de la nota"), columns, [row for row in rows if _says_something(row)], hint=hint)


def note_warning(copy: Copy) -> str:
    """That the recommended option is not certain to be worth its cost; empty where it is, or where none is recommended."""
    chosen = next((each for each in copy.fields.get("options", []) if each.get("is_recommended")), None)
    told = _doubt(copy, chosen) if chosen else ""
    return _("La opción recomendada es «%(option)s». %(doubt)s") % {"option": says(chosen["title"]), "doubt": told} if told and chosen else ""


def _worth(copy: Copy, option: dict[str, Any]) -> Worth | None:
    return worth_of(copy.fields.get("risk_summary") or {}, str(option.get("id", "")))


def _doubt(copy: Copy, option: dict[str, Any]) -> str:
    low, high = option.get("avoided_damage_low_pab"), option.get("avoided_damage_high_pab")
    avoids, has_interval = option.get("avoided_damage_pab") is not None, low is not None and high is not None
    return str(doubt(_worth(copy, option), avoids=avoids, has_interval=has_interval))


def _run(worth: Worth | None) -> str:
    if worth is None:
        return _("ninguna")
    return format_html("{} <code>{}</code>", worth.title, worth.run)


def _row(label: str, cells: list[Cell]) -> Row:
    return Row([Cell(label), *cells])


def _says_something(row: Row) -> bool:
    return any(cell.text or cell.status for cell in row.cells[1:])


def _amount(option: dict[str, Any], name: str) -> Cell:
    value = option.get(f"{name}_pab")
    if value is None:
        return Cell("")
    low, high = option.get(f"{name}_low_pab"), option.get(f"{name}_high_pab")
    text = pab(value)
    if low is not None and high is not None:
        text = _("%(value)s (%(range)s)") % {"value": text, "range": interval(low, high, "pab")}
    return Cell(f"{text} ", mark=option.get(f"{name}_mark", ""))


def _criteria(options: list[dict[str, Any]]) -> list[str]:
    """The names of the criteria of all options, each once, in the order in which they appear."""
    return list(dict.fromkeys(name for each in options for name in (each.get("criteria") or {})))


def _criterion(option: dict[str, Any], name: str) -> Cell:
    value = (option.get("criteria") or {}).get(name, "")
    return Cell(says(value) if isinstance(value, dict) else str(value))


def _recommended(option: dict[str, Any]) -> Cell:
    return Cell("", status=Status(_("La recomendada"), "ok")) if option.get("is_recommended") else Cell("")
