"""The page that puts two runs side by side."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from manglar.design.shapes import Column, Figure, Row, Table
from manglar.desk import pages
from manglar.foundation.numbers import rounded
from manglar.risk import selectors as risk
from manglar.risk.choices import RunState, Study
from manglar.risk.models import Run
from manglar.risk.permissions import may_run_risk
from manglar.risk.selectors import Comparison, Pair
from manglar.web.access import DeskRequest
from manglar.web.kinds.risk_sections import MARK, amount_range, count_range, firmness, three
from manglar.web.kinds.words import day, own

#: How many runs the two selects offer, newest first.
OFFERED = 100


def compare_page(request: DeskRequest) -> dict[str, Any]:
    """Two selects of runs and, once both are chosen, the comparison or why there is none."""
    code, lang = request.government.code, pages.language()
    runs = list(risk.runs_of(request.government).filter(state=RunState.DONE)[:OFFERED])
    chosen = {name: request.GET.get(name, "")[:60] for name in ("una", "otra")}
    first = next((run for run in runs if run.public_id == chosen["una"]), None)
    page: dict[str, Any] = {
        "firsts": [_choice(run) for run in runs if risk.may_compare_with(run, runs) or run is first],
        "seconds": [_choice(run) for run in (risk.may_compare_with(first, runs) if first else runs)],
        **chosen,
        **(_alone(request, first) if first and not risk.may_compare_with(first, runs) else {}),
        "crumbs": pages.crumbs(request, (_("Riesgo"), reverse("desk:corridas", args=[code])), (_("Comparar"), "")),
    }
    if not all(chosen.values()):
        return page
    one, other = (_run(request, public_id) for public_id in chosen.values())
    found = risk.compare(one, other, language=lang)
    return page | {"found": found, **(_shown(found, lang) if found.why_not is None else {})}


def _choice(run: Run) -> tuple[str, str]:
    return run.public_id, f"{run.title} · {run.hazard} · {day(run.finished_at)}"


def _alone(request: DeskRequest, run: Run) -> dict[str, Any]:
    """Why there is no other to compare with, and where to ask for one."""
    told = _("«%(run)s» es la única corrida terminada de su amenaza (%(hazard)s) y su estudio (%(study)s).") % {
        "run": run.title, "hazard": run.hazard, "study": run.get_study_display()
    }  # fmt: skip
    may = may_run_risk.test(request.actor, request.government)
    return {"alone": told, "again_url": reverse("desk:corridas-de-nuevo", args=[request.government.code, run.public_id]) if may else ""}


def _run(request: DeskRequest, public_id: str) -> Run:
    found = own(risk.run_by_id(public_id), request.government)
    if found is None:
        raise Http404(_("No hay una corrida con ese identificador en este gobierno."))
    return found


def _shown(found: Comparison, language: str) -> dict[str, Any]:
    is_money = found.total is not None
    titles = (found.one.title, found.other.title)
    return {
        "totals": _totals(found, titles) if is_money else None,
        "figure": _figure(found, is_money=is_money, titles=titles, language=language),
        "one_url": _record(found.one),
        "other_url": _record(found.other),
    }


def _record(run: Run) -> str:
    return reverse("desk:corridas-record", args=[run.government.code, run.public_id])


def _totals(found: Comparison, titles: tuple[str, str]) -> Table:
    columns = [Column(_("Toda la ciudad")), *(Column(title, numeric=True) for title in titles), Column(_("Cambio"), numeric=True)]
    rows = [
        *_total(_("Daño esperado al año"), found.total, money=True),
        *_total(_("Personas afectadas al año"), found.people, money=False),
    ]
    return Table(_("Los totales, con su intervalo del 90%"), columns, rows)


def _total(label: str, pair: Pair | None, *, money: bool) -> list[Row]:
    """The figure of both runs, and below it between which it lies."""
    if pair is None:
        return []
    sides = (pair.one, pair.other)
    ranges = [amount_range(each) if money else count_range(each) for each in sides]
    return [
        Row.of(label, *(_side(each, money=money) for each in sides), _change(pair, money=money)),
        Row.of(_("Entre (90%)"), *ranges, firmness(pair)),
    ]


def _side(value: risk.Interval | None, *, money: bool) -> str:
    if value is None:
        return _("no se calculó")
    return three(value.mean) if money else rounded(value.mean, 3)


def _change(pair: Pair, *, money: bool) -> str:
    if pair.change is None:
        return "—"
    if not pair.change or (money and abs(pair.change) < 0.5):
        return _("menos de B/. 1") if pair.change else _("sin cambio")
    text = f"{'+' if pair.change > 0 else '−'}{three(abs(pair.change))}" if money else f"{'+' if pair.change > 0 else ''}{rounded(pair.change, 3)}"
    share = pair.change / pair.one.mean if pair.one and pair.one.mean else 0.0
    part = f" ({share:+.0%})" if abs(share) >= 0.005 else ""
    return f"{text}{part}"


def _figure(found: Comparison, *, is_money: bool, titles: tuple[str, str], language: str) -> Figure:
    head = _("Período") if found.one.study == Study.SEA_LEVEL and not is_money else _("Corregimiento")
    columns = [
        Column(head), *(Column(title, numeric=True) for title in titles), Column(_("Cambio"), numeric=True), Column(_("Qué tan firme")),
    ]  # fmt: skip
    rows = [
        Row.of(
            pair.name, *(_side(each, money=is_money) for each in (pair.one, pair.other)), _change(pair, money=is_money), firmness(pair)
        )
        for pair in found.rows
    ]
    title = _("Cambio del daño al año") if is_money else _("Cambio")
    drawn = risk.differences_svg(found.rows, title=title, money=is_money, language=language)
    return Figure(_sentence(found, is_money=is_money), SafeString(drawn), Table(_("Lo que cambia"), columns, rows), MARK)


def _sentence(found: Comparison, *, is_money: bool) -> str:
    most = next((pair for pair in found.rows if pair.change), None)
    if most is None:
        return _("No cambia nada entre las dos.")
    told = {"name": most.name, "change": _change(most, money=is_money)}
    return _("Donde más cambia es en %(name)s: %(change)s.") % told
