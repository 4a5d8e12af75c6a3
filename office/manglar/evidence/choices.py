from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingState(models.TextChoices):
    DRAFT = "draft", _("borrador")
    REVIEWED = "reviewed", _("revisado")
    SUPERSEDED = "superseded", _("sustituido")
