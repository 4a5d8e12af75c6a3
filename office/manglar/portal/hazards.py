"""The risk explorer: every hazard of which something is public, the page of each, and a division's figures for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.assets.selectors import kinds
from manglar.design.measures import Measure
from manglar.design.shapes import Cell, Column, Row, Table
from manglar.design.templatetags.design import long_date, number, percent, years_return
from manglar.evidence.models import HazardType
from manglar.evidence.selectors import hazards
from manglar.foundation.translated import read_in
from manglar.portal.copies import Copy, copies
from manglar.portal.readings import crumbs, language
from manglar.portal.risk import anchor, answer_parts, hazard_slug, money, money_range, public_runs, repeat_facts
from manglar.portal.risk_times import times_parts
from manglar.publication.choices import Kind
from manglar.publication.selectors import released
from manglar.risk.choices import Study
from manglar.risk.models import Run
from manglar.risk.selectors import (
    Counted,
    Interval,
    Rank,
    RunPage,
    counted_in,
    division_figures,
    division_places,
    rate_words,
    run_page,
)
from manglar.territory.models import Division
from manglar.web.kinds.risk_sections import levels_table


@dataclass(frozen=True, slots=True)
class HazardCard:
    """A hazard in the index: what is known of it in a sentence, and where its page is."""

    name: str
    url: str
    text: str
    foot: str


def risk_index() -> dict[str, Any]:
    """Every hazard of which a run or a finding is public."""
    runs, findings = public_runs(), copies(released(kind=Kind.FINDING))
    cards = [card for each in hazards() if (card := _card(each, runs, findings))]
    return {"cards": cards, "findings": findings, "crumbs": crumbs(_("Riesgo"))}


def _card(hazard: HazardType, runs: list[Run], findings: list[Copy]) -> HazardCard | None:
    run = next((each for each in runs if each.hazard_id == hazard.pk), None)
    about = _about(findings, hazard.code)
    if run is None and not about:
        return None
    name, url = read_in(hazard.name, language()).text, reverse("portal:hazard", args=[hazard_slug(hazard)])
    if run is None:
        return HazardCard(name, url, _("Todavía no hay una corrida publicada: solo hallazgos."), _count(len(about)))
    return HazardCard(name, url, read_in(run.sentence, language()).text, _count(len(about)))


def _count(findings: int) -> str:
    return _("1 hallazgo publicado") if findings == 1 else _("%(count)s hallazgos publicados") % {"count": findings}


def _about(findings: list[Copy], code: str) -> list[Copy]:
    return [each for each in findings if (each.fields.get("hazard") or {}).get("code") == code]


def hazard_page(slug: str) -> dict[str, Any] | None:
    """Everything that the page of a hazard shows, or None where nothing public is about it."""
    hazard = next((each for each in hazards() if hazard_slug(each) == slug), None)
    if hazard is None:
        return None
    runs = [each for each in public_runs() if each.hazard_id == hazard.pk]
    findings = _about(copies(released(kind=Kind.FINDING)), hazard.code)
    if not runs and not findings:
        return None
    name = read_in(hazard.name, language()).text
    page: dict[str, Any] = {
        "name": name,
        "answer": None,
        "findings": findings,
        "others": _others(runs[1:]),
        "crumbs": crumbs((_("Riesgo"), reverse("portal:risk")), name),
    }
    if not runs:
        return page
    answer = run_page(runs[0], language=language())
    parts = answer_parts(answer) if answer.total else {}
    parts |= times_parts(runs)
    return page | {"answer": answer, **parts, "levels": levels_table(answer), "rates": rates_table(answer, counted=True), "quiet": rates_table(answer, counted=False), "repeat": repeat_facts(answer.run), "limits": [plain(str(each.text)) for each in answer.limits]}


def _others(runs: list[Run]) -> Table | None:
    """What other public runs say of the same hazard: another scenario, another year, another way to ask."""
    if not runs:
        return None
    columns = [Column(_("Corrida")), Column(_("Qué dice")), Column(_("Terminada"))]
    rows = [Row.of(run.title, read_in(run.sentence, language()).text, long_date(run.finished_at)) for run in runs]
    return Table(_("Otras corridas publicadas de esta amenaza"), columns, rows)


def often(value: Interval) -> str:
    """Between which numbers a year."""
    return f"{rate_words(value.low, language())} – {rate_words(value.high, language())}"


def how_often(rate: Interval) -> str:
    """A rate as people say it: 1 of so many years."""
    return years_return(1 / rate.mean) if rate.mean > 0 else _("sin dato")


def rates_table(answer: RunPage, *, counted: bool) -> Table | None:
    """Events a year by division: of those where some were recorded, or of all the others."""
    held = [row for row in answer.rates if bool(row.events) is counted]
    if not held:
        return None
    columns = [
        Column(_("Territorio")), Column(_("Sucesos contados"), numeric=True), Column(_("Al año"), numeric=True),
        Column(_("Entre (90%)"), numeric=True), Column(_("Probabilidad de uno o más al año"), numeric=True),
    ]  # fmt: skip
    rows = [
        Row(
            [
                Cell(row.name, url=reverse("portal:division", args=[row.code])),
                Cell(_("%(count)s en %(years)s años") % {"count": f"{row.events:.3g}", "years": number(round(row.years))}),
                Cell(f"{rate_words(row.rate.mean, language())} · {how_often(row.rate)}"),
                Cell(often(row.rate)),
                Cell(percent(row.yearly_probability)),
            ],
            anchor=anchor(row.code),
        )
        for row in held
    ]
    caption = _("Sucesos que se esperan en un año") if counted else _("Donde no se anotó ninguno")
    return Table(caption, columns, rows, hint=_why_not_the_count(answer))


def _why_not_the_count(answer: RunPage) -> str:
    """Why what is expected is not the count over the years (docs/method/flood-rates.md); empty where each place is alone."""
    if answer.run.spec.get("prior", "shared") != "shared":
        return _("Cada lugar se calculó solo, con medio suceso de más: por eso no es exactamente lo contado entre los años.")
    return _(
        "Por qué no es lo contado entre los años: con tan pocos sucesos en cada lugar pesa mucho la casualidad, y el cálculo "
        "acerca cada lugar a lo que pasa en toda la ciudad. Donde se anotaron muchos baja; donde pocos o ninguno, sube."
    )


#: Words of the trade in what the engine says of its limits, and what anyone would say.
PLAIN = (
    ("tamizaje", "primera mirada"),
    ("screening", "first look"),
    ("vale lo que valga la ventana de integridad declarada", "vale si de verdad se anotó todo en los años que la oficina dio por completos"),
    ("it is worth what the declared completeness window is", "it holds if everything was really written down in the years that the office took as complete"),
)


def plain(text: str) -> str:
    """What the engine says of its limits, without the words of its trade."""
    for word, told in PLAIN:
        text = text.replace(word, told)
    return text

def newest_runs() -> list[Run]:
    """The newest public run of each hazard and study."""
    newest: dict[tuple[int, str], Run] = {}
    for run in public_runs():
        newest.setdefault((run.hazard_id, run.study), run)
    return list(newest.values())


def grounds(division: Division, runs: Sequence[Run]) -> dict[int, list[str]]:
    """By the key of each of some runs: on what its damage in a division rests, and how the division compares."""
    ranks, counted = division_places(division, runs), counted_in(division, runs)
    names = {each.code: read_in(each.name, language()).text for each in kinds()} if counted else {}
    told = {run.pk: [rests_on(counted[run.pk], names) if run.pk in counted else "", compared(ranks.get(run.pk))] for run in runs}
    return {key: [each for each in texts if each] for key, texts in told.items()}


def division_hazards(division: Division, runs: Sequence[Run], told: Mapping[int, list[str]]) -> Table | None:
    """What some runs say of a division, each with its ``grounds``; None where none speaks of it."""
    figures = division_figures(division, runs)
    rows = [_figure_row(run, figures[run.pk], told.get(run.pk, []), division.code) for run in runs if run.pk in figures]
    if not rows:
        return None
    columns = [Column(_("Amenaza")), Column(_("Qué se espera")), Column(_("Entre (90%)"), numeric=True)]
    return Table(_("Lo que se sabe aquí de cada amenaza"), columns, rows)


def rests_on(counted: Counted, names: Mapping[str, str]) -> str:
    """On how many assets of which kinds a damage rests, and that homes are not among them where none is."""
    kinds_told = "; ".join(f"{names.get(code, code).lower()}: {number(count)}" for code, count in counted.kinds.items())
    told = ngettext("solo cuenta %(n)s activo registrado (%(kinds)s)", "solo cuenta %(n)s activos registrados (%(kinds)s)", counted.assets)
    told %= {"n": number(counted.assets), "kinds": kinds_told}
    return told if counted.has_homes else _("%(told)s, ninguna vivienda") % {"told": told}


def compared(rank: Rank | None) -> str:
    """The place of a division among those of its level of which the same run speaks; empty where there is no other."""
    if rank is None or rank.total < 2:
        return ""
    told = {"rank": rank.place, "total": number(rank.total), "others": number(rank.sharing)}
    if rank.sharing:
        tied = ngettext(
            "comparte con otro el %(rank)s.º puesto entre los %(total)s lugares con dato, de más a menos",
            "comparte con otros %(others)s el %(rank)s.º puesto entre los %(total)s lugares con dato, de más a menos",
            rank.sharing,
        )
        return tied % told
    if rank.place == 1:
        return _("es el que más de los %(total)s lugares con dato") % told
    return _("es el %(rank)s.º de los %(total)s lugares con dato, de más a menos") % told


def how_often_between(rate: Interval) -> str:
    """A range of rates as people say it: between 1 of so many years and 1 of so many."""
    if rate.high <= 0:
        return _("sin dato")
    often, rare = years_return(1 / rate.high), years_return(1 / rate.low) if rate.low > 0 else _("casi nunca")
    return _("entre %(often)s y %(rare)s") % {"often": often, "rare": rare}


def _figure_row(run: Run, figure: Interval, more: list[str], code: str) -> Row:
    url = f"{reverse('portal:hazard', args=[hazard_slug(run.hazard)])}#{anchor(code)}"
    if run.study == Study.FLOOD_RATES:
        count, unit = rate_words(figure.mean, language()), _("sucesos al año")
        told = _("%(often)s con un suceso anotado (%(count)s al año)") % {"often": how_often(figure), "count": count}
        spread = how_often_between(figure)
    else:
        told, spread, unit = _("%(damage)s de daño al año") % {"damage": money(figure.mean)}, money_range(figure), _("balboas al año")
    between = Measure(unit, None, figure.low, figure.high) if figure.is_known else None
    name = read_in(run.hazard.name, language()).text
    return Row([Cell(name, url=url), Cell(", ".join([told, *more]), measure=Measure(unit, figure.mean)), Cell(spread, measure=between)])
