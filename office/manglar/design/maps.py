"""Maps without a browser: their classes, and the picture that stands for the map on paper and where it is shared.

The picture is a Vega-Lite geoshape on flat coordinates that are computed here (the outline of a sphere's polygon depends
on which way it is written, and files of limits come both ways). Its letters are the reader's; its colours are those of
paper, in ``tokens.css``. Kept by the content of what it shows.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import cos, floor, log10, radians
from typing import Any

import lazy_loader
from django.core.cache import cache
from django.utils.translation import gettext as _

from manglar.design.shapes import MapClass, MapValue

vl_convert = lazy_loader.load("vl_convert")

CLASSES = 5
#: tokens.css, --m-step-1 … 5 and --m-step-none: a test compares them.
STEPS = ("#f3ead2", "#e6c79c", "#d49a6a", "#b3623b", "#7b3112")
NONE, LINE, INK, WATER, LAND = "#e3e1da", "#857d6b", "#1d2622", "#e5f0f5", "#f7f2e8"
VERSION = 1
KEPT_S = 30 * 24 * 3600
WIDTH, TALLEST = 720, 760
FONT = "Public Sans Web, Public Sans, Arial, Liberation Sans, DejaVu Sans, sans-serif"
_STYLE = re.compile(r"\s(?:style|class)=\"[^\"]*\"|<style[^>]*>.*?</style>", re.S)
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a picture of a map shows: areas with their value, points, the box around it, its words."""

    title: str
    box: Box
    shapes: Sequence[tuple[str, Mapping[str, Any]]]
    values: Mapping[str, MapValue]
    classes: Sequence[MapClass]
    points: Sequence[tuple[float, float]] = ()
    points_label: str = ""
    legend_title: str = ""
    none_label: str = ""
    source: Sequence[str] = ()


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


def count_classes(counts: Iterable[int], write: Callable[[int], str]) -> list[MapClass]:
    """At most five classes of whole counts, each with its first and last count: «1», «2 a 4», «5 o más»."""
    ordered = sorted(each for each in counts if each > 0)
    if not ordered:
        return []
    starts = sorted({ordered[len(ordered) * step // CLASSES] for step in range(CLASSES)})
    found = [_count_class(low, high, write) for low, high in pairwise(starts)]
    last = starts[-1]
    label = write(last) if last == ordered[-1] else _("%(limit)s o más") % {"limit": write(last)}
    return [*found, MapClass(None, label)]


def _count_class(low: int, high: int, write: Callable[[int], str]) -> MapClass:
    one = high - low == 1
    label = write(low) if one else _("%(low)s a %(high)s") % {"low": write(low), "high": write(high - 1)}
    return MapClass(high, label)


def step_of(place: int, count: int) -> int:
    """The step (from 1) of a class: few classes are spread over the five, so that the last is always the gravest."""
    return CLASSES if count < 2 else 1 + floor(place * (CLASSES - 1) / (count - 1) + 0.5)


def map_svg(drawing: Drawing) -> str:
    """The picture as SVG, without inline styles; kept until what it shows changes."""
    return str(_kept(drawing, "svg", _svg))


def map_png(drawing: Drawing) -> bytes:
    """The picture as PNG, for where a page is shared."""
    return bytes(_kept(drawing, "png", _png))


def _kept(drawing: Drawing, kind: str, draw: Callable[[Drawing], Any]) -> Any:
    told = json.dumps(asdict(drawing), sort_keys=True, default=str).encode()
    key = f"map:{VERSION}:{kind}:{hashlib.sha256(told).hexdigest()}"
    held = cache.get(key)
    if held is None:
        held = draw(drawing)
        cache.set(key, held, KEPT_S)
    return held


def _svg(drawing: Drawing) -> str:
    return _STYLE.sub("", str(vl_convert.vegalite_to_svg(_spec(drawing))))


def _png(drawing: Drawing) -> bytes:
    return bytes(vl_convert.vegalite_to_png(_spec(drawing), scale=1.3))


def _spec(drawing: Drawing) -> dict[str, Any]:
    flat = _Flat(drawing.box)
    domain, colours = _legend(drawing)
    areas = [
        {"type": "Feature", "geometry": flat.geometry(geometry), "properties": {"class": _class(drawing, code)}}
        for code, geometry in drawing.shapes
    ]
    legend = {"title": drawing.legend_title or None, "orient": "bottom", "columns": 3, "labelLimit": 220, "symbolType": "square"}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": areas},
            "mark": {"type": "geoshape", "stroke": LINE, "strokeWidth": 0.8, "clip": True},
            "encoding": {
                "color": {
                    "field": "properties.class", "type": "nominal",
                    "scale": {"domain": domain, "range": colours}, "legend": legend if drawing.classes else None,
                }
            },
        }
    ]  # fmt: skip
    if drawing.points:
        layers.append(_points(drawing, flat))
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": flat.width, "height": flat.height, "background": "#ffffff", "padding": 8,
        "title": {"text": drawing.title, "anchor": "start", "fontSize": 15, "subtitle": list(drawing.source), "subtitleFontSize": 11},
        "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
        "layer": layers,
        "config": {"font": FONT, "aria": False, "view": {"stroke": LINE, "fill": WATER}},
    }  # fmt: skip


def _points(drawing: Drawing, flat: "_Flat") -> dict[str, Any]:
    rows = [dict(zip(("x", "y"), flat.point(lon, lat), strict=True), what=drawing.points_label) for lon, lat in drawing.points]
    place = {"type": "quantitative", "axis": None}
    return {
        "data": {"values": rows},
        "mark": {"type": "circle", "size": 36, "stroke": INK, "strokeWidth": 0.6, "opacity": 0.85, "clip": True},
        "encoding": {
            "x": {"field": "x", "scale": {"domain": [0, flat.width], "nice": False, "zero": False}, **place},
            "y": {"field": "y", "scale": {"domain": [flat.height, 0], "nice": False, "zero": False}, **place},
            "fill": {
                "field": "what", "type": "nominal", "scale": {"range": [STEPS[3]]},
                "legend": {"title": None, "orient": "bottom", "symbolType": "circle"},
            },
        },
    }  # fmt: skip


def _legend(drawing: Drawing) -> tuple[list[str], list[str]]:
    """The words and colours of the classes, and of having none."""
    labels = [each.label for each in drawing.classes]
    if not labels:
        return [""], [LAND]
    colours = [STEPS[step_of(place, len(labels)) - 1] for place in range(len(labels))]
    return [*labels, _none(drawing)], [*colours, NONE]


def _class(drawing: Drawing, code: str) -> str:
    if not drawing.classes:
        return ""
    value = drawing.values.get(code)
    if value is None:
        return _none(drawing)
    return next(
        (each.label for each in drawing.classes if each.upper is None or value.value < each.upper), drawing.classes[-1].label
    )


def _none(drawing: Drawing) -> str:
    return drawing.none_label or _("sin dato")


class _Flat:
    """From degrees to the points of the picture: true to shape at the middle of the box."""

    def __init__(self, box: Box) -> None:
        west, south, east, north = box
        self.west, self.north = west, north
        self.squeeze = cos(radians((south + north) / 2))
        wide, high = max((east - west) * self.squeeze, 1e-6), max(north - south, 1e-6)
        self.scale = min(WIDTH / wide, TALLEST / high)
        self.width, self.height = round(wide * self.scale), round(high * self.scale)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """One place."""
        return (
            round((lon - self.west) * self.squeeze * self.scale, 1), round((self.north - lat) * self.scale, 1)
        )  # fmt: skip

    def geometry(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """A geometry of GeoJSON."""
        return {"type": told["type"], "coordinates": self._walk(told["coordinates"])}

    def _walk(self, told: Any) -> Any:
        if told and isinstance(told[0], int | float):
            return self.point(told[0], told[1])
        return [self._walk(each) for each in told]
