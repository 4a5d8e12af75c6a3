"""``manglar-engine run CITY.toml`` and ``manglar-engine warmup``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from manglar_engine.cli.bar import Bar
from manglar_engine.cli.impact_city import CityFile, read_city_file
from manglar_engine.cli.measure_text import measure_lines
from manglar_engine.exposure.assets import Assets
from manglar_engine.hazard.events import EventSet, Hazard, Sites, footprints_of
from manglar_engine.hazard.flood_rates import FloodRates
from manglar_engine.hazard.sea_level import ReturnLevel
from manglar_engine.io.files import not_written
from manglar_engine.report.numbers import percent
from manglar_engine.risk.exceedance_map import exceedance_by_asset
from manglar_engine.risk.finished import Memory
from manglar_engine.risk.impact import APART, MAX, SUM
from manglar_engine.risk.moments import edges_of, moments
from manglar_engine.risk.schedule import Schedule
from manglar_engine.risk.tiled_impact import impact
from manglar_engine.studies.city_answer import CityAnswer
from manglar_engine.studies.impact_answer import AmountAnswer, CurvePoint
from manglar_engine.studies.impact_files import refuse_folder, write_answer
from manglar_engine.studies.impact_study import impact_study
from manglar_engine.studies.water import flood_rate_study, sea_level_study
from manglar_engine.vocabulary import ESTIMATE, Note
from manglar_engine.vulnerability.impact_function import ImpactFunction, ImpactFunctionSet

WORST = 10
"""Territories shown on the terminal; all of them stand in the JSON."""
WORDS = {
    "es": {
        "value": "Daño anual esperado",
        "people": "Personas afectadas por año",
        "once": "una vez en {} años",
        "level": "Nivel del mar",
        "rates": "Inundaciones registradas por año",
        "anywhere": "en algún lugar",
        SUM: "Amenazas que golpean juntas: sus daños se suman, hasta el valor entero de cada activo.",
        MAX: "Amenazas que golpean juntas: de cada activo cuenta el peor de sus daños.",
    },
    "en": {
        "value": "Expected annual damage",
        "people": "People affected per year",
        "once": "once in {} years",
        "level": "Sea level",
        "rates": "Recorded floods a year",
        "anywhere": "anywhere",
        SUM: "Hazards that hit together: their damages are added, up to the whole value of each asset.",
        MAX: "Hazards that hit together: the worse damage of each asset counts.",
    },
}


def run_city(options: argparse.Namespace) -> int:
    """Run a city file and print or write its answer."""
    if options.out:
        refuse_folder(options.out, beside=[Path(options.city)])
    city = read_city_file(options.city)
    bar = Bar(sys.stderr)
    try:
        answer = _answer(city, options, bar)
    except OSError as error:
        if options.resume is None:
            raise
        raise not_written(options.resume, error) from error
    finally:
        bar.close()
    if options.out:
        write_answer(options.out, answer, city.impact.assets if city.impact else None)
    print(answer.to_json().decode("utf-8") if options.json else _text(city, answer, options.lang))
    return 0


def _answer(city: CityFile, options: argparse.Namespace, bar: Bar) -> CityAnswer:
    sea, rates, found = city.sea_level, city.flood_rates, CityAnswer()
    if sea is not None:
        told = {sea.file: city.inputs[sea.file]}
        found = replace(found, sea_level=sea_level_study(sea.series, sea.settings, inputs=told, progress=bar))
    if rates is not None:
        told = {rates.file: city.inputs[rates.file]}
        found = replace(found, flood_rates=flood_rate_study(rates.reading, rates.settings, inputs=told))
    held = city.impact
    if held is None:
        return found
    flooded = [ground.flooded(found.sea_level) for ground in held.grounds] if found.sea_level else []
    study = impact_study(
        [*held.hazards, *flooded],
        held.assets,
        held.functions,
        held.settings,
        measures=held.asked.measures,
        horizon=held.asked.horizon,
        zones=held.asked.zones,
        doubts=held.asked.doubts or (),
        inputs=city.inputs,
        schedule=Schedule(options.scheduler, options.workers, options.batch),
        keep=Memory(options.resume) if options.resume else None,
        progress=bar,
    )
    return replace(found, impact=study)


def _text(city: CityFile, answer: CityAnswer, lang: str) -> str:
    lines, notes = [city.name], [part.notes for part in (answer.sea_level, answer.flood_rates, answer.impact) if part]
    if answer.sea_level is not None:
        lines += ["", *(_level_text(level, lang) for level in answer.sea_level.levels)]
    if answer.flood_rates is not None:
        lines += ["", *_rate_texts(answer.flood_rates, city, lang)]
    if answer.impact is not None:
        if answer.impact.amounts[0].combined != APART:
            lines += ["", WORDS[lang][answer.impact.amounts[0].combined]]
        for part in answer.impact.amounts:
            lines += ["", *_amount_text(part, city, lang)]
        if answer.impact.measures:
            lines += ["", *(line for row in answer.impact.measures for line in measure_lines(row, lang))]
    told = dict.fromkeys(_note_text(note, lang) for some in notes for note in some)
    return "\n".join([*lines, "", *told, "", answer.manifest_digest])


def _note_text(note: Note, lang: str) -> str:
    """Return a note, with its row where it is about a record."""
    where = f"{note.row}: " if note.row and note.kind != "limit" else ""
    return f"- {where}{getattr(note, lang)}"


def _level_text(level: ReturnLevel, lang: str) -> str:
    where = f" ({level.scenario})" if level.scenario else ""
    once = WORDS[lang]["once"].format(f"{level.period_years:g}")
    return f"{WORDS[lang]['level']}{where}, {once}: {level.best_m:.2f} m, 90%: {level.p05_m:.2f}–{level.p95_m:.2f}"


def _rate_texts(rates: FloodRates, city: CityFile, lang: str) -> list[str]:
    """Return the rate anywhere and those of the territories with most floods."""
    most = sorted(rates.by_territory, key=lambda row: (-row.mean, row.territory))[:WORST]
    rows = [(WORDS[lang]["anywhere"], rates.anywhere), *((city.names.get(r.territory, r.territory), r) for r in most)]
    head = WORDS[lang]["rates"]
    return [head, *(f"  {name:<28} {row.mean:.3f}, 90%: {row.p05:.3f}–{row.p95:.3f}" for name, row in rows)]


def _amount_text(part: AmountAnswer, city: CityFile, lang: str) -> list[str]:
    head = f"{WORDS[lang][part.amount]}: {part.expected:,.0f} {part.unit}"
    if part.interval is not None:
        head += f", 90%: {part.interval.p05:,.0f}–{part.interval.p95:,.0f}"
    lines = [f"{head} ({ESTIMATE}: {percent(part.estimate_share)})"]
    lines += [
        f"  {WORDS[lang]['once'].format(f'{point.return_period_years:g}'):<28} "
        f"{'≥ ' if point.is_lower_bound else ''}{point.impact:,.0f} {part.unit}{_between(point)}"
        for point in part.curve
    ]
    worst = sorted(part.by_territory, key=lambda row: (-row.expected, row.code))[:WORST]
    return [*lines, *(f"  {city.names.get(row.code, row.code):<28} {row.expected:,.0f} {part.unit}" for row in worst)]


def _between(point: CurvePoint) -> str:
    held = point.interval
    return "" if held is None else f", 90%: {held.p05:,.0f}–{held.p95:,.0f}"


def warm_up(_: argparse.Namespace) -> int:
    """Run every loop once on two sites, in both precisions."""
    classes = ("a", "b")
    functions = ImpactFunctionSet(
        [ImpactFunction(c, "p", c, "m", np.array([0, 1]), np.array([0, 1]), "warmup", ESTIMATE) for c in classes]
    )
    place = Sites(np.array([0.0, 1.0]), np.array([0.0, 0.0]), "EPSG:4326")
    assets = Assets(
        ids=classes,
        x=place.x,
        y=place.y,
        crs=place.crs,
        value=np.ones(2),
        currency="PAB",
        price_year=2000,
        people=np.ones(2),
        asset_class=classes,
        territory=classes,
    )
    for dtype in (np.float32, np.float64):
        depth = np.ones(2, dtype=dtype)
        hazard = Hazard(
            EventSet(["e"], np.array([0.1]), 2000, "p", "s"),  # type: ignore[arg-type] # one year and text for all
            footprints_of([0, 0], [0, 1], depth, events=1, sites=place, unit="m"),
        )
        impact(hazard, assets, functions, max_distance_m=1.0)
        exceedance_by_asset(hazard, assets, functions, max_distance_m=1.0, periods=[10.0])
        moments(hazard, assets, edges=edges_of(list(functions.values())), max_distance_m=1.0)
    print("ready")
    return 0
