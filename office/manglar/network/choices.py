from django.db import models
from django.utils.translation import gettext_lazy as _


class InstitutionKind(models.TextChoices):
    MUNICIPAL = "municipal", _("dirección municipal")
    JUNTA_COMUNAL = "junta_comunal", _("Junta Comunal")
    MINISTRY = "ministry", _("ministerio")
    AGENCY = "agency", _("entidad del Estado")
    COMPANY = "company", _("empresa de servicio")
    ACADEMIC = "academic", _("academia")
    CIVIL = "civil", _("organización civil")
    PARTNER = "partner", _("cooperante")


class Rank(models.TextChoices):
    HEAD = "head", _("titular")
    ALTERNATE = "alternate", _("suplente")
    FOCAL_POINT = "focal_point", _("punto focal")
    STAFF = "staff", _("equipo")
