from __future__ import annotations

from pathlib import Path

import made_impact as made
import numpy as np
import pytest
import yaml

from manglar_engine import (
    ImpactFunctionSet,
    ImpactSettings,
    Sites,
    direct_exceedance_by_asset,
    direct_impact,
    impact_study,
)

CASE = yaml.safe_load((Path(__file__).parent / "impact.yaml").read_text(encoding="utf-8"))
NEAR = 50.0


@pytest.fixture
def city():
    place = Sites(**CASE["sites"])
    hazard = made.hazard(
        [event["depth_m"] for event in CASE["events"]],
        frequency=[event["frequency"] for event in CASE["events"]],
        ids=[event["id"] for event in CASE["events"]],
        sites=place,
    )
    rows = CASE["assets"]
    at = [row["site"] for row in rows]
    assets = made.assets(
        len(rows),
        ids=[row["id"] for row in rows],
        x=place.x[at],
        y=place.y[at],
        value=[row["value"] for row in rows],
        people=[row["people"] for row in rows],
        asset_class=[row["class"] for row in rows],
        territory=[row["territory"] for row in rows],
    )
    return hazard, assets


def test_two_floods_over_two_sites_are_those_worked_by_hand(city):
    found = direct_impact(*city, made.functions(), max_distance_m=NEAR)
    answer = CASE["answer"]
    for event, row in zip(found.event_ids, found.by_event, strict=True):
        assert dict(zip(found.territories, row, strict=True)) == pytest.approx(answer["by_event"][event])
    by_asset = dict(zip(city[1].ids, found.expected_by_asset, strict=True))
    assert by_asset == pytest.approx(answer["expected_by_asset"])
    by_territory = dict(zip(found.territories, found.expected_by_territory, strict=True))
    assert by_territory == pytest.approx(answer["expected_by_territory"])
    assert found.expected == pytest.approx(answer["expected"])
    assert found.combined == "apart"
    assert found.unit == "PAB"


def test_the_curve_of_the_city_is_the_one_worked_by_hand(city):
    curve = direct_impact(*city, made.functions(), max_distance_m=NEAR).curve()
    wanted = CASE["answer"]["curve"]
    assert dict(zip(wanted, curve.at(list(wanted)), strict=True)) == pytest.approx(wanted)
    assert curve.longest_period == pytest.approx(CASE["answer"]["longest_period"])


def test_the_curves_of_the_assets_are_those_worked_by_hand(city):
    found = direct_exceedance_by_asset(*city, made.functions(), max_distance_m=NEAR, periods=[10, 100])
    for name, row in zip(city[1].ids, found, strict=True):
        assert dict(zip([10, 100], row, strict=True)) == pytest.approx(CASE["answer"]["by_asset_at"][name])


@pytest.mark.parametrize("together", ["sum", "max"])
def test_hazards_that_hit_together_are_added_or_the_worse_is_taken_as_worked_by_hand(city, together):
    hazard, assets = city
    wind = made.hazard(np.ones((1, 2)), peril="wind", ids=["rare"], frequency=0.01, sites=hazard.footprints.sites)
    more = [
        made.function(id=f"w-{name}", peril="wind", asset_class=name, ratio=[0, 0.5, 0.5])
        for name in ("house", "school")
    ]
    found = direct_impact([hazard, wind], assets, made.functions(*more), max_distance_m=NEAR, together=together)
    assert found.combined == together
    rare = dict(zip(found.territories, found.at_events(["rare"])[0], strict=True))
    assert rare == pytest.approx(CASE["second_hazard"][f"rare_{together}"])


def test_the_intervals_of_the_curves_are_those_worked_by_hand(city):
    wanted = CASE["bounds"]
    school = made.function(id="g", asset_class="school", ratio=[0.0, 0.1, 0.3])
    functions = ImpactFunctionSet([made.function(**wanted["house"]), school])
    settings = ImpactSettings(
        max_distance_m=NEAR, return_periods=list(wanted["curve"]), samples=100, curve_interval=True
    )
    part = impact_study([city[0]], city[1], {"value": functions}, settings).amounts[0]
    for name, points in (("curve", part.curve), *((row.code, row.curve) for row in part.by_territory)):
        found = {point.return_period_years: (point.interval.p05, point.interval.p95) for point in points}
        assert found == {period: pytest.approx(ends) for period, ends in wanted[name].items()}
