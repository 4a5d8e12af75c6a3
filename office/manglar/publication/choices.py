from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kinds of record that a chain is made of, in the order in which a city lives them."""

    FINDING = "finding", _("hallazgo")
    EDITION = "edition", _("edición de la estrategia")
    INITIATIVE = "initiative", _("iniciativa")
    NOTE = "note", _("nota de asesoría")
    DECISION = "decision", _("decisión")
    AGREEMENT = "agreement", _("acuerdo")
    COMMITMENT = "commitment", _("compromiso")
    MILESTONE = "milestone", _("hito")
    UPDATE = "update", _("reporte")


class Relation(models.TextChoices):
    """How a record follows from the one above it."""

    MOTIVATED_BY = "motivated_by", _("la motiva")
    PART_OF = "part_of", _("es parte de")
    IN_EDITION = "in_edition", _("está en")
    ABOUT = "about", _("trata de")
    RESTS_ON = "rests_on", _("se apoya en")
    DECIDES = "decides", _("resuelve")
    SUPERSEDES = "supersedes", _("sustituye a")
    FOLLOWS_FROM = "follows_from", _("sigue de")
    AGREED_IN = "agreed_in", _("se acordó en")
    SERVES = "serves", _("es para")
    STEP_OF = "step_of", _("es un paso de")
    REPORTS_ON = "reports_on", _("informa de")
