from django.db import models
from django.db.models import Q

from manglar.agreements.choices import AgreementState, CommitmentState
from manglar.agreements.rules import NEEDS_REASON
from manglar.foundation.dates import PartialDateField
from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.provenance import Provenance
from manglar.foundation.translated import TranslatedTextField, in_page_language
from manglar.governments.models import OwnedModel
from manglar.network.models import Institution
from manglar.strategy.models import Node


class Agreement(OwnedModel, Provenance):
    """Something that institutions agreed, on a day."""

    public_id = PublicIdField(prefix="acuerdo")
    title = TranslatedTextField("título")
    text = TranslatedTextField("qué se acordó", blank=True)
    made_on = PartialDateField("fecha", blank=True, default="")
    state = models.CharField("estado", max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    end_reason = models.TextField("por qué terminó", blank=True)
    parties = models.ManyToManyField(Institution, through="Party", related_name="agreements", verbose_name="partes")

    class Meta:
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=AgreementState.DRAFT) | ~Q(made_on=""), name="an_agreement_in_force_has_a_date"
            ),
            models.CheckConstraint(
                condition=~Q(state=AgreementState.ENDED) | ~Q(end_reason=""), name="an_ended_agreement_says_why"
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.title)


class Party(OwnedModel):
    """An institution takes part in an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="party_rows")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("papel", max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "institution"], name="an_institution_is_party_once"),
        ]

    def __str__(self) -> str:
        return f"{self.institution} · {self.agreement}"


class Commitment(OwnedModel, Provenance):
    """What one institution promised, by when."""

    public_id = PublicIdField(prefix="compromiso")
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name="acuerdo"
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="commitments", verbose_name="institución"
    )
    node = models.ForeignKey(
        Node, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name="iniciativa"
    )
    text = TranslatedTextField("qué se promete")
    made_on = models.DateField("prometido el")
    due_on = PartialDateField("para cuándo", blank=True, default="")
    state = models.CharField("estado", max_length=12, choices=CommitmentState, default=CommitmentState.OPEN)
    state_on = models.DateField("en este estado desde")
    state_reason = models.TextField("motivo o nota", blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["government", "state", "due_on"], name="promises_that_wait")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=sorted(NEEDS_REASON)) | ~Q(state_reason=""),
                name="a_promise_broken_or_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.text)
