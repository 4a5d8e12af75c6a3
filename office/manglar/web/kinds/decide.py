"""What is decided: advice notes with their options, and the register of decisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.agreements.selectors import agreements_of
from manglar.decisions import selectors, services
from manglar.decisions.choices import DecisionState, NoteState
from manglar.decisions.permissions import may_decide, may_draft_notes, may_follow_decisions, may_submit_notes
from manglar.design.shapes import Fact
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.network.selectors import institution_by_id, institutions_of
from manglar.web.kinds.base import Action, Column, Deed, Kind
from manglar.web.kinds.decide_forms import (
    DecideForm,
    NoteForm,
    OptionForm,
    RecommendForm,
    RemoveOptionForm,
    add_option,
    change_note,
    decide,
    draft,
    recommend,
    remove_option,
)
from manglar.web.kinds.forms import DeedForm, PartialDateFormField, ReasonForm, choices_of, english, spanish
from manglar.web.kinds.option_words import note_warning, options_section, what_a_note_lacks
from manglar.web.kinds.words import Internal, day, facts, of_choices, own, said, state


def _note_facts(note: Any, language: str) -> list[Fact]:
    return facts(
        (_("Iniciativa"), note.node or ""),
        (_("La escribió"), Internal(note.author_name)),
        (_("Escrita el"), Internal(day(note.written_on))),
        (_("Presentada el"), day(note.submitted_on)),
        (_("Se apoya en"), "; ".join(said(f.title, language) for f in note.findings.all())),
    )


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
    sections=options_section,
    caution=note_warning,
    create=Action(
        "nueva",
        _("Escribir una nota"),
        may_draft_notes,
        draft,
        NoteForm,
        done=_("Nota en borrador: añada sus opciones."),
    ),
    actions=(
        Action(
            "decidir",
            _("Decidir"),
            may_decide,
            decide,
            DecideForm,
            fits=lambda r: r.state == NoteState.SUBMITTED,
            done=_("Decisión tomada y anotada en el registro. Falta el compromiso que sigue: lo anota la oficina en esta misma ficha."),
        ),
        Action(
            "presentar",
            _("Presentar al despacho"),
            may_submit_notes,
            lambda deed, r, told: services.submit_note(by=deed.by, note=r, on=deed.on),
            fits=lambda r: r.state == NoteState.DRAFT,
            lacks=what_a_note_lacks,
            done=_("Presentada: espera la decisión."),
            question=_("Desde ahora la nota no se edita; el despacho la decide o la devuelve."),
        ),
        Action(
            "opcion",
            _("Añadir una opción"),
            may_draft_notes,
            add_option,
            OptionForm,
            fits=lambda r: r.state == NoteState.DRAFT,
            done=_("Opción añadida."),
        ),
        Action(
            "cambiar",
            _("Cambiar la nota"),
            may_draft_notes,
            change_note,
            NoteForm,
            undoes=True,
            fits=lambda r: r.state == NoteState.DRAFT,
            done=_("Cambios guardados."),
        ),
        Action(
            "quitar-opcion",
            _("Quitar una opción"),
            may_draft_notes,
            remove_option,
            RemoveOptionForm,
            fits=lambda r: r.state == NoteState.DRAFT and r.options.all(),
            done=_("Opción quitada."),
            danger=True,
        ),
        Action(
            "recomendar",
            _("Recomendar"),
            may_draft_notes,
            recommend,
            RecommendForm,
            undoes=True,
            fits=lambda r: r.state == NoteState.DRAFT and r.options.all(),
            done=_("Recomendación guardada."),
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
            _("Anotar el compromiso que sigue"),
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
