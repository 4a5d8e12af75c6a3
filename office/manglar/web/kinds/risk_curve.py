"""The curve of a run as its page and the portal let a reader explore it: every word that the chart shows is said here."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from manglar.design.templatetags.design import interval, pab, years_return
from manglar.risk import selectors as risk
from manglar.risk.selectors import CurvePoint, PlaceCurve, RunPage


def explored(page: RunPage, *, language: str) -> str:
    """What ``manglar-chart.js`` needs to draw the curves of a run, as JSON; empty where there is no curve."""
    curves = risk.place_curves(page)
    return chart_of(curves, language=language) if curves else ""


def chart_of(curves: Sequence[PlaceCurve], *, language: str) -> str:
    """The chart of some curves, the first of which is the whole city's, as JSON."""
    chart = risk.curve_chart(language) | {
        "series": [{"code": each.code, "name": each.name or _("Toda la ciudad"), "points": _points(each.points)} for each in curves],
        "years": {f"{p.years:g}": years_return(p.years) for each in curves for p in each.points},
        "units": [[size, title] for size, title in risk.units_of(language).items()],
        "note": "" if len(curves) > 1 else _("Esta corrida no guarda una curva por corregimiento: solo la de toda la ciudad."),
    }
    return json.dumps(chart, ensure_ascii=False, separators=(",", ":"))


def _points(points: tuple[CurvePoint, ...]) -> list[list[Any]]:
    """Years, mean, the two ends of its interval or nothing, and the amount as people say it."""
    return [[p.years, _figures(p.loss_pab.mean), *_ends(p), _told(p)] for p in points]


def _figures(value: float) -> float:
    """Four figures: more than a screen can show."""
    return float(f"{value:.4g}")


def _ends(point: CurvePoint) -> list[float | None]:
    held = point.loss_pab
    return [_figures(held.low), _figures(held.high)] if held.is_known else [None, None]


def _told(point: CurvePoint) -> str:
    held = point.loss_pab
    mean, low, high = (float(f"{value:.3g}") for value in (held.mean, held.low, held.high))
    if point.is_lower_bound:
        return _("%(damage)s o más: nada tan raro se dio") % {"damage": pab(mean)}
    return f"{pab(mean)} ({interval(low, high, 'pab')})" if held.is_known else pab(mean)
