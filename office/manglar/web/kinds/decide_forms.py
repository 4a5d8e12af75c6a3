"""The forms of advice notes and decisions, and what each does once it is filled."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from manglar.accounts.choices import Role
from manglar.decisions import services
from manglar.evidence.selectors import finding_by_id, findings_of
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import translated
from manglar.network.selectors import post_of_user
from manglar.risk import selectors as risk
from manglar.risk.choices import RunState
from manglar.strategy.selectors import node_by_identity
from manglar.web.kinds.base import Deed, GoTo
from manglar.web.kinds.forms import DeedForm, PabFormField, choices_of, english, spanish
from manglar.web.kinds.option_words import note_warning, option_in_a_line
from manglar.web.kinds.words import day, initiatives, own, said


class NoteForm(DeedForm):
    """A question for the mayor's office, and what it rests on."""

    question = spanish(_("La pregunta que hay que decidir"))
    question_en = english(_("La pregunta en inglés"))
    context = spanish(_("Contexto"), rows=5, required=False)
    node = forms.ChoiceField(label=_("Iniciativa"), required=False)
    findings = forms.MultipleChoiceField(label=_("Hallazgos en que se apoya"), required=False)

    def prepare(self) -> None:
        government = self.deed.government
        self.offer("node", initiatives(government, empty="—"))
        self.offer("findings", choices_of(findings_of(government)))
        if self.record is not None and not self.is_bound:
            note = self.record
            self.initial = {
                "question": note.question.get("es", ""),
                "question_en": note.question.get("en", ""),
                "context": note.context.get("es", ""),
                "node": note.node.identity if note.node else "",
                "findings": [finding.public_id for finding in note.findings.all()],
            }


def change_note(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    """Change the note."""
    services.change_note(
        by=deed.by,
        note=record,
        question={"es": told["question"], **({"en": told["question_en"]} if told["question_en"] else {})},
        context={**record.context, "es": told["context"]},
        node=node_by_identity(deed.government, told["node"]) if told["node"] else None,
        findings=[f for i in told["findings"] if (f := own(finding_by_id(i), deed.government))],
    )


def draft(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    """Write the note."""
    question = {"es": told["question"], **({"en": told["question_en"]} if told["question_en"] else {})}
    return services.draft_note(
        by=deed.by,
        government=deed.government,
        question=question,
        on=deed.on,
        context={"es": told["context"]} if told["context"] else None,
        node=node_by_identity(deed.government, told["node"]) if told["node"] else None,
        findings=[f for i in told["findings"] if (f := own(finding_by_id(i), deed.government))],
    )


class OptionForm(DeedForm):
    """One answer, with what it costs, what damage it avoids and how sure that is."""

    title = spanish(_("La opción, en una frase"))
    title_en = english(_("La opción en inglés"))
    text = spanish(_("En qué consiste"), rows=3, required=False)
    run = forms.ChoiceField(
        label=_("Corrida en que se apoya"),
        required=False,
        help_text=_("Con una corrida, el costo, el daño evitado y su intervalo salen de ella y quedan congelados: déjelos vacíos."),
    )
    cost_pab = PabFormField(label=_("Costo"), required=False)
    avoided_damage_pab = PabFormField(label=_("Daño anual que evita"), required=False)
    avoided_damage_low_pab = PabFormField(label=_("Daño que evita: por lo bajo"), required=False)
    avoided_damage_high_pab = PabFormField(label=_("Daño que evita: por lo alto"), required=False)
    mark = forms.ChoiceField(
        label=_("Procedencia de las cifras"),
        required=False,
        choices=[("", _("Elija…")), *((mark.value, mark.label) for mark in (Mark.ESTIMATE, Mark.ILLUSTRATIVE))],
        help_text=_("Hace falta si escribió alguna cifra. Una cifra con fuente se registra como hallazgo y la nota se apoya en él."),
    )

    def prepare(self) -> None:
        runs = risk.runs_with_a_measure(list(risk.runs_of(self.deed.government).filter(state=RunState.DONE)))
        self.offer("run", [("", str(_("Ninguna"))), *((run.public_id, _run_label(run)) for run in runs)])

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        typed = [name for name in FIGURES if told.get(name) is not None]
        if told.get("run"):
            for name in typed:
                self.add_error(name, _("Déjelo vacío: esta cifra sale de la corrida. Para otro costo, pida otra corrida con él."))
        elif typed and not told.get("mark"):
            self.add_error("mark", _("Toda cifra lleva su procedencia: elija una."))
        low, value, high = (told.get(name) for name in (FIGURES[2], FIGURES[1], FIGURES[3]))
        if (low is None) != (high is None):
            self.add_error("avoided_damage_low_pab", _("El intervalo tiene dos extremos: escriba los dos o ninguno."))
        elif low is not None and high is not None and (value is None or not low <= value <= high):
            self.add_error("avoided_damage_pab", _("El daño que evita está entre lo bajo y lo alto: escríbalo ahí."))
        return told


#: The figures of an option, as its form names them.
FIGURES = ("cost_pab", "avoided_damage_pab", "avoided_damage_low_pab", "avoided_damage_high_pab")


def _run_label(run: Any) -> str:
    return f"{run.title} · {run.hazard} · {day(run.finished_at)}"


def add_option(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    """Add the option; with a run, its figures are those of the run and stay frozen with it."""
    title, text = translated(told["title"], told["title_en"]), translated(told["text"], "")
    if told["run"]:
        _add_from_run(deed, record, title, text, told["run"])
        return
    figures = {name: told[name] for name in FIGURES if told[name] is not None}
    marks = {f"{name.removesuffix('_pab')}_mark": told["mark"] for name in FIGURES[:2] if name in figures}
    services.add_option(by=deed.by, note=record, title=title, text=text, **figures, **marks)


def _add_from_run(deed: Deed, record: Any, title: dict[str, str], text: dict[str, str], public_id: str) -> None:
    run = own(risk.run_by_id(public_id), deed.government)
    if run is None:
        raise InvalidInput(say("Esa corrida no es de este gobierno."))
    page = risk.run_page(run)
    services.take_risk_to_note(
        by=deed.by, government=deed.government, note=record, question={}, on=deed.on, run_id=run.public_id,
        summary=risk.frozen_summary(page), title=title, text=text, **risk.option_figures(page),
    )  # fmt: skip


class RemoveOptionForm(DeedForm):
    """Which option to take out."""

    option = forms.ChoiceField(label=_("Opción que se quita"))

    def prepare(self) -> None:
        self.offer("option", choices_of(self.record.options.all()))


def remove_option(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    """Take the option out."""
    services.remove_option(by=deed.by, option=record.options.get(public_id=told["option"]))


SOMETHING_ELSE = "otra"


class DecideForm(DeedForm):
    """The decision: one of the options or something else, always with the reason."""

    option = forms.ChoiceField(
        label=_("Opción"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija una opción, u «Otra cosa».")},
    )
    title = spanish(_("Qué se decide, en una frase"), required=False)
    title_en = english(_("Lo mismo en inglés"))
    reason = spanish(_("Por qué"), rows=4)
    post = spanish(_("Cargo que decide"))

    def prepare(self) -> None:
        note, language = self.record, get_language() or "es"
        rows = [
            (each.public_id, option_in_a_line(each, language, is_recommended=each.pk == note.recommendation_id))
            for each in note.options.all()
        ]
        self.offer("option", [*rows, (SOMETHING_ELSE, str(_("Otra cosa")))])
        self.fields["option"].help_text = note_warning(note, language)
        self.fields["title"].help_text = _("Vacío: queda el nombre de la opción elegida. Con «Otra cosa», escríbalo.")
        self.initial = {"post": post_of(self.deed)}

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("option") == SOMETHING_ELSE and not told.get("title"):
            self.add_error("title", _("Diga qué se decide: no es ninguna de las opciones."))
        return told


def post_of(deed: Deed) -> str:
    """The post from which a person decides: the one that they hold today in this government, or that of their role."""
    held = post_of_user(deed.by.user, deed.government, on=deed.on) if deed.by.user else None
    if held is not None:
        return said(held.title, "es")
    return str(_("Despacho de la Alcaldía")) if (deed.government.pk, Role.MAYOR_OFFICE) in deed.by.roles else ""


def decide(deed: Deed, record: Any, told: dict[str, Any]) -> GoTo:
    """Take the decision and go to it, where what follows is recorded."""
    option = next((o for o in record.options.all() if o.public_id == told["option"]), None)
    title = translated(told["title"], told["title_en"])
    made = services.take_decision(
        by=deed.by,
        note=record,
        title=title if told["title"] or option is None else {**option.title, **title},
        reason={"es": told["reason"]},
        decided_on=deed.on,
        post=told["post"],
        option=option,
    )
    return GoTo("decisiones", made.public_id)


class RecommendForm(DeedForm):
    """Which option the office recommends."""

    option = forms.ChoiceField(label=_("Opción recomendada"), required=False)

    def prepare(self) -> None:
        self.offer("option", choices_of(self.record.options.all(), empty=_("Ninguna")))
        held = self.record.recommendation
        self.initial = {"option": held.public_id if held else ""}


def recommend(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    """Say which option the office recommends."""
    option = next((o for o in record.options.all() if o.public_id == told["option"]), None)
    return services.recommend_option(by=deed.by, note=record, option=option)
