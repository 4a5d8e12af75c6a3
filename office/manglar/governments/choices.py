from django.db import models
from django.utils.translation import gettext_lazy as _


class GovernmentKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("municipio")
    MINISTRY = "ministry", _("ministerio")
    AGENCY = "agency", _("entidad autónoma")
    REGION = "region", _("gobierno regional")


class Scope(models.TextChoices):
    """What a grant lets the other government do."""

    READ = "read", _("leer")
    CONTRIBUTE = "contribute", _("leer y aportar")
