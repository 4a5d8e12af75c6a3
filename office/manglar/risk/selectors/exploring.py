"""The exceedance curves of a run for a reader who wants to explore them: one series a place, and the compiled chart.

The spec is Vega-Lite, like that of the printed picture (``charts.py``), compiled here to Vega so that the browser loads
one library less. Colours come with the rows: the page takes them from ``tokens.css``, by day and by night.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import lazy_loader

from manglar.risk.selectors.charts import short, year_axis
from manglar.risk.selectors.rows import CurvePoint, curve_points
from manglar.risk.selectors.runs import RunPage, result_document

vl_convert = lazy_loader.load("vl_convert")

#: Divisions that are offered, the most damaged first: a longer list of check boxes is no help to anyone.
MOST_PLACES = 60
#: Divisions that may be drawn at once, beside the whole city.
AT_ONCE = 4
#: Colour never goes alone: each line has its dash and its mark.
DASHES = ([1, 0], [9, 4], [3, 3], [13, 4, 3, 4], [6, 2, 1, 2])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")


@dataclass(frozen=True, slots=True)
class PlaceCurve:
    """The curve of a division; of the whole city where ``code`` is empty."""

    code: str
    name: str
    points: tuple[CurvePoint, ...]


def place_curves(page: RunPage) -> tuple[PlaceCurve, ...]:
    """The curve of the city, first, and of each division that the answer of a run holds one for, most damage first."""
    if not page.curve:
        return ()
    held = {row["code"]: row.get("losses") for row in result_document(page.run).get("by_territory", ())}
    places = [
        PlaceCurve(row.code, row.name, curve_points(held[row.code]))
        for row in page.territories
        if held.get(row.code) and row.ead_pab.mean > 0
    ]
    return (PlaceCurve("", "", page.curve), *places[:MOST_PLACES])


def curve_chart(language: str = "es") -> dict[str, Any]:
    """The chart of curves as a Vega spec, without data, and what its lines look like."""
    found: dict[str, Any] = json.loads(_compiled(short(language)))
    return {"spec": found, "dashes": DASHES, "shapes": SHAPES, "most": AT_ONCE}


@lru_cache
def _compiled(language: str) -> str:
    return json.dumps(vl_convert.vegalite_to_vega(_spec(language)))


def _spec(language: str) -> dict[str, Any]:
    """Lines of ``points``, the band of those that are marked so, and where the reader's cursor is."""
    y = {"type": "quantitative", "axis": {"title": None, "format": ",~r"}}
    colour = {"field": "color", "type": "nominal", "scale": None}
    keys = [str(place) for place in range(len(DASHES))]
    dash = {"field": "key", "type": "nominal", "legend": None, "scale": {"domain": keys, "range": list(DASHES)}}
    shape = {"field": "key", "type": "nominal", "legend": None, "scale": {"domain": keys, "range": list(SHAPES)}}
    series = {"color": colour, "detail": {"field": "key", "type": "nominal"}}
    x = {**year_axis(language), "axis": {**year_axis(language)["axis"], "labelOverlap": "greedy"}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": None,
        "padding": 4,
        "width": 560,
        "height": 320,
        "autosize": {"type": "fit", "contains": "padding"},
        "config": {"aria": False, "view": {"stroke": None}},
        "data": {"name": "points"},
        "encoding": {"x": x},
        "layer": [
            {
                "transform": [{"filter": "datum.band"}],
                "mark": {"type": "area", "fillOpacity": 0.18, "strokeOpacity": 0},
                "encoding": {**series, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "strokeWidth": 2.5},
                "encoding": {**series, "y": {"field": "y", **y}, "strokeDash": dash},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 45, "opacity": 1},
                "encoding": {**series, "y": {"field": "y", **y}, "shape": shape},
            },
            {
                "data": {"name": "cursor"},
                "mark": {"type": "rule", "strokeWidth": 1.5, "strokeDash": [2, 2]},
                "encoding": {"color": colour},
            },
            {
                "data": {"name": "at"},
                "mark": {"type": "point", "filled": True, "size": 150, "opacity": 1},
                "encoding": {**series, "y": {"field": "y", **y}, "shape": shape},
            },
        ],
    }
