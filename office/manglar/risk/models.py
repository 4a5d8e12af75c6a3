from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from manglar.assets.models import Asset
from manglar.evidence.models import Finding, HazardType
from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.money import PabField
from manglar.foundation.provenance import Provenance
from manglar.foundation.translated import TranslatedTextField
from manglar.governments.models import OwnedModel
from manglar.operations.models import Job, StoredFile
from manglar.risk.choices import DatasetKind, RunState, Study
from manglar.territory.models import Division


class Dataset(OwnedModel, Provenance):
    """What a run is fed with besides the assets: faults, functions; as read, with what was understood."""

    public_id = PublicIdField(prefix="datos")
    kind = models.CharField("clase", max_length=20, choices=DatasetKind)
    name = models.CharField("nombre", max_length=200)
    licence = models.CharField("licencia", max_length=200, blank=True)
    crs = models.CharField("sistema de coordenadas", max_length=40, blank=True)
    unit = models.CharField("unidad", max_length=40, blank=True)
    year = models.PositiveSmallIntegerField("año", null=True, blank=True)
    version_note = models.CharField("versión", max_length=300, blank=True)
    sha256 = models.CharField("huella del archivo", max_length=64)
    reading_sha256 = models.CharField("huella de cómo se lee", max_length=64, blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="archivo"
    )
    content = models.JSONField("lo leído", default=list)
    #: How the file must be read: what a person said and the file does not (hazard, scenario, columns…).
    meaning = models.JSONField("cómo se lee", default=dict)
    #: What was seen in it: bounds, cells, least and most, return periods, a small picture.
    summary = models.JSONField("lo que tiene", default=dict)
    notes = models.JSONField("notas de la lectura", default=list)
    created_at = models.DateTimeField("registrado", default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["government", "kind", "sha256", "reading_sha256"],
                name="a_government_registers_the_same_reading_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Run(OwnedModel):
    """One question to the engine, with what is needed to ask it again and get the same bytes."""

    public_id = PublicIdField(prefix="corrida")
    title = models.CharField("título", max_length=200)
    study = models.CharField("estudio", max_length=12, choices=Study, default=Study.SEISMIC)
    #: Of a run of several hazards, the first; its ``spec`` names all.
    hazard = models.ForeignKey(HazardType, on_delete=models.PROTECT, related_name="runs", verbose_name="amenaza")
    spec = models.JSONField("lo pedido", default=dict)
    state = models.CharField("estado", max_length=10, choices=RunState, default=RunState.QUEUED)
    seed = models.PositiveBigIntegerField("semilla")
    samples = models.PositiveIntegerField("muestras")
    engine_version = models.CharField("versión del motor", max_length=40, blank=True)
    manifest = models.JSONField("manifiesto", default=dict)
    manifest_digest = models.CharField("huella del manifiesto", max_length=64, blank=True)
    faults = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="runs", verbose_name="fallas"
    )
    inputs = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="entradas"
    )
    inputs_sha256 = models.CharField("huella de las entradas", max_length=64, blank=True)
    result = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="resultado"
    )
    result_sha256 = models.CharField("huella del resultado", max_length=64, blank=True)
    #: In which unit, and once in how many years, the intensities of its assets are.
    intensity_unit = models.CharField("unidad de la intensidad", max_length=40, blank=True)
    often_years = models.FloatField("período corto (años)", null=True, blank=True)
    rare_years = models.FloatField("período largo (años)", null=True, blank=True)
    sentence = TranslatedTextField("en una frase")
    notes = models.JSONField("notas de la oficina", default=list)
    asked_at = models.DateTimeField("pedida", default=timezone.now)
    started_at = models.DateTimeField("empezada", null=True, blank=True)
    finished_at = models.DateTimeField("terminada", null=True, blank=True)
    asked_by = models.CharField("pedida por", max_length=200)
    job = models.OneToOneField(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="run", verbose_name="trabajo"
    )
    error = models.TextField("error", blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=RunState.DONE)
                | (Q(result__isnull=False, inputs__isnull=False) & ~Q(result_sha256="") & ~Q(manifest_digest="")),
                name="a_run_that_is_done_has_a_result",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.FAILED) | ~Q(error=""), name="a_run_that_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("asked_at")),
                name="a_run_ends_after_it_is_asked",
            ),
        ]
        indexes = [models.Index(fields=["hazard", "state", "-id"], name="the_latest_run_of_a_hazard")]

    def __str__(self) -> str:
        return self.title


class TerritoryRisk(OwnedModel):
    """What a run says of one division: expected damage and people by year.

    The ends of an interval are empty where nothing says how sure the mean is; people, where nobody asked.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="territories")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="risks")
    assets = models.PositiveIntegerField("activos")
    value_pab = PabField("valor de reposición")
    people = models.FloatField("personas")
    ead_mean_pab = PabField("daño anual esperado")
    ead_p05_pab = PabField("daño anual, 5%", null=True)
    ead_p95_pab = PabField("daño anual, 95%", null=True)
    affected_mean = models.FloatField("personas afectadas al año", null=True)
    affected_p05 = models.FloatField("personas afectadas al año, 5%", null=True)
    affected_p95 = models.FloatField("personas afectadas al año, 95%", null=True)
    share = models.FloatField("parte del total")
    avoided_mean_pab = PabField("daño anual evitado", null=True)
    avoided_p05_pab = PabField("daño anual evitado, 5%", null=True)
    avoided_p95_pab = PabField("daño anual evitado, 95%", null=True)

    class Meta:
        ordering = ["-ead_mean_pab", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "division"], name="a_run_speaks_of_a_division_once"),
            models.CheckConstraint(
                condition=Q(ead_p05_pab__lte=F("ead_mean_pab"), ead_p95_pab__gte=F("ead_mean_pab")),
                name="the_interval_of_damage_holds_its_mean",
            ),
            models.CheckConstraint(
                condition=Q(affected_p05__lte=F("affected_mean"), affected_p95__gte=F("affected_mean")),
                name="the_interval_of_people_holds_its_mean",
            ),
            models.CheckConstraint(
                condition=Q(avoided_p05_pab__isnull=True, avoided_p95_pab__isnull=True)
                | Q(
                    avoided_mean_pab__isnull=False,
                    avoided_p05_pab__isnull=False,
                    avoided_p95_pab__isnull=False,
                    avoided_p05_pab__lte=F("avoided_mean_pab"),
                    avoided_p95_pab__gte=F("avoided_mean_pab"),
                ),
                name="the_interval_of_what_is_avoided_holds_its_mean",
            ),
            models.CheckConstraint(
                condition=Q(ead_p05_pab__isnull=True, ead_p95_pab__isnull=True)
                | Q(ead_p05_pab__isnull=False, ead_p95_pab__isnull=False),
                name="an_interval_of_damage_has_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(affected_p05__isnull=True, affected_p95__isnull=True)
                | Q(affected_mean__isnull=False, affected_p05__isnull=False, affected_p95__isnull=False),
                name="an_interval_of_people_has_both_ends_and_a_mean",
            ),
            models.CheckConstraint(
                condition=Q(ead_mean_pab__gte=0, value_pab__gte=0, people__gte=0)
                & (Q(ead_p05_pab__isnull=True) | Q(ead_p05_pab__gte=0))
                & (Q(affected_mean__isnull=True) | Q(affected_mean__gte=0))
                & (Q(affected_p05__isnull=True) | Q(affected_p05__gte=0)),
                name="risk_is_not_negative",
            ),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="a_share_of_risk_is_a_fraction"),
        ]

    def __str__(self) -> str:
        return f"{self.division}: {self.ead_mean_pab}"


class AssetRisk(OwnedModel):
    """What a run says of one asset: means, and the intensity there at the two return periods of the run."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="assets")
    # An import of assets can be undone: the answer stays, with the name of what is no longer there.
    asset = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, related_name="risks")
    asset_name = models.CharField("nombre", max_length=200)
    kind_code = models.CharField("clase", max_length=40)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="territorio")
    ead_pab = PabField("daño anual esperado")
    people_affected = models.FloatField("personas afectadas al año", null=True)
    intensity_often = models.FloatField("intensidad en el período corto", null=True)
    intensity_rare = models.FloatField("intensidad en el período largo", null=True)

    class Meta:
        ordering = ["-ead_pab", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "asset"], name="a_run_speaks_of_an_asset_once"),
            models.CheckConstraint(
                condition=Q(ead_pab__gte=0) & (Q(people_affected__isnull=True) | Q(people_affected__gte=0)),
                name="risk_of_an_asset_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(intensity_often__isnull=True, intensity_rare__isnull=True)
                | Q(intensity_often__isnull=False, intensity_rare__gte=F("intensity_often")),
                name="a_rarer_intensity_is_not_weaker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_name}: {self.ead_pab}"


class TerritoryRate(OwnedModel):
    """How many recorded events a year a run expects in one division, with a 90% credible interval."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="rates")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name="territorio")
    events = models.FloatField("sucesos contados")
    unverified = models.FloatField("de ellos, sin verificar")
    years = models.FloatField("años de registro")
    mean = models.FloatField("sucesos al año")
    p05 = models.FloatField("sucesos al año, 5%")
    p95 = models.FloatField("sucesos al año, 95%")
    yearly_probability = models.FloatField("probabilidad de uno o más en un año")

    class Meta:
        ordering = ["-mean", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "division"], name="a_run_rates_a_division_once"),
            models.CheckConstraint(
                condition=Q(p05__gte=0, p05__lte=F("mean"), p95__gte=F("mean")),
                name="the_interval_of_a_rate_holds_its_mean",
            ),
            models.CheckConstraint(
                condition=Q(events__gte=0, unverified__gte=0, unverified__lte=F("events"), years__gt=0),
                name="counted_events_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(yearly_probability__gte=0, yearly_probability__lte=1),
                name="a_yearly_probability_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division}: {self.mean}"


class RunFinding(OwnedModel):
    """A finding that was made from a run."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="findings")
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="run_link")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="territorio"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "division"],
                condition=Q(division__isnull=False),
                name="a_run_gives_a_division_one_finding",
            ),
            models.UniqueConstraint(
                fields=["run"], condition=Q(division__isnull=True), name="a_run_gives_the_city_one_finding"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} → {self.finding}"
