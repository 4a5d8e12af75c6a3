from __future__ import annotations

import pytest

from manglar_engine import SeismicSettings, SettingsError, Triple


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": -1},
        {"samples": 5},
        {"vs30_default": 100.0},
        {"max_distance_km": 500.0},
        {"max_distance_km": float("nan")},
        {"return_periods": ()},
        {"return_periods": (475, 50)},
        {"return_periods": (0.5,)},
        {"discount_rate": -0.1},
        {"horizon_years": 0},
        {"minimum_magnitude": 3.0},
        {"b_value": Triple(1.0, 1.1, 1.2)},
        {"characteristic_weight": 1.5},
        {"fragility_sigma": 2.0},
        {"value_sigma": -1.0},
        {"workers": 0},
    ],
)
def test_a_setting_out_of_range_is_refused_by_its_name(changes):
    with pytest.raises(SettingsError, match=next(iter(changes)).replace("characteristic_weight", "weights")):
        SeismicSettings(**changes)
