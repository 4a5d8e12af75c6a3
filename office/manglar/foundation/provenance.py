"""Where a figure comes from: everything that is shown as a figure carries a mark."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mark(models.TextChoices):
    """How far a figure may be trusted."""

    SOURCE = "fuente", _("fuente")
    ESTIMATE = "estimacion", _("estimación")
    ILLUSTRATIVE = "ilustrativo", _("ilustrativo")


class Provenance(models.Model):
    """A mark and, for a figure with a source, which one."""

    mark = models.CharField("procedencia", max_length=12, choices=Mark, default=Mark.SOURCE)
    source_text = models.TextField("fuente", blank=True)

    class Meta:
        abstract = True
