from functools import partial

from django.db import models
from django.db.models import F, Q

from manglar.evidence.models import Finding
from manglar.foundation.dates import PartialDateField
from manglar.foundation.identifiers import PublicIdField, new_public_id
from manglar.foundation.money import PabField
from manglar.foundation.provenance import Mark, Provenance
from manglar.foundation.translated import TranslatedTextField, in_page_language
from manglar.governments.models import OwnedModel, SharingGrant
from manglar.network.models import Institution
from manglar.strategy.choices import EditionState, NodeState
from manglar.territory.models import Division


class Strategy(OwnedModel):
    """A strategy of a government; its editions hold what it says."""

    public_id = PublicIdField(prefix="estrategia")
    title = TranslatedTextField("título")
    due_after_days = models.PositiveSmallIntegerField("toca actualizar a los (días)", default=30)
    late_after_days = models.PositiveSmallIntegerField("atrasado a los (días)", default=60)
    stale_after_days = models.PositiveSmallIntegerField("dato viejo a los (días)", default=180)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_after_days__lt=F("late_after_days"), late_after_days__lt=F("stale_after_days")),
                name="a_figure_is_due_before_it_is_late_and_stale",
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.title) or str(self.public_id)


class LevelName(OwnedModel):
    """How this strategy calls its pillars, its objectives, its initiatives: its own words."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="levels", verbose_name="estrategia")
    depth = models.PositiveSmallIntegerField("nivel")
    singular = TranslatedTextField("en singular")
    plural = TranslatedTextField("en plural")

    class Meta:
        ordering = ["strategy_id", "depth"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "depth"], name="a_level_has_one_name_in_a_strategy"),
            models.CheckConstraint(condition=Q(depth__gte=1), name="levels_are_counted_from_one"),
        ]

    def __str__(self) -> str:
        return in_page_language(self.singular) or str(self.depth)


class Edition(OwnedModel):
    """The strategy as it stood once: written as a draft, adopted by an act, then frozen with its digest."""

    public_id = PublicIdField(prefix="edicion")
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="editions", verbose_name="estrategia")
    label = models.CharField("edición", max_length=120)
    state = models.CharField("estado", max_length=10, choices=EditionState, default=EditionState.DRAFT)
    adopted_on = PartialDateField("adoptada el", blank=True, default="")
    act = models.TextField("acto de adopción", blank=True)
    sha256 = models.CharField("huella", max_length=64, blank=True)
    level_words = models.JSONField("palabras con las que se adoptó", null=True, blank=True, editable=False)
    is_partial = models.BooleanField("es una copia parcial", default=False)
    note = models.TextField("nota", blank=True)

    class Meta:
        ordering = ["strategy_id", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "label"], name="a_label_names_one_edition_of_a_strategy"),
            models.CheckConstraint(
                condition=Q(state=EditionState.DRAFT, sha256="")
                | (Q(state=EditionState.ADOPTED) & ~Q(adopted_on="") & ~Q(act="") & ~Q(sha256="")),
                name="an_adopted_edition_has_date_act_and_digest",
            ),
            models.CheckConstraint(
                condition=Q(is_partial=False) | ~Q(note=""), name="a_partial_edition_says_what_is_missing"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Node(OwnedModel, Provenance):
    """A pillar, objective, initiative or action of an edition; its identity goes from one edition to the next."""

    identity = models.CharField(
        "identificador público", max_length=40, default=partial(new_public_id, "iniciativa"), editable=False,
        db_index=True,
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="nodes", verbose_name="edición")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="parte de"
    )
    depth = models.PositiveSmallIntegerField("nivel")
    path = models.CharField("camino de identidades", max_length=255, editable=False, db_index=True)
    position = models.PositiveIntegerField("orden", default=0)
    code = models.CharField("código", max_length=40, blank=True)
    title = TranslatedTextField("título")
    title_is_unofficial_translation = models.BooleanField("título traducido, no oficial", default=False)
    is_stub = models.BooleanField("su título no está en la fuente", default=False)
    text = TranslatedTextField("texto", blank=True)
    state = models.CharField("estado", max_length=12, choices=NodeState, default=NodeState.UNKNOWN)
    state_reason = models.TextField("motivo del estado", blank=True)
    responsible_text = models.TextField("responsables según la fuente", blank=True)
    responsibles = models.ManyToManyField(
        Institution, through="Responsibility", related_name="nodes", verbose_name="responsables"
    )
    divisions = models.ManyToManyField(Division, blank=True, related_name="nodes", verbose_name="territorio")
    findings = models.ManyToManyField(Finding, blank=True, related_name="nodes", verbose_name="hallazgos que lo motivan")
    starts_on = PartialDateField("empieza", blank=True, default="")
    ends_on = PartialDateField("termina", blank=True, default="")
    cost_pab = PabField("costo (PAB)", null=True, blank=True)
    cost_mark = models.CharField("procedencia del costo", max_length=12, choices=Mark, blank=True)
    version = models.PositiveIntegerField("versión", default=1, editable=False)

    class Meta:
        ordering = ["edition_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "identity"], name="an_identity_appears_once_in_an_edition"),
            models.UniqueConstraint(
                fields=["edition", "code"], condition=~Q(code=""), name="a_code_names_one_node_of_an_edition"
            ),
            models.CheckConstraint(
                condition=Q(depth=1, parent__isnull=True) | Q(depth__gt=1, parent__isnull=False),
                name="only_the_first_level_has_no_parent",
            ),
            models.CheckConstraint(
                condition=Q(cost_pab__isnull=True, cost_mark="") | (Q(cost_pab__gte=0) & ~Q(cost_mark="")),
                name="a_cost_is_not_negative_and_carries_a_mark",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {in_page_language(self.title)}".strip()

    @property
    def public_id(self) -> str:
        """The identity under the name that every other record uses."""
        return self.identity


class Responsibility(OwnedModel):
    """An institution answers for a node."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="responsibilities")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="responsibilities")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["node", "institution"], name="an_institution_answers_once_for_a_node"),
        ]

    def __str__(self) -> str:
        return f"{self.institution} · {self.node}"


class Contribution(OwnedModel):
    """What another government adds to a node that was shared with it; owned by who contributes."""

    public_id = PublicIdField(prefix="aporte")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="contributions", verbose_name="nodo")
    grant = models.ForeignKey(SharingGrant, on_delete=models.PROTECT, related_name="+", verbose_name="permiso usado")
    text = TranslatedTextField("aporte")
    author_name = models.CharField("quién", max_length=200)
    contributed_on = models.DateField("fecha")

    class Meta:
        ordering = ["-contributed_on", "-pk"]

    def __str__(self) -> str:
        return in_page_language(self.text)
