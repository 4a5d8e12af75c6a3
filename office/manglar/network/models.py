from django.db import models

from manglar.accounts.models import User
from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.provenance import Provenance
from manglar.foundation.translated import TranslatedTextField, in_page_language
from manglar.governments.models import OwnedModel
from manglar.network.choices import InstitutionKind, Rank
from manglar.territory.models import Division


class Institution(OwnedModel, Provenance):
    """A directorate, a ministry, a Junta Comunal, a partner."""

    public_id = PublicIdField(prefix="institucion")
    code = models.SlugField("siglas", max_length=40)
    name = TranslatedTextField("nombre")
    kind = models.CharField("clase", max_length=20, choices=InstitutionKind)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="institutions", verbose_name="territorio"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["government", "code"], name="an_institution_has_one_code_in_a_government"),
        ]

    def __str__(self) -> str:
        return in_page_language(self.name) or str(self.code)


class Post(OwnedModel):
    """A post in an institution; people pass, the post stays."""

    public_id = PublicIdField(prefix="cargo")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="posts", verbose_name="institución")
    title = TranslatedTextField("cargo")
    rank = models.CharField("rango", max_length=20, choices=Rank)

    class Meta:
        ordering = ["institution_id", "pk"]

    def __str__(self) -> str:
        return in_page_language(self.title)


class Person(OwnedModel):
    """A person (personal data: kept while they hold a post, erased on request, Ley 81 of 2019)."""

    public_id = PublicIdField(prefix="persona")
    name = models.CharField("nombre", max_length=200)
    email = models.EmailField("correo", blank=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="person")
    is_example = models.BooleanField("es un papel de ejemplo", default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Appointment(OwnedModel):
    """A person holds a post between two dates, by an instrument."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments", verbose_name="persona")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments", verbose_name="cargo")
    from_on = models.DateField("desde")
    until_on = models.DateField("hasta", null=True, blank=True)
    instrument = models.CharField("instrumento", max_length=200, blank=True)

    class Meta:
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="an_appointment_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.post}"
