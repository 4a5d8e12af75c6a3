"""The risk that is public: what a run says that a public finding or note rests on, as figures, tables and charts."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from manglar.design.measures import Measure
from manglar.design.shapes import Cell, Column, Fact, Figure, KeyNumber, MapSpec, MapValue, Row, Table
from manglar.design.templatetags.design import interval, long_date, number, pab, percent, years_return
from manglar.evidence.models import HazardType
from manglar.foundation.translated import SOURCE_LANGUAGE, read_in
from manglar.portal.copies import facts
from manglar.portal.maps import classes_of, division_map, is_schematic, rounded, whole_box
from manglar.portal.readings import as_written, language
from manglar.publication.choices import Kind
from manglar.publication.selectors import released
from manglar.risk.choices import RunState, Study
from manglar.risk.models import Run
from manglar.risk.selectors import (
    CurvePoint,
    DefaultRow,
    FaultRow,
    Interval,
    Retrofit,
    RunPage,
    TerritoryRow,
    before_after_svg,
    curve_svg,
    run_page,
    runs_of,
)
from manglar.web.kinds.risk_curve import explored
from manglar.web.kinds.risk_sections import measure_table

MARK = "estimacion"
#: Studies that count damage.
DAMAGE = (Study.SEISMIC, Study.IMPACT)


def public_runs() -> list[Run]:
    """The runs on which something public rests, newest first: a finding made from one, or a note that cites it."""
    findings = released(kind=Kind.FINDING).order_by().values("subject_id")
    cited = [each.payload["fields"].get("risk_run") for each in released(kind=Kind.NOTE)]
    backs = Q(findings__finding__public_id__in=findings) | Q(public_id__in=[each for each in cited if each])
    return list(runs_of(None).filter(backs, state=RunState.DONE).distinct().order_by("-pk"))


def public_answer(runs: Sequence[Run] | None = None) -> RunPage | None:
    """What the newest public run that counts damage says, in the language of the page, or None.

    ``runs``: the public runs, newest first, of a page that has asked for them already.
    """
    run = next((each for each in (public_runs() if runs is None else runs) if each.study in DAMAGE), None)
    return run_page(run, language=language()) if run else None


def hazard_slug(hazard: HazardType) -> str:
    """The name of a hazard in an address, which is in Spanish in every language."""
    return slugify(read_in(hazard.name, SOURCE_LANGUAGE).text) or hazard.code


def anchor(code: str) -> str:
    """The id of the row of a division in the page of a hazard."""
    return f"lugar-{code}"


def damage_word(run: Run) -> str:
    """«Daño por …»: the hazard of a run as its sentences say it."""
    return _("terremotos") if run.study == Study.SEISMIC else read_in(run.hazard.name, language()).text.lower()


def people_word(run: Run) -> str:
    """What the people of a run are."""
    return _("Personas en edificios con daño grave, al año") if run.study == Study.SEISMIC else _("Personas afectadas al año")


def money(value: float) -> str:
    """An amount with three figures: more would promise what a screening does not know."""
    return pab(rounded(value, 3))


def people(value: float) -> str:
    """A number of people with two figures."""
    return number(rounded(value, 2))


def money_range(value: Interval) -> str:
    """Between which amounts it lies with 90% confidence, or that it is not known."""
    if not value.is_known:
        return _("sin intervalo")
    return interval(rounded(value.low, 3), rounded(value.high, 3), "pab")


def people_range(value: Interval) -> str:
    """Between which numbers of people it lies with 90% confidence, or that it is not known."""
    if not value.is_known:
        return _("sin intervalo")
    return interval(rounded(value.low), rounded(value.high))


def ninety(text: str) -> str:
    """A range, saying how sure it is."""
    return _("%(range)s (90%% de confianza)") % {"range": text}


def answer_parts(answer: RunPage) -> dict[str, Any]:
    """Everything that the page of a hazard shows of a run that counts damage."""
    return {
        "keys": key_numbers(answer),
        "map": risk_map(answer),
        "is_schematic": is_schematic(),
        "table": None if whole_box() else territory_table(answer),
        "curve": curve_figure(answer),
        "faults": _faults(answer.faults),
        "measure": measure_figure(answer),
        "measure_facts": _measure_facts(answer.retrofit),
        "defaults": _defaults(answer.defaults),
    }


def key_numbers(answer: RunPage) -> list[KeyNumber]:
    """The city's risk in three figures, each with its interval and mark."""
    total, url = answer.total, reverse("portal:hazard", args=[hazard_slug(answer.run.hazard)])
    if total is None:
        return []
    source = _("corrida del %(day)s") % {"day": long_date(answer.run.finished_at)}
    keys = [
        KeyNumber(
            _("Daño por %(hazard)s esperado cada año") % {"hazard": damage_word(answer.run)},
            money(total.ead_pab.mean),
            ninety(money_range(total.ead_pab)),
            MARK,
            source,
            url,
        ),
    ]
    if total.affected:
        hurt = ninety(people_range(total.affected))
        keys.append(KeyNumber(people_word(answer.run), people(total.affected.mean), hurt, MARK, source, url))
    if answer.retrofit:
        avoided = answer.retrofit.total.avoided_pab
        label = format_html(_("Daño anual que evitaría «{measure}»"), measure=measure_name(answer))
        keys.append(KeyNumber(label, money(avoided.mean), ninety(money_range(avoided)), MARK, source, url))
    return keys


def risk_map(answer: RunPage) -> MapSpec | None:
    """The divisions by their expected annual damage; None where nothing has an outline."""
    box = whole_box()
    if box is None:
        return None
    values = {
        row.code: MapValue(row.ead_pab.mean, _("%(damage)s al año") % {"damage": money(row.ead_pab.mean)})
        for row in answer.territories
    }
    return division_map(
        _("Mapa del daño anual esperado por %(hazard)s") % {"hazard": damage_word(answer.run)},
        box,
        values=values,
        classes=classes_of([each.value for each in values.values()], money),
        table=territory_table(answer),
        legend_title=_("Daño anual esperado"),
    )


def territory_table(answer: RunPage) -> Table:
    """What is expected in each division, most damage first."""
    has_people = any(row.affected for row in answer.territories)
    columns = [Column(_("Territorio")), Column(_("Daño al año"), numeric=True), Column(_("Entre (90%)"), numeric=True)]
    columns += [Column(_("Personas al año"), numeric=True), Column(_("Entre (90%)"), numeric=True)] if has_people else []
    seismic = _("Daño: costo de reparar. Personas: dentro de edificios con daño extenso o completo.")
    return Table(
        _("Daño por %(hazard)s en cada territorio, de más a menos") % {"hazard": damage_word(answer.run)},
        [*columns, Column(_("Parte"), numeric=True)],
        [_territory_row(row, has_people=has_people) for row in answer.territories],
        hint=seismic if answer.run.study == Study.SEISMIC else "",
    )


def _territory_row(row: TerritoryRow, *, has_people: bool) -> Row:
    hurt = [Cell("—"), Cell("—")]
    if row.affected:
        hurt = [Cell(people(row.affected.mean)), Cell(people_range(row.affected))]
    return Row(
        [
            Cell(row.name, url=reverse("portal:division", args=[row.code])),
            Cell(money(row.ead_pab.mean)),
            Cell(money_range(row.ead_pab)),
            *(hurt if has_people else []),
            Cell(percent(row.share, 1)),
        ],
        code=row.code,
        anchor=anchor(row.code),
    )


def curve_figure(answer: RunPage) -> Figure | None:
    """The exceedance curve with its table and its sentence."""
    if not answer.curve:
        return None
    rare = next((point for point in answer.curve if point.years >= 475), answer.curve[-1])
    told = _("%(often)s, un terremoto causaría %(damage)s o más (%(range)s).")
    if answer.run.study != Study.SEISMIC:
        told = _("%(often)s se pierden %(damage)s o más (%(range)s).")
    sentence = told % {
        "often": _sentence_start(years_return(rare.years)),
        "damage": money(rare.loss_pab.mean),
        "range": money_range(rare.loss_pab),
    }
    drawn = _svg(curve_svg(answer.run, language=language()))
    return Figure(sentence, drawn, curve_table(answer.curve), MARK, explore=explored(answer, language=language()))


def _sentence_start(text: str) -> str:
    return text[:1].upper() + text[1:]


def _svg(drawn: str) -> str:
    """The drawing of the risk app, which escapes every text that it writes."""
    return SafeString(drawn)


def amount_cells(value: Interval, unit: str) -> list[Cell]:
    """An amount and between which it lies, with their numbers for a file."""
    between = Measure(unit, None, value.low, value.high) if value.is_known else None
    return [Cell(money(value.mean), measure=Measure(unit, value.mean)), Cell(money_range(value), measure=between)]


def curve_table(points: tuple[CurvePoint, ...] | list[CurvePoint]) -> Table:
    """Damage by how often it is passed."""
    columns = [Column(_("Cada cuánto")), Column(_("Daño o más"), numeric=True), Column(_("Entre (90%)"), numeric=True)]
    rows = [Row([Cell(years_return(p.years)), *amount_cells(p.loss_pab, _("balboas"))]) for p in points]
    return Table(_("Daño según cada cuánto se supera"), columns, rows)


def _faults(rows: tuple[FaultRow, ...]) -> Table | None:
    shown = [row for row in rows if row.share > 0]
    if not shown:
        return None
    columns = [
        Column(_("Falla")),
        Column(_("Parte del daño"), numeric=True),
        Column(_("Daño al año"), numeric=True),
        Column(_("Terremotos fuertes")),
        Column(_("Magnitud mayor, media"), numeric=True),
        Column(_("Distancia"), numeric=True),
    ]
    return Table(_("De qué falla viene el daño"), columns, [_fault_row(row) for row in shown])


def _fault_row(row: FaultRow) -> Row:
    often = years_return(1 / row.earthquakes_per_year) if row.earthquakes_per_year else ""
    distance = _("%(km)s km") % {"km": number(row.distance_km, 0)}
    magnitude = number(row.mean_largest_magnitude, 1)
    return Row.of(row.name, percent(row.share, 1), money(row.ead_pab), often, magnitude, distance)


def measure_name(answer: RunPage) -> str:
    """The measure of a run; the seismic study keeps its name in Spanish alone, and another page marks it so."""
    name = answer.retrofit.name if answer.retrofit else ""
    return as_written(name) if answer.run.study == Study.SEISMIC else name


def measure_figure(answer: RunPage, *, code: str = "") -> Figure | None:
    """Expected damage before and after the measure of the run, of the city or of a division."""
    drawn = before_after_svg(answer.run, language=language(), code=code) if answer.retrofit else ""
    if not answer.retrofit or not drawn:
        return None
    effect = answer.retrofit.total
    if code:
        row = next((each for each in answer.territories if each.code == code), None)
        if row is None or row.avoided_pab is None:
            return None
        avoided = row.avoided_pab
    else:
        avoided = effect.avoided_pab
    told = _("«{measure}» evitaría {damage} de daño cada año ({range}).")
    sentence = format_html(told, measure=measure_name(answer), damage=money(avoided.mean), range=money_range(avoided))
    return Figure(sentence, _svg(drawn), None if code else measure_table(answer.measures), MARK)


def _measure_facts(measure: Retrofit | None) -> list[Fact]:
    if measure is None:
        return []
    worth = measure.probability_worth_it
    ratio, benefit = measure.benefit_cost, measure.present_benefit_pab
    return facts(
        (
            _("Edificios que cambia"),
            _("%(changed)s de %(selected)s elegidos")
            % {"changed": number(measure.assets_changed), "selected": number(measure.assets_selected)},
        ),
        (_("Costo supuesto"), money(measure.cost_pab)),
        (
            _("Beneficio en %(years)s años") % {"years": measure.horizon_years},
            ninety(f"{money(benefit.mean)}, {money_range(benefit)}") if benefit else "",
        ),
        (
            _("Por cada balboa invertido"),
            ninety(f"{pab(rounded(ratio.mean, 2))}, {money_range(ratio)}") if ratio else "",
        ),
        (_("Año en que se paga"), measure.break_even_year or ""),
        (_("Probabilidad de que valga la pena"), percent(worth) if worth is not None else ""),
        (_("Tasa de descuento supuesta"), percent(measure.discount_rate)),
    )


def _defaults(rows: tuple[DefaultRow, ...]) -> Table | None:
    shown = [row for row in rows if row.share > 0]
    if not shown:
        return None
    columns = [Column(_("Qué se supuso")), Column(_("Parte del daño que descansa en ello"), numeric=True)]
    return Table(
        _("Lo que descansa en valores supuestos"),
        columns,
        [Row([Cell(row.text), Cell(f"{percent(row.share)} ", mark=row.mark)]) for row in shown],
    )


def repeat_facts(run: Run) -> list[Fact]:
    """What is needed to repeat a run and check that it says the same."""
    return facts(
        (_("Corrida"), format_html("<code>{}</code>", run.public_id)),
        (_("Terminada"), long_date(run.finished_at)),
        (_("Motor"), run.engine_version),
        (
            _("Semilla y muestras"),
            _("%(seed)s; %(samples)s muestras") % {"seed": run.seed, "samples": number(run.samples)} if run.samples else "",
        ),
        (_("Huella del manifiesto"), _digest(run.manifest_digest)),
        (_("Huella de las entradas"), _digest(run.inputs_sha256)),
        (_("Huella del resultado"), _digest(run.result_sha256)),
        (_("Para repetirla"), format_html("<code>manglar risk repeat {}</code>", run.public_id)),
    )


def _digest(text: str) -> str:
    return format_html('<code class="p-digest">{}</code>', text) if text else ""
