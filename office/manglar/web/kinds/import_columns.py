"""What a column of a file may be, in words, for each import."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from manglar.web.kinds.importable import Told

TERRITORY = {
    "code": _("Código"),
    "name": _("Nombre"),
    "parent": _("Código de aquello de que es parte"),
    "parent_name": _("Nombre de aquello de que es parte"),
    "province_name": _("Provincia"),
    "area": _("Superficie"),
    "population": _("Población"),
    "alias": _("Otros nombres"),
    "source": _("Fuente"),
}
ASSETS = {
    "name": _("Nombre"),
    "lon": _("Longitud"),
    "lat": _("Latitud"),
    "people": _("Personas"),
    "value_pab": _("Valor de reposición"),
    "building_class": _("Clase constructiva"),
    "occupancy": _("Uso"),
    "is_critical": _("Es crítico"),
    "position_is_approximate": _("El lugar es aproximado"),
    "external_id": _("Identificador en el archivo"),
    "division": _("Corregimiento"),
    "division_parent": _("Distrito"),
}
INSTITUTIONS = {
    "code": _("Siglas"),
    "name": _("Nombre"),
    "name_en": _("Nombre en inglés"),
    "kind": _("Clase"),
    "division": _("Territorio"),
    "source": _("Fuente"),
}
PLAN = {
    "code": _("Código"),
    "title": _("Título"),
    "title_en": _("Título en inglés"),
    "level": _("Nivel"),
    "parent": _("Código superior"),
    "text": _("Texto"),
    "text_en": _("Texto en inglés"),
    "starts_on": _("Inicio"),
    "ends_on": _("Fin"),
    "cost_pab": _("Costo"),
    "cost_mark": _("Procedencia del costo"),
    "responsible": _("Responsables"),
    "division": _("Territorio"),
    "state": _("Estado"),
    "mark": _("Procedencia"),
    "source": _("Fuente"),
    "page": _("Página de la fuente"),
    "unofficial": _("El título es una traducción no oficial"),
    "identity": _("Identidad"),
}
DEPTHS = range(1, 6)


def plan_columns(told: Told) -> dict[str, Any]:
    """The fields of a plan, and a column for each level with its code."""
    levels = {f"level:{depth}": _("Nivel %(depth)s") % {"depth": depth} for depth in DEPTHS}
    codes = {f"level_code:{depth}": _("Código del nivel %(depth)s") % {"depth": depth} for depth in DEPTHS}
    return {**PLAN, **levels, **codes}
