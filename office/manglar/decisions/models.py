from django.db import models
from django.db.models import F, Q

from manglar.accounts.models import User
from manglar.agreements.models import Commitment
from manglar.decisions.choices import DecisionState, NoteState
from manglar.evidence.models import Finding
from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.money import PabField
from manglar.foundation.provenance import Mark
from manglar.foundation.translated import TranslatedTextField, in_page_language
from manglar.governments.models import OwnedModel
from manglar.strategy.models import Node


class AdviceNote(OwnedModel):
    """A question put to the mayor, with options, costs, computed risk and a recommendation."""

    public_id = PublicIdField(prefix="nota")
    question = TranslatedTextField("pregunta")
    context = TranslatedTextField("contexto", blank=True)
    node = models.ForeignKey(
        Node, on_delete=models.PROTECT, null=True, blank=True, related_name="notes", verbose_name="iniciativa"
    )
    findings = models.ManyToManyField(Finding, blank=True, related_name="notes", verbose_name="hallazgos")
    state = models.CharField("estado", max_length=10, choices=NoteState, default=NoteState.DRAFT)
    state_reason = models.TextField("motivo del estado", blank=True)
    recommendation = models.ForeignKey(
        "AdviceOption", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="recomendación"
    )
    risk_run_id = models.CharField("corrida de riesgo", max_length=40, blank=True)
    risk_summary = models.JSONField("resumen del riesgo, congelado", default=dict, blank=True)
    author_name = models.CharField("la escribió", max_length=200)
    author_ref = models.CharField(max_length=40, blank=True)
    written_on = models.DateField("escrita el")
    submitted_on = models.DateField("presentada el", null=True, blank=True)
    version = models.PositiveIntegerField("versión", default=1, editable=False)

    class Meta:
        ordering = ["-written_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[NoteState.SUBMITTED, NoteState.DECIDED]) | Q(submitted_on__isnull=False),
                name="a_presented_note_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=NoteState.WITHDRAWN) | ~Q(state_reason=""), name="a_withdrawn_note_says_why"
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.question)


class AdviceOption(OwnedModel):
    """One answer to the question, with what it costs and what damage it avoids."""

    public_id = PublicIdField(prefix="opcion")
    note = models.ForeignKey(AdviceNote, on_delete=models.PROTECT, related_name="options", verbose_name="nota")
    order = models.PositiveSmallIntegerField("orden")
    title = TranslatedTextField("título")
    text = TranslatedTextField("texto", blank=True)
    cost_pab = PabField("costo (PAB)", null=True, blank=True)
    cost_mark = models.CharField("procedencia del costo", max_length=12, choices=Mark, blank=True)
    avoided_damage_pab = PabField("daño anual evitado (PAB)", null=True, blank=True)
    avoided_damage_low_pab = PabField("daño evitado, bajo", null=True, blank=True)
    avoided_damage_high_pab = PabField("daño evitado, alto", null=True, blank=True)
    avoided_damage_mark = models.CharField("procedencia del daño evitado", max_length=12, choices=Mark, blank=True)
    criteria = models.JSONField("criterios", default=dict, blank=True)

    class Meta:
        ordering = ["note_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["note", "order"], name="options_of_a_note_have_an_order"),
            models.CheckConstraint(
                condition=Q(cost_pab__isnull=True, cost_mark="") | (Q(cost_pab__gte=0) & ~Q(cost_mark="")),
                name="the_cost_of_an_option_carries_a_mark",
            ),
            models.CheckConstraint(
                condition=Q(avoided_damage_pab__isnull=True, avoided_damage_mark="")
                | (Q(avoided_damage_pab__isnull=False) & ~Q(avoided_damage_mark="")),
                name="an_avoided_damage_carries_a_mark",
            ),
            models.CheckConstraint(
                condition=Q(avoided_damage_low_pab__isnull=True) | Q(avoided_damage_high_pab__isnull=True)
                | Q(avoided_damage_low_pab__lte=F("avoided_damage_high_pab")),
                name="a_range_of_avoided_damage_is_in_order",
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.title)


class Decision(OwnedModel):
    """What was decided, by whom, when and why."""

    public_id = PublicIdField(prefix="decision")
    note = models.ForeignKey(
        AdviceNote, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name="nota"
    )
    option = models.ForeignKey(
        AdviceOption, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="opción elegida"
    )
    title = TranslatedTextField("qué se decidió")
    reason = TranslatedTextField("por qué")
    decided_on = models.DateField("fecha")
    decided_by_post = models.CharField("cargo que decide", max_length=200)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_by_name = models.CharField("quién decide", max_length=200)
    state = models.CharField("estado", max_length=10, choices=DecisionState, default=DecisionState.TAKEN)
    state_reason = models.TextField("motivo del estado", blank=True)
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes", verbose_name="sustituida por"
    )
    commitments = models.ManyToManyField(Commitment, through="DecisionFollowUp", related_name="decisions")

    class Meta:
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["note"], condition=Q(state=DecisionState.TAKEN), name="a_note_has_one_decision_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.SUPERSEDED) | Q(superseded_by__isnull=False),
                name="a_superseded_decision_names_its_successor",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.REVOKED) | ~Q(state_reason=""), name="a_revoked_decision_says_why"
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.title)


class DecisionFollowUp(OwnedModel):
    """A commitment follows from a decision."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="follow_ups")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="follow_ups")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "commitment"], name="a_commitment_follows_once_from_a_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} → {self.commitment}"
