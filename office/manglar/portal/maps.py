"""The map of the divisions: its classes, its values and the table that says the same."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import floor, log10

from django.urls import reverse
from django.utils.translation import gettext as _

from manglar.design.shapes import MapClass, MapSpec, MapValue, Table
from manglar.territory import selectors as places
from manglar.territory.models import Boundary

CLASSES = 5
Box = tuple[float, float, float, float]


def rounded(value: float, figures: int = 2) -> float:
    """A figure with as many significant digits as it deserves."""
    if not value:
        return 0.0
    return round(value, figures - 1 - floor(log10(abs(value))))


def classes_of(values: Sequence[float], write: Callable[[float], str]) -> list[MapClass]:
    """At most five classes with round limits and about as many places in each."""
    ordered = sorted(values)
    if not ordered:
        return []
    cuts = [rounded(ordered[len(ordered) * step // CLASSES], 1) for step in range(1, CLASSES)]
    limits = [cut for cut in sorted(set(cuts)) if ordered[0] < cut <= ordered[-1]]
    if not limits:
        return [MapClass(None, write(rounded(ordered[-1])))]
    labels = [_("menos de %(limit)s") % {"limit": write(limits[0])}]
    labels += [_("de %(low)s a %(high)s") % {"low": write(low), "high": write(high)} for low, high in pairwise(limits)]
    labels.append(_("%(limit)s o más") % {"limit": write(limits[-1])})
    return [MapClass(upper, label) for upper, label in zip([*limits, None], labels, strict=True)]


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
) -> MapSpec:
    """The divisions coloured by a value; each leads to its page."""
    return MapSpec(
        label=label,
        src=reverse("portal:boundaries"),
        bounds_box=box,
        values=values,
        classes=classes,
        table=table,
        href=reverse("portal:division", args=["CODE"]).replace("CODE", "{code}"),
        legend_title=legend_title,
    )
