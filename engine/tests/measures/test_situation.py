from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures.city import DEPTHS, FREQUENCY, assets, functions, hazard, measure, situation

from manglar_engine import (
    ChangeClass,
    ImpactFunction,
    MeasureError,
    ProtectUpTo,
    ScaleAmount,
    ScaleDamage,
    ScaleIntensity,
    ShiftIntensity,
    VulnerabilityError,
    direct_impact,
)


def ratio(name, depth):
    top = {"home": 0.9, "strong home": 0.4, "school": 0.6}[name]
    return np.interp(depth, [0, 1, 3], [0, top / 2, top])


def by_hand(change=lambda depth, name: (depth, name, 1.0)):
    held = assets()
    total = 0.0
    for i, name in enumerate(held.asset_class):
        for e, rate in enumerate(FREQUENCY):
            depth, after, factor = change(DEPTHS[e, i], name)
            total += rate * held.value[i] * factor * ratio(after, depth)
    return total


def test_without_measures_it_is_the_direct_kernel():
    direct = direct_impact(hazard(), assets(), functions(), max_distance_m=10.0)
    own = situation().impact()
    assert own.by_event == pytest.approx(direct.by_event, rel=1e-12)
    assert own.expected_by_asset == pytest.approx(direct.expected_by_asset, rel=1e-12)
    assert own.expected == pytest.approx(by_hand(), rel=1e-12)


def test_assets_that_share_a_site_share_its_water():
    held = assets(x=[0.0, 0.0, 0.0, 300.0, 300.0])
    direct = direct_impact(hazard(), held, functions(), max_distance_m=10.0)
    own = situation(assets=held)
    assert own.impact().by_event == pytest.approx(direct.by_event, rel=1e-12)
    assert own.impact().expected_by_asset == pytest.approx(direct.expected_by_asset, rel=1e-12)
    chosen = [measure("m", ShiftIntensity(0.3)), measure("dike", ProtectUpTo(50.0), zone="east")]
    assert own.expected(chosen) == pytest.approx(own.impact(chosen).expected_by_territory, rel=1e-12)


def test_damage_at_zero_intensity_is_kept():
    extra = ImpactFunction("h", "flood", "castle", "m", [0.0, 2.0], [0.1, 0.8], "prueba", "estimación")
    held = assets(asset_class=["castle"] * 5)
    direct = direct_impact(hazard(), held, functions([extra]), max_distance_m=10.0)
    own = situation(assets=held, functions=functions([extra])).impact([measure("m", ScaleDamage(0.5))])
    assert own.by_event == pytest.approx(0.5 * direct.by_event, rel=1e-12)


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        (ShiftIntensity(0.4), lambda d, n: (max(d - 0.4, 0.0), n, 1.0)),
        (ScaleIntensity(0.5), lambda d, n: (d / 2, n, 1.0)),
        (ScaleDamage(0.7), lambda d, n: (d, n, 0.7)),
        (ScaleAmount(0.2), lambda d, n: (d, n, 0.2)),
        (ChangeClass({"home": "strong home"}), lambda d, n: (d, "strong home" if n == "home" else n, 1.0)),
    ],
)
def test_each_operation_is_the_one_worked_by_hand(operation, change):
    assert situation().impact([measure("m", operation)]).expected == pytest.approx(by_hand(change), rel=1e-12)


def test_a_defence_keeps_out_the_events_that_it_was_built_for_and_no_rarer_one():
    base = situation().impact()
    kept = situation().impact([measure("dike", ProtectUpTo(20.0))])
    # The three floods are passed every 1/0.25, 1/0.05 = 20 and 1/0.01 = 100 years.
    assert kept.by_event[:2].sum() == 0
    assert kept.by_event[2] == pytest.approx(base.by_event[2])
    short = situation().impact([measure("dike", ProtectUpTo(19.9))])
    assert short.by_event[1] == pytest.approx(base.by_event[1])


def test_a_defence_of_one_zone_leaves_the_rest_as_it_was():
    base, kept = situation().impact(), situation().impact([measure("dike", ProtectUpTo(50.0), zone="river")])
    assert kept.expected_by_asset[:2] == pytest.approx(
        FREQUENCY[2] * np.array([100, 200]) * [ratio("home", 2.5), ratio("home", 1.6)]
    )
    assert kept.expected_by_asset[2:] == pytest.approx(base.expected_by_asset[2:])


def test_a_combination_is_not_the_sum_of_its_measures():
    one, two = measure("a", ShiftIntensity(0.6)), measure("b", ChangeClass({"home": "strong home"}))
    city = situation()
    base = city.impact().expected
    apart = sum(base - city.impact([m]).expected for m in (one, two))
    together = base - city.impact([one, two]).expected
    by = by_hand(lambda d, n: (max(d - 0.6, 0.0), "strong home" if n == "home" else n, 1.0))
    assert base - together == pytest.approx(by, rel=1e-12)
    assert together < apart


def test_what_disagrees_is_refused():
    with pytest.raises(MeasureError, match="repeated"):
        situation().impact([measure("a", ScaleDamage(0.5)), measure("a", ScaleDamage(0.4))])
    with pytest.raises(MeasureError, match="river"):
        situation(zones={"river": [True]})
    with pytest.raises(VulnerabilityError, match="castle"):
        situation().impact([measure("a", ChangeClass({"home": "castle"}))])


OPERATIONS = st.one_of(
    st.floats(0, 1).map(ScaleIntensity),
    st.floats(0, 2).map(ShiftIntensity),
    st.floats(0, 1).map(ScaleDamage),
    st.floats(0, 1).map(ScaleAmount),
    st.floats(1, 200).map(ProtectUpTo),
    st.just(ChangeClass({"home": "strong home"})),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(OPERATIONS, min_size=1, max_size=4), st.sampled_from(["", "river", "east"]))
def test_more_measures_never_mean_more_damage_and_their_order_does_not_matter(operations, zone):
    city = situation()
    measures = [measure(f"m{i}", one, zone=zone) for i, one in enumerate(operations)]
    before = city.impact()
    for count in range(1, len(measures) + 1):
        after = city.impact(measures[:count])
        assert (after.by_event <= before.by_event + 1e-9).all()
        before = after
    turned = city.impact(measures[::-1])
    assert turned.by_event == pytest.approx(before.by_event, abs=1e-9)


@pytest.mark.parametrize(
    "operation",
    [
        ScaleIntensity(1.0),
        ShiftIntensity(0.0),
        ScaleDamage(1.0),
        ScaleAmount(1.0),
        ProtectUpTo(1e-3),
        ChangeClass({"home": "home"}),
    ],
)
def test_a_measure_without_effect_changes_nothing(operation):
    city = situation()
    assert city.impact([measure("m", operation)]).by_event == pytest.approx(city.impact().by_event, abs=1e-12)
