from django.db import models
from django.db.models import Q

from manglar.accounts.models import SignedLink, User
from manglar.agreements.models import Commitment
from manglar.delivery.choices import MilestoneState, UpdateState
from manglar.foundation.dates import PartialDateField
from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.provenance import Provenance
from manglar.foundation.translated import TranslatedTextField, in_page_language
from manglar.governments.models import OwnedModel
from manglar.network.models import Person
from manglar.operations.models import StoredFile
from manglar.strategy.models import Node


class Milestone(OwnedModel, Provenance):
    """A step of an action or of a commitment, by a date."""

    public_id = PublicIdField(prefix="hito")
    node = models.ForeignKey(
        Node, on_delete=models.PROTECT, null=True, blank=True, related_name="milestones", verbose_name="iniciativa o acción"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="milestones", verbose_name="compromiso"
    )
    title = TranslatedTextField("hito")
    due_on = PartialDateField("para cuándo", blank=True, default="")
    state = models.CharField("estado", max_length=12, choices=MilestoneState, default=MilestoneState.PLANNED)
    percent = models.PositiveSmallIntegerField("avance (%)", default=0)
    created_on = models.DateField("creado el")
    last_approved_on = models.DateField("último reporte aprobado", null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["government", "state", "due_on"], name="milestones_that_wait")]
        constraints = [
            models.CheckConstraint(
                condition=Q(node__isnull=False) | Q(commitment__isnull=False),
                name="a_milestone_is_of_an_action_or_a_commitment",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="a_milestone_is_at_most_complete"),
        ]

    def __str__(self) -> str:
        return in_page_language(self.title)


class MilestoneUpdate(OwnedModel):
    """What someone reported of a milestone; who approves it never becomes its author."""

    public_id = PublicIdField(prefix="reporte")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="updates", verbose_name="hito")
    state = models.CharField("estado", max_length=10, choices=UpdateState, default=UpdateState.DRAFT)
    reported_state = models.CharField("estado reportado", max_length=12, choices=MilestoneState)
    percent = models.PositiveSmallIntegerField("avance (%)", null=True, blank=True)
    text = TranslatedTextField("qué se hizo")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="archivo")
    reported_on = models.DateField("fecha")
    author_name = models.CharField("reportó", max_length=200)
    author_ref = models.CharField("cuenta o enlace con que se reportó", max_length=40, blank=True)
    sent_at = models.DateTimeField("enviado", null=True, blank=True)
    link = models.OneToOneField(
        SignedLink, on_delete=models.PROTECT, null=True, blank=True, related_name="milestone_update", verbose_name="enlace"
    )
    revise_reason = models.TextField("qué corregir", blank=True)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cuenta de quien aprobó"
    )
    approved_by_name = models.CharField("aprobó", max_length=200, blank=True)
    approved_at = models.DateTimeField("aprobado", null=True, blank=True)

    class Meta:
        ordering = ["-reported_on", "-pk"]
        # Without the government: those that wait are few, and a planner without figures would take that for a narrow way in.
        indexes = [models.Index(fields=["state", "reported_on"], name="reports_that_wait")]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100), name="a_report_is_at_most_complete"
            ),
            models.CheckConstraint(
                condition=~Q(state=UpdateState.REVISE) | ~Q(revise_reason=""), name="a_report_to_correct_says_what"
            ),
            models.CheckConstraint(
                condition=Q(state=UpdateState.APPROVED, approved_at__isnull=False)
                | (~Q(state=UpdateState.APPROVED) & Q(approved_at__isnull=True)),
                name="an_approved_report_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} · {self.reported_on}"


class UpdateRequest(OwnedModel):
    """A person was asked to report on a milestone, with a link that works once."""

    public_id = PublicIdField(prefix="pedido")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="requests", verbose_name="hito")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="a quién")
    link = models.OneToOneField(
        SignedLink, on_delete=models.PROTECT, related_name="update_request", verbose_name="enlace"
    )
    asked_at = models.DateTimeField("pedido")
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cuenta de quien pide"
    )
    asked_by_name = models.CharField("quién pide", max_length=200, blank=True)
    corrects = models.ForeignKey(
        MilestoneUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections",
        verbose_name="reporte por corregir",
    )

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person}: {self.milestone}"


class Obstacle(OwnedModel):
    """What stands in the way of a milestone, until it is solved."""

    public_id = PublicIdField(prefix="obstaculo")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="obstacles", verbose_name="hito")
    text = TranslatedTextField("obstáculo")
    since_on = models.DateField("desde")
    solved_on = models.DateField("resuelto el", null=True, blank=True)
    solution = TranslatedTextField("cómo se resolvió", blank=True)

    class Meta:
        ordering = ["-since_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(solved_on__isnull=True) | Q(solved_on__gte=models.F("since_on")),
                name="an_obstacle_is_solved_after_it_appears",
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.text)
