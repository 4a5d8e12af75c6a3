from django.db import models
from django.utils.translation import gettext_lazy as _


class NoteState(models.TextChoices):
    DRAFT = "draft", _("borrador")
    SUBMITTED = "submitted", _("presentada")
    DECIDED = "decided", _("decidida")
    WITHDRAWN = "withdrawn", _("retirada")


class DecisionState(models.TextChoices):
    TAKEN = "taken", _("tomada")
    SUPERSEDED = "superseded", _("sustituida")
    REVOKED = "revoked", _("revocada")
