"""A city in one TOML file: hazards, assets, functions and how to run; a gauge; recorded events.

Impact takes the sections: ``[city]`` (name), ``[[hazard]]`` one or more, ``[assets]`` (file, and what it does not say:
crs, currency, price_year), ``[functions]`` (value, people: a CSV table each), ``[settings]`` (fields of
``ImpactSettings``), ``[names]`` (territory code to name), ``[[measure]]``, ``[zones]``, ``[horizon]`` and ``[[doubt]]``
(:mod:`~manglar_engine.cli.measure_sections`). ``[sea_level]`` and ``[flood_rates]`` are questions of their own
(:mod:`~manglar_engine.cli.water_sections`) and may stand alone. Paths are relative to the file.

A hazard is one of: ``folder`` (our own: events.parquet, footprints.zarr); ``maps`` (a raster by return
period, with peril, scenario, year, nodata, unit); ``ground`` (under the levels of ``[sea_level]``);
``events``, ``sites`` and ``footprints`` (tables, with crs, unit and frequency_unit). ``scenario`` and ``year``
also choose among the events of a folder or table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from manglar_engine.cli.city_file import (
    Files,
    Gathered,
    forms_of,
    load_toml,
    made,
    refuse_forms,
    refuse_unknown,
    section_of,
)
from manglar_engine.cli.measure_sections import read_asked
from manglar_engine.cli.water_sections import (
    GROUND,
    GROUND_MORE,
    FloodRateQuestion,
    Ground,
    SeaLevelQuestion,
    read_flood_rates,
    read_ground,
    read_sea_level,
)
from manglar_engine.errors import FormatError, HazardError, SettingsError
from manglar_engine.exposure.asset_files import AssetTerms, read_assets
from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.hazard.event_tables import read_event_tables
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.layers import REFUSE, STEP, MapReading, hazard_of_return_period_maps
from manglar_engine.hazard.store import read_hazard, whole
from manglar_engine.hazard.tiling import TiledHazard
from manglar_engine.io.crs import same_crs
from manglar_engine.io.rasters import read_raster
from manglar_engine.studies.impact_answer import ImpactSettings
from manglar_engine.studies.measures_answer import MeasuresAsked
from manglar_engine.vulnerability.function_file import read_functions
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet

IMPACT = {"hazard", "assets", "functions", "settings", "measure", "zones", "horizon", "doubt"}
SEA, RATES = {"sea_level"}, {"flood_rates"}
SECTIONS = {"city", "names"} | IMPACT | SEA | RATES
AMOUNTS = {"value", "people"}
KINDS: Mapping[str, frozenset[str]] = {
    "folder": frozenset({"folder", "scenario", "year"}),
    "maps": frozenset({"maps", "peril", "scenario", "year", "nodata", "unit", "falls", "between"}),
    "ground": frozenset({*GROUND, *GROUND_MORE}),
    "footprints": frozenset({"events", "sites", "footprints", "crs", "unit", "frequency_unit", "scenario", "year"}),
}
"""What a hazard of each kind may say; the key names the kind."""
HAZARD_FORMS = {
    **dict.fromkeys(("peril", "scenario", "nodata", "unit", "falls", "between", "crs", "frequency_unit"), "str"),
    **dict.fromkeys(("offset_source", "end", "event_scenario"), "str"),
    "year": "int",
    "offset_m": "float",
}
"""The form of each of those words."""


@dataclass(frozen=True, slots=True)
class ImpactCity:
    """Everything that impact takes; ``grounds`` become hazards once the levels of the sea are known."""

    hazards: tuple[Hazard | TiledHazard, ...]
    grounds: tuple[Ground, ...]
    assets: Assets
    functions: Mapping[str, ImpactFunctionSet]
    settings: ImpactSettings
    asked: MeasuresAsked


@dataclass(frozen=True, slots=True)
class CityFile:
    """What a city file asks: any of the three; ``inputs`` holds the digest of every file by its path."""

    name: str
    names: Mapping[str, str]
    impact: ImpactCity | None
    sea_level: SeaLevelQuestion | None
    flood_rates: FloodRateQuestion | None
    inputs: Mapping[str, str]


def read_city_file(path: str | Path) -> CityFile:
    """Read a city file and all that it names.

    Raises:
        EngineError: an unreadable file, an unknown section or word, or any input that disagrees; where
            several parts do, all of them are told.
    """
    files, gathered = Files(Path(path)), Gathered()
    document = load_toml(files.path)
    gathered.take(lambda: refuse_unknown(files.path.name, document, SECTIONS))
    sea = (
        gathered.take(lambda: read_sea_level(files, section_of(document, "sea_level")))
        if _asks(document, SEA)
        else None
    )
    impact = _impact(files, document, gathered) if not _asks(document, SEA | RATES) or _asks(document, IMPACT) else None
    area = positions(impact.assets.territory)[0] if impact else ()
    rates = None
    if _asks(document, RATES):
        rates = gathered.take(lambda: read_flood_rates(files, section_of(document, "flood_rates"), area))
    names = gathered.take(lambda: section_of(document, "names")) or {}
    city = gathered.take(lambda: _city(document)) or {}
    gathered.refuse()
    if impact and impact.grounds and sea is None:
        raise FormatError(f"{files.path.name} has ground without levels", mend="Write [sea_level], or another hazard.")
    return CityFile(
        name=str(city.get("name", files.path.stem)),
        names={str(k): str(v) for k, v in names.items()},
        impact=impact,
        sea_level=sea,
        flood_rates=rates,
        inputs=dict(sorted(files.inputs.items())),
    )


def _city(document: Mapping[str, Any]) -> Mapping[str, Any]:
    section = section_of(document, "city")
    refuse_unknown("[city]", section, {"name"})
    return section


def _asks(document: Mapping[str, Any], sections: set[str]) -> bool:
    return bool(sections & set(document))


def _impact(files: Files, document: Mapping[str, Any], gathered: Gathered) -> ImpactCity | None:
    """Read the parts of impact, or nothing where one of them is refused."""
    assets = gathered.take(lambda: _assets(files, section_of(document, "assets")))
    functions = gathered.take(lambda: _functions(files, section_of(document, "functions")))
    settings = gathered.take(lambda: _settings(section_of(document, "settings")))
    asked = read_asked(files, document, assets, gathered)
    listed = gathered.take(lambda: _listed(files, document)) or []
    hazards = [
        gathered.take(lambda held=held, number=number: _hazard(files, held, assets, number))  # type: ignore[misc] # mypy cannot infer defaults of a lambda
        for number, held in enumerate(listed, start=1)
    ]
    if assets is None or functions is None or settings is None or None in hazards:
        return None
    return ImpactCity(
        hazards=tuple(one for one in hazards if isinstance(one, Hazard | TiledHazard)),
        grounds=tuple(one for one in hazards if isinstance(one, Ground)),
        assets=assets,
        functions=functions,
        settings=settings,
        asked=asked,
    )


def _listed(files: Files, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    hazards = document.get("hazard")
    if isinstance(hazards, Mapping):
        raise FormatError(f"{files.path.name} has [hazard] with single brackets", mend="Write [[hazard]], with two.")
    if not isinstance(hazards, list) or not hazards or not all(isinstance(one, Mapping) for one in hazards):
        raise FormatError(f"{files.path.name} has no hazards", mend="Write one [[hazard]] or more.")
    return hazards


def _assets(files: Files, section: Mapping[str, Any]) -> Assets:
    refuse_unknown("[assets]", section, {"file", "layer", "crs", "currency", "price_year", "columns"})
    refuse_forms("[assets]", section, {**forms_of(AssetTerms), "layer": "str", "columns": "Mapping[str, str]"})
    terms = AssetTerms(
        crs=str(section.get("crs", "")),
        currency=str(section.get("currency", "")),
        price_year=section.get("price_year"),
        columns=section.get("columns"),
    )
    return read_assets(files.file(section.get("file"), "[assets]"), terms, layer=str(section.get("layer", "")))


def _functions(files: Files, section: Mapping[str, Any]) -> Mapping[str, ImpactFunctionSet]:
    refuse_unknown("[functions]", section, AMOUNTS)
    return {name: read_functions(files.file(file, "[functions]")) for name, file in sorted(section.items())}


def _settings(section: Mapping[str, Any]) -> ImpactSettings:
    refuse_unknown("[settings]", section, {field.name for field in fields(ImpactSettings)})
    if "max_distance_m" not in section:
        raise SettingsError(
            "[settings] does not say max_distance_m", mend="Say how far a site may stand from an asset, in metres."
        )
    return made("[settings]", ImpactSettings, section, section)


def _hazard(
    files: Files, held: Mapping[str, Any], assets: Assets | None, number: int
) -> Hazard | TiledHazard | Ground | None:
    """Return a hazard; maps are read near the assets, and not at all where those are refused."""
    where = f"hazard {number}"
    kinds = [kind for kind in KINDS if kind in held]
    if len(kinds) != 1:
        raise HazardError(f"{where} does not say one source", mend=f"Write one of: {', '.join(KINDS)}.")
    refuse_unknown(where, held, KINDS[kinds[0]])
    refuse_forms(where, held, HAZARD_FORMS)
    if kinds[0] == "ground":
        ground = read_ground(files, held, where)
        _refuse_system(where, ground.sites.crs, assets)
        return ground
    if kinds[0] == "maps" and assets is None:
        return None
    if kinds[0] == "maps" and assets is not None:
        return _maps(files, held, assets, where)
    if kinds[0] == "folder":
        stored = read_hazard(files.file(held["folder"], where))
        _refuse_system(where, stored.tiles.sites.crs, assets)
        return _chosen(stored, held)
    tables = [files.file(held.get(name), where) for name in ("events", "sites", "footprints")]
    found = read_event_tables(
        *tables,
        crs=str(held.get("crs", "")),
        unit=str(held.get("unit", "")),
        frequency_unit=str(held.get("frequency_unit", "")),
    )
    _refuse_system(where, found.footprints.sites.crs, assets)
    return found.chosen(scenario=held.get("scenario"), year=held.get("year"))


def _refuse_system(where: str, crs: str, assets: Assets | None) -> None:
    if assets is not None and not same_crs(crs, assets.crs):
        raise HazardError(
            f"{where} is in {crs} and the assets in {assets.crs}", mend="Project one of them to the other's system."
        )


def _chosen(stored: TiledHazard, held: Mapping[str, Any]) -> Hazard | TiledHazard:
    if "scenario" not in held and "year" not in held:
        return stored
    return whole(stored).chosen(scenario=held.get("scenario"), year=held.get("year"))


def _maps(files: Files, held: Mapping[str, Any], assets: Assets, where: str) -> Hazard:
    missing = sorted({"peril", "scenario", "year", "nodata"} - set(held))
    if missing or not isinstance(held["maps"], Mapping):
        raise HazardError(
            f"{where}: maps lack what they mean", rows=missing, mend="maps = { 10 = 'a.tif' }, and these."
        )
    try:
        rasters = {
            float(period): read_raster(files.file(name, where), unit=str(held.get("unit", "")))
            for period, name in held["maps"].items()
        }
    except ValueError as error:
        if isinstance(error, FormatError):
            raise
        raise HazardError(f"{where}: a return period is not a number: {error}", mend="Write years.") from error
    for raster in rasters.values():
        _refuse_system(where, raster.grid.crs, assets)
    how = MapReading(
        peril=str(held["peril"]),
        scenario=str(held["scenario"]),
        year=int(held["year"]),
        nodata=str(held["nodata"]),
        falls=str(held.get("falls", REFUSE)),
        between=str(held.get("between", STEP)),
    )
    return hazard_of_return_period_maps(rasters, how, near=(assets.x, assets.y))
