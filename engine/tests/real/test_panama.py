"""The real files of Panama, where they are: dirt read as it is, and an answer of a plausible size."""

from __future__ import annotations

import json

import numpy as np
import pytest

from manglar_engine import (
    Exposure,
    SeismicResult,
    SeismicSettings,
    default_asset_kinds,
    read_faults_geojson,
    seismic_risk,
)


@pytest.fixture(scope="module")
def reading(real_data):
    return read_faults_geojson(real_data / "hazard" / "faults.geojson")


@pytest.fixture(scope="module")
def assets(real_data):
    kinds, columns = default_asset_kinds(), {name: [] for name in ("ids", "lon", "lat", "territory", "people", "kind")}
    for name, kind in (("schools", "school"), ("telecom_towers", "telecom_tower")):
        document = json.loads((real_data / "assets" / f"{name}.geojson").read_text(encoding="utf-8"))
        for i, feature in enumerate(document["features"]):
            told = feature["properties"]
            pupils = str(told.get("Matricula") or "").replace(",", "").strip()
            row = (
                f"{kind}-{i}",
                *feature["geometry"]["coordinates"][:2],
                told.get("CORR_NOMB") or "sin corregimiento",
                float(pupils) if pupils.isdigit() else 0.0,
                kind,
            )
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    kind_rows = [kinds[kind] for kind in columns.pop("kind")]
    every = np.ones(len(kind_rows), dtype=bool)
    return Exposure(
        **columns,
        value_pab=[kind.value_pab(people) for kind, people in zip(kind_rows, columns["people"], strict=True)],
        building_class=[kind.building_class for kind in kind_rows],
        occupancy=[kind.occupancy for kind in kind_rows],
        price_year=2010,
        defaulted={"value_pab": every, "building_class": every, "occupancy": every},
    )


def test_of_21_faults_12_can_be_used_and_the_rest_say_why(reading):
    assert len(reading.faults) == 12
    aside = [note for note in reading.notes if note.kind == "set_aside"]
    assert len(aside) == 9
    assert {note.field for note in aside} == {"slip_rate"}


def test_the_typing_error_of_limon_is_read_and_reported(reading):
    (note,) = [note for note in reading.notes if "coma decimal" in note.es]
    assert (note.kind, note.field) == ("interpreted", "strike_slip_rate")
    assert "Limon" in note.row
    assert "'(1.6,1.4,1,8)'" in note.es


def test_the_pedro_miguel_fault_slips_five_millimetres_a_year(reading):
    (one,) = [fault for fault in reading.faults if fault.name == "Pedro Miguel Fault"]
    slip = one.slip_mm_yr
    assert (slip.best, slip.min, slip.max) == (5.0, 3.5, 8.0)
    assert 30 < one.length_km < 40
    assert one.slip_type == "Dextral"


def test_schools_and_towers_have_a_plausible_risk_by_territory(reading, assets):
    result = seismic_risk(reading.faults, assets, settings=SeismicSettings(samples=200))
    total = result.total
    assert total.assets == 1567
    assert 0.001 < total.ead_pab.mean / total.value_pab < 0.02
    assert total.ead_pab.p05 < total.ead_pab.mean < total.ead_pab.p95
    assert len(result.by_territory) > 30
    assert all(np.isfinite(row.ead_pab.mean) for row in result.by_territory)
    pga = np.array([row.pga_475_g for row in result.by_asset])
    assert 0.15 < np.median(pga) < 0.6
    assert result.by_fault[0].name == "Pedro Miguel Fault"
    assert result.defaults_share["any_asset_column"] == pytest.approx(1.0)
    assert SeismicResult.from_json(result.to_json()).to_json() == result.to_json()
