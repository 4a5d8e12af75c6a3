from django.db import models
from django.utils.translation import gettext_lazy as _


class DatasetKind(models.TextChoices):
    FAULTS = "faults", _("fallas activas")
    FRAGILITIES = "fragilities", _("fragilidades")
    REPAIRS = "repairs", _("costos de reparación")
    MAPS = "maps", _("mapas por período de retorno")
    STACK = "stack", _("pila de capas (NetCDF o Zarr)")
    EVENTS = "events", _("sucesos con su huella")
    GAUGE = "gauge", _("extremos de un mareógrafo")
    RECORDS = "records", _("sucesos ocurridos")
    FUNCTIONS = "functions", _("funciones de impacto")
    EXPOSURE = "exposure", _("activos en un archivo")
    ELEVATION = "elevation", _("alturas del terreno")


#: Under which name the imports of each are listed, and their pages found.
LISTED_AS: dict[DatasetKind, str] = {
    DatasetKind.FAULTS: "fallas",
    DatasetKind.FRAGILITIES: "fragilidades",
    DatasetKind.REPAIRS: "reparaciones",
    DatasetKind.MAPS: "mapas",
    DatasetKind.STACK: "pila",
    DatasetKind.EVENTS: "sucesos",
    DatasetKind.GAUGE: "mareografo",
    DatasetKind.RECORDS: "registro-de-sucesos",
    DatasetKind.FUNCTIONS: "funciones",
    DatasetKind.EXPOSURE: "exposicion",
    DatasetKind.ELEVATION: "alturas",
}
#: What an impact run may take its events from.
HAZARD_KINDS = (DatasetKind.MAPS, DatasetKind.STACK, DatasetKind.EVENTS)


class Study(models.TextChoices):
    """What is asked of the engine."""

    SEISMIC = "seismic", _("tamizaje sísmico")
    IMPACT = "impact", _("impacto de mapas o sucesos")
    SEA_LEVEL = "sea_level", _("mar extraordinario")
    FLOOD_RATES = "flood_rates", _("sucesos al año")


class RunState(models.TextChoices):
    QUEUED = "queued", _("en cola")
    RUNNING = "running", _("en marcha")
    DONE = "done", _("hecha")
    FAILED = "failed", _("fallida")
    CANCELLED = "cancelled", _("anulada")


#: From these nothing follows: the run is asked again.
ENDED = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)
#: Hazards by the code of ``evidence.HazardType``.
EARTHQUAKE = "earthquake"
SEA = "extreme_sea_level"
