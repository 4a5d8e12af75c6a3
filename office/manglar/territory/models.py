from django.db import models

from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.provenance import Provenance
from manglar.governments.models import OwnedModel
from manglar.territory.choices import Level


class Division(OwnedModel):
    """A piece of the territory with the dates between which it exists."""

    public_id = PublicIdField(prefix="division")
    code = models.CharField("código", max_length=20)
    name = models.CharField("nombre", max_length=120)
    level = models.CharField("nivel", max_length=20, choices=Level)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="parte de"
    )
    valid_from = models.DateField("existe desde", null=True, blank=True)
    valid_until = models.DateField("existe hasta", null=True, blank=True)
    split_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="offshoots", verbose_name="se separó de"
    )
    area_km2 = models.FloatField("superficie (km²)", null=True, blank=True)
    population = models.PositiveIntegerField("población", null=True, blank=True)
    population_year = models.PositiveSmallIntegerField("año de la población", null=True, blank=True)
    population_mark = models.CharField("procedencia de la población", max_length=12, blank=True)
    population_source = models.TextField("fuente de la población", blank=True)

    class Meta:
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_until__isnull=True), name="a_code_names_one_living_division"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_from__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="a_division_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(population__isnull=True)
                | (models.Q(population_year__isnull=False) & ~models.Q(population_mark="")),
                name="a_population_has_a_year_and_a_mark",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DivisionAlias(OwnedModel):
    """Another name under which files of other people know a division, folded for comparison."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField("otro nombre", max_length=120)
    folded = models.CharField(max_length=120, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "folded"], name="a_division_has_an_alias_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(OwnedModel, Provenance):
    """The outline of a division in EPSG:4326 as WKB, with its box; from a day on."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="boundaries")
    geometry = models.BinaryField("geometría (WKB, EPSG:4326)")
    west = models.FloatField(db_index=True)
    south = models.FloatField(db_index=True)
    east = models.FloatField(db_index=True)
    north = models.FloatField(db_index=True)
    is_schematic = models.BooleanField("es un esquema, no un límite", default=False)
    valid_from = models.DateField("desde", null=True, blank=True)
    is_current = models.BooleanField("es el vigente", default=True)
    repaired = models.BooleanField("se reparó al importarlo", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division"], condition=models.Q(is_current=True), name="a_division_has_one_current_boundary"
            ),
            models.CheckConstraint(
                condition=models.Q(west__lte=models.F("east"), south__lte=models.F("north")),
                name="a_box_is_not_inside_out",
            ),
        ]

    def __str__(self) -> str:
        return f"límite de {self.division}"


class MapLayer(OwnedModel, Provenance):
    """Many points of a city (its buildings, its trees) that are drawn and counted but are no records one by one.

    ``parts``: the files of its tiles with their zooms; ``counts``: how many in each division, by code, and outside («»).
    """

    public_id = PublicIdField(prefix="capa")
    slug = models.SlugField("nombre corto", max_length=40)
    title = models.CharField("título", max_length=120)
    file_name = models.CharField("archivo", max_length=200)
    sha256 = models.CharField("huella", max_length=64)
    count = models.PositiveIntegerField("cuántos")
    counts = models.JSONField("cuántos en cada territorio", default=dict)
    classes = models.JSONField("cuántos de cada clase", default=dict, blank=True)
    breaks = models.JSONField("clases de la leyenda", default=list)
    parts = models.JSONField("archivos de sus teselas", default=list)
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    loaded_at = models.DateTimeField("cuándo")

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["government", "slug"], name="a_layer_has_its_own_short_name"),
            models.CheckConstraint(condition=models.Q(count__gt=0), name="a_layer_has_something_to_draw"),
        ]

    def __str__(self) -> str:
        return self.title
