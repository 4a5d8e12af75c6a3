"""The map of the divisions: its classes, its values and the table that says the same."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from manglar.design.maps import Box, Drawing, classes_of, map_png, map_svg, rounded
from manglar.design.shapes import MapClass, MapSpec, MapValue, Table
from manglar.governments.selectors import home_government
from manglar.portal.readings import read
from manglar.territory import selectors as places
from manglar.territory.models import Boundary

__all__ = ["Box", "city_name", "classes_of", "division_map", "is_schematic", "picture", "rounded", "whole_box"]


def is_schematic() -> bool:
    """Whether some outline in force is a scheme and not a limit."""
    return Boundary.objects.filter(is_current=True, is_schematic=True).exists()


def whole_box() -> Box | None:
    """The box around everything that has an outline, or None where nothing has."""
    box = places.box_of_level()
    return (box.west, box.south, box.east, box.north) if box else None


def division_map(
    label: str,
    box: Box,
    *,
    values: Mapping[str, MapValue],
    classes: Sequence[MapClass],
    table: Table,
    legend_title: str = "",
    image: str = "",
    none_label: str = "",
) -> MapSpec:
    """The divisions coloured by a value; each leads to its page. ``image``: the address of its picture, the city's if empty."""
    return MapSpec(
        label=label,
        src=reverse("portal:boundaries"),
        bounds_box=box,
        values=values,
        classes=classes,
        table=table,
        href=reverse("portal:division", args=["CODE"]).replace("CODE", "{code}"),
        legend_title=legend_title,
        image=image or reverse("portal:territory_image", args=["svg"]),
        none_label=none_label or _("sin dato: nadie lo midió"),
        picks=True,
    )


def picture(spec: MapSpec | None, form: str) -> bytes | str | None:
    """A map of the portal drawn on the server, as «svg» or «png»; None where there is no map."""
    if spec is None:
        return None
    shapes = [(each["properties"]["code"], each["geometry"]) for each in places.boundaries_geojson()["features"]]
    source = [_("Fuente: %(city)s, Oficina de Resiliencia") % {"city": city_name()}]
    if is_schematic():
        source.append(_("Mapa esquemático: no son límites."))
    drawing = Drawing(
        spec.label, spec.bounds_box, shapes, spec.values, spec.classes,
        legend_title=spec.legend_title, none_label=spec.none_label, source=source,
    )  # fmt: skip
    return map_png(drawing) if form == "png" else map_svg(drawing)


def city_name() -> str:
    """The city whose portal this is."""
    home = home_government()
    return read(home.name).text if home else "Manglar"
