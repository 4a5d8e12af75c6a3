from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from measures.city import cost, functions, measure, situation

from manglar_engine import (
    Cancelled,
    ChangeClass,
    Doubt,
    Fixed,
    Horizon,
    LogNormal,
    Normal,
    ScaleDamage,
    SettingsError,
    ShiftIntensity,
    Triangular,
    Uniform,
    uncertain_worth,
    worth,
)
from manglar_engine.studies.uncertain_worth import moved_functions
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet

HORIZON = Horizon(2026, 30, 0.05)
MEASURES = [measure("m", ScaleDamage(0.6), cost=cost(fixed=50.0, yearly_share=0.01)), measure("n", ShiftIntensity(0.3))]


def doubt(name, distribution):
    return Doubt(name, distribution, "prueba", "estimación")


def bounded():
    held = [replace(f, low=f.ratio * 0.5, high=np.minimum(f.ratio * 1.4, 1.0)) for f in functions().values()]
    return ImpactFunctionSet(held)


def answer(*doubts, city=None, **changes):
    told = {"seed": 1, "samples": 2000, "sobol_base": 256, **changes}
    return uncertain_worth({2025: city or situation()}, MEASURES, HORIZON, doubts, **told)


def test_without_doubts_every_sample_is_the_plain_worth():
    result, plain = answer(), worth({2025: situation()}, MEASURES, HORIZON)
    for found, expected in (
        (result.present_benefit, plain.present_benefit),
        (result.present_cost, plain.present_cost),
        (result.net_present_value, plain.net_present_value),
        (result.benefit_cost, plain.benefit_cost),
    ):
        assert (found.mean, found.p05, found.p95) == pytest.approx((expected,) * 3)
    assert result.sensitivity == ()
    assert result.plain == plain


def test_factors_enter_where_they_multiply():
    result = answer(doubt("frequency", Fixed(2.0)), doubt("value", Fixed(3.0)), doubt("cost", Fixed(1.5)))
    assert result.present_benefit.mean == pytest.approx(6 * result.plain.present_benefit)
    assert result.present_cost.mean == pytest.approx(1.5 * result.plain.present_cost)


@pytest.mark.parametrize("factor", [0.8, 1.3])
def test_a_known_factor_of_intensity_is_the_plain_worth_of_that_hazard(factor):
    result = answer(doubt("intensity", Fixed(factor)))
    plain = worth({2025: situation(intensity_factor=factor)}, MEASURES, HORIZON)
    assert result.present_benefit.mean == pytest.approx(plain.present_benefit)


@pytest.mark.parametrize("deviate", [-1.645, 1.645])
def test_the_bounds_of_the_functions_are_met_at_their_deviate(deviate):
    city = situation(functions=bounded())
    result = answer(doubt("vulnerability", Uniform(deviate, deviate + 1e-9)), city=city)
    moved = situation(functions=moved_functions(bounded(), deviate))
    assert result.present_benefit.mean == pytest.approx(
        worth({2025: moved}, MEASURES, HORIZON).present_benefit, rel=1e-6
    )
    edge = next(iter(moved_functions(bounded(), deviate).values()))
    held = next(iter(bounded().values()))
    assert edge.ratio == pytest.approx(held.low if deviate < 0 else held.high, abs=1e-4)


def test_a_drawn_discount_rate_is_that_of_each_sample():
    result = answer(doubt("discount rate", Uniform(0.02, 0.08)))
    low, high = (worth({2025: situation()}, MEASURES, Horizon(2026, 30, r)).present_benefit for r in (0.0773, 0.0227))
    assert (result.present_benefit.p05, result.present_benefit.p95) == pytest.approx((low, high), rel=5e-3)


def test_the_doubt_that_moves_the_answer_has_the_largest_index():
    result = answer(doubt("value", LogNormal(1.0, 0.5)), doubt("cost", Triangular(0.95, 1.0, 1.05)))
    by_name = {row.name: row for row in result.sensitivity}
    assert by_name["value"].total > 0.9
    assert by_name["cost"].total < 0.1
    assert 0 < result.pays <= 1
    assert result.net_present_value.p05 < result.net_present_value.mean < result.net_present_value.p95


def test_the_same_seed_gives_the_same_answer_and_another_does_not():
    doubts = (doubt("value", LogNormal(1.0, 0.5)), doubt("intensity", Normal(1.0, 0.1)))
    assert answer(*doubts) == answer(*doubts)
    assert answer(*doubts).present_benefit != answer(*doubts, seed=2).present_benefit


def test_progress_rises_to_the_end_and_a_run_can_be_stopped():
    seen = []
    answer(doubt("intensity", Uniform(0.9, 1.1)), progress=lambda fraction, label: seen.append(fraction))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    with pytest.raises(Cancelled):
        answer(cancel=lambda: len(seen) > 1)


def test_what_is_taken_as_known_and_functions_without_bounds_are_told():
    notes = answer(doubt("vulnerability", Normal(0.0, 1.0))).notes
    assert "cost" in notes[0].en
    assert "f home" in notes[1].en


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (doubt("colour", Fixed(1.0)), "colour"),
        (doubt("value", Normal(1.0, 0.6)), "value"),
        (doubt("discount rate", Uniform(0.0, 0.9)), "0..0.5"),
        (doubt("cost", Fixed(0.0)), "cost nothing"),
    ],
)
def test_doubts_that_mean_nothing_here_are_refused(one, words):
    with pytest.raises(SettingsError, match=words):
        answer(one)


def test_a_change_of_class_needs_no_linearity():
    measures = [measure("m", ChangeClass({"home": "strong home"}))]
    result = uncertain_worth(
        {2025: situation()}, measures, HORIZON, [doubt("value", Uniform(0.5, 1.5))], seed=1, samples=500, sobol_base=64
    )
    assert result.present_benefit.mean == pytest.approx(result.plain.present_benefit, rel=1e-3)


def test_how_many_units_moves_only_the_cost_and_multiplies_its_price():
    result = answer(doubt("quantity", Fixed(1.5)), doubt("cost", Fixed(2.0)))
    assert result.present_cost.mean == pytest.approx(3 * result.plain.present_cost)
    assert result.present_benefit.mean == pytest.approx(result.plain.present_benefit)
    assert "quantity" not in answer().notes[0].en  # only where it is named: the words of earlier answers stay


def test_what_is_avoided_a_year_is_that_of_the_situation_with_every_measure_working():
    city = situation()
    wanted = float((city.expected() - city.expected(MEASURES)).sum())
    late = [MEASURES[0], replace(MEASURES[1], from_year=2040)]
    grown = replace(HORIZON, growth=0.03, growth_from=2020)
    for chosen, horizon in ((MEASURES, HORIZON), (late, HORIZON), (MEASURES, grown)):
        result = uncertain_worth({2025: city}, chosen, horizon, (), seed=1, samples=100)
        assert (result.avoided.mean, result.medians.avoided) == pytest.approx((wanted, wanted))
    doubled = answer(doubt("value", Fixed(2.0)), doubt("frequency", Fixed(3.0)), doubt("cost", Fixed(9.0)))
    assert doubled.avoided.mean == pytest.approx(6 * wanted)


def test_what_is_avoided_moves_with_the_place_of_the_effects():
    city = situation()
    places = {-0.5: [measure("m", ScaleDamage(0.8))], 0.0: [measure("m", ScaleDamage(0.6))]}
    found = uncertain_worth(
        {2025: city}, places[0.0], HORIZON, [doubt("effect", Fixed(-0.5))], seed=1, samples=100, effects=places
    )
    assert found.avoided.mean == pytest.approx(float((city.expected() - city.expected(places[-0.5])).sum()))


def test_doubts_that_move_nothing_leave_the_sensitivity_empty():
    idle = [measure("m", ScaleDamage(1.0))]
    result = uncertain_worth({2025: situation()}, idle, HORIZON, [doubt("value", LogNormal(1.0, 0.5))], seed=1)
    assert result.sensitivity == ()
    assert result.pays == 0
