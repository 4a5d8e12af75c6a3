"""What institutions agreed with each other: parties, date, and the promises that are inside."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.agreements import selectors, services
from manglar.agreements.choices import AgreementState, CommitmentState
from manglar.agreements.models import Agreement
from manglar.agreements.permissions import may_record_agreements
from manglar.design.shapes import Column as Heading
from manglar.design.shapes import Fact, Row, Table
from manglar.foundation.provenance import Mark
from manglar.network.selectors import institution_by_id, institutions_of
from manglar.web.kinds.base import Action, Column, Deed, Filter, GoTo, Kind, Section
from manglar.web.kinds.forms import DeedForm, PartialDateFormField, ReasonForm, choices_of, english, mark_field, spanish
from manglar.web.kinds.promises import InsideForm, commit
from manglar.web.kinds.words import day, facts, institutions, of_choices, own, provenance, said, state

KEPT = {CommitmentState.FULFILLED}


class AgreementForm(DeedForm):
    """What was agreed, by whom, when."""

    title = spanish(_("Qué se acordó, en una frase"))
    title_en = english(_("Lo mismo en inglés"))
    text = spanish(_("Texto o resumen"), rows=4, required=False)
    parties = forms.MultipleChoiceField(label=_("Partes"), help_text=_("Las instituciones que acuerdan: dos o más."))
    made_on = PartialDateFormField(label=_("Fecha en que se acordó"), required=False)
    mark = mark_field()
    source_text = spanish(_("Fuente"), required=False)

    def prepare(self) -> None:
        self.offer("parties", choices_of(institutions_of(self.deed.government)))
        if self.record is not None:
            held = self.record
            self.initial = {
                "title": held.title.get("es", ""),
                "title_en": held.title.get("en", ""),
                "text": held.text.get("es", ""),
                "parties": [each.institution.public_id for each in held.party_rows.all()],
                "made_on": held.made_on or "",
                "mark": held.mark,
                "source_text": held.source_text,
            }

    def clean_parties(self) -> list[str]:
        """An agreement is between several."""
        told: list[str] = self.cleaned_data["parties"]
        if len(told) < 2:  # two or more
            raise forms.ValidationError(_("Un acuerdo es entre dos instituciones o más: elija otra."))
        return told


def _whose(deed: Deed, told: dict[str, Any]) -> list[Any]:
    return [i for each in told["parties"] if (i := own(institution_by_id(each), deed.government))]


def _record(deed: Deed, record: Any, told: dict[str, Any]) -> Agreement:
    return services.record_agreement(
        by=deed.by,
        government=deed.government,
        title={"es": told["title"], **({"en": told["title_en"]} if told["title_en"] else {})},
        text={"es": told["text"]} if told["text"] else None,
        made_on=told["made_on"],
        parties=[(each, "") for each in _whose(deed, told)],
        mark=told["mark"],
        source_text=told["source_text"],
    )


def _change(deed: Deed, record: Agreement, told: dict[str, Any]) -> None:
    texts = {"title": {**record.title, "es": told["title"], "en": told["title_en"]}, "text": {**record.text, "es": told["text"]}}
    said_anew = {name: {lang: words for lang, words in value.items() if words} for name, value in texts.items()}
    services.change_agreement(
        by=deed.by, agreement=record, parties=_whose(deed, told), made_on=told["made_on"], mark=told["mark"],
        source_text=told["source_text"], **said_anew,
    )  # fmt: skip


class DateForm(DeedForm):
    """When it was made."""

    made_on = PartialDateFormField(label=_("Fecha en que se acordó"))

    def prepare(self) -> None:
        if self.record is not None:
            self.initial = {"made_on": self.record.made_on or ""}


def _parties(agreement: Agreement, language: str) -> str:
    return "; ".join(said(each.institution.name, language) for each in agreement.party_rows.all())


def _kept(agreement: Agreement) -> str:
    """How many of its promises were kept, of how many."""
    held = [each for each in agreement.commitments.all() if each.state != CommitmentState.WITHDRAWN]
    return _("%(kept)s de %(all)s") % {"kept": sum(each.state in KEPT for each in held), "all": len(held)} if held else ""


def _facts(agreement: Agreement, language: str) -> list[Fact]:
    return [
        *facts(
            (_("Partes"), _parties(agreement, language)),
            (_("Fecha"), day(agreement.made_on)),
            (_("Por qué terminó"), agreement.end_reason),
        ),
        provenance(agreement),
    ]


def _promises(agreement: Agreement, language: str) -> list[Section]:
    """The promises that are inside, with how each stands."""
    words = (_("Compromiso"), _("Institución"), _("Para cuándo"), _("Estado"))
    rows = [
        Row.of(said(each.text, language), said(each.institution.name, language), day(each.due_on), each.get_state_display())
        for each in agreement.commitments.all()
    ]
    if not rows:
        return []
    table = Table(str(_("Compromisos del acuerdo")), [Heading(str(each)) for each in words], rows)
    return [Section(_("Lo que se prometió en él"), table=table)]


def _lacks(agreement: Agreement) -> str:
    """What is missing before it may be in force."""
    return "" if len(agreement.party_rows.all()) > 1 else str(_("Para ponerlo en vigor le falta una parte: son dos o más."))


AGREEMENTS = Kind(
    slug="acuerdos",
    singular=_("acuerdo"),
    plural=_("Acuerdos"),
    help=_("Lo que las instituciones acordaron entre sí, con sus partes, y si lo que prometieron en él se cumple."),
    empty=_("Anote el primer acuerdo: quiénes lo hacen, de qué trata y cuándo."),
    rows=lambda government, on: selectors.agreements_of(government),
    find=lambda government, public_id, on: selectors.agreement_by_id(government, public_id),
    title=lambda r, lang: said(r.title, lang),
    text=lambda r, lang: said(r.text, lang),
    status=state,
    has_chain=True,
    title_order="title__LANGUAGE",
    filters=(
        of_choices("estado", _("Estado"), "state", AgreementState),
        Filter("parte", _("Parte"), "party_rows__institution__public_id", institutions),
        of_choices("procedencia", _("Procedencia"), "mark", Mark),
    ),
    views=("tablero",),
    board="state",
    columns=(
        Column(_("Partes"), _parties),
        Column(_("Fecha"), lambda r, lang: day(r.made_on), order="made_on", plain=lambda r: r.made_on),
        Column(_("Compromisos cumplidos"), lambda r, lang: _kept(r)),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    facts=_facts,
    sections=_promises,
    create=Action(
        "nuevo",
        _("Anotar un acuerdo"),
        may_record_agreements,
        _record,
        AgreementForm,
        done=_("Acuerdo anotado: es un borrador hasta que entre en vigor."),
    ),
    actions=(
        Action(
            "compromiso",
            _("Anotar un compromiso en él"),
            may_record_agreements,
            lambda deed, r, told: GoTo("compromisos", commit(deed, r, told).public_id),
            InsideForm,
            fits=lambda r: r.state == AgreementState.IN_FORCE,
            done=_("Compromiso anotado dentro del acuerdo."),
        ),
        Action(
            "vigor",
            _("Poner en vigor"),
            may_record_agreements,
            lambda deed, r, told: services.put_in_force(by=deed.by, agreement=r, made_on=told["made_on"]),
            DateForm,
            fits=lambda r: r.state == AgreementState.DRAFT,
            lacks=_lacks,
            done=_("Vigente: sus partes ya pueden comprometerse en él."),
        ),
        Action(
            "cambiar",
            _("Cambiar"),
            may_record_agreements,
            _change,
            AgreementForm,
            fits=lambda r: r.state == AgreementState.DRAFT,
            undoes=True,
            done=_("Cambios guardados."),
        ),
        Action(
            "terminar",
            _("Darlo por terminado"),
            may_record_agreements,
            lambda deed, r, told: services.end_agreement(by=deed.by, agreement=r, reason=told["reason"]),
            ReasonForm,
            fits=lambda r: r.state == AgreementState.IN_FORCE,
            done=_("Terminado; sus compromisos quedan como están."),
            danger=True,
        ),
    ),
)

KINDS = (AGREEMENTS,)
