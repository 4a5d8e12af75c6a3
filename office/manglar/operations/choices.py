from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("en cola")
    RUNNING = "running", _("en marcha")
    DONE = "done", _("hecho")
    FAILED = "failed", _("fallido")
    CANCELLED = "cancelled", _("anulado")


class MessageState(models.TextChoices):
    WAITING = "waiting", _("por enviar")
    SENT = "sent", _("enviado")
    FAILED = "failed", _("fallido")


class ImportState(models.TextChoices):
    APPLIED = "applied", _("hecha")
    UNDONE = "undone", _("deshecha")


FINISHED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
