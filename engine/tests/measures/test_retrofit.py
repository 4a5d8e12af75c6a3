from __future__ import annotations

import pytest
from made import exposure

from manglar_engine import Retrofit, RetrofitError
from manglar_engine.measures.retrofit import changed_assets, cost_pab, present_value_factor


def measure(**changes):
    return Retrofit("m", "Reforzar", **{"level_map": {"PC": "MC", "LC": "MC"}, "cost_pab_per_asset": 10.0, **changes})


def test_levels_change_and_the_rest_of_the_class_stays():
    after = measure(classes=("RM1.L.PC",)).classes_after(exposure(3))
    assert after == ("RM1.L.MC", "C1.L.LC", "S3.LC")


def test_selections_meet():
    one = measure(territories=("080801",), occupancies=("EDU1",), ids=("a0", "a1"))
    assert one.selected(exposure(4)).tolist() == [True, False, False, False]


def test_only_assets_that_change_cost():
    assets = exposure(3)
    one = measure(level_map={}, to_class="S3.LC", cost_share_of_value=0.1)
    changed = changed_assets(assets, one.classes_after(assets))
    assert changed.tolist() == [True, True, False]
    assert cost_pab(one, assets, changed) == pytest.approx(2 * 10 + 0.1 * (1e5 + 2e5))


@pytest.mark.parametrize(
    "changes",
    [
        {"to_class": "S3.LC"},
        {"level_map": {}},
        {"cost_pab_per_asset": 0.0},
        {"cost_pab_per_asset": -1.0},
        {"cost_share_of_value": float("nan")},
    ],
)
def test_a_measure_without_one_target_or_a_cost_is_refused(changes):
    with pytest.raises(RetrofitError):
        measure(**changes)


def test_a_selection_of_what_does_not_exist_or_of_nothing_is_refused():
    with pytest.raises(RetrofitError, match="080899"):
        measure(territories=("080899",)).selected(exposure(3))
    with pytest.raises(RetrofitError, match="no asset"):
        measure(territories=("080801",), ids=("a1",)).selected(exposure(3))


def test_the_present_value_of_a_balboa_a_year_is_the_sum_of_its_years():
    by_hand = sum(1.05**-t for t in range(1, 51))
    assert present_value_factor(0.05, 50) == pytest.approx(by_hand, rel=1e-13)
    assert present_value_factor(0.0, 30) == 30.0
