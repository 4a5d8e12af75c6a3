from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import QUICK, dipping, exposure, fault

from manglar_engine import Exposure, Retrofit, Triple, seismic_risk

FAULTS = (fault(), dipping())
FAST = replace(QUICK, samples=20, minimum_magnitude=6.5)
FEW = settings(max_examples=12, deadline=None, derandomize=True)


def run(assets, **more):
    return seismic_risk(FAULTS, assets, settings=FAST, **more)


def columns(assets, order, **changes):
    names = ("ids", "lon", "lat", "territory", "value_pab", "people", "building_class", "occupancy")
    picked = {name: [getattr(assets, name)[i] for i in order] for name in names}
    return Exposure(**{**picked, **changes}, price_year=assets.price_year)


def totals(result):
    return {
        row.code: (row.ead_pab.mean, row.ead_pab.p05, row.ead_pab.p95, row.people_affected_per_year.mean)
        for row in (result.total, *result.by_territory)
    }


def same(one, other, rel):
    assert one.keys() == other.keys()
    for code, values in one.items():
        assert other[code] == pytest.approx(values, rel=rel)


@FEW
@given(st.permutations(range(6)))
def test_the_order_of_assets_changes_nothing(order):
    one, other = run(exposure()), run(columns(exposure(), order))
    same(totals(one), totals(other), 1e-12)
    by_id = {row.id: row for row in other.by_asset}
    for row in one.by_asset:
        assert by_id[row.id].ead_pab == pytest.approx(row.ead_pab, rel=1e-12)
        assert by_id[row.id].pga_475_g == pytest.approx(row.pga_475_g, rel=1e-12)


@FEW
@given(st.integers(0, 5), st.floats(0.05, 0.95))
def test_splitting_an_asset_in_two_changes_no_total(which, share):
    whole = exposure()
    order = [*range(6), which]
    value, people = whole.value_pab[order], whole.people[order]
    part = np.ones(7)
    part[which], part[6] = share, 1 - share
    split = columns(whole, order, ids=[*whole.ids, "half"], value_pab=value * part, people=people * part)
    same(totals(run(whole)), totals(run(split)), 1e-9)


@FEW
@given(st.floats(0.01, 1000.0))
def test_damage_is_linear_in_value(factor):
    one = run(exposure())
    other = run(exposure(value_pab=exposure().value_pab * factor))
    assert other.total.ead_pab.mean == pytest.approx(factor * one.total.ead_pab.mean, rel=1e-11)
    assert other.total.losses[-1].loss_pab.p95 == pytest.approx(factor * one.total.losses[-1].loss_pab.p95, rel=1e-9)
    assert other.total.people_affected_per_year == one.total.people_affected_per_year


@FEW
@given(st.floats(0.1, 10.0), st.floats(1.0, 4.0))
def test_more_slip_never_means_less_damage_nor_rarer_losses(slip, more):
    def city(rate):
        only = fault(slip_mm_yr=Triple(rate, rate / 2, rate * 2))
        return seismic_risk([only], exposure(2), settings=FAST)

    slow, fast = city(slip), city(slip * more)
    assert fast.total.ead_pab.mean >= slow.total.ead_pab.mean * (1 - 1e-12)
    for a, b in zip(slow.curve, fast.curve, strict=True):
        assert b.loss_pab.mean >= a.loss_pab.mean * (1 - 1e-9)


@FEW
@given(st.sampled_from(["RM1.L.MC", "RM1.L.HC", "C1.L.HC"]), st.lists(st.integers(0, 5), min_size=1, max_size=6))
def test_a_measure_never_saves_more_than_there_was_and_the_rest_stays(to_class, chosen):
    ids = tuple(sorted({f"a{i}" for i in chosen}))
    effect = run(exposure(), retrofit=Retrofit("m", "m", to_class=to_class, ids=ids, cost_pab_per_asset=1.0)).retrofit
    assert effect is not None
    assert effect.total.ead_avoided_pab.mean <= effect.total.ead_before_pab.mean
    assert effect.total.ead_avoided_pab.mean >= 0
    untouched = {"080801", "080819"} - {exposure().territory[i] for i in chosen}
    for row in effect.by_territory:
        if row.code in untouched:
            assert row.ead_avoided_pab.mean == pytest.approx(0.0, abs=1e-9)
