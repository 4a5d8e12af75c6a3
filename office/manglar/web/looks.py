"""How a page is dressed: the office's name, logo, colour and contact of the government that it shows."""

from django.urls import reverse
from django.utils.translation import gettext as _

from manglar.design.shapes import Look
from manglar.foundation.translated import in_page_language
from manglar.governments.models import Government
from manglar.identity.selectors import address_of_logo, identity_of, style_of


def look_of(government: Government | None) -> Look:
    """What the shells show of a government; costs no query on one that the selectors of ``identity`` gave."""
    if government is None:
        return Look(city_name="Manglar", office_name=_("Oficina de Resiliencia"))
    own, style = identity_of(government), style_of(government)
    logo = address_of_logo(own)
    return Look(
        city_name=in_page_language(government.name),
        office_name=in_page_language(own.office_name) or _("Oficina de Resiliencia"),
        contact=in_page_language(own.contact),
        website=own.website,
        stylesheet_url=reverse("identity-style", args=[government.code, style.digest]) if style.css else "",
        theme_colour=style.deep,
        logo_url=reverse("identity-logo", args=[government.code, logo]) if logo else "",
        logo_text=in_page_language(own.logo_text),
        logo_width=own.logo_width_px,
        logo_height=own.logo_height_px,
    )
