"""What the engine is fed with and what it said: data of risk, and runs that become findings or options of a note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.decisions import selectors as decisions
from manglar.decisions import services as decision_services
from manglar.decisions.choices import NoteState
from manglar.decisions.permissions import may_draft_notes
from manglar.design.shapes import Fact
from manglar.design.templatetags.design import pab
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import translated
from manglar.risk import selectors as risk
from manglar.risk import services as risk_services
from manglar.risk.choices import DatasetKind, RunState, Study
from manglar.risk.permissions import may_read_risk, may_run_risk
from manglar.web.kinds.base import Action, Column, Deed, GoTo, Kind, Section
from manglar.web.kinds.forms import DeedForm, spanish
from manglar.web.kinds.risk_forms import (
    ImpactForm,
    RatesForm,
    RunFindingForm,
    SeismicForm,
    again_form,
)
from manglar.web.kinds.risk_sea_form import SeaLevelForm
from manglar.web.kinds.risk_sections import run_sections
from manglar.web.kinds.risk_words import dataset_facts, dataset_figure, dataset_notes
from manglar.web.kinds.words import day, facts, file_link, of_choices, own, provenance, said, state

ASKED = _("Corrida pedida: se calcula en segundo plano.")
NEW = "nueva"


def _ask(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    return risk_services.ask_run(by=deed.by, government=deed.government, spec=told["spec"], at=deed.at)


def _ask_again(deed: Deed, record: Any, told: dict[str, Any]) -> GoTo:
    return GoTo("corridas", _ask(deed, None, told).public_id)


def _make_finding(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    rows = [*record.territories.select_related("division"), *record.rates.select_related("division")]
    division = next((row.division for row in rows if row.division.code == told["division"]), None)
    risk_services.make_finding_from_run(by=deed.by, run=record, division=division, on=deed.on)


class ToNoteForm(DeedForm):
    """To which note, and as which option."""

    note = forms.ChoiceField(label=_("Nota"))
    question = spanish(_("La pregunta, si la nota es nueva"), required=False)
    title = spanish(_("La opción, en una frase"))

    def prepare(self) -> None:
        drafts = decisions.notes_of(self.deed.government).filter(state=NoteState.DRAFT)
        self.offer("note", [(NEW, str(_("Escribir una nota nueva"))), *((n.public_id, str(n)) for n in drafts)])
        if not self.is_bound:
            measure = risk.run_page(self.record).retrofit
            self.initial = {"title": measure.name if measure else self.record.title}

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("note") == NEW and not told.get("question"):
            self.add_error("question", _("Una nota nueva necesita su pregunta."))
        return told


def _to_note(deed: Deed, record: Any, told: dict[str, Any]) -> GoTo:
    page = risk.run_page(record)
    note = None
    if told["note"] != NEW:
        note = decisions.note_by_id(deed.government, told["note"])
        if note is None:
            raise InvalidInput(say("Esa nota no es de este gobierno."))
    made = decision_services.take_risk_to_note(
        by=deed.by,
        government=deed.government,
        note=note,
        question=translated(told["question"], ""),
        on=deed.on,
        run_id=record.public_id,
        summary=risk.frozen_summary(page),
        title=translated(told["title"], ""),
        text=_option_text(record),
        **risk.option_figures(page),
    )
    return GoTo("notas", made.public_id)


def _option_text(run: Any) -> dict[str, str]:
    """What the run says and, of its measure, cost, worth, ranges and how probable it is that it pays."""
    said = {}
    for language, sentence in run.sentence.items():
        measure = risk.run_page(run, language=language).retrofit
        said[language] = " ".join([sentence, *([risk.measure_words(measure, language)] if measure else [])])
    return said


def _run(government: Any, public_id: str, on: Any) -> Any:
    return own(risk.run_by_id(public_id), government)


def _run_facts(run: Any, language: str) -> list[Fact]:
    total = risk.run_page(run, language=language).total if run.state == RunState.DONE else None
    shown = [Fact(str(_("Daño esperado al año")), f"{pab(total.ead_pab.mean)}", mark=Mark.ESTIMATE)] if total else []
    return [
        *shown,
        *facts(
            (_("Estudio"), run.get_study_display()),
            (_("Amenaza"), run.hazard),
            (_("Semilla"), run.seed),
            (_("Muestras"), f"{run.samples:,}" if run.samples else ""),
            (_("Motor"), run.engine_version),
            (_("Huella del manifiesto"), run.manifest_digest),
            (_("Resultado"), file_link(run.result)),
            (_("Pedida por"), run.asked_by),
            (_("Error"), run.error),
        ),
    ]


def _is_done(run: Any) -> bool:
    return bool(run.state == RunState.DONE)


RUNS = Kind(
    slug="corridas",
    results_first=True,
    singular=_("corrida de riesgo"),
    plural=_("Riesgo"),
    read=may_read_risk,
    help=_("Cada corrida guarda su pedido, sus entradas y su respuesta, y se puede repetir hasta el último byte."),
    empty=_("Registre datos de riesgo e importe activos; después pida la primera corrida."),
    rows=lambda government, on: risk.runs_of(government),
    find=_run,
    title=lambda r, lang: r.title,
    text=lambda r, lang: said(r.sentence, lang),
    status=state,
    columns=(
        Column(_("Estudio"), lambda r, lang: str(r.get_study_display()), order="study"),
        Column(_("Amenaza"), lambda r, lang: str(r.hazard), order="hazard"),
        Column(_("Terminada"), lambda r, lang: day(r.finished_at), order="finished_at"),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    title_order="title",
    filters=(of_choices("estado", _("Estado"), "state", RunState), of_choices("estudio", _("Estudio"), "study", Study)),
    facts=_run_facts,
    sections=run_sections,
    create=Action("nueva", _("Pedir el impacto de una amenaza"), may_run_risk, _ask, ImpactForm, done=ASKED),
    creates=(
        Action("sismo", _("Tamizaje sísmico"), may_run_risk, _ask, SeismicForm, done=ASKED),
        Action("mar", _("Mar extraordinario"), may_run_risk, _ask, SeaLevelForm, done=ASKED),
        Action("sucesos", _("Sucesos al año"), may_run_risk, _ask, RatesForm, done=ASKED),
    ),
    actions=(
        Action(
            "parar",
            _("Parar"),
            may_run_risk,
            lambda deed, r, told: risk_services.cancel_run(by=deed.by, run=r),
            fits=risk.is_under_way,
            done=_("Se pidió parar: no queda nada a medias."),
            question=_("Lo que llevaba calculado se pierde; después se puede pedir otra igual."),
            danger=True,
        ),
        Action(
            "hallazgo",
            _("Hacer un hallazgo de esto"),
            may_run_risk,
            _make_finding,
            RunFindingForm,
            fits=_is_done,
            done=_("Hallazgo registrado como borrador."),
        ),
        Action(
            "nota",
            _("Llevar a una nota de asesoría"),
            may_draft_notes,
            _to_note,
            ToNoteForm,
            fits=_is_done,
            done=_("La opción está en la nota, con sus cifras congeladas."),
        ),
        Action(
            "de-nuevo",
            _("Pedir otra con cambios"),
            may_run_risk,
            _ask_again,
            again_form,
            fits=lambda r: not risk.is_under_way(r),
            done=ASKED,
        ),
    ),
)


def _dataset(government: Any, public_id: str, on: Any) -> Any:
    return own(risk.dataset_by_id(public_id), government)


def _dataset_facts(dataset: Any, language: str) -> list[Fact]:
    meaning = dataset.meaning
    return [
        provenance(dataset),
        *facts(
            (_("Clase"), dataset.get_kind_display()),
            (_("Licencia"), dataset.licence or _("no se dijo")),
            (_("Año"), dataset.year or ""),
            (_("Escenario"), meaning.get("scenario", "")),
            (_("Versión"), dataset.version_note),
            (_("Archivo"), file_link(dataset.file)),
            (_("Huella del archivo"), dataset.sha256),
        ),
        *dataset_facts(
            dataset.kind, crs=dataset.crs, unit=dataset.unit, summary=dataset.summary, content=dataset.content
        ),
    ]


def _dataset_sections(dataset: Any, language: str) -> list[Section]:
    figure = dataset_figure(dataset.summary)
    notes = [f"{where}: {text}" if where else text for where, text in dataset_notes(dataset.notes)]
    found = [Section(_("A la vista"), figure=figure)] if figure else []
    return [*found, *([Section(_("Notas de la lectura"), lines=notes)] if notes else [])]


DATASETS = Kind(
    slug="datos-de-riesgo",
    singular=_("datos de riesgo"),
    plural=_("Datos de riesgo"),
    read=may_read_risk,
    help=_("Lo que alimenta al motor: mapas, sucesos, series, funciones y fallas, con su fuente, su licencia y lo que se leyó."),
    empty=_("Registre el primer archivo: antes de guardarlo verá qué trae y qué quedó aparte."),
    rows=lambda government, on: risk.datasets_of(government),
    find=_dataset,
    title=lambda r, lang: r.name,
    search=("name", "source_text"),
    title_order="name",
    columns=(
        Column(_("Clase"), lambda r, lang: str(r.get_kind_display()), order="kind"),
        Column(_("Año"), lambda r, lang: r.year or "", order="year"),
        Column(_("Unidad"), lambda r, lang: r.unit, order="unit"),
        Column(_("Licencia"), lambda r, lang: r.licence, order="licence"),
        Column(_("Registrado"), lambda r, lang: day(r.created_at), order="created_at"),
    ),
    filters=(of_choices("clase", _("Clase"), "kind", DatasetKind), of_choices("procedencia", _("Procedencia"), "mark", Mark)),
    facts=_dataset_facts,
    sections=_dataset_sections,
)

KINDS = (RUNS, DATASETS)
