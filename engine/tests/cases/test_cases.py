from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from manglar_engine import default_vulnerability
from manglar_engine.hazard.scaling import scaling_of
from manglar_engine.risk.damage import Kind, mean_ratio, severe_probability


def load(name):
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", load("scaling.toml")["case"], ids=lambda case: case["name"])
def test_magnitudes_are_those_worked_by_hand(case):
    scaling = scaling_of(case["rake_deg"])
    found = (
        scaling.magnitude_from_length(case["length_km"])
        if "length_km" in case
        else scaling.magnitude_from_area(case["area_km2"])
    )
    assert found == pytest.approx(case["magnitude"], abs=5e-4)


def test_two_assets_and_two_earthquakes_are_those_worked_by_hand():
    case = load("city.toml")
    functions = default_vulnerability()
    kind = Kind(functions.fragilities[case["building_class"]], functions.repairs[case["occupancy"]])
    rates = np.array(case["answer"]["rates"])
    ead = people = 0.0
    for asset in case["asset"]:
        shaking = np.log(asset["pga_g"])
        ead += asset["value_pab"] * float(rates @ mean_ratio(shaking, case["sigma"], kind))
        people += asset["people"] * float(rates @ severe_probability(shaking, case["sigma"], kind))
    assert ead == pytest.approx(case["answer"]["ead_pab"], rel=1e-3)
    assert people == pytest.approx(case["answer"]["people_per_year"], rel=1e-3)
