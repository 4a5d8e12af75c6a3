"""What is decided: advice notes with their options, and the register of decisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.agreements.selectors import agreements_of
from manglar.decisions import selectors, services
from manglar.decisions.choices import DecisionState, NoteState
from manglar.decisions.permissions import may_decide, may_draft_notes, may_follow_decisions, may_submit_notes
from manglar.design.shapes import Fact
from manglar.design.templatetags.design import pab
from manglar.evidence.selectors import finding_by_id, findings_of
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.network.selectors import institution_by_id, institutions_of
from manglar.strategy.selectors import node_by_identity
from manglar.web.kinds.base import Action, Column, Deed, Kind
from manglar.web.kinds.forms import (
    DeedForm,
    PabFormField,
    PartialDateFormField,
    ReasonForm,
    choices_of,
    english,
    spanish,
)
from manglar.web.kinds.words import Internal, day, facts, initiatives, of_choices, own, said, state


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


def _change_note(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    services.change_note(
        by=deed.by,
        note=record,
        question={"es": told["question"], **({"en": told["question_en"]} if told["question_en"] else {})},
        context={**record.context, "es": told["context"]},
        node=node_by_identity(deed.government, told["node"]) if told["node"] else None,
        findings=[f for i in told["findings"] if (f := own(finding_by_id(i), deed.government))],
    )


def _draft(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
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
    """One answer, with what it costs and what damage it avoids."""

    title = spanish(_("La opción, en una frase"))
    title_en = english(_("La opción en inglés"))
    text = spanish(_("En qué consiste"), rows=3, required=False)
    cost_pab = PabFormField(label=_("Costo"), required=False)
    avoided_damage_pab = PabFormField(label=_("Daño anual que evita"), required=False)
    mark = forms.ChoiceField(
        label=_("Procedencia de las cifras"),
        choices=[(mark.value, mark.label) for mark in (Mark.ESTIMATE, Mark.ILLUSTRATIVE)],
        help_text=_("Una cifra con fuente se registra como hallazgo y la nota se apoya en él."),
    )


def _add_option(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    title = {"es": told["title"], **({"en": told["title_en"]} if told["title_en"] else {})}
    figures = {name: told[name] for name in ("cost_pab", "avoided_damage_pab") if told[name] is not None}
    marks = {f"{name.removesuffix('_pab')}_mark": told["mark"] for name in figures}
    text = {"es": told["text"]} if told["text"] else {}
    services.add_option(by=deed.by, note=record, title=title, text=text, **figures, **marks)


class RemoveOptionForm(DeedForm):
    """Which option to take out."""

    option = forms.ChoiceField(label=_("Opción que se quita"))

    def prepare(self) -> None:
        self.offer("option", choices_of(self.record.options.all()))


def _remove_option(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    services.remove_option(by=deed.by, option=record.options.get(public_id=told["option"]))


class DecideForm(DeedForm):
    """The decision: one of the options or something else, always with the reason."""

    option = forms.ChoiceField(label=_("Opción"), required=False, help_text=_("Vacío: se decide otra cosa."))
    title = spanish(_("Qué se decide, en una frase"))
    title_en = english(_("Lo mismo en inglés"))
    reason = spanish(_("Por qué"), rows=4)
    post = spanish(_("Cargo que decide"))

    def prepare(self) -> None:
        self.offer("option", choices_of(self.record.options.all(), empty=_("Otra cosa")))


def _decide(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    title = {"es": told["title"], **({"en": told["title_en"]} if told["title_en"] else {})}
    option = next((o for o in record.options.all() if o.public_id == told["option"]), None)
    return services.take_decision(
        by=deed.by,
        note=record,
        title=title,
        reason={"es": told["reason"]},
        decided_on=deed.on,
        post=told["post"],
        option=option,
    )


class RecommendForm(DeedForm):
    """Which option the office recommends."""

    option = forms.ChoiceField(label=_("Opción recomendada"), required=False)

    def prepare(self) -> None:
        self.offer("option", choices_of(self.record.options.all(), empty=_("Ninguna")))
        held = self.record.recommendation
        self.initial = {"option": held.public_id if held else ""}


def _recommend(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    option = next((o for o in record.options.all() if o.public_id == told["option"]), None)
    return services.recommend_option(by=deed.by, note=record, option=option)


def _note_facts(note: Any, language: str) -> list[Fact]:
    held = facts(
        (_("Iniciativa"), note.node or ""),
        (_("La escribió"), Internal(note.author_name)),
        (_("Escrita el"), Internal(day(note.written_on))),
        (_("Presentada el"), day(note.submitted_on)),
        (_("Se apoya en"), "; ".join(said(f.title, language) for f in note.findings.all())),
    )
    for option in note.options.all():
        word = _("Opción %(n)s (recomendada)") if option.pk == note.recommendation_id else _("Opción %(n)s")
        cost = f" · {_('cuesta')} {pab(option.cost_pab)}" if option.cost_pab is not None else ""
        saves = (
            f" · {_('evita al año')} {pab(option.avoided_damage_pab)}" if option.avoided_damage_pab is not None else ""
        )
        mark = option.cost_mark or option.avoided_damage_mark
        held.append(Fact(str(word) % {"n": option.order}, f"{said(option.title, language)}{cost}{saves}", mark=mark))
    return held


NOTES = Kind(
    slug="notas",
    singular=_("nota de asesoría"),
    plural=_("Notas de asesoría"),
    help=_("Una pregunta, sus opciones con costo y daño evitado, y lo que la oficina recomienda."),
    empty=_("Escriba la primera nota: una pregunta y al menos dos opciones."),
    rows=lambda government, on: selectors.notes_of(government),
    find=lambda government, public_id, on: selectors.note_by_id(government, public_id),
    title=lambda r, lang: said(r.question, lang),
    text=lambda r, lang: said(r.context, lang),
    status=state,
    has_chain=True,
    title_order="question__LANGUAGE",
    filters=(of_choices("estado", _("Estado"), "state", NoteState),),
    views=("tablero",),
    board="state",
    columns=(
        Column(_("Iniciativa"), lambda r, lang: str(r.node or ""), order="node__code"),
        Column(_("Escrita el"), lambda r, lang: day(r.written_on), order="written_on", plain=lambda r: r.written_on),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    facts=_note_facts,
    create=Action(
        "nueva",
        _("Escribir una nota"),
        may_draft_notes,
        _draft,
        NoteForm,
        done=_("Nota en borrador: añada sus opciones."),
    ),
    actions=(
        Action(
            "decidir",
            _("Decidir"),
            may_decide,
            _decide,
            DecideForm,
            fits=lambda r: r.state == NoteState.SUBMITTED,
            done=_("Decisión tomada y anotada en el registro."),
        ),
        Action(
            "opcion",
            _("Añadir una opción"),
            may_draft_notes,
            _add_option,
            OptionForm,
            fits=lambda r: r.state == NoteState.DRAFT,
            done=_("Opción añadida."),
        ),
        Action(
            "cambiar",
            _("Cambiar la nota"),
            may_draft_notes,
            _change_note,
            NoteForm,
            undoes=True,
            fits=lambda r: r.state == NoteState.DRAFT,
            done=_("Cambios guardados."),
        ),
        Action(
            "quitar-opcion",
            _("Quitar una opción"),
            may_draft_notes,
            _remove_option,
            RemoveOptionForm,
            fits=lambda r: r.state == NoteState.DRAFT and r.options.all(),
            done=_("Opción quitada."),
            danger=True,
        ),
        Action(
            "recomendar",
            _("Recomendar"),
            may_draft_notes,
            _recommend,
            RecommendForm,
            undoes=True,
            fits=lambda r: r.state == NoteState.DRAFT and r.options.all(),
            done=_("Recomendación guardada."),
        ),
        Action(
            "presentar",
            _("Presentar al despacho"),
            may_submit_notes,
            lambda deed, r, told: services.submit_note(by=deed.by, note=r, on=deed.on),
            fits=lambda r: r.state == NoteState.DRAFT,
            done=_("Presentada: espera la decisión."),
            question=_("Desde ahora la nota no se edita; el despacho la decide o la devuelve."),
        ),
        Action(
            "devolver",
            _("Devolver a quien la escribió"),
            may_decide,
            lambda deed, r, told: services.return_note(by=deed.by, note=r, reason=told["reason"]),
            ReasonForm,
            fits=lambda r: r.state == NoteState.SUBMITTED,
            done=_("Devuelta con su motivo."),
        ),
        Action(
            "retirar",
            _("Retirar"),
            may_submit_notes,
            lambda deed, r, told: services.withdraw_note(by=deed.by, note=r, reason=told["reason"]),
            ReasonForm,
            fits=lambda r: r.state == NoteState.SUBMITTED,
            done=_("Retirada."),
            danger=True,
        ),
    ),
)


class FollowForm(DeedForm):
    """What an institution promises because of the decision."""

    institution = forms.ChoiceField(label=_("Institución que se compromete"))
    text = spanish(_("A qué se compromete"), rows=3)
    text_en = english(_("Lo mismo en inglés"), rows=2)
    due_on = PartialDateFormField(label=_("Para cuándo"), required=False)
    agreement = forms.ChoiceField(label=_("Dentro del acuerdo"), required=False)

    def prepare(self) -> None:
        government = self.deed.government
        self.offer("institution", choices_of(institutions_of(government)))
        self.offer("agreement", choices_of(agreements_of(government), empty="—"))


def _follow(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    text = {"es": told["text"], **({"en": told["text_en"]} if told["text_en"] else {})}
    agreement = next((a for a in agreements_of(deed.government) if a.public_id == told["agreement"]), None)
    institution = own(institution_by_id(told["institution"]), deed.government)
    if institution is None:
        raise InvalidInput(say("Esa institución no es de este gobierno."))
    return services.commit_from_decision(
        by=deed.by,
        decision=record,
        institution=institution,
        text=text,
        made_on=deed.on,
        due_on=told["due_on"],
        agreement=agreement,
    )


DECISIONS = Kind(
    slug="decisiones",
    singular=_("decisión"),
    plural=_("Registro de decisiones"),
    help=_("Qué se decidió, quién, cuándo, por qué y qué siguió. Una decisión no se borra: se sustituye o se revoca."),
    empty=_("Las decisiones nacen de una nota de asesoría presentada."),
    rows=lambda government, on: selectors.decisions_of(government),
    find=lambda government, public_id, on: selectors.decision_by_id(government, public_id),
    title=lambda r, lang: said(r.title, lang),
    text=lambda r, lang: said(r.reason, lang),
    status=state,
    has_chain=True,
    title_order="title__LANGUAGE",
    filters=(of_choices("estado", _("Estado"), "state", DecisionState),),
    columns=(
        Column(_("Fecha"), lambda r, lang: day(r.decided_on), order="decided_on", plain=lambda r: r.decided_on),
        Column(_("Cargo"), lambda r, lang: r.decided_by_post, order="decided_by_post"),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    facts=lambda r, lang: facts(
        (_("Nota"), said(r.note.question, lang)),
        (_("Opción elegida"), said(r.option.title, lang) if r.option else _("otra cosa")),
        (_("Fecha"), day(r.decided_on)),
        (_("Decide"), r.decided_by_post),
        (_("Quién ocupaba el cargo"), Internal(r.decided_by_name)),
    ),
    actions=(
        Action(
            "compromiso",
            _("Anotar un compromiso que sigue"),
            may_follow_decisions,
            _follow,
            FollowForm,
            fits=lambda r: r.state == DecisionState.TAKEN,
            done=_("Compromiso anotado."),
        ),
        Action(
            "revocar",
            _("Revocar"),
            may_decide,
            lambda deed, r, told: services.revoke_decision(by=deed.by, decision=r, reason=told["reason"]),
            ReasonForm,
            fits=lambda r: r.state == DecisionState.TAKEN,
            done=_("Revocada; queda en el registro con su motivo."),
            danger=True,
        ),
    ),
)

KINDS = (NOTES, DECISIONS)
