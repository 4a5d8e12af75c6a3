from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    READER = "reader", _("lectora")
    FOCAL_POINT = "focal_point", _("punto focal")
    SENIOR_OFFICIAL = "senior_official", _("alto nivel")
    JUNTA_COMUNAL = "junta_comunal", _("Junta Comunal")
    ANALYST = "analyst", _("analista")
    COMMUNICATIONS = "communications", _("comunicación")
    EDITOR = "editor", _("editora")
    APPROVER = "approver", _("aprobadora")
    PUBLISHER = "publisher", _("publicadora")
    MAYOR_OFFICE = "mayor_office", _("despacho de la alcaldía")
    AUDITOR = "auditor", _("auditoría")
    ADMINISTRATOR = "administrator", _("administración")


class Purpose(models.TextChoices):
    INVITATION = "invitation", _("invitación")
    MILESTONE_UPDATE = "milestone_update", _("reporte de un hito")
    API_TOKEN = "api_token", _("llave de la API")
