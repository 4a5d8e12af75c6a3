"""``[sea_level]`` and ``[flood_rates]`` of a city file, and hazards that flood the ground to those levels.

``[sea_level]``: file, kind (``annual maxima`` or ``peaks over threshold``, then threshold too),
value_column, unit, datum, source; minimum_coverage; and the fields of ``SeaLevelSettings``, scenarios as
``[[sea_level.scenario]]`` (id, es, en, base_year, year, rise_m = [best, min, max], source, mark).

``[flood_rates]``: file, territories (those of the assets where none are named), peril, prior, and
``[[flood_rates.window]]`` (first, last, reason, territories).

``[[hazard]]`` with ``ground``: a CSV of x, y, ground_m with its crs, or a raster; offset_m and offset_source
between the datums, year, scenario, end, event_scenario, as ``flood_of_levels``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manglar_engine.cli.city_file import Files, forms_of, made, refuse_forms, refuse_missing, refuse_unknown
from manglar_engine.errors import FormatError
from manglar_engine.hazard.events import Hazard, Sites
from manglar_engine.hazard.flood_rates import CompletenessWindow
from manglar_engine.hazard.recorded_events import EventReading, read_recorded_events
from manglar_engine.hazard.sea_level import SeaLevelResult, SeaLevelScenario
from manglar_engine.hazard.sea_level_flood import flood_of_levels
from manglar_engine.hazard.sea_level_series import ExtremeSeries, read_annual_maxima, read_peaks_over_threshold
from manglar_engine.io.rasters import read_raster
from manglar_engine.io.tables import read_table
from manglar_engine.studies.water import FloodRateSettings, SeaLevelSettings
from manglar_engine.vocabulary import Triple

MAXIMA, PEAKS = "annual maxima", "peaks over threshold"
GAUGE = ("file", "kind", "value_column", "unit", "datum", "source")
GAUGE_MORE = ("minimum_coverage", "threshold")
GROUND = ("ground", "year", "offset_m", "offset_source")
GROUND_MORE = ("crs", "unit", "scenario", "end", "event_scenario")
RASTERS = {".tif", ".tiff"}


@dataclass(frozen=True, slots=True)
class SeaLevelQuestion:
    """A gauge and what is asked of it."""

    series: ExtremeSeries
    settings: SeaLevelSettings
    file: str


@dataclass(frozen=True, slots=True)
class FloodRateQuestion:
    """Recorded events and what is asked of them."""

    reading: EventReading
    settings: FloodRateSettings
    file: str


@dataclass(frozen=True, eq=False)
class Ground:
    """Heights of the ground that the levels of the sea will flood: ``ground_m (sites,)`` and ``terms``."""

    sites: Sites
    ground_m: NDArray[np.float64]
    terms: Mapping[str, Any]

    def flooded(self, levels: SeaLevelResult) -> Hazard:
        """Return the hazard; errors as :func:`~manglar_engine.hazard.sea_level_flood.flood_of_levels`."""
        return flood_of_levels(levels, self.sites, self.ground_m, **self.terms)


def read_sea_level(files: Files, section: Mapping[str, Any]) -> SeaLevelQuestion:
    """Read ``[sea_level]``.

    Raises:
        FormatError: words that are missing, unknown or of another form.
        SeriesError: what the reading of the series refuses. SettingsError: settings out of range.
    """
    where = "[sea_level]"
    settings = [f.name for f in fields(SeaLevelSettings) if f.name != "scenarios"]
    refuse_unknown(where, section, [*GAUGE, *GAUGE_MORE, *settings, "scenario"])
    refuse_missing(where, section, GAUGE)
    peaks = section["kind"] == PEAKS
    if section["kind"] not in {MAXIMA, PEAKS} or peaks != ("threshold" in section):
        raise FormatError(
            f"{where}: kind is {section['kind']!r}, threshold {section.get('threshold')!r}",
            mend=f"Write kind = {MAXIMA!r} without a threshold, or {PEAKS!r} with it.",
        )
    words = {name: section[name] for name in (*GAUGE[2:], *GAUGE_MORE) if name in section}
    path = files.file(section["file"], where)
    read = read_peaks_over_threshold if peaks else read_annual_maxima
    series = made(where, lambda **told: read(path, **told), words, words)
    asked: dict[str, Any] = {name: section[name] for name in settings if name in section}
    asked["scenarios"] = [_scenario(held, n) for n, held in enumerate(_list(section, "scenario", where), start=1)]
    return SeaLevelQuestion(series, made(where, SeaLevelSettings, asked, asked), str(section["file"]))


def _list(section: Mapping[str, Any], name: str, where: str) -> Sequence[Mapping[str, Any]]:
    held = section.get(name, [])
    if not isinstance(held, list) or not all(isinstance(one, Mapping) for one in held):
        raise FormatError(f"{where}: {name} is not a list of sections", mend=f"Write [[{where[1:-1]}.{name}]].")
    return held


def _scenario(held: Mapping[str, Any], number: int) -> SeaLevelScenario:
    where = f"sea_level.scenario {number}"
    names = [f.name for f in fields(SeaLevelScenario)]
    refuse_unknown(where, held, names)
    refuse_missing(where, held, names)
    try:
        rise = Triple(*(float(part) for part in held["rise_m"]))
    except (TypeError, ValueError) as error:
        raise FormatError(
            f"{where}: rise_m is {held['rise_m']!r}", mend="Write rise_m = [best, min, max], in metres."
        ) from error
    return made(where, SeaLevelScenario, {**held, "rise_m": rise}, names)


def read_flood_rates(files: Files, section: Mapping[str, Any], territories: Sequence[str]) -> FloodRateQuestion:
    """Read ``[flood_rates]``; ``territories`` where it names none; errors as :func:`read_sea_level`."""
    where = "[flood_rates]"
    refuse_unknown(where, section, ["file", "territories", "peril", "prior", "window"])
    refuse_missing(where, section, ["file", "window"])
    windows = [_window(held, n) for n, held in enumerate(_list(section, "window", where), start=1)]
    asked = {name: section[name] for name in ("peril", "prior") if name in section}
    asked |= {"territories": section.get("territories", list(territories)), "windows": windows}
    refuse_forms(where, section, {"territories": "Sequence[str]", "peril": "str", "prior": "str"})
    reading = read_recorded_events(files.file(section["file"], where))
    return FloodRateQuestion(reading, made(where, FloodRateSettings, asked, asked), str(section["file"]))


def _window(held: Mapping[str, Any], number: int) -> CompletenessWindow:
    where = f"flood_rates.window {number}"
    names = [f.name for f in fields(CompletenessWindow)]
    refuse_unknown(where, held, names)
    refuse_missing(where, held, [name for name in names if name != "territories"])
    refuse_forms(where, held, forms_of(CompletenessWindow))
    wrong = [name for name in ("first", "last") if type(held[name]) is not date]
    if wrong:
        raise FormatError(f"{where}: not a date", rows=wrong, mend="Write first = 1990-01-01, without quotes.")
    if held["last"] > date.today():
        raise FormatError(
            f"{where}: last is {held['last']}, which has not come", mend="Write the last day that the record covers."
        )
    return made(where, CompletenessWindow, {**held, "territories": tuple(held.get("territories", ()))}, names)


def read_ground(files: Files, held: Mapping[str, Any], where: str) -> Ground:
    """Read a hazard that is ``ground`` under the levels of the sea; errors as :func:`read_sea_level`."""
    refuse_missing(where, held, GROUND)
    path = files.file(held["ground"], where)
    sites, height = _raster(path, held) if path.suffix.lower() in RASTERS else _table(path, held, where)
    words = {name: held[name] for name in (*GROUND[1:], *GROUND_MORE[2:]) if name in held}
    return Ground(sites, height, made(where, _terms, words, words))


def _terms(year: object, offset_m: object, **texts: object) -> Mapping[str, Any]:
    return {"year": int(str(year)), "offset_m": float(str(offset_m)), **{k: str(v) for k, v in texts.items()}}


def _table(path: Path, held: Mapping[str, Any], where: str) -> tuple[Sites, NDArray[np.float64]]:
    refuse_missing(where, held, ["crs"])
    table = read_table(path, required=("x", "y", "ground_m"))
    return Sites(table.numbers("x"), table.numbers("y"), str(held["crs"])), table.measured("ground_m")


def _raster(path: Path, held: Mapping[str, Any]) -> tuple[Sites, NDArray[np.float64]]:
    raster = read_raster(path, unit=str(held.get("unit", "")))
    if raster.unit != "m":
        raise FormatError(f"{path.name} is in {raster.unit!r}", mend="Give heights of the ground in metres.")
    x, y = np.meshgrid(raster.grid.x, raster.grid.y)
    known = np.isfinite(raster.values)
    return Sites(x[known], y[known], raster.grid.crs), np.asarray(raster.values[known], dtype=np.float64)
