from django.db import models

from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.translated import TranslatedTextField, in_page_language
from manglar.governments.choices import GovernmentKind, Scope


class Government(models.Model):
    """A government that owns records: a municipality, a ministry."""

    code = models.SlugField("código", max_length=40, unique=True)
    name = TranslatedTextField("nombre")
    kind = models.CharField("clase", max_length=20, choices=GovernmentKind)
    language = models.CharField("idioma principal", max_length=8, default="es")
    currency = models.CharField("moneda", max_length=3, default="PAB")
    time_zone = models.CharField("zona horaria", max_length=40, default="America/Panama")
    is_home = models.BooleanField("es el gobierno de esta instalación", default=False)
    is_example = models.BooleanField("es un ejemplo", default=False)

    class Meta:
        ordering = ["-is_home", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_home"], condition=models.Q(is_home=True), name="an_installation_has_one_home_government"
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.name) or str(self.code)


class OwnedModel(models.Model):
    """A record that a government owns."""

    government = models.ForeignKey(
        Government, on_delete=models.PROTECT, related_name="+", verbose_name="gobierno dueño"
    )

    class Meta:
        abstract = True


class SharingGrant(OwnedModel):
    """A government lets another read, or add to, one of its records, between two dates."""

    public_id = PublicIdField(prefix="permiso")
    to = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="grants_received", verbose_name="para")
    record_id = models.CharField("registro compartido", max_length=40, db_index=True)
    scope = models.CharField("alcance", max_length=12, choices=Scope, default=Scope.READ)
    reason = models.TextField("motivo")
    from_on = models.DateField("desde")
    until_on = models.DateField("hasta", null=True, blank=True)
    revoked_on = models.DateField("revocado el", null=True, blank=True)
    revoked_reason = models.TextField("motivo de la revocación", blank=True)

    class Meta:
        ordering = ["-from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(government=models.F("to")), name="a_grant_is_for_another_government"
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="a_grant_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_on__isnull=True) | ~models.Q(revoked_reason=""),
                name="a_revoked_grant_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.government} → {self.to}: {self.record_id}"
