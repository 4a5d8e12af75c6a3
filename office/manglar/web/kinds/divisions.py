"""Where: the divisions of the territory, with what a government has in each and what its runs expect there."""

from operator import attrgetter
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from manglar.agreements.choices import DueStatus
from manglar.assets.selectors import counts_in
from manglar.design.shapes import Cell, Row, Table
from manglar.design.shapes import Column as Heading
from manglar.design.templatetags.design import pab
from manglar.foundation.provenance import Mark
from manglar.governments.models import Government
from manglar.risk.choices import RunState, Study
from manglar.risk.selectors import division_figures, rate_words, runs_of
from manglar.territory import selectors as territory
from manglar.territory import services as territory_services
from manglar.territory.choices import Level
from manglar.territory.permissions import may_change_territory
from manglar.web.kinds.base import Action, Column, Deed, Editable, Kind, Places, Related, Section
from manglar.web.kinds.due import DUE
from manglar.web.kinds.forms import DeedForm, spanish
from manglar.web.kinds.words import day, facts, of_choices, said


class DivisionForm(DeedForm):
    """What is said of a division."""

    name = spanish(_("Nombre"))
    area_km2 = forms.FloatField(label=_("Superficie (km²)"), required=False, min_value=0)
    population = forms.IntegerField(label=_("Población"), required=False, min_value=0)
    population_year = forms.IntegerField(label=_("Año de la población"), required=False, min_value=1500, max_value=2200)
    population_mark = forms.ChoiceField(
        label=_("Procedencia de la población"), choices=[("", "—"), *Mark.choices], required=False
    )
    population_source = spanish(_("Fuente de la población"), required=False)

    def prepare(self) -> None:
        if self.record is not None:
            self.initial = {name: getattr(self.record, name) for name in self.fields}

    def clean(self) -> dict[str, Any]:
        """A population is of a year."""
        told = super().clean()
        if told.get("population") is not None and not told.get("population_year"):
            self.add_error("population_year", _("Diga de qué año es la población."))
        return told


def _revise_division(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    population = None
    if told["population"] is not None:
        mark = told["population_mark"] or Mark.ESTIMATE
        population = territory_services.Population(
            told["population"], told["population_year"], mark, told["population_source"]
        )
    territory_services.revise_division(
        by=deed.by, division=record, name=told["name"], area_km2=told["area_km2"], population=population
    )


def _of_division(division: Any, government: Government, language: str) -> list[Related]:
    """What there is in a division of the narrowest level, which is what lists are narrowed to."""
    if division.level != territory.finest_level():
        return []
    here, late = {"corregimiento": division.code}, {DUE: DueStatus.LATE.value}
    return [
        Related(_("Compromisos"), "compromisos", here, late),
        Related(_("Hallazgos"), "hallazgos", here),
        Related(_("Iniciativas"), "iniciativas", here),
        *(
            Related(said(kind.name, language), "activos", {"clase": kind.code, **here}, count=count)
            for kind, count in counts_in(government, division)
        ),
    ]


def _risk_of_division(division: Any, government: Government, language: str) -> list[Section]:
    """What the newest run of each hazard and study expects in a division, and where the public reads of it."""
    newest: dict[tuple[int, str], Any] = {}
    for run in runs_of(government).filter(state=RunState.DONE):
        newest.setdefault((run.hazard_id, run.study), run)
    figures = division_figures(division, list(newest.values()))
    rows = [_risk_row(run, figures[run.pk], government, language) for run in newest.values() if run.pk in figures]
    words = (_("Amenaza"), _("Qué se espera al año"), _("Entre (90%)"), _("Corrida"))
    columns = [Heading(str(word)) for word in words]
    table = Table(str(_("Lo que se espera aquí de cada amenaza")), columns, rows) if rows else None
    public = reverse("portal:division", args=[division.code])
    link = format_html('<a href="{}">{}</a>', public, _("Ver su página en el portal"))
    return [Section(_("Riesgo"), text=link, table=table)] if division.valid_until is None else []


def _risk_row(run: Any, figure: Any, government: Government, language: str) -> Row:
    counted = run.study == Study.FLOOD_RATES
    low, high = figure.low, figure.high
    told = _("%(count)s sucesos") % {"count": rate_words(figure.mean, language)} if counted else pab(figure.mean)
    spread = f"{rate_words(low, language)} – {rate_words(high, language)}" if counted else f"{pab(low)} – {pab(high)}"
    url = reverse("desk:corridas-record", args=[government.code, run.public_id])
    return Row([Cell(said(run.hazard.name, language)), Cell(told), Cell(spread), Cell(str(_("Ver la corrida")), url=url)])


TERRITORY = Kind(
    slug="territorio",
    singular=_("división"),
    plural=_("Territorio"),
    empty=_("Importe los límites: el botón está arriba."),
    rows=lambda government, on: territory.divisions_on(on),
    find=lambda government, public_id, on: territory.division_by_id(public_id),
    title=lambda r, lang: r.name,
    noun=lambda r: r.get_level_display(),
    related=_of_division,
    seen_by=_risk_of_division,
    columns=(
        Column(_("Código"), lambda r, lang: r.code, order="code"),
        Column(_("Nivel"), lambda r, lang: str(r.get_level_display()), order="level"),
        Column(
            _("Población"),
            lambda r, lang: f"{r.population:,} ({r.population_year})" if r.population else "",
            numeric=True,
            order="population",
            plain=lambda r: r.population,
        ),
    ),
    title_order="name",
    filters=(of_choices("nivel", _("Nivel"), "level", Level),),
    views=("mapa",),
    places=Places("code"),
    facts=lambda r, lang: facts(
        (_("Código"), r.code),
        (_("Nivel"), r.get_level_display()),
        (_("Parte de"), r.parent or ""),
        (_("Población"), f"{r.population:,} ({r.population_year})" if r.population else ""),
        (_("Superficie"), f"{r.area_km2:,.1f} km²" if r.area_km2 else ""),
        (_("Existe desde"), day(r.valid_from)),
        (_("Se separó de"), r.split_from or ""),
    ),
    search=("name", "code"),
    actions=(
        Action(
            "cambiar", _("Cambiar"), may_change_territory, _revise_division, DivisionForm,
            fits=lambda r: r.valid_until is None, done=_("Cambios guardados."),
        ),
    ),
    editable=tuple(
        Editable(name, attrgetter(name))
        for name in ("name", "area_km2", "population", "population_year", "population_mark", "population_source")
    ),
)

KINDS = (TERRITORY,)
