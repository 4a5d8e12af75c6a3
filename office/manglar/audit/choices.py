from django.db import models
from django.utils.translation import gettext_lazy as _


class Door(models.TextChoices):
    """Through which door a change came in."""

    PAGE = "page", _("página")
    LINK = "link", _("enlace firmado")
    API = "api", _("API")
    COMMAND = "command", _("línea de comandos")
    TASK = "task", _("tarea en segundo plano")
    OUTSIDE = "outside", _("fuera de servicio")


class Operation(models.TextChoices):
    EVENT = "event", _("acto")
    INSERT = "I", _("alta")
    UPDATE = "U", _("cambio")
    DELETE = "D", _("baja")
    MIGRATED = "M", _("migración")


UNKNOWN_ACTOR = "desconocido, fuera de servicio"
