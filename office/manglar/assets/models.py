from django.db import models

from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.money import PabField
from manglar.foundation.provenance import Mark, Provenance
from manglar.foundation.translated import TranslatedTextField, in_page_language
from manglar.governments.models import OwnedModel
from manglar.territory.models import Division


class AssetKind(models.Model):
    """A kind of asset; its defaults fill what the city does not know of one, and say so."""

    code = models.SlugField("código", max_length=40, unique=True)
    name = TranslatedTextField("nombre")
    default_value_pab = PabField("valor supuesto (B/.)", null=True, blank=True)
    default_people = models.PositiveIntegerField("personas supuestas", null=True, blank=True)
    default_building_class = models.CharField("clase de edificio supuesta", max_length=40, blank=True)
    default_occupancy = models.CharField("uso supuesto", max_length=40, blank=True)
    default_mark = models.CharField("procedencia de lo supuesto", max_length=12, choices=Mark, default=Mark.ESTIMATE)
    default_source = models.TextField("fuente de lo supuesto", blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return in_page_language(self.name) or str(self.code)


class AssetImport(OwnedModel):
    """One import of assets: the file, and what was odd about its rows; undoing is of every import (operations)."""

    file_name = models.CharField("archivo", max_length=200)
    sha256 = models.CharField("huella", max_length=64)
    kind = models.ForeignKey(AssetKind, on_delete=models.PROTECT, related_name="imports", verbose_name="clase")
    counts = models.JSONField("cuentas", default=dict)
    report = models.JSONField("informe", default=dict)
    at = models.DateTimeField("cuándo")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.kind})"


class Asset(OwnedModel, Provenance):
    """Something that the city has, at a place, with what is known of it."""

    public_id = PublicIdField(prefix="activo")
    kind = models.ForeignKey(AssetKind, on_delete=models.PROTECT, related_name="assets", verbose_name="clase")
    name = models.CharField("nombre", max_length=200)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="assets", verbose_name="territorio"
    )
    lon = models.FloatField("longitud", null=True, blank=True)
    lat = models.FloatField("latitud", null=True, blank=True)
    value_pab = PabField("valor (B/.)", null=True, blank=True)
    people = models.PositiveIntegerField("personas", null=True, blank=True)
    building_class = models.CharField("clase de edificio", max_length=40, blank=True)
    occupancy = models.CharField("uso", max_length=40, blank=True)
    is_critical = models.BooleanField("es crítico", default=False)
    external_id = models.CharField("identificador del archivo", max_length=80, blank=True)
    attributes = models.JSONField("todo lo demás de su fila", default=dict, blank=True)
    is_outside = models.BooleanField("está fuera de todo límite, o sin lugar", default=False)
    position_is_approximate = models.BooleanField("su lugar es aproximado", default=False)
    imported_by = models.ForeignKey(
        AssetImport, on_delete=models.PROTECT, null=True, blank=True, related_name="assets", verbose_name="carga"
    )

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["government", "kind", "division"], name="assets_of_a_kind_by_place"),
            models.Index(fields=["lon", "lat"], name="assets_by_place"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_outside=True) | (models.Q(lon__isnull=False) & models.Q(lat__isnull=False)),
                name="an_asset_without_a_place_is_outside",
            ),
            models.CheckConstraint(
                condition=(models.Q(lon__isnull=True) & models.Q(lat__isnull=True))
                | models.Q(
                    lon__isnull=False, lat__isnull=False, lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90
                ),
                name="a_place_is_a_longitude_and_a_latitude",
            ),
            models.CheckConstraint(
                condition=models.Q(is_outside=False) | models.Q(division__isnull=True),
                name="an_asset_outside_is_in_no_division",
            ),
        ]

    def __str__(self) -> str:
        return self.name
