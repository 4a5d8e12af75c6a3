from typing import Any

from django.db import models
from django.db.models import Q

from manglar.foundation.identifiers import PublicIdField
from manglar.governments.models import OwnedModel
from manglar.publication.choices import Relation


class Release(OwnedModel):
    """A frozen public copy of a record, with its digest; a new one takes the place of the last."""

    public_id = PublicIdField(prefix="publicacion")
    kind = models.CharField("clase", max_length=20)
    subject_id = models.CharField("registro", max_length=40)
    version = models.PositiveIntegerField("versión")
    payload = models.JSONField("copia congelada")
    sha256 = models.CharField("huella", max_length=64)
    released_at = models.DateTimeField("publicada")
    released_by_name = models.CharField("la publicó", max_length=200)
    is_current = models.BooleanField("es la vigente", default=True)
    withdrawn_at = models.DateTimeField("retirada", null=True, blank=True)
    withdrawn_reason = models.TextField("por qué se retiró", blank=True)
    subject_on = models.CharField("fecha del registro", max_length=10, blank=True)
    division_codes = models.TextField("territorio, para buscar", blank=True)
    folded = models.TextField("texto, para buscar", blank=True)

    class Meta:
        ordering = ["-released_at", "-pk"]
        indexes = [
            models.Index(fields=["subject_id", "is_current"], name="releases_of_a_record"),
            models.Index(fields=["kind", "is_current", "-released_at"], name="releases_of_a_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "version"], name="versions_of_a_release_are_counted"),
            models.UniqueConstraint(
                fields=["subject_id"], condition=Q(is_current=True), name="a_record_has_one_current_release"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | (Q(is_current=False) & ~Q(withdrawn_reason="")),
                name="a_withdrawn_release_is_not_current_and_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} v{self.version}"

    @property
    def links(self) -> list[dict[str, Any]]:
        """The links to what was public when this was released, as frozen."""
        return list(self.payload.get("links", []))


class ReleaseLink(OwnedModel):
    """From a released record to one above it, public or not yet: shown only while both ends are public."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="links_up")
    to_kind = models.CharField(max_length=20)
    to_id = models.CharField(max_length=40, db_index=True)
    relation = models.CharField(max_length=20, choices=Relation)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["release", "to_id", "relation"], name="a_release_points_once_at_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.release} → {self.to_id}"
