"""Answers that peers publish, replayed: where a convention differs the test says how ours becomes theirs."""

from __future__ import annotations

import math
from pathlib import Path

import made_impact as made
import numpy as np
import pytest
import yaml

from manglar_engine import Grid, MapReading, Raster, direct_impact, hazard_of_return_period_maps, impact
from manglar_engine.hazard.layers import occurrence_frequencies
from manglar_engine.measures.worth import Horizon
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet
from manglar_engine.vulnerability.scatter import scattered_ratios

CASES = yaml.safe_load((Path(__file__).parent / "peers.yaml").read_text(encoding="utf-8"))
ULP = 1e-12


def function(nodes, ratio, **more):
    return made.function(id="f", asset_class="house", intensity=nodes, ratio=ratio, **more)


def fiat_cell(cell, times):
    """Return the four or one maps of a cell as a hazard over one asset, and the asset."""
    case, (row, column) = CASES["delft_fiat_grid"], cell
    depth = 3.6 - 0.2 * (row + column)
    grid = Grid(x=np.array([660_000.0, 660_100.0]), y=np.array([990_000.0]), crs="EPSG:32617")
    maps = {
        period: Raster(f"T{period}", grid, np.array([[depth * factor, 0.0]]), "m")
        for period, factor in zip(case["risk"]["periods"], times, strict=False)
    }
    assets = made.assets(1, x=[660_000.0], y=[990_000.0], value=[2000 + 100 * (row + column)], asset_class=["house"])
    return maps, assets, ImpactFunctionSet([function(case["curve"]["depth_m"], case["curve"]["ratio"])])


@pytest.mark.parametrize("case", CASES["delft_fiat_density"]["cases"], ids=lambda case: len(case["periods"]))
def test_maps_weigh_in_the_log_rule_what_delft_fiat_publishes(case):
    found = occurrence_frequencies(case["periods"], "log")
    assert found == pytest.approx(case["weights"], abs=1.5 * 10 ** -case["decimals"])  # as its own test compares
    rounded = CASES["delft_fiat_density"]["rounded"]
    assert np.dot(rounded["weights"], rounded["damages"]) == pytest.approx(rounded["ead"])


@pytest.mark.parametrize("case", CASES["delft_fiat_grid"]["event"], ids=lambda case: str(case["cell"]))
def test_a_flood_over_a_cell_does_the_damage_of_delft_fiat(case):
    maps, assets, functions = fiat_cell(case["cell"], [1.0])
    how = MapReading("flood", "made", 2025, "nothing")
    found = impact(hazard_of_return_period_maps(maps, how), assets, functions, max_distance_m=10)
    assert math.floor(10 * float(found.total_by_event[0]) + 1e-6) / 10 == case["damage"]


@pytest.mark.parametrize("case", CASES["delft_fiat_grid"]["risk"]["cells"], ids=lambda case: str(case["cell"]))
def test_maps_by_return_period_give_the_annual_damage_of_delft_fiat(case):
    maps, assets, functions = fiat_cell(case["cell"], CASES["delft_fiat_grid"]["risk"]["times"])
    found = {}
    for rule in ("step", "linear", "log"):
        how = MapReading("flood", "made", 2025, "nothing", between=rule)
        hazard = hazard_of_return_period_maps(maps, how)
        found[rule] = direct_impact(hazard, assets, functions, max_distance_m=10).expected
    assert math.floor(10 * found["log"]) / 10 == case["ead"]
    assert found["step"] < found["log"] < found["linear"]  # the more frequent map weighs most in the step rule


def test_ratios_within_and_beyond_the_nodes_are_those_of_openquake():
    case = CASES["openquake_vulnerability"]
    first = case["imls"][0]
    held = function([0, first * (1 - ULP), *case["imls"]], [0, 0, *case["ratios"]])
    assert held(case["felt"]) == pytest.approx(case["answer"], rel=1e-12)
    assert held(case["outside"]["felt"]) == pytest.approx(case["outside"]["answer"])


@pytest.mark.parametrize("where", ["inside", "beyond"])
def test_lognormal_scatter_is_that_of_openquake(where):
    case = CASES["openquake_scatter"]
    held = function([0, *case["imls"]], [0, *case["ratios"]])
    found = scattered_ratios(held, [0, *case["cov"]], case[where]["felt"], case["deviates"])
    assert found == pytest.approx(case[where]["answer"], rel=0.01)


def test_damage_states_are_differences_of_impact_functions_as_in_openquake():
    case = CASES["openquake_damage_states"]
    reaching = [function([0, *case["imls"]], [0, *ratios]) for ratios in case["reaching"]]
    above = [1.0, *(float(one(case["felt"])) for one in reaching), 0.0]
    assert -np.diff(above) == pytest.approx(case["fractions"], rel=0.05)
    low, high = case["as_the_last"]
    assert [float(one(low)) for one in reaching] == [float(one(high)) for one in reaching]


def test_a_hazard_curve_is_events_by_bin_and_damage_in_100_years_is_that_of_openquake():
    case = CASES["openquake_classical_damage"]
    passing = -np.log1p(-np.array(case["poes"])) / case["years"][0]
    rates = passing[:-1] - passing[1:]
    functions = [function([0, *case["imls"]], [0, *ratios]) for ratios in case["reaching"]]
    bins = [(a + b) / 2 for a, b in zip(case["imls"], case["imls"][1:], strict=False)]
    hazard = made.hazard([[felt] for felt in bins], frequency=rates.tolist())
    assets = made.assets(
        1, x=hazard.footprints.sites.x, y=hazard.footprints.sites.y, value=[1.0], asset_class=["house"]
    )
    yearly = [direct_impact(hazard, assets, ImpactFunctionSet([one]), max_distance_m=10).expected for one in functions]
    reached = [1.0, *(1 - np.exp(-case["years"][1] * np.array(yearly))), 0.0]
    assert -np.diff(reached) == pytest.approx(case["answer"], abs=case["tolerance"])


def test_benefit_and_cost_are_those_of_openquake_when_interest_runs_at_every_moment():
    case = CASES["openquake_benefit_cost"]
    avoided = case["expected_before"] - case["expected_after"]
    rate = math.expm1(case["interest"])  # the yearly rate that grows as much
    ours = Horizon(2025, case["years"], rate).discount().sum()
    within = rate / case["interest"]  # a year's losses come all through it and not at its end
    assert avoided * ours * within / case["cost"] == pytest.approx(case["answer"], abs=2e-5)
    plain = Horizon(2025, case["years"], case["interest"]).discount().sum()
    assert avoided * plain / case["cost"] == pytest.approx(case["answer"], rel=0.01)


def test_sums_by_event_and_by_asset_are_those_of_climada():
    case = CASES["climada_metrics"]
    hazard = made.hazard(np.array(case["impact"], dtype=np.float64) / 2, frequency=case["frequency"])
    sites = hazard.footprints.sites
    assets = made.assets(3, x=sites.x, y=sites.y, value=[2.0] * 3, asset_class=["house"] * 3)
    found = impact(hazard, assets, ImpactFunctionSet([function([0, 1], [0, 1])]), max_distance_m=10)
    assert found.total_by_event == pytest.approx(case["at_event"])
    assert found.expected_by_asset == pytest.approx(case["expected_by_asset"])
    assert found.expected == pytest.approx(case["expected"])
