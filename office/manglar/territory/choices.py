from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The levels of the division of a country, widest first; a city uses those that it has."""

    COUNTRY = "country", _("país")
    PROVINCE = "province", _("provincia")
    MUNICIPALITY = "municipality", _("municipio")
    DISTRICT = "district", _("distrito")
    CORREGIMIENTO = "corregimiento", _("corregimiento")
    ZONE = "zone", _("zona o comuna")
    NEIGHBOURHOOD = "neighbourhood", _("barrio")
