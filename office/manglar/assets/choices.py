from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    """What became of an import."""

    APPLIED = "applied", _("hecha")
    UNDONE = "undone", _("deshecha")
