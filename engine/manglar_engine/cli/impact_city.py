"""A city for a run of impact, in one TOML file: hazards, assets, functions and how to run.

Sections: ``[city]`` (name), ``[[hazard]]`` one or more, ``[assets]`` (file, and what it does not say:
crs, currency, price_year), ``[functions]`` (value, people: a CSV table each), ``[settings]`` (fields of
``ImpactSettings``), ``[names]`` (territory code to name), ``[[measure]]`` and ``[horizon]``
(:mod:`~manglar_engine.cli.measure_sections`). Paths are relative to the file.

A hazard is one of: ``folder`` (our own: events.parquet, footprints.zarr); ``maps`` (a raster by return
period, with peril, scenario, year, nodata, unit); ``events``, ``sites`` and ``footprints`` (tables, with
crs, unit and frequency_unit). ``scenario`` and ``year`` also choose among the events of a folder or table.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from manglar_engine.cli.measure_sections import read_horizon, read_measures
from manglar_engine.errors import FormatError, HazardError, SettingsError
from manglar_engine.exposure.asset_files import AssetTerms, read_assets
from manglar_engine.exposure.assets import Assets
from manglar_engine.hazard.event_tables import read_event_tables
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.layers import REFUSE, MapReading, hazard_of_return_period_maps
from manglar_engine.hazard.store import read_hazard, whole
from manglar_engine.hazard.tiling import TiledHazard
from manglar_engine.io.files import path_digest
from manglar_engine.io.rasters import read_raster
from manglar_engine.measures.measure import Measure
from manglar_engine.measures.worth import Horizon
from manglar_engine.studies.impact_answer import ImpactSettings
from manglar_engine.vulnerability.function_file import read_functions
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet

SECTIONS = {"city", "hazard", "assets", "functions", "settings", "names", "measure", "horizon"}
AMOUNTS = {"value", "people"}
KINDS: Mapping[str, frozenset[str]] = {
    "folder": frozenset({"folder", "scenario", "year"}),
    "maps": frozenset({"maps", "peril", "scenario", "year", "nodata", "unit", "falls"}),
    "footprints": frozenset({"events", "sites", "footprints", "crs", "unit", "frequency_unit", "scenario", "year"}),
}
"""What a hazard of each kind may say; the key names the kind."""


@dataclass(frozen=True, slots=True)
class ImpactCity:
    """Everything that a run of one city takes; ``inputs`` holds the digest of every file by its path."""

    name: str
    hazards: tuple[Hazard | TiledHazard, ...]
    assets: Assets
    functions: Mapping[str, ImpactFunctionSet]
    settings: ImpactSettings
    names: Mapping[str, str]
    measures: tuple[Measure, ...]
    horizon: Horizon | None
    inputs: Mapping[str, str]


class _Reader:
    """Finds files beside the city's own and remembers their digests."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.inputs: dict[str, str] = {}

    def file(self, name: object, what: str) -> Path:
        """Return the path of a named file or folder; refuse what is no name or does not exist."""
        if not isinstance(name, str) or not name:
            raise FormatError(f"{self.path.name}: {what} does not name its file", mend='Write "file.ext".')
        found = self.path.parent / name
        if not found.exists():
            raise FormatError(f"{self.path.name}: {what} names {name}, which does not exist", mend="Check the path.")
        self.inputs[name] = path_digest(found)
        return found


def read_impact_city(path: str | Path) -> ImpactCity:
    """Read a city file and all that it names.

    Raises:
        EngineError: an unreadable file, an unknown section or word, or any input that disagrees.
    """
    reader = _Reader(Path(path))
    document = _load(reader.path)
    _refuse_unknown(f"{reader.path.name}", document, SECTIONS)
    hazards = document.get("hazard")
    if not isinstance(hazards, list) or not hazards:
        raise FormatError(f"{reader.path.name} has no hazards", mend="Write one [[hazard]] or more.")
    assets = _assets(reader, _section(document, "assets"))
    return ImpactCity(
        name=str(_section(document, "city").get("name", reader.path.stem)),
        hazards=tuple(_hazard(reader, held, assets, number) for number, held in enumerate(hazards, start=1)),
        assets=assets,
        functions=_functions(reader, _section(document, "functions")),
        settings=_settings(_section(document, "settings")),
        names={str(k): str(v) for k, v in _section(document, "names").items()},
        measures=read_measures(document.get("measure")),
        horizon=read_horizon(document.get("horizon")),
        inputs=dict(sorted(reader.inputs.items())),
    )


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FormatError(
            f"the file {path.name} cannot be opened: {error.strerror}", mend="Check the path and the permissions."
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FormatError(f"the file {path.name} is not TOML: {error}", mend="Correct that line.") from error


def _section(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = document.get(name, {})
    if not isinstance(section, Mapping):
        raise FormatError(f"{name} is not a section", mend=f"Write [{name}] on a line of its own.")
    return section


def _refuse_unknown(where: str, held: Mapping[str, Any], known: frozenset[str] | set[str]) -> None:
    unknown = sorted(set(held) - known)
    if unknown:
        raise FormatError(
            f"{where} has words that are not known", rows=unknown, mend=f"Use: {', '.join(sorted(known))}."
        )


def _assets(reader: _Reader, section: Mapping[str, Any]) -> Assets:
    _refuse_unknown("[assets]", section, {"file", "layer", "crs", "currency", "price_year", "columns"})
    terms = AssetTerms(
        crs=str(section.get("crs", "")),
        currency=str(section.get("currency", "")),
        price_year=section.get("price_year"),
        columns=section.get("columns"),
    )
    return read_assets(reader.file(section.get("file"), "[assets]"), terms, layer=str(section.get("layer", "")))


def _functions(reader: _Reader, section: Mapping[str, Any]) -> Mapping[str, ImpactFunctionSet]:
    _refuse_unknown("[functions]", section, AMOUNTS)
    return {name: read_functions(reader.file(file, "[functions]")) for name, file in sorted(section.items())}


def _settings(section: Mapping[str, Any]) -> ImpactSettings:
    _refuse_unknown("[settings]", section, {field.name for field in fields(ImpactSettings)})
    if "max_distance_m" not in section:
        raise SettingsError(
            "[settings] does not say max_distance_m", mend="Say how far a site may stand from an asset, in metres."
        )
    return ImpactSettings(**section)


def _hazard(reader: _Reader, held: Mapping[str, Any], assets: Assets, number: int) -> Hazard | TiledHazard:
    where = f"hazard {number}"
    kinds = [kind for kind in KINDS if kind in held]
    if len(kinds) != 1:
        raise HazardError(f"{where} does not say one source", mend=f"Write one of: {', '.join(KINDS)}.")
    _refuse_unknown(where, held, KINDS[kinds[0]])
    if kinds[0] == "maps":
        return _maps(reader, held, assets, where)
    if kinds[0] == "folder":
        stored = read_hazard(reader.file(held["folder"], where))
        return _chosen(stored, held)
    tables = [reader.file(held.get(name), where) for name in ("events", "sites", "footprints")]
    found = read_event_tables(
        *tables,
        crs=str(held.get("crs", "")),
        unit=str(held.get("unit", "")),
        frequency_unit=str(held.get("frequency_unit", "")),
    )
    return found.chosen(scenario=held.get("scenario"), year=held.get("year"))


def _chosen(stored: TiledHazard, held: Mapping[str, Any]) -> Hazard | TiledHazard:
    if "scenario" not in held and "year" not in held:
        return stored
    return whole(stored).chosen(scenario=held.get("scenario"), year=held.get("year"))


def _maps(reader: _Reader, held: Mapping[str, Any], assets: Assets, where: str) -> Hazard:
    missing = sorted({"peril", "scenario", "year", "nodata"} - set(held))
    if missing or not isinstance(held["maps"], Mapping):
        raise HazardError(
            f"{where}: maps lack what they mean", rows=missing, mend="maps = { 10 = 'a.tif' }, and these."
        )
    try:
        rasters = {
            float(period): read_raster(reader.file(name, where), unit=str(held.get("unit", "")))
            for period, name in held["maps"].items()
        }
    except ValueError as error:
        if isinstance(error, FormatError):
            raise
        raise HazardError(f"{where}: a return period is not a number: {error}", mend="Write years.") from error
    how = MapReading(
        peril=str(held["peril"]),
        scenario=str(held["scenario"]),
        year=int(held["year"]),
        nodata=str(held["nodata"]),
        falls=str(held.get("falls", REFUSE)),
    )
    return hazard_of_return_period_maps(rasters, how, near=(assets.x, assets.y))
