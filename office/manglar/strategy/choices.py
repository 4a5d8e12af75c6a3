from django.db import models
from django.utils.translation import gettext_lazy as _


class EditionState(models.TextChoices):
    DRAFT = "draft", _("borrador")
    ADOPTED = "adopted", _("adoptada")


class NodeState(models.TextChoices):
    """How a pillar, an initiative or an action stands; kept apart from the adopted text."""

    UNKNOWN = "unknown", _("sin información")
    PLANNED = "planned", _("prevista")
    IN_PROGRESS = "in_progress", _("en marcha")
    DONE = "done", _("cumplida")
    SUSPENDED = "suspended", _("suspendida")
    DROPPED = "dropped", _("descartada")
