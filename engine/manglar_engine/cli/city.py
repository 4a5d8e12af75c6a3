"""A city in a TOML file: where its faults, assets and tables are, and how to run.

Sections: ``[city]`` (name, price_year), ``[faults]`` (file), ``[assets]`` (file; and a table
``defaults`` with what fills blank cells), ``[vulnerability]`` (fragilities and repair, both or none),
``[settings]``, ``[retrofit]``, ``[names]`` (territory code to name). Paths are relative to the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manglar_engine.cli.city_file import forms_of, load_toml, refuse_forms, refuse_unknown, section_of
from manglar_engine.errors import EngineError, ExposureError, FormatError, SettingsError
from manglar_engine.exposure.exposure import Exposure
from manglar_engine.hazard.fault_reading import FaultReading, read_faults_geojson
from manglar_engine.io.tables import Table, read_table
from manglar_engine.measures.retrofit import Retrofit
from manglar_engine.studies.settings import SeismicSettings
from manglar_engine.vocabulary import Triple
from manglar_engine.vulnerability.defaults import default_vulnerability
from manglar_engine.vulnerability.hazus import read_hazus_fragilities, read_hazus_repair
from manglar_engine.vulnerability.vulnerability import Vulnerability, vulnerability_of

SECTIONS = ("city", "faults", "assets", "vulnerability", "settings", "retrofit", "names")
COLUMNS = (
    "id",
    "lon",
    "lat",
    "territory",
    "value_pab",
    "people",
    "building_class",
    "occupancy",
)  # fmt: skip - one line
FILLABLE = ("value_pab", "people", "building_class", "occupancy", "vs30")


@dataclass(frozen=True, slots=True)
class City:
    """Everything that a seismic screening of one city takes."""

    name: str
    reading: FaultReading
    exposure: Exposure
    vulnerability: Vulnerability
    settings: SeismicSettings
    retrofit: Retrofit | None
    names: Mapping[str, str]


def read_city(path: str | Path) -> City:
    """Read a city file and all that it names.

    Raises:
        EngineError: an unreadable file, an unknown section or setting, or any input that disagrees.
    """
    path = Path(path)
    document = load_toml(path)
    refuse_unknown(path.name, document, SECTIONS)
    city = section_of(document, "city")
    if "price_year" not in city:
        raise FormatError(
            f"{path.name} does not say price_year in [city]",
            mend="Say in which year's balboas the values are.",
        )
    refuse_forms("[city]", city, {"name": "str", "price_year": "int"})
    return City(
        name=str(city.get("name", path.stem)),
        reading=read_faults_geojson(path.parent / _file(document, "faults", "file")),
        exposure=_exposure(path, document, int(city["price_year"])),
        vulnerability=_vulnerability(path, document),
        settings=_settings(section_of(document, "settings")),
        retrofit=_retrofit(document.get("retrofit")),
        names={str(k): str(v) for k, v in section_of(document, "names").items()},
    )


def _file(document: Mapping[str, Any], section: str, key: str) -> str:
    name = section_of(document, section).get(key)
    if not isinstance(name, str):
        raise FormatError(f"[{section}] does not name its {key}", mend=f'Write {key} = "…".')
    return name


def _exposure(path: Path, document: Mapping[str, Any], price_year: int) -> Exposure:
    """Read the assets; blank cells are filled only by ``[assets.defaults]``, and marked."""
    table = read_table(path.parent / _file(document, "assets", "file"))
    defaults = section_of(section_of(document, "assets"), "defaults")
    unknown = sorted(set(defaults) - set(FILLABLE))
    if unknown:
        raise FormatError(
            "[assets.defaults] fills what must be known",
            rows=unknown,
            mend=f"It may fill: {', '.join(FILLABLE)}.",
        )
    columns, flags = {}, {}
    for name in COLUMNS:
        columns[name], flags[name] = _filled(table, name, defaults)
    vs30 = None
    if "vs30" in table.columns or "vs30" in defaults:
        columns["vs30"], flags["vs30"] = _filled(table, "vs30", defaults)
        vs30 = _numbers(table, columns, "vs30")
    return Exposure(
        ids=columns["id"],
        lon=_numbers(table, columns, "lon"),
        lat=_numbers(table, columns, "lat"),
        territory=columns["territory"],
        value_pab=_numbers(table, columns, "value_pab"),
        people=_numbers(table, columns, "people"),
        building_class=columns["building_class"],
        occupancy=columns["occupancy"],
        price_year=price_year,
        vs30=vs30,
        defaulted={name: rows for name, rows in flags.items() if rows.any()},
    )


def _filled(table: Table, name: str, defaults: Mapping[str, Any]) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    cells = table.columns.get(name)
    if cells is None and name in defaults:
        cells = ("",) * table.length
    cells = cells if cells is not None else table.texts(name)
    blank = np.array([not cell for cell in cells])
    if blank.any() and name not in defaults:
        raise ExposureError(
            f"{table.name}, column {name}: blank cells",
            rows=[int(i) + 2 for i in np.flatnonzero(blank)],
            mend=f"Fill them, or say {name} in [assets.defaults].",
        )
    return tuple(cell or str(defaults.get(name)) for cell in cells), blank


def _numbers(table: Table, columns: Mapping[str, tuple[str, ...]], name: str) -> NDArray[np.float64]:
    return Table(table.name, columns, table.length).numbers(name)


def _vulnerability(path: Path, document: Mapping[str, Any]) -> Vulnerability:
    if not section_of(document, "vulnerability"):
        return default_vulnerability()
    return vulnerability_of(
        read_hazus_fragilities(path.parent / _file(document, "vulnerability", "fragilities")),
        read_hazus_repair(path.parent / _file(document, "vulnerability", "repair")),
    )


def _settings(section: Mapping[str, Any]) -> SeismicSettings:
    known = {field.name for field in fields(SeismicSettings)}
    unknown = sorted(set(section) - known)
    if unknown:
        raise SettingsError(f"unknown settings: {', '.join(unknown)}", mend=f"Use: {', '.join(sorted(known))}.")
    values = dict(section)
    refuse_forms("[settings]", section, forms_of(SeismicSettings))
    try:
        if "b_value" in values:
            values["b_value"] = Triple(*(float(x) for x in values["b_value"]))
        return SeismicSettings(**values)
    except (TypeError, ValueError) as error:
        if isinstance(error, EngineError):
            raise
        raise SettingsError(f"a setting has the wrong form: {error}", mend="b_value = [best, min, max].") from error


def _retrofit(section: Any) -> Retrofit | None:
    if section is None:
        return None
    if not isinstance(section, Mapping):
        raise FormatError("retrofit is not a section", mend="Write [retrofit] on a line of its own.")
    refuse_forms("[retrofit]", section, forms_of(Retrofit))
    try:
        return Retrofit(**section)
    except TypeError as error:
        raise FormatError(
            f"[retrofit] cannot be read: {error}",
            mend=f"Use: {', '.join(field.name for field in fields(Retrofit))}.",
        ) from error
