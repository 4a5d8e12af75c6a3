"""Two runs side by side: their totals, what changes in each division, and what was asked differently."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from manglar.foundation.sentences import Said
from manglar.operations.selectors import file_bytes
from manglar.risk.choices import HAZARD_KINDS, RunState, Study
from manglar.risk.models import Dataset, Run
from manglar.risk.rules.comparing import Asked, what_differs, why_not
from manglar.risk.rules.series_spec import datasets_named
from manglar.risk.selectors.charts import CLAY, GREEN, INK, draw_bars, drawn_svg, unit_of
from manglar.risk.selectors.rows import Interval
from manglar.risk.selectors.runs import RunPage, datasets_named_by, run_page

SHOWN = 15


@dataclass(frozen=True, slots=True)
class Pair:
    """The same figure of both runs; ``name`` is of a division, of a period, or empty for the whole."""

    code: str
    name: str
    one: Interval | None
    other: Interval | None

    @property
    def change(self) -> float | None:
        """How much the second has more than the first; None where one of them says nothing."""
        return self.other.mean - self.one.mean if self.one and self.other else None

    @property
    def is_apart(self) -> bool:
        """Whether the two intervals do not touch, so that the change is more than doubt."""
        if self.one is None or self.other is None or not (self.one.is_known and self.other.is_known):
            return False
        return self.one.high < self.other.low or self.other.high < self.one.low


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side; with ``why_not`` there is nothing else."""

    one: Run
    other: Run
    why_not: Said | None
    total: Pair | None
    people: Pair | None
    rows: tuple[Pair, ...]
    differs: tuple[Said, ...]


def compare(one: Run, other: Run, *, language: str = "es") -> Comparison:
    """Two runs of one government, compared or refused in words."""
    asked = _asked(one), _asked(other)
    why = why_not(*asked)
    if why is not None:
        return Comparison(one, other, why, None, None, (), ())
    pages = run_page(one, language=language), run_page(other, language=language)
    total, people = _totals(*pages)
    return Comparison(one, other, None, total, people, _rows(Study(one.study), *pages), tuple(what_differs(*asked)))


def _asked(run: Run) -> Asked:
    is_done = run.state == RunState.DONE
    datasets = datasets_named_by(run)
    document: dict[str, Any] = json.loads(file_bytes(run.inputs)) if is_done and run.inputs else {}
    columns = document.get("exposure") or document.get("assets") or {}
    named = tuple(str(each.meaning["hazard"]) for each in datasets if each.meaning.get("hazard"))
    return Asked(
        id=run.public_id,
        name=run.title,
        study=run.study,
        hazards=tuple(dict.fromkeys(named)) or (run.hazard.code,),
        is_done=is_done,
        engine_version=run.engine_version,
        spec=run.spec,
        datasets=[each.name if not each.meaning.get("scenario") else f"{each.name} ({each.meaning['scenario']})" for each in datasets],
        price_year=columns.get("price_year", document.get("price_year")),
        assets=frozenset(columns.get("ids", ())),
        territories=frozenset(columns.get("territory", document.get("territories", ()))),
    )


def _totals(one: RunPage, other: RunPage) -> tuple[Pair | None, Pair | None]:
    if one.total is None or other.total is None:
        return None, None
    people = Pair("", "", one.total.affected, other.total.affected) if one.total.affected or other.total.affected else None
    return Pair("", "", one.total.ead_pab, other.total.ead_pab), people


def _rows(study: Study, one: RunPage, other: RunPage) -> tuple[Pair, ...]:
    if study == Study.SEA_LEVEL:
        sides = tuple({(row.scenario_name, row.years): row.level_m for row in page.levels} for page in (one, other))
        return tuple(
            Pair(f"{name}:{years:g}", f"{years:g}" if not name else f"{years:g} · {name}", *(side.get((name, years)) for side in sides))
            for name, years in dict.fromkeys((*sides[0], *sides[1]))
        )
    if study == Study.FLOOD_RATES:
        names = {row.code: row.name for page in (one, other) for row in page.rates}
        sides_of = tuple({row.code: row.rate for row in page.rates} for page in (one, other))
    else:
        names = {row.code: row.name for page in (one, other) for row in page.territories}
        sides_of = tuple({row.code: row.ead_pab for row in page.territories} for page in (one, other))
    pairs = [Pair(code, name, *(side.get(code) for side in sides_of)) for code, name in names.items()]
    return tuple(sorted(pairs, key=lambda pair: (-abs(pair.change or 0.0), pair.code)))


@dataclass(frozen=True, slots=True)
class Climate:
    """Of when the maps or events of a run are, and which future they suppose."""

    scenario: str
    year: int


def climates_of(runs: Sequence[Run]) -> dict[int, Climate]:
    """The climate of each run whose hazards all share one that is said, by the key of the run; in one query."""
    named = {run.pk: datasets_named(run.spec) for run in runs}
    wanted = {name for names in named.values() for name in names}
    held = {each.public_id: each.meaning for each in Dataset.objects.filter(public_id__in=wanted, kind__in=HAZARD_KINDS)}
    found = {}
    for pk, names in named.items():
        said = {(held[name].get("scenario", ""), held[name].get("year") or 0) for name in names if name in held}
        if len(said) == 1:
            scenario, year = said.pop()
            if year:
                found[pk] = Climate(scenario, year)
    return found


def today_and_later(runs: Sequence[Run]) -> tuple[Run, Run] | None:
    """Of some runs, the newest first: the earliest year and the newest run of a later one, that ask for the same.

    Other assets or other functions would pass for a change of climate: such runs are no pair.
    """
    climates = climates_of(runs)
    told = [run for run in runs if run.pk in climates]
    for later in told:
        before = [each for each in told if _asks_alike(each, later) and climates[each.pk].year < climates[later.pk].year]
        if before:
            return min(before, key=lambda each: climates[each.pk].year), later
    return None


def _asks_alike(one: Run, other: Run) -> bool:
    return one.study == other.study and all(one.spec.get(key) == other.spec.get(key) for key in ("assets", "functions"))


def pair_svg(pair: Pair, *, labels: tuple[str, str], title: str, language: str = "es") -> str:
    """The total of both runs as two bars with their intervals; empty where one of them says nothing."""
    if pair.one is None or pair.other is None:
        return ""
    return draw_bars(list(zip(labels, (pair.one, pair.other), strict=True)), title=title, language=language)


def differences_svg(rows: tuple[Pair, ...], *, title: str, money: bool, language: str = "es") -> str:
    """The largest changes as bars to both sides of nothing; empty where nothing changes."""
    shown = [pair for pair in rows if pair.change][:SHOWN]
    if not shown:
        return ""
    divisor, unit = unit_of(max(abs(pair.change or 0.0) for pair in shown), language) if money else (1, "")
    values = [{"name": pair.name, "change": (pair.change or 0.0) / divisor, "side": "+" if (pair.change or 0) > 0 else "-"} for pair in shown]
    axis_title = f"{title} ({unit})" if unit else title
    spec = {
        "data": {"values": values},
        "width": 440,
        "height": {"step": 26},
        "mark": {"type": "bar", "height": 16},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 220}},
            "x": {"field": "change", "type": "quantitative", "axis": {"title": axis_title, "format": "~r", "gridColor": INK}},
            "color": {"field": "side", "type": "nominal", "legend": None, "scale": {"domain": ["+", "-"], "range": [CLAY, GREEN]}},
        },
    }
    told = "; ".join(f"{value['name']}: {value['change']:+.3g}" for value in values)
    return drawn_svg(spec, title=axis_title, description=told + ".", language=language)
