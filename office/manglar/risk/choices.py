from django.db import models
from django.utils.translation import gettext_lazy as _


class DatasetKind(models.TextChoices):
    FAULTS = "faults", _("fallas activas")
    FRAGILITIES = "fragilities", _("fragilidades")
    REPAIRS = "repairs", _("costos de reparación")


class RunState(models.TextChoices):
    QUEUED = "queued", _("en cola")
    RUNNING = "running", _("en marcha")
    DONE = "done", _("hecha")
    FAILED = "failed", _("fallida")
    CANCELLED = "cancelled", _("anulada")


#: From these nothing follows: the run is asked again.
ENDED = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)
#: The hazard that the engine screens today, by the code of ``evidence.HazardType``.
EARTHQUAKE = "earthquake"
