"""Draw the figures of docs/method from the engine itself: ``python tools/method_figures.py``.

Each figure is one Vega-Lite specification turned into SVG; the numbers come from published or worked cases
that stand in the engine's tests, so that drawing them again gives the same figures.
"""

from __future__ import annotations

import sys
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import vl_convert

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "engine" / "tests"))

import manglar_engine as me  # noqa: E402 - after the tests' folder is in the path
from manglar_engine.hazard.sea_level_fit import fit_series  # noqa: E402 - same
from manglar_engine.hazard.sea_level_profile import profile_level  # noqa: E402 - same
from measures.city import cost, functions, measure, situation  # noqa: E402 - the tests' small city, found above

FIGURES = ROOT / "docs" / "method" / "figures"
INK, ACCENT, SOFT = "#1b1b1b", "#005ea2", "#a9c9e6"


def spec(title: str, **parts: object) -> dict[str, object]:
    """Return a specification with the look that all figures share."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": title, "anchor": "start", "fontWeight": "normal"},
        "width": 460,
        "height": 260,
        "background": "white",
        "config": {"font": "sans-serif", "axis": {"labelColor": INK, "titleColor": INK, "grid": False}},
        **parts,
    }


def sea_level() -> dict[str, object]:
    """Return levels of Port Pirie with their 90% band and the maxima at their plotting positions."""
    case = tomllib.loads((ROOT / "engine" / "tests" / "cases" / "port_pirie.toml").read_text(encoding="utf-8"))
    values = np.sort(np.array(case["annual_maxima_m"]))
    years = np.arange(1923, 1988)
    fit = fit_series(me.ExtremeSeries("annual maxima", years, values, float(len(values)), "gauge", "Coles (2001)"))
    periods = np.geomspace(1.2, 300, 24)
    band = []
    for period in periods.tolist():
        profile = profile_level(fit, period)
        low, high = profile.quantile(np.array([0.05, 0.95])).tolist()
        band.append({"period": period, "best": profile.best_m, "low": low, "high": high})
    points = [{"period": 1 / (1 - i / (len(values) + 1)), "level": v} for i, v in enumerate(values.tolist(), start=1)]
    x = {"field": "period", "type": "quantitative", "scale": {"type": "log"}, "title": "Return period (years)"}
    y = {"type": "quantitative", "scale": {"zero": False}, "title": "Level (m)"}
    return spec(
        "Port Pirie, annual maxima 1923-1987: fitted levels and 90% interval",
        layer=[
            {
                "data": {"values": band},
                "mark": {"type": "area", "color": SOFT},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": band},
                "mark": {"type": "line", "color": ACCENT},
                "encoding": {"x": x, "y": {**y, "field": "best"}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "color": INK, "size": 14},
                "encoding": {"x": x, "y": {**y, "field": "level"}},
            },
        ],
    )


def flood_rates() -> dict[str, object]:
    """Return the rates of four territories with 5, 1, 0 and 0 floods in twenty years, alone and together."""
    window = me.CompletenessWindow(date(2000, 1, 1), date(2019, 12, 31), "worked example")
    codes = ("A: 5 floods", "B: 1 flood", "C: none", "D: none")
    events = [
        me.RecordedEvent(str(i), date(2001 + i, 5, 1), date(2001 + i, 5, 1), ("flood",), "", (code,), verified, "")
        for i, (code, verified) in enumerate([(codes[0], True)] * 5 + [(codes[1], True)])
    ]
    rows = []
    for prior, label in (("jeffreys", "each alone"), ("shared", "informing each other")):
        found = me.flood_rates(events, [window], codes, prior=prior)
        rows += [
            {"territory": r.territory, "prior": label, "mean": r.mean, "low": r.p05, "high": r.p95}
            for r in found.by_territory
        ]
    y = {"field": "territory", "type": "nominal", "title": None}
    offset = {"field": "prior", "type": "nominal"}
    colour = {"field": "prior", "type": "nominal", "title": None, "scale": {"range": [INK, ACCENT]}}
    x = {"type": "quantitative", "title": "Recorded floods a year, 90% credible interval"}
    shared = {"y": y, "yOffset": offset, "color": colour}
    return spec(
        "Four territories, twenty years of record",
        data={"values": rows},
        layer=[
            {"mark": "rule", "encoding": {**shared, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True}, "encoding": {**shared, "x": {**x, "field": "mean"}}},
        ],
    )


def measures() -> dict[str, object]:
    """Return what two measures avoid alone, added, and together in the small city of the tests."""
    raised = measure("raise", me.ShiftIntensity(0.6), cost=cost())
    stronger = measure("strengthen", me.ChangeClass({"home": "strong home"}), cost=cost())
    city = situation(functions=functions())
    base = city.impact().expected
    apart = [base - city.impact([one]).expected for one in (raised, stronger)]
    rows = [
        {"what": "raise floors by 0.6 m", "avoided": apart[0]},
        {"what": "strengthen homes", "avoided": apart[1]},
        {"what": "the two added up (not used)", "avoided": sum(apart)},
        {"what": "the two together", "avoided": base - city.impact([raised, stronger]).expected},
    ]
    order = [row["what"] for row in rows]
    return spec(
        "Avoided loss a year of two measures in a small city",
        data={"values": rows},
        mark={"type": "bar", "color": ACCENT},
        encoding={
            "y": {"field": "what", "type": "nominal", "title": None, "sort": order, "axis": {"labelLimit": 220}},
            "x": {"field": "avoided", "type": "quantitative", "title": "PAB a year"},
        },
    )


def uncertainty() -> dict[str, object]:
    """Return Sobol' indices of the Ishigami function with 90% intervals beside the closed form."""
    a, b = 7.0, 0.1
    doubts = [me.Doubt(f"x{i}", me.Uniform(-np.pi, np.pi), "Ishigami", "fuente") for i in (1, 2, 3)]

    def ishigami(points: np.ndarray) -> np.ndarray:
        x = points.T
        return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])

    first, second, both = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, 8 * b**2 * np.pi**8 / 225
    total = first + second + both
    exact = {"x1": (first, first + both), "x2": (second, second), "x3": (0.0, both)}
    rows = []
    for row in me.sobol_indices(ishigami, doubts, seed=1, base=1024):
        for kind, value, low, high, closed in (
            ("first order", row.first, row.first_p05, row.first_p95, exact[row.name][0]),
            ("total", row.total, row.total_p05, row.total_p95, exact[row.name][1]),
        ):
            told = {"name": row.name, "kind": kind, "value": value, "low": low, "high": high}
            rows.append({**told, "closed": closed / total})
    shared = {
        "y": {"field": "name", "type": "nominal", "title": None},
        "yOffset": {"field": "kind", "type": "nominal"},
        "color": {"field": "kind", "type": "nominal", "title": None, "scale": {"range": [ACCENT, INK]}},
    }
    x = {"type": "quantitative", "title": "Share of the variance; ticks: closed form"}
    return spec(
        "Ishigami function, 1,024 base points",
        data={"values": rows},
        layer=[
            {"mark": "rule", "encoding": {**shared, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True}, "encoding": {**shared, "x": {**x, "field": "value"}}},
            {"mark": {"type": "tick", "thickness": 2}, "encoding": {**shared, "x": {**x, "field": "closed"}}},
        ],
    )


def main() -> None:
    """Draw every figure."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    for name, figure in {
        "sea-level": sea_level,
        "flood-rates": flood_rates,
        "measures": measures,
        "uncertainty": uncertainty,
    }.items():
        (FIGURES / f"{name}.svg").write_text(vl_convert.vegalite_to_svg(figure()), encoding="utf-8")


if __name__ == "__main__":
    main()
