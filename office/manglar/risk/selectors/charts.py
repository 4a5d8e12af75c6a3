"""Charts of a run as SVG: drawn from a Vega-Lite spec, without any inline style, with a title and a description.

The page that holds them refuses inline styles (``default-src 'self'``), so that nothing but presentation
attributes may stand in them; text and axes take the colour of the page (``currentColor``), by day and by night.
"""

import hashlib
import re
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import lazy_loader
from django.core.cache import cache

from manglar.risk.models import Run
from manglar.risk.selectors.rows import (
    BeforeAfter,
    CurvePoint,
    Interval,
    avoided_by_code,
    before_after,
    curve_points,
    measures_of,
    retrofit_of,
)
from manglar.risk.selectors.runs import result_document

vl_convert = lazy_loader.load("vl_convert")

VERSION = 4
KEPT_S = 90 * 24 * 3600
#: Stands for the colour of the page's text: Vega knows no ``currentColor``.
INK = "#010203"
CLAY, GREEN = "#b3623b", "#3f8f74"
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
        "bare_point": "Una vez cada {years} años, B/. {mean} {unit} o más",
        "bare_bar": "{label}: B/. {mean} {unit} al año",
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
        "bare_point": "Once in {years} years, B/. {mean} {unit} or more",
        "bare_bar": "{label}: B/. {mean} {unit} a year",
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

    return _kept("curva", run, language, draw) if result_document(run).get("curve") else ""


def before_after_svg(run: Run, *, language: str = "es", code: str = "") -> str:
    """Expected annual damage with and without the measure, of the city or of one division; empty without one."""
    document = result_document(run)
    effect, name = _effect(document, code, short(language))
    if effect is None:
        return ""

    def draw() -> str:
        return draw_before_after(effect, name=name, language=language)

    return _kept(f"antes-{code}", run, language, draw)


def _effect(document: Mapping[str, Any], code: str, language: str) -> tuple[BeforeAfter | None, str]:
    """What the measure of a run does to the city or to a division, and its name; of several, all of them together."""
    told = document.get("retrofit")
    if told:
        rows = {row["code"]: row for row in told["by_territory"]}
        measure = retrofit_of(told)
        if code and code not in rows:
            return None, ""
        total = measure.total if measure else None
        return (before_after(rows[code]) if code else total), told["name"]
    measures = measures_of(document.get("measures", []), language)
    if not measures:
        return None, ""
    if not code:
        return measures[-1].total, measures[-1].name
    return _division_effect(document, code), measures[-1].name


def _division_effect(document: Mapping[str, Any], code: str) -> BeforeAfter | None:
    """Before and after in one division: its damage, and that less what the measure avoids there."""
    row = next((each for each in document["by_territory"] if each["code"] == code), None)
    avoided = avoided_by_code(document["measures"][-1]).get(code)
    if row is None or avoided is None:
        return None
    before = Interval.of(row["ead_pab"]["mean"], None, None)
    return BeforeAfter(before, Interval.of(before.mean - avoided.mean, None, None), avoided, None)


def warm(run: Run) -> None:
    """Draw the charts of a run in both languages, so that no reader waits for the first."""
    for language in _WORDS:
        curve_svg(run, language=language)
        before_after_svg(run, language=language)


def _kept(name: str, run: Run, language: str, draw: Any) -> str:
    key = f"risk:{VERSION}:{name}:{run.result_sha256}:{short(language)}"
    held = cache.get(key)
    if held is None:
        held = draw()
        cache.set(key, held, KEPT_S)
    return str(held)


def short(language: str) -> str:
    """The language of a chart: English, or Spanish for all the others."""
    return "en" if language.startswith("en") else "es"


def draw_curve(points: tuple[CurvePoint, ...], *, language: str = "es") -> str:
    """The curve of some points."""
    words = _WORDS[short(language)]
    divisor, unit = unit_of(max((p.loss_pab.high for p in points), default=0.0), language)
    is_known = any(p.loss_pab.is_known for p in points)
    values = [
        {
            "x": p.years,
            "y": p.loss_pab.mean / divisor,
            "low": p.loss_pab.low / divisor,
            "high": p.loss_pab.high / divisor,
        }
        for p in points
    ]
    x = year_axis(language)
    y_axis = {"title": words["damage"].format(unit=unit), "format": ",~r"}
    spec = {
        "data": {"values": values},
        "encoding": {"x": x},
        "layer": [
            {
                "mark": {"type": "area", "color": CLAY, "fillOpacity": 0.25, "opacity": 1},
                "encoding": {"y": {"field": "low", "type": "quantitative", "axis": y_axis}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "color": CLAY, "strokeWidth": 2.5},
                "encoding": {"y": {"field": "y", "type": "quantitative"}},
            },
            {
                "mark": {"type": "point", "color": CLAY, "filled": True, "size": 45, "opacity": 1},
                "encoding": {"y": {"field": "y", "type": "quantitative"}},
            },
            *([_label(values[-1:], words["mean"], "y"), _label(values[-1:], words["band"], "high")] if is_known else []),
        ],
        "width": 560,
        "height": 300,
    }
    told = [
        words["point" if p.loss_pab.is_known else "bare_point"].format(
            years=f"{p.years:,.0f}", unit=unit, **written(p.loss_pab.mean, p.loss_pab.low, p.loss_pab.high, divisor)
        )
        for p in points
    ]
    return drawn_svg(spec, title=words["curve"], description="; ".join(told) + ".", language=language)


def year_axis(language: str) -> dict[str, Any]:
    """The years of a curve, on a scale of powers: the picture on paper and the chart that is explored share it."""
    return {
        "field": "x",
        "type": "quantitative",
        "scale": {"type": "log", "nice": False},
        "axis": {
            "title": _WORDS[short(language)]["years"],
            "values": [2, 5, 10, 25, 50, 100, 200, 475, 1000, 2475, 5000, 10000],
            "format": ",d",
        },
    }


def units_of(language: str) -> dict[float, str]:
    """Sizes by which amounts are divided to be read, largest first, with the axis that says so."""
    key = short(language)
    return {size: _WORDS[key]["damage"].format(unit=word) for size, word in _UNITS[key].items()}


def _label(values: list[dict[str, float]], text: str, field: str) -> dict[str, Any]:
    """Words at the end of a line instead of a legend."""
    return {
        "data": {"values": values},
        "mark": {"type": "text", "text": text, "align": "right", "dy": -9, "color": INK, "fontSize": 12},
        "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": field, "type": "quantitative"}},
    }


def draw_before_after(effect: BeforeAfter, *, name: str, language: str = "es") -> str:
    """Two bars with their 90% intervals: without the measure and with it."""
    words = _WORDS[short(language)]
    pairs = ((words["today"], effect.before_pab), (words["with"].format(name=name), effect.after_pab))
    return draw_bars(pairs, title=words["bars"].format(name=name), language=language)


#: A chart of bars fits a phone as it stands: its names are written above the bars, over as many lines as they need.
NARROW, BAR, LINE, CHARACTERS = 296, 24, 17, 42
#: A wider drawing is scrolled sideways on a phone, so that its letters stay legible.
WIDEST_ON_A_PHONE = 380


def draw_bars(pairs: Sequence[tuple[str, Interval]], *, title: str, language: str = "es") -> str:
    """Two bars of expected annual damage with their 90% intervals, the first in clay and the second in green."""
    words = _WORDS[short(language)]
    divisor, unit = unit_of(max(each.high for _, each in pairs), language)
    values = [
        {"label": label, "y": each.mean / divisor, "low": each.low / divisor, "high": each.high / divisor}
        for label, each in pairs
    ]
    lines = [textwrap.wrap(label, CHARACTERS) for label, _ in pairs]
    most = max(len(each) for each in lines)
    above = LINE * most
    values = [{**each, "lines": [""] * (most - len(told)) + told} for each, told in zip(values, lines, strict=True)]
    side = {"field": "label", "type": "nominal", "sort": None, "axis": None}
    spec = {
        "data": {"values": values},
        "encoding": {"y": side},
        "layer": [
            {
                "mark": {"type": "bar", "height": BAR, "yOffset": above / 2},
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
                        "scale": {"domain": [label for label, _ in pairs], "range": [CLAY, GREEN]},
                    },
                },
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5, "yOffset": above / 2},
                "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "text", "align": "left", "baseline": "top", "color": INK, "fontSize": 14, "lineHeight": LINE, "yOffset": -above / 2 - BAR / 2 - 4},
                "encoding": {"x": {"value": 0}, "text": {"field": "lines"}},
            },
        ],
        "width": NARROW,
        "height": {"step": above + BAR + 22},
    }
    told = [
        words["bar" if each.is_known else "bare_bar"].format(label=label, unit=unit, **written(each.mean, each.low, each.high, divisor))
        for label, each in pairs
    ]
    return drawn_svg(spec, title=title, description="; ".join(told) + ".", language=language)


def unit_of(largest: float, language: str) -> tuple[float, str]:
    """By what an amount is divided to be read, and the word for it."""
    for size, word in _UNITS[short(language)].items():
        if largest >= size:
            return size, word
    return 1, _UNITS[short(language)][1]


def written(mean: float, low: float, high: float, divisor: float) -> dict[str, str]:
    """Three figures of three digits in the unit of a chart."""
    named = (("mean", mean), ("low", low), ("high", high))
    return {key: f"{float(f'{value / divisor:.3g}'):,g}" for key, value in named}


def drawn_svg(spec: dict[str, Any], *, title: str, description: str, language: str) -> str:
    """A Vega-Lite spec as a picture of the page: its ink, its fonts, its title and its words."""
    axis = {
        "labelColor": INK,
        "titleColor": INK,
        "domainColor": INK,
        "tickColor": INK,
        "gridColor": INK,
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
    return tidy(drawn, title=title, description=description, language=short(language))


def tidy(drawn: str, *, title: str, description: str, language: str) -> str:
    """Take every inline style away, name the picture, and let its ink be the page's."""
    bare = _STYLE.sub("", drawn)
    mark = hashlib.sha256((title + description).encode()).hexdigest()[:10]
    opened = _OPEN.search(bare)
    if opened is None:
        raise ValueError("the drawing has no size")
    width, height = opened["w"], opened["h"]
    is_wide = 'class="m-figure__wide" ' if float(width) > WIDEST_ON_A_PHONE else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'{is_wide}role="img" lang="{language}" aria-labelledby="t{mark} d{mark}">'
        f'<title id="t{mark}">{escape(title)}</title><desc id="d{mark}">{escape(description)}</desc>'
    )
    return (head + bare[opened.end() :]).replace(f'"{INK}"', '"currentColor"')
