from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("borrador")
    IN_FORCE = "in_force", _("vigente")
    ENDED = "ended", _("terminado")


class CommitmentState(models.TextChoices):
    OPEN = "open", _("abierto")
    IN_PROGRESS = "in_progress", _("en marcha")
    FULFILLED = "fulfilled", _("cumplido")
    BROKEN = "broken", _("incumplido")
    WITHDRAWN = "withdrawn", _("retirado")


class DueStatus(models.TextChoices):
    """How a promise stands against its date on a given day."""

    SETTLED = "settled", _("cerrado")
    UNDATED = "undated", _("sin fecha")
    ON_TIME = "on_time", _("a tiempo")
    DUE_SOON = "due_soon", _("vence pronto")
    LATE = "late", _("vencido")


#: Of these the office says why, and so does the public copy.
SAYS_WHY = (CommitmentState.BROKEN, CommitmentState.WITHDRAWN)
LIVE = (CommitmentState.OPEN, CommitmentState.IN_PROGRESS)
