from django.db import models

from manglar.foundation.identifiers import PublicIdField
from manglar.foundation.translated import TranslatedTextField, in_page_language
from manglar.governments.models import Government, OwnedModel
from manglar.operations.models import StoredFile


class Identity(OwnedModel):
    """How a government presents itself: one for each, made when something is first said."""

    public_id = PublicIdField(prefix="identidad")
    government = models.OneToOneField(
        Government, on_delete=models.PROTECT, related_name="identity", verbose_name="gobierno dueño"
    )
    office_name = TranslatedTextField("nombre de la oficina", blank=True)
    accent = models.CharField("color", max_length=7, blank=True)
    logo = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="logo"
    )
    logo_text = TranslatedTextField("descripción del logo", blank=True)
    logo_width_px = models.PositiveSmallIntegerField("ancho del logo", default=0)
    logo_height_px = models.PositiveSmallIntegerField("alto del logo", default=0)
    contact = TranslatedTextField("cómo se le escribe a la oficina", blank=True)
    website = models.URLField("sitio del gobierno", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accent="") | models.Q(accent__startswith="#"), name="an_accent_is_a_colour"
            ),
            models.CheckConstraint(
                condition=models.Q(logo__isnull=True, logo_width_px=0, logo_height_px=0)
                | models.Q(logo__isnull=False, logo_width_px__gt=0, logo_height_px__gt=0),
                name="a_logo_has_its_sides",
            ),
        ]

    def __str__(self) -> str:
        return in_page_language(self.office_name) or str(self.public_id)
