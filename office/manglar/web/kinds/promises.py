"""The forms of what an institution promises: made by itself, inside an agreement, and put right while it is alive."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.agreements import services
from manglar.agreements.choices import AgreementState
from manglar.agreements.models import Agreement
from manglar.agreements.selectors import agreement_by_id, agreements_of
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.network.models import Institution
from manglar.network.selectors import institution_by_id, institutions_of
from manglar.strategy.selectors import node_by_identity
from manglar.web.kinds.base import Deed
from manglar.web.kinds.forms import DeedForm, PartialDateFormField, choices_of, english, mark_field, spanish
from manglar.web.kinds.words import day, initiatives, own


class CommitmentForm(DeedForm):
    """What one institution promises, by when."""

    institution = forms.ChoiceField(label=_("Institución"))
    text = spanish(_("A qué se compromete"), rows=3)
    text_en = english(_("Lo mismo en inglés"), rows=2)
    made_on = forms.DateField(
        label=_("Prometido el"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Si se deja vacío, hoy."),
    )
    due_on = PartialDateFormField(label=_("Para cuándo"), required=False)
    node = forms.ChoiceField(label=_("Iniciativa"), required=False)
    agreement = forms.ChoiceField(
        label=_("Dentro del acuerdo"), required=False, help_text=_("Solo se comprometen en él las instituciones que son parte.")
    )
    mark = mark_field()
    source_text = spanish(_("Fuente"), required=False)

    def prepare(self) -> None:
        government = self.deed.government
        self.offer("institution", choices_of(institutions_of(government), empty=_("Elija una…")))
        self.offer("node", initiatives(government, empty="—"))
        open_ones = agreements_of(government).exclude(state=AgreementState.ENDED)
        self.offer("agreement", choices_of(open_ones, empty="—"))
        self.fields["made_on"].initial = self.deed.on

    def clean(self) -> dict[str, Any]:
        """A promise that was made, and that falls due after it was made; each refusal stands beside its field."""
        told = super().clean()
        made_on = told.get("made_on") or self.deed.on
        if made_on > self.deed.on:
            self.add_error("made_on", _("Todavía no llega ese día: escriba cuándo se prometió."))
        elif (due_on := told.get("due_on")) and due_on.last_day < made_on:
            self.add_error(
                "due_on",
                _("Vence (%(due)s) antes de prometerse (%(made)s): corrija la fecha, o «Prometido el» si se prometió antes.")
                % {"due": day(due_on), "made": day(made_on)},
            )
        return {**told, "made_on": made_on}


class ChangedCommitmentForm(CommitmentForm):
    """The same, as it stands, and why it is put right."""

    reason = forms.CharField(label=_("Por qué se cambia"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2_000)

    def prepare(self) -> None:
        super().prepare()
        promise = self.record
        if promise is None:
            return
        if promise.agreement is not None:  # one that is over may hold it still
            there = dict(choices_of([promise.agreement]))
            self.offer("agreement", list({**dict(self.fields["agreement"].choices), **there}.items()))  # type: ignore[attr-defined]  # a ChoiceField
        self.initial = {
            "institution": promise.institution.public_id,
            "text": promise.text.get("es", ""),
            "text_en": promise.text.get("en", ""),
            "made_on": promise.made_on,
            "due_on": promise.due_on or "",
            "node": promise.node.identity if promise.node else "",
            "agreement": promise.agreement.public_id if promise.agreement else "",
            "mark": promise.mark,
            "source_text": promise.source_text,
        }


class InsideForm(CommitmentForm):
    """What a party of an agreement promises in it."""

    def prepare(self) -> None:
        super().prepare()
        del self.fields["agreement"]
        if self.record is not None:
            parties = [each.institution for each in self.record.party_rows.all()]
            self.offer("institution", choices_of(parties, empty=_("Elija una de las partes…")))


def commit(deed: Deed, record: Agreement | None, told: dict[str, Any]) -> Any:
    """Record a promise; ``record`` is the agreement on whose page it is made."""
    return services.record_commitment(
        by=deed.by,
        government=deed.government,
        agreement=record or _agreement(deed, told["agreement"]),
        **_said(deed, told),
    )


def change_commitment(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    """Put a promise right."""
    said = _said(deed, told)
    said["text"] = {language: words for language, words in {**record.text, **said["text"], "en": told["text_en"]}.items() if words}
    services.change_commitment(
        by=deed.by, commitment=record, agreement=_agreement(deed, told["agreement"]), reason=told["reason"], **said
    )


def _said(deed: Deed, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "institution": _institution(deed, told["institution"]),
        "made_on": told["made_on"],
        "due_on": told["due_on"],
        "text": {"es": told["text"], **({"en": told["text_en"]} if told["text_en"] else {})},
        "mark": told["mark"],
        "source_text": told["source_text"],
        "node": node_by_identity(deed.government, told["node"]) if told["node"] else None,
    }


def _institution(deed: Deed, public_id: str) -> Institution:
    found = own(institution_by_id(public_id), deed.government)
    if found is None:
        raise InvalidInput(say("Esa institución no es de este gobierno."))
    return found


def _agreement(deed: Deed, public_id: str) -> Agreement | None:
    return agreement_by_id(deed.government, public_id) if public_id else None
