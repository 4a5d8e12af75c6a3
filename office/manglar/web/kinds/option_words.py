"""How the options of an advice note are told side by side: what each costs and avoids, and how sure that is."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from manglar.decisions.rules import Worth, chance_in_words, doubt, missing_options, ratio_in_words, worth_of
from manglar.design.shapes import Cell, Column, Row, Status, Table
from manglar.design.templatetags.design import interval, pab
from manglar.web.kinds.base import Section
from manglar.web.kinds.words import said


def two_figures(value: Any) -> str:
    """An amount that was estimated, with two figures: more would promise what is not known."""
    return pab(float(f"{float(value):.2g}"))


def avoided_words(option: Any) -> str:
    """What an option avoids a year with its 90% interval, or that nobody computed it."""
    if option.avoided_damage_pab is None:
        return _("no calculado")
    low, high = option.avoided_damage_low_pab, option.avoided_damage_high_pab
    value = two_figures(option.avoided_damage_pab)
    if low is None or high is None:
        return _("%(value)s, sin intervalo") % {"value": value}
    limits = interval(float(f"{low:.2g}"), float(f"{high:.2g}"), "pab")
    return _("%(value)s (90%%: %(range)s)") % {"value": value, "range": limits}


def cost_words(option: Any) -> str:
    """What an option costs, or that it is not known."""
    return _("sin dato") if option.cost_pab is None else pab(option.cost_pab)


def option_doubt(option: Any, summary: Any) -> str:
    """Why the benefit of an option is not certain; empty when it is."""
    has_interval = option.avoided_damage_low_pab is not None and option.avoided_damage_high_pab is not None
    avoids = option.avoided_damage_pab is not None
    return str(doubt(worth_of(summary, option.public_id), avoids=avoids, has_interval=has_interval))


def option_in_a_line(option: Any, language: str, *, is_recommended: bool = False) -> str:
    """An option for a choice: its title, what it costs and avoids, and whether the office recommends it."""
    told = {"title": said(option.title, language), "cost": cost_words(option), "avoided": avoided_words(option)}
    if option.avoided_damage_pab is None:
        line = _("%(title)s — cuesta %(cost)s; no se calculó cuánto evita") % told
    else:
        line = _("%(title)s — cuesta %(cost)s; evita al año %(avoided)s") % told
    return _("%(option)s (recomendada)") % {"option": line} if is_recommended else line


def what_a_note_lacks(note: Any) -> str:
    """Said on the page of a draft: what is missing before it may be presented."""
    return str(missing_options(len(note.options.all())))


def note_warning(note: Any, language: str) -> str:
    """What a reader of the note must know before anything else: that the recommended option is not certain to pay."""
    chosen = next((each for each in note.options.all() if each.pk == note.recommendation_id), None)
    if chosen is None or not (told := option_doubt(chosen, note.risk_summary)):
        return ""
    return _("La opción recomendada es «%(option)s». %(doubt)s") % {"option": said(chosen.title, language), "doubt": told}


def options_section(note: Any, language: str) -> list[Section]:
    """The options side by side, each with the run on which it rests."""
    options = list(note.options.all())
    if not options:
        return []
    columns = [
        Column(_("Opción")), Column(_("Costo"), numeric=True), Column(_("Daño que evita cada año"), numeric=True),
        Column(_("Daño evitado por balboa"), numeric=True), Column(_("Probabilidad de que valga lo que cuesta"), numeric=True),
        Column(_("Qué tan seguro es")), Column(_("Corrida en que se apoya")),
    ]  # fmt: skip
    rows = [_option_row(note, each, language) for each in options]
    hint = _("Entre paréntesis, entre qué montos está el daño evitado con 90 de cada 100 de confianza. La oficina aconseja; quien decide es el despacho.")
    return [Section(_("Opciones"), table=Table(_("Opciones de la nota"), columns, rows, hint=hint))]


def _option_row(note: Any, option: Any, language: str) -> Row:
    worth = worth_of(note.risk_summary, option.public_id)
    is_recommended = option.pk == note.recommendation_id
    told = option_doubt(option, note.risk_summary)
    return Row([
        Cell(said(option.title, language), status=Status(_("La recomendada"), "ok") if is_recommended else None),
        Cell(cost_words(option), mark=option.cost_mark),
        Cell(avoided_words(option), mark=option.avoided_damage_mark),
        Cell(str(ratio_in_words(worth)) or _("no calculado")),
        Cell(str(chance_in_words(worth)) or _("no calculado")),
        Cell(told or _("Casi siempre vale lo que cuesta.")),
        _run_cell(worth, note.government.code),
    ])  # fmt: skip


def _run_cell(worth: Worth | None, government: str) -> Cell:
    if worth is None or not worth.run:
        return Cell(_("ninguna"))
    return Cell(worth.title or worth.run, reverse("desk:corridas-record", args=[government, worth.run]))
