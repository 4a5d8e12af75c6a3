from django.db import models
from django.utils.translation import gettext_lazy as _


class Face(models.TextChoices):
    """Who is searching: the office among its records, or anyone among what is public."""

    DESK = "desk", _("escritorio")
    PORTAL = "portal", _("portal")
