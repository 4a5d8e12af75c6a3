"""The page of a run below its facts: how far it is, its curve, what measures change, each division and asset, its notes."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from manglar.design.shapes import Cell, Column, Fact, Figure, Row, Table
from manglar.design.templatetags.design import number, pab, percent, years_return
from manglar.foundation.numbers import rounded
from manglar.foundation.provenance import Mark
from manglar.risk import selectors as risk
from manglar.risk.choices import RunState
from manglar.risk.rules.sentences import percent_words
from manglar.risk.selectors import Interval, Pair, Retrofit, RunPage
from manglar.web.kinds.base import Section
from manglar.web.kinds.risk_curve import explored

MARK = Mark.ESTIMATE.value
#: From this probability on, that a measure is worth its cost is the likelier.
LIKELY = 0.5
#: More rows than these are in the files and in the API.
ROWS, ASSETS, NOTES = 200, 25, 40


def three(value: float) -> str:
    """An amount with three figures: more would promise what is not known."""
    return pab(float(f"{value:.3g}"))


def amount_range(value: Interval | None) -> str:
    """Between which amounts, or that nobody knows."""
    if value is None:
        return ""
    return f"{three(value.low)} – {three(value.high)}" if value.is_known else _("sin intervalo")


def count_range(value: Interval | None) -> str:
    """Between which numbers."""
    if value is None:
        return ""
    told = {"low": rounded(value.low), "high": rounded(value.high)}
    return _("%(low)s a %(high)s") % told if value.is_known else _("sin intervalo")


def people_range(value: Interval | None) -> str:
    """Between how many people, whole: nobody is a part of one."""
    if value is None:
        return ""
    told = {"low": people(value.low), "high": people(value.high)}
    return _("%(low)s a %(high)s") % told if value.is_known else _("sin intervalo")


def people(value: float) -> str:
    """How many people, with two figures and whole."""
    return _("menos de 1") if 0 < value < 1 else rounded(float(round(value)))


def figure(value: float) -> str:
    """A number with two figures, never in powers of ten."""
    return f"{float(f'{value:.2g}'):,.10f}".rstrip("0").rstrip(".")


def firmness(pair: Pair) -> str:
    """How sure the change between two runs is."""
    if pair.one is None or pair.other is None:
        return _("solo en una")
    if not pair.change:
        return _("igual")
    if not (pair.one.is_known and pair.other.is_known):
        return _("sin intervalo: no se sabe")
    return _("los intervalos no se tocan") if pair.is_apart else _("los intervalos se montan")


def run_sections(run: Any, language: str) -> list[Section]:
    """Every part of the page of a run."""
    if risk.is_under_way(run):
        return [Section(_("Cómo va"), text=_("Se calcula en segundo plano: puede cerrar esta página y volver."), job=run.job.public_id)]
    if run.state != RunState.DONE:
        return []
    page = risk.run_page(run, language=language)
    found = [
        _compare(run),
        _curve(page, language),
        *_measures(page, language),
        _levels(page),
        _rates(page, language),
        _territories(page),
        _assets(run),
        _defaults(page),
        _notes(page),
    ]
    return [section for section in found if section is not None]


def _compare(run: Any) -> Section:
    url = f"{reverse('desk:risk-compare', args=[run.government.code])}?una={run.public_id}"
    link = format_html('<a class="m-tool" href="{}">{}</a>', url, _("Elegir la otra corrida"))
    return Section(_("Comparar"), text=format_html("{} {}", _("Hoy con 2050, antes con después, o dos de la misma amenaza."), link))


def _curve(page: RunPage, language: str) -> Section | None:
    if not page.curve:
        return None
    rare = next((p for p in page.curve if p.years >= 100), page.curve[-1])
    sentence = _("%(often)s se pierden %(damage)s o más.") % {
        "often": _capital(years_return(rare.years)), "damage": three(rare.loss_pab.mean)
    }  # fmt: skip
    columns = [Column(_("Cada cuánto")), Column(_("Daño o más"), numeric=True), Column(_("Entre (90%)"), numeric=True)]
    rows = [Row.of(years_return(p.years), three(p.loss_pab.mean), _point_range(p)) for p in page.curve]
    table = Table(_("Daño según cada cuánto se supera"), columns, rows)
    drawn = SafeString(risk.curve_svg(page.run, language=language))
    return Section(_("Cada cuánto, cuánto daño"), figure=Figure(sentence, drawn, table, MARK, explore=explored(page, language=language)))


def _point_range(point: Any) -> str:
    return _("esto o más: nada tan raro se dio") if point.is_lower_bound else amount_range(point.loss_pab)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _measures(page: RunPage, language: str) -> list[Section]:
    if not page.measures:
        return []
    last = page.measures[-1]
    drawn = SafeString(risk.before_after_svg(page.run, language=language))
    whole = [risk.measure_words(each, language) for each in page.measures]
    sections = [Section(_("Antes y después"), figure=Figure(_headline(last, language), drawn, measure_table(page.measures), MARK), lines=whole)]
    basis = [each for measure in page.measures for each in measure.basis]
    told = list(dict.fromkeys((each.text, each.mark) for each in basis))
    if told:
        facts = [Fact(_("En qué descansa"), text, mark=mark) for text, mark in told]
        gains = list(dict.fromkeys(each for measure in page.measures for each in measure.co_benefits))
        facts += [Fact(_("Además, y sin sumarse"), ", ".join(gains))] if gains else []
        sections.append(Section(_("De dónde salen el efecto y el costo"), facts=facts))
    return sections


def _headline(measure: Retrofit, language: str) -> str:
    """What a reader takes with them: what is avoided a year, and whether it likely pays."""
    avoided = _("«%(name)s» evitaría %(avoided)s al año.") % {"name": measure.name, "avoided": three(measure.total.avoided_pab.mean)}
    chance = measure.probability_worth_it
    if chance is None:
        return avoided
    times = {"chance": percent_words(chance, language)}
    if chance >= LIKELY:
        return f"{avoided} {_('Lo más probable es que valga lo que cuesta: así sale en %(chance)s de los cálculos.') % times}"
    return f"{avoided} {_('Lo más probable es que no se recupere lo gastado: vale lo que cuesta en %(chance)s de los cálculos.') % times}"


def measure_table(measures: Sequence[Retrofit]) -> Table:
    """What each measure of a run avoids, costs and is worth."""
    columns = [
        Column(_("Medida")),
        Column(_("Evita al año"), numeric=True),
        Column(_("Costo"), numeric=True),
        Column(_("Beneficio por balboa"), numeric=True),
        Column(_("Valor presente neto"), numeric=True),
        Column(_("Se paga en")),
        Column(_("Probabilidad de que valga"), numeric=True),
    ]
    hint = _("Valor de hoy, con la tasa de descuento de la corrida: la mediana de las muestras y, entre paréntesis, el 90% de confianza.")
    return Table(_("Qué vale cada medida"), columns, [_measure_row(each) for each in measures], hint=hint)


def _measure_row(each: Retrofit) -> Row:
    avoided, ratio, net = each.total.avoided_pab, each.benefit_cost, each.net_present_value_pab
    return Row.of(
        each.name,
        f"{three(avoided.mean)} ({amount_range(avoided)})",
        _cost(each),
        f"{figure(ratio.mean)} ({count_range(ratio)})" if ratio else "—",
        f"{three(net.mean)} ({amount_range(net)})" if net else "—",
        str(each.break_even_year) if each.break_even_year else _("no dentro del horizonte"),
        percent(each.probability_worth_it) if each.probability_worth_it is not None else "—",
    )


def _cost(each: Retrofit) -> str:
    known = each.present_cost_pab
    if known is not None:
        return f"{three(known.mean)} ({amount_range(known)})"
    return three(each.cost_pab) if each.cost_pab else "—"


def levels_table(page: RunPage) -> Table | None:
    """Levels of the sea by period and scenario."""
    if not page.levels:
        return None
    columns = [Column(_("Escenario")), Column(_("Cada cuánto")), Column(_("Nivel"), numeric=True), Column(_("Entre (90%)"), numeric=True)]
    rows = [
        Row.of(
            row.scenario_name or _("hoy"),
            years_return(row.years) + (_(" · extrapolado") if row.is_extrapolated else ""),
            f"{row.level_m.mean:.2f} m",
            f"{row.level_m.low:.2f} – {row.level_m.high:.2f} m",
        )
        for row in page.levels
    ]
    return Table(_("Niveles por período y escenario"), columns, rows)


def _levels(page: RunPage) -> Section | None:
    table = levels_table(page)
    return Section(_("Hasta dónde llega el mar"), table=table) if table else None


def _often(value: Interval, language: str) -> str:
    return f"{risk.rate_words(value.low, language)} – {risk.rate_words(value.high, language)}"


def _rates(page: RunPage, language: str) -> Section | None:
    if not page.rates:
        return None
    columns = [
        Column(_("Corregimiento")), Column(_("Sucesos contados"), numeric=True), Column(_("Al año"), numeric=True),
        Column(_("Entre (90%)"), numeric=True), Column(_("Probabilidad de uno o más al año"), numeric=True),
    ]  # fmt: skip
    rows = [
        Row.of(row.name, rounded(row.events, 3), risk.rate_words(row.rate.mean, language), _often(row.rate, language), percent(row.yearly_probability))
        for row in page.rates[:ROWS]
    ]
    return Section(_("Sucesos al año por corregimiento"), table=Table(_("Sucesos que se esperan en un año"), columns, rows))


def _territories(page: RunPage) -> Section | None:
    if not page.territories:
        return None
    has_people = any(row.affected for row in page.territories)
    columns = [Column(_("Corregimiento")), Column(_("Activos"), numeric=True), Column(_("Daño al año"), numeric=True), Column(_("Entre (90%)"), numeric=True)]
    columns += [Column(_("Personas al año"), numeric=True), Column(_("Entre (90%)"), numeric=True)] if has_people else []
    rows = [_territory(row, has_people=has_people) for row in page.territories[:ROWS]]
    return Section(_("Por corregimiento"), table=Table(_("Daño esperado por corregimiento, de más a menos"), columns, rows))


def _territory(row: risk.TerritoryRow, *, has_people: bool) -> Row:
    told = [row.name, number(row.assets), three(row.ead_pab.mean), amount_range(row.ead_pab)]
    if has_people:
        told += [people(row.affected.mean) if row.affected else "—", people_range(row.affected)]
    return Row.of(*told)


def _assets(run: Any) -> Section | None:
    rows = risk.asset_rows(run, limit=ASSETS)
    if not rows:
        return None
    periods = [each for each in (run.often_years, run.rare_years) if each]
    told_head = _("%(unit)s, %(years)s años")
    heads = [Column(told_head % {"unit": run.intensity_unit, "years": f"{each:,g}"}, numeric=True) for each in periods]
    columns = [Column(_("Activo")), Column(_("Daño al año"), numeric=True), *heads]
    shown = []
    for row in rows:
        url = reverse("desk:activos-record", args=[run.government.code, row.public_id]) if row.public_id else ""
        felt = [rounded(each, 3) if each is not None else "—" for each in (row.intensity_often, row.intensity_rare)]
        told = [Cell(three(row.ead_pab)), *(Cell(each) for each in felt[: len(heads)])]
        shown.append(Row([Cell(row.name, url), *told]))
    return Section(_("Los activos con más daño"), table=Table(_("Los %(count)s activos con más daño esperado") % {"count": len(shown)}, columns, shown))


def _defaults(page: RunPage) -> Section | None:
    rows = [row for row in page.defaults if row.share > 0]
    if not rows:
        return None
    facts = [Fact(row.text, percent(row.share), mark=row.mark) for row in rows]
    return Section(_("Cuánto del daño descansa en supuestos"), facts=facts)


def _notes(page: RunPage) -> Section | None:
    told = [note.text if not note.row else f"{note.row}: {note.text}" for note in (*page.limits, *page.notes)]
    hidden = len(told) - NOTES
    lines = told[:NOTES] + ([_("y %(count)s notas más") % {"count": number(hidden)}] if hidden > 0 else [])
    return Section(_("Límites y notas"), lines=lines) if lines else None

