from django.db import models

from manglar.accounts.models import User
from manglar.evidence.choices import FindingState
from manglar.foundation.dates import PartialDateField
from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.provenance import Provenance
from manglar.foundation.translated import TranslatedTextField, in_page_language
from manglar.governments.models import OwnedModel
from manglar.operations.models import StoredFile
from manglar.territory.models import Division


class HazardType(models.Model):
    """A hazard by its code; label in our own words, editable by the installation."""

    code = models.SlugField("código", max_length=40, unique=True)
    name = TranslatedTextField("nombre")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return in_page_language(self.name) or str(self.code)


class Source(OwnedModel):
    """Where something was read: a document, a page, a data set."""

    public_id = PublicIdField(prefix="fuente")
    title = models.CharField("título", max_length=300)
    publisher = models.CharField("quién lo publica", max_length=200, blank=True)
    url = models.URLField("dirección", max_length=500, blank=True)
    published_on = PartialDateField("fecha", blank=True, default="")
    licence = models.CharField("licencia", max_length=200, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Finding(OwnedModel, Provenance):
    """Something the office found out, said in a sentence, with where and on what it rests."""

    public_id = PublicIdField(prefix="hallazgo")
    title = TranslatedTextField("título")
    text = TranslatedTextField("explicación")
    hazard = models.ForeignKey(HazardType, on_delete=models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="amenaza")
    divisions = models.ManyToManyField(Division, blank=True, related_name="findings", verbose_name="territorio")
    sources = models.ManyToManyField(Source, blank=True, related_name="findings", verbose_name="fuentes")
    found_on = models.DateField("fecha")
    state = models.CharField("estado", max_length=12, choices=FindingState, default=FindingState.DRAFT)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quién lo anotó")
    revised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quién lo corrigió")
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quién lo revisó")
    reviewed_on = models.DateField("revisado el", null=True, blank=True)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes", verbose_name="sustituido por")
    version = models.PositiveIntegerField("versión", default=1)

    class Meta:
        ordering = ["-found_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="superseded") | models.Q(superseded_by__isnull=False),
                name="a_superseded_finding_names_its_successor",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="reviewed") | models.Q(reviewed_on__isnull=False),
                name="a_reviewed_finding_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.title)
