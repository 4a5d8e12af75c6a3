"""Charts of a run as SVG: drawn from a Vega-Lite spec, without any inline style, with a title and a description.

The page that holds them refuses inline styles (``default-src 'self'``), so that nothing but presentation
attributes may stand in them; text and axes take the colour of the page (``currentColor``), by day and by night.
"""

import hashlib
import re
from html import escape
from typing import Any

import lazy_loader
from django.core.cache import cache

from manglar.risk.models import Run
from manglar.risk.selectors.rows import BeforeAfter, CurvePoint, before_after, curve_points, retrofit_of
from manglar.risk.selectors.runs import result_document

vl_convert = lazy_loader.load("vl_convert")

VERSION = 1
KEPT_S = 90 * 24 * 3600
#: Stands for the colour of the page's text: Vega knows no ``currentColor``.
_INK = "#010203"
_CLAY, _GREEN = "#b3623b", "#3f8f74"
_FONT = "Public Sans Web, Public Sans, Arial, sans-serif"
_STYLE = re.compile(
    r"\s(?:style|class)=\"[^\"]*\"|<style[^>]*>.*?</style>|\saria-[a-z]+=\"[^\"]*\"|\srole=\"[^\"]*\"", re.S
)
_OPEN = re.compile(r"<svg [^>]*?width=\"(?P<w>[\d.]+)\" height=\"(?P<h>[\d.]+)\"[^>]*>")
_WORDS = {
    "es": {
        "curve": "Daño según cada cuántos años se supera",
        "years": "Una vez cada … años",
        "damage": "Daño, {unit} de balboas",
        "annual": "Daño anual esperado, {unit} de balboas",
        "mean": "media",
        "band": "intervalo del 90%",
        "today": "Hoy",
        "with": "Con «{name}»",
        "bars": "Daño anual esperado antes y después de «{name}»",
        "point": "Una vez cada {years} años, B/. {mean} {unit} o más (entre {low} y {high})",
        "bar": "{label}: B/. {mean} {unit} al año (entre {low} y {high})",
    },
    "en": {
        "curve": "Damage by how many years pass between times it is exceeded",
        "years": "Once in … years",
        "damage": "Damage, {unit} balboas",
        "annual": "Expected annual damage, {unit} balboas",
        "mean": "mean",
        "band": "90% interval",
        "today": "Today",
        "with": "With “{name}”",
        "bars": "Expected annual damage before and after “{name}”",
        "point": "Once in {years} years, B/. {mean} {unit} or more (between {low} and {high})",
        "bar": "{label}: B/. {mean} {unit} a year (between {low} and {high})",
    },
}
_UNITS = {
    "es": {1e6: "millones", 1e3: "miles", 1: "unidades"},
    "en": {1e6: "million", 1e3: "thousand", 1: "single"},
}


def curve_svg(run: Run, *, language: str = "es") -> str:
    """The exceedance curve of a run that is done, with its 90% band; kept until the answer changes."""

    def draw() -> str:
        return draw_curve(curve_points(result_document(run)["curve"]), language=language)

    return _kept("curva", run, language, draw)


def before_after_svg(run: Run, *, language: str = "es", code: str = "") -> str:
    """Expected annual damage with and without the measure, of the city or of one division; empty without one."""
    document = result_document(run)
    measure = retrofit_of(document["retrofit"])
    rows = {row["code"]: row for row in (document["retrofit"] or {}).get("by_territory", [])}
    if measure is None or (code and code not in rows):
        return ""
    effect = before_after(rows[code]) if code else measure.total

    def draw() -> str:
        return draw_before_after(effect, name=measure.name, language=language)

    return _kept(f"antes-{code}", run, language, draw)


def warm(run: Run) -> None:
    """Draw the charts of a run in both languages, so that no reader waits for the first."""
    for language in _WORDS:
        curve_svg(run, language=language)
        before_after_svg(run, language=language)


def _kept(name: str, run: Run, language: str, draw: Any) -> str:
    key = f"risk:{VERSION}:{name}:{run.result_sha256}:{_lang(language)}"
    held = cache.get(key)
    if held is None:
        held = draw()
        cache.set(key, held, KEPT_S)
    return str(held)


def _lang(language: str) -> str:
    return "en" if language.startswith("en") else "es"


def draw_curve(points: tuple[CurvePoint, ...], *, language: str = "es") -> str:
    """The curve of some points."""
    words = _WORDS[_lang(language)]
    divisor, unit = _unit(max((p.loss_pab.high for p in points), default=0.0), language)
    values = [
        {
            "x": p.years,
            "y": p.loss_pab.mean / divisor,
            "low": p.loss_pab.low / divisor,
            "high": p.loss_pab.high / divisor,
        }
        for p in points
    ]
    x = {
        "field": "x",
        "type": "quantitative",
        "scale": {"type": "log", "nice": False},
        "axis": {
            "title": words["years"],
            "values": [10, 25, 50, 100, 200, 475, 1000, 2475, 5000, 10000],
            "format": ",d",
        },
    }
    y_axis = {"title": words["damage"].format(unit=unit), "format": ",~r"}
    spec = {
        "data": {"values": values},
        "encoding": {"x": x},
        "layer": [
            {
                "mark": {"type": "area", "color": _CLAY, "fillOpacity": 0.25, "opacity": 1},
                "encoding": {"y": {"field": "low", "type": "quantitative", "axis": y_axis}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "color": _CLAY, "strokeWidth": 2.5},
                "encoding": {"y": {"field": "y", "type": "quantitative"}},
            },
            {
                "mark": {"type": "point", "color": _CLAY, "filled": True, "size": 45, "opacity": 1},
                "encoding": {"y": {"field": "y", "type": "quantitative"}},
            },
            _label(values[-1:], words["mean"], "y"),
            _label(values[-1:], words["band"], "high"),
        ],
        "width": 560,
        "height": 300,
    }
    told = [
        words["point"].format(
            years=f"{p.years:,.0f}", unit=unit, **_written(p.loss_pab.mean, p.loss_pab.low, p.loss_pab.high, divisor)
        )
        for p in points
    ]
    return _svg(spec, title=words["curve"], description="; ".join(told) + ".", language=language)


def _label(values: list[dict[str, float]], text: str, field: str) -> dict[str, Any]:
    """Words at the end of a line instead of a legend."""
    return {
        "data": {"values": values},
        "mark": {"type": "text", "text": text, "align": "right", "dy": -9, "color": _INK, "fontSize": 12},
        "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": field, "type": "quantitative"}},
    }


def draw_before_after(effect: BeforeAfter, *, name: str, language: str = "es") -> str:
    """Two bars with their 90% intervals."""
    words = _WORDS[_lang(language)]
    pairs = ((words["today"], effect.before_pab), (words["with"].format(name=name), effect.after_pab))
    divisor, unit = _unit(max(each.high for _, each in pairs), language)
    values = [
        {"label": label, "y": each.mean / divisor, "low": each.low / divisor, "high": each.high / divisor}
        for label, each in pairs
    ]
    side = {"field": "label", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 260}}
    spec = {
        "data": {"values": values},
        "encoding": {"y": side},
        "layer": [
            {
                "mark": {"type": "bar", "height": 26},
                "encoding": {
                    "x": {
                        "field": "y",
                        "type": "quantitative",
                        "scale": {"zero": True},
                        "axis": {"title": words["annual"].format(unit=unit), "format": ",~r"},
                    },
                    "color": {
                        "field": "label",
                        "type": "nominal",
                        "legend": None,
                        "scale": {"domain": [label for label, _ in pairs], "range": [_CLAY, _GREEN]},
                    },
                },
            },
            {
                "mark": {"type": "rule", "color": _INK, "strokeWidth": 1.5},
                "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
            },
        ],
        "width": 440,
        "height": {"step": 48},
    }
    told = [
        words["bar"].format(label=label, unit=unit, **_written(each.mean, each.low, each.high, divisor))
        for label, each in pairs
    ]
    return _svg(spec, title=words["bars"].format(name=name), description="; ".join(told) + ".", language=language)


def _unit(largest: float, language: str) -> tuple[float, str]:
    for size, word in _UNITS[_lang(language)].items():
        if largest >= size:
            return size, word
    return 1, _UNITS[_lang(language)][1]


def _written(mean: float, low: float, high: float, divisor: float) -> dict[str, str]:
    named = (("mean", mean), ("low", low), ("high", high))
    return {key: f"{float(f'{value / divisor:.3g}'):,g}" for key, value in named}


def _svg(spec: dict[str, Any], *, title: str, description: str, language: str) -> str:
    axis = {
        "labelColor": _INK,
        "titleColor": _INK,
        "domainColor": _INK,
        "tickColor": _INK,
        "gridColor": _INK,
        "gridOpacity": 0.15,
        "labelFontSize": 12,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "domainOpacity": 0.5,
    }
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "padding": 8,
        "config": {"font": _FONT, "aria": False, "axis": axis, "view": {"stroke": None}},
        **spec,
    }
    drawn: str = vl_convert.vegalite_to_svg(whole)
    return tidy(drawn, title=title, description=description, language=_lang(language))


def tidy(drawn: str, *, title: str, description: str, language: str) -> str:
    """Take every inline style away, name the picture, and let its ink be the page's."""
    bare = _STYLE.sub("", drawn)
    mark = hashlib.sha256((title + description).encode()).hexdigest()[:10]
    opened = _OPEN.search(bare)
    if opened is None:
        raise ValueError("the drawing has no size")
    width, height = opened["w"], opened["h"]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" lang="{language}" aria-labelledby="t{mark} d{mark}">'
        f'<title id="t{mark}">{escape(title)}</title><desc id="d{mark}">{escape(description)}</desc>'
    )
    return (head + bare[opened.end() :]).replace(f'"{_INK}"', '"currentColor"')
