"""The sections of the settings: what each is about, its keys and how they are asked."""

import zoneinfo
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from manglar.design.shapes import Fact
from manglar.foundation.translated import in_page_language
from manglar.strategy.selectors import Levels
from manglar.web.adjusting import Settings

#: Groups of fields: a legend (empty for none) and its fields by key.
Groups = list[tuple[str, dict[str, forms.Field]]]
SHORT, LONG = 120, 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What a section asks."""

    slug: str
    title: str
    lead: str
    groups: Groups
    facts: list[Fact] = field(default_factory=list)


def sections_of(now: Settings) -> list[Asked]:
    """Every section of a government's settings, in the order of the page."""
    return [_government(now), _office(), _colour(), _logo(), *(each for s in now.strategies for each in _strategy(s))]


def _line(label: str, hint: str = "", *, most: int = SHORT, required: bool = False, **attrs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, help_text=hint, max_length=most, required=required, widget=widget)


def _government(now: Settings) -> Asked:
    own = now.government
    zones = [(name, name) for name in sorted(zoneinfo.available_timezones()) if "/" in name or name == "UTC"]
    fields: dict[str, forms.Field] = {
        "name.es": _line(_("Nombre en español"), required=True),
        "name.en": _line(_("Nombre en inglés")),
        "language": forms.ChoiceField(
            label=_("Idioma principal"), choices=settings.LANGUAGES, help_text=_("En él salen las invitaciones.")
        ),
        "time_zone": forms.ChoiceField(
            label=_("Zona horaria"), choices=zones, help_text=_("En ella se leen las horas del escritorio y empieza cada día.")
        ),
    }
    facts = [
        Fact(_("Código"), own.code, source=_("Está en las direcciones: no cambia.")),
        Fact(
            _("Moneda"),
            own.currency,
            source=_("No cambia: los importes están guardados en ella, y cambiarle el nombre no los convierte."),
        ),
    ]
    return Asked("gobierno", _("El gobierno"), _("Cómo se llama en la cabecera de cada página y en los enlaces que envía."), [("", fields)], facts)


def _office() -> Asked:
    fields: dict[str, forms.Field] = {
        "office_name.es": _line(_("Nombre de la oficina en español"), _("Vacío se lee «Oficina de Resiliencia».")),
        "office_name.en": _line(_("Nombre de la oficina en inglés")),
        "contact.es": _line(_("Cómo se le escribe, en español"), _("Dirección, teléfono o correo: va al pie del portal y de los enlaces firmados."), most=LONG),
        "contact.en": _line(_("Cómo se le escribe, en inglés"), most=LONG),
        "website": _line(_("Sitio del gobierno"), _("Empieza por https://"), most=200, inputmode="url"),
    }
    return Asked("oficina", _("La oficina"), _("Quién habla en el portal y a quién se le responde."), [("", fields)])


def _colour() -> Asked:
    accent = _line(
        _("Color"),
        _("# y seis cifras, por ejemplo #0b5c4a. Vacío, los colores del programa. Tiene que leerse: 4.5 a 1."),
        most=40,
        spellcheck="false",
        autocomplete="off",
    )
    lead = _("De un solo color salen los tonos de cabeceras, botones y enlaces, para pantallas claras y oscuras y para el papel.")
    return Asked("color", _("Color"), lead, [("", {"accent": accent})])


def _logo() -> Asked:
    fields: dict[str, forms.Field] = {
        "file": forms.FileField(
            label=_("Archivo"),
            required=False,
            widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
            help_text=_("PNG o JPEG, hasta 300 kB, de 32 a 2,000 píxeles por lado. Se guarda sin los datos ocultos de la cámara o del editor."),
        ),
        "logo_text.es": _line(_("Descripción en español"), _("Para quien no lo ve, por ejemplo «Escudo del municipio»."), most=LONG),
        "logo_text.en": _line(_("Descripción en inglés"), most=LONG),
    }
    return Asked("logo", _("Logo"), _("Va en la cabecera del portal, del escritorio y de los enlaces firmados, sobre una placa blanca."), [("", fields)])


def _strategy(each: Levels) -> list[Asked]:
    root, title = f"strategy.{each.strategy.public_id}", in_page_language(each.strategy.title)
    groups: Groups = [
        (
            _("Nivel %(depth)s") % {"depth": depth},
            {
                f"{root}.level.{depth}.singular.es": _line(_("Singular, en español"), most=60, required=True),
                f"{root}.level.{depth}.plural.es": _line(_("Plural, en español"), most=60, required=True),
                f"{root}.level.{depth}.singular.en": _line(_("Singular, en inglés"), most=60),
                f"{root}.level.{depth}.plural.en": _line(_("Plural, en inglés"), most=60),
            },
        )
        for depth in each.depths
    ]
    days: dict[str, forms.Field] = {
        f"{root}.due_after_days": _days(_("Toca actualizar a los (días)")),
        f"{root}.late_after_days": _days(_("Atrasado a los (días)")),
        f"{root}.stale_after_days": _days(_("Dato viejo a los (días)")),
    }
    words = Asked(
        f"palabras-{each.strategy.public_id}",
        _("Palabras: %(strategy)s") % {"strategy": title},
        _("Cómo llama la oficina a cada nivel. Se ven en la lista de estrategia, en las páginas del portal, en las exportaciones y en la API. Una edición adoptada conserva, en su huella, las palabras con que se adoptó."),
        groups,
    )
    waits = Asked(
        f"dias-{each.strategy.public_id}",
        _("Días sin noticias: %(strategy)s") % {"strategy": title},
        _("Cuentan desde el último reporte aprobado de un hito. Con ellos el escritorio dice qué reportes toca pedir, y desde cuándo."),
        [("", days)],
    )
    return [words, waits] if groups else [waits]


def _days(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=3_650, localize=False)
