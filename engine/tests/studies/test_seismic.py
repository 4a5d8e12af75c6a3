from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made import QUICK, dipping, exposure, fault

from manglar_engine import (
    Cancelled,
    ExposureError,
    FaultError,
    Retrofit,
    SeismicResult,
    SeismicSettings,
    Triple,
    VulnerabilityError,
    default_vulnerability,
    seismic_risk,
)
from manglar_engine.hazard.kinematics import SUBDUCTION
from manglar_engine.risk.direct import expected_damage
from manglar_engine.risk.sites import sites_of
from manglar_engine.uncertainty import sweep
from manglar_engine.uncertainty.beliefs import draw_beliefs

ROOT = Path(__file__).parents[2]
FAULTS = (fault(), dipping())
MEASURE = Retrofit("m", "Reforzar", level_map={"PC": "MC", "LC": "MC"}, cost_share_of_value=0.2)
PARTS = f"""
import hashlib, sys
sys.path.insert(0, {str(ROOT / "tests")!r})
from made import QUICK, dipping, exposure, fault
from manglar_engine import Retrofit, seismic_risk
measure = Retrofit("m", "Reforzar", level_map={{"PC": "MC", "LC": "MC"}}, cost_share_of_value=0.2)
result = seismic_risk([fault(), dipping()], exposure(), settings=QUICK, retrofit=measure)
print(hashlib.sha256(result.to_json()).hexdigest())
"""


@pytest.fixture(scope="module")
def result() -> SeismicResult:
    return seismic_risk(FAULTS, exposure(), settings=QUICK, retrofit=MEASURE)


def intervals(result):
    for row in (result.total, *result.by_territory):
        yield row.ead_pab
        yield row.people_affected_per_year
    yield result.retrofit.total.ead_avoided_pab
    yield result.retrofit.benefit_cost


def test_every_headline_interval_contains_its_mean(result):
    for one in intervals(result):
        assert 0 <= one.p05 <= one.mean <= one.p95


def test_assets_territories_and_faults_add_up_to_the_total(result):
    whole = result.total.ead_pab.mean
    assert sum(row.ead_pab for row in result.by_asset) == pytest.approx(whole, rel=1e-12)
    assert sum(row.ead_pab.mean for row in result.by_territory) == pytest.approx(whole, rel=1e-12)
    assert sum(row.ead_pab for row in result.by_fault) == pytest.approx(whole, rel=1e-12)
    people = sum(row.people_affected_per_year for row in result.by_asset)
    assert people == pytest.approx(result.total.people_affected_per_year.mean, rel=1e-12)
    assert sum(row.share for row in result.by_fault) == pytest.approx(1.0)


def test_the_fast_path_is_the_direct_loop_over_ruptures_and_assets(result):
    settings = replace(QUICK, samples=20)
    fast = seismic_risk(FAULTS, exposure(), settings=settings)
    edges = np.round(6 + 0.1 * np.arange(26), 9)
    middles = (edges[:-1] + edges[1:]) / 2
    beliefs = draw_beliefs(FAULTS, edges, settings.spreads, seed=settings.seed, count=20)
    sites = sites_of(exposure(), default_vulnerability(), vs30_default=360.0)
    total = np.zeros(len(exposure()))
    for s in range(20):
        total += beliefs.value_factor[s] * expected_damage(
            FAULTS,
            sites,
            magnitudes=middles,
            rates=[rates[s] for rates in beliefs.rates],
            shift=np.array([beliefs.shift(float(m))[s] for m in middles]),
            max_distance_km=200.0,
        )
    found = np.array([row.ead_pab for row in fast.by_asset])
    assert np.abs(found / (total / 20) - 1).max() < 1e-4


def test_the_curve_falls_and_its_area_is_the_expected_damage():
    periods = tuple(np.geomspace(5, 2e6, 60))
    settings = replace(QUICK, return_periods=periods, value_sigma=0.0)
    found = seismic_risk(FAULTS, exposure(), settings=settings)
    for row in (found.total, *found.by_territory):
        losses = np.array([loss.loss_pab.mean for loss in row.losses])
        frequencies = np.array([loss.annual_frequency for loss in row.losses])
        assert (np.diff(losses) >= 0).all()
        assert -np.trapezoid(losses, frequencies) == pytest.approx(row.ead_pab.mean, rel=0.02)


def test_running_again_gives_the_same_bytes_on_any_number_of_threads(result):
    data = result.to_json()
    assert seismic_risk(FAULTS, exposure(), settings=QUICK, retrofit=MEASURE).to_json() == data
    threads = replace(QUICK, workers=3)
    assert seismic_risk(FAULTS, exposure(), settings=threads, retrofit=MEASURE).to_json() == data


@pytest.mark.parametrize("threads", ["1", "2"])
def test_another_process_with_other_threads_of_algebra_gives_the_same_bytes(result, threads):
    settings = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": threads, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", PARTS], env=settings, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(result.to_json()).hexdigest()


def test_the_size_of_the_batches_of_tiles_changes_nothing_that_is_written(result, monkeypatch):
    monkeypatch.setattr(sweep, "PENDING_NUMBERS", 1)
    again = seismic_risk(FAULTS, exposure(), settings=QUICK, retrofit=MEASURE)
    assert again.total.ead_pab.mean == pytest.approx(result.total.ead_pab.mean, rel=1e-12)
    assert again.curve[3].loss_pab.p95 == pytest.approx(result.curve[3].loss_pab.p95, rel=1e-12)


def test_the_order_of_faults_changes_nothing(result):
    again = seismic_risk(FAULTS[::-1], exposure(), settings=QUICK, retrofit=MEASURE)
    assert again.to_json() == result.to_json()


def test_another_seed_gives_another_draw_of_the_same_city(result):
    again = seismic_risk(FAULTS, exposure(), settings=replace(QUICK, seed=2), retrofit=MEASURE)
    assert again.manifest_digest != result.manifest_digest
    assert again.total.ead_pab.mean == pytest.approx(result.total.ead_pab.mean, rel=0.3)


def test_a_measure_to_the_same_class_changes_nothing_and_costs_nothing():
    same = Retrofit("s", "Igual", level_map={"HC": "HC"}, cost_pab_per_asset=100.0)
    effect = seismic_risk(FAULTS, exposure(), settings=QUICK, retrofit=same).retrofit
    assert effect is not None
    assert (effect.total.ead_avoided_pab.mean, effect.cost_pab, effect.assets_changed) == (0.0, 0.0, 0)
    assert effect.benefit_cost is None
    assert effect.net_present_value_pab is None


def test_the_effect_is_the_difference_of_two_runs(result):
    effect = result.retrofit
    after = seismic_risk(FAULTS, exposure(building_class=MEASURE.classes_after(exposure())), settings=QUICK)
    assert effect.total.ead_after_pab.mean == pytest.approx(after.total.ead_pab.mean, rel=1e-12)
    saved = result.total.ead_pab.mean - after.total.ead_pab.mean
    assert effect.total.ead_avoided_pab.mean == pytest.approx(saved, rel=1e-9)
    assert effect.cost_pab == pytest.approx(0.2 * exposure().value_pab.sum())


def test_more_slip_never_means_less_damage():
    totals = [
        seismic_risk([fault(slip_mm_yr=Triple(s, s / 2, 2 * s))], exposure(), settings=QUICK).total.ead_pab.mean
        for s in (1.0, 2.0, 5.0)
    ]
    assert totals == sorted(totals)
    assert totals[2] == pytest.approx(5 * totals[0], rel=1e-9)


def test_softer_ground_shakes_more_and_defaults_are_told():
    soft = seismic_risk(FAULTS, exposure(), settings=replace(QUICK, vs30_default=270.0))
    rock = seismic_risk(FAULTS, exposure(vs30=np.full(6, 1100.0)), settings=QUICK)
    assert soft.total.ead_pab.mean > rock.total.ead_pab.mean
    assert soft.defaults_share["vs30"] == pytest.approx(1.0)
    assert "vs30" not in rock.defaults_share


def test_the_share_of_defaults_is_that_of_the_damage_of_their_assets():
    flags = np.array([True, False, False, False, False, True])
    found = seismic_risk(FAULTS, exposure(vs30=np.full(6, 300.0), defaulted={"value_pab": flags}), settings=QUICK)
    damage = np.array([row.ead_pab for row in found.by_asset])
    share = damage[flags].sum() / damage.sum()
    assert found.defaults_share["value_pab"] == pytest.approx(share)
    assert found.defaults_share["any_asset_column"] == pytest.approx(share)
    assert found.defaults_share["engine_functions"] == pytest.approx(1.0)
    assert found.defaults_share["fault_figures"] == 0.0


def test_subduction_and_faraway_faults_are_left_out_with_a_note():
    far = fault(id="far", trace_lonlat=np.array([[-70.0, 9.0], [-70.0, 9.3]]))
    deep = fault(id="deep", slip_type=SUBDUCTION)
    found = seismic_risk([fault(), far, deep], exposure(), settings=QUICK)
    aside = [(note.row.split(" ")[0], note.field) for note in found.notes if note.kind == "set_aside"]
    assert aside == [("deep", "slip_type"), ("far", "distance_km")]
    assert {row.id: row.ead_pab for row in found.by_fault}["far"] == 0


def test_progress_rises_to_one_and_cancelling_stops():
    seen: list[float] = []
    seismic_risk(FAULTS, exposure(), settings=QUICK, progress=lambda f, _: seen.append(f))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    for workers in (1, 2):
        with pytest.raises(Cancelled):
            seismic_risk(FAULTS, exposure(), settings=replace(QUICK, workers=workers), cancelled=lambda: True)


def test_bad_input_names_what_to_mend():
    with pytest.raises(ExposureError, match=r"a0: .* km"):
        seismic_risk([fault()], exposure(1, lon=[-70.0]), settings=QUICK)
    with pytest.raises(ExposureError, match="a0: 90"):
        seismic_risk([fault()], exposure(1, vs30=[90.0]), settings=QUICK)
    with pytest.raises(VulnerabilityError, match="ADOBE"):
        seismic_risk([fault()], exposure(1, building_class=["ADOBE"]), settings=QUICK)
    with pytest.raises(FaultError, match="style"):
        seismic_risk([fault(slip_type=SUBDUCTION)], exposure(1), settings=QUICK)
    with pytest.raises(FaultError, match="no fault"):
        seismic_risk([], exposure(1), settings=QUICK)


def test_a_city_without_value_or_people_has_no_damage_and_no_division_by_zero():
    found = seismic_risk(FAULTS, exposure(2, value_pab=[0, 0], people=[0, 0]), settings=QUICK)
    assert found.total.ead_pab.mean == 0
    assert set(found.defaults_share.values()) == {0.0}
    assert SeismicResult.from_json(found.to_json()).to_json() == found.to_json()


def test_the_default_settings_are_those_documented():
    assert seismic_risk([fault()], exposure(1), settings=None).manifest["parameters"]["samples"] == 1000
    assert SeismicSettings() == SeismicSettings(workers=1)
