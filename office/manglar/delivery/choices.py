from django.db import models
from django.utils.translation import gettext_lazy as _


class MilestoneState(models.TextChoices):
    PLANNED = "planned", _("previsto")
    IN_PROGRESS = "in_progress", _("en marcha")
    DONE = "done", _("hecho")
    CANCELLED = "cancelled", _("anulado")


class UpdateState(models.TextChoices):
    DRAFT = "draft", _("borrador")
    PENDING = "pending", _("pendiente")
    REVISE = "revise", _("por corregir")
    APPROVED = "approved", _("aprobado")


class Freshness(models.TextChoices):
    """How old the last approved word about a milestone is."""

    SETTLED = "settled", _("cerrado")
    FRESH = "fresh", _("al día")
    DUE = "due", _("toca actualizar")
    LATE = "late", _("atrasado")
    STALE = "stale", _("dato viejo")


OVER = (MilestoneState.DONE, MilestoneState.CANCELLED)
