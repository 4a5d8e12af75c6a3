from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures.city import assets, cost, functions, hazard, measure, situation

from manglar_engine import (
    ChangeClass,
    CoBenefit,
    Horizon,
    MeasureError,
    ScaleDamage,
    ShiftIntensity,
    worth,
)
from manglar_engine.measures.retrofit import present_value_factor

HORIZON = Horizon(first_year=2026, years=30, discount_rate=0.05)


def test_a_constant_benefit_has_its_closed_form():
    city = situation()
    result = worth({2025: city}, [measure("m", ScaleDamage(0.6), cost=cost(fixed=50.0, yearly_share=0.02))], HORIZON)
    factor = present_value_factor(0.05, 30)
    assert result.present_benefit == pytest.approx(0.4 * city.impact().expected * factor, rel=1e-12)
    assert result.present_cost == pytest.approx(50 * (1 + 0.02 * factor), rel=1e-12)
    assert result.net_present_value == pytest.approx(result.present_benefit - result.present_cost)
    assert result.benefit_cost == pytest.approx(result.present_benefit / result.present_cost)
    assert sum(result.by_territory.values()) == pytest.approx(result.present_benefit)


def test_a_cost_that_is_spent_every_year_has_its_closed_form():
    one = measure("m", ScaleDamage(0.6), cost=cost(fixed=0.0, yearly=3.0))
    result = worth({2025: situation()}, [one], HORIZON)
    assert result.capital_today == 0
    assert result.present_cost == pytest.approx(3 * present_value_factor(0.05, 30))


def test_growth_of_exposure_has_its_closed_form():
    horizon = Horizon(2026, 30, 0.05, growth=0.02, growth_from=2025)
    grown = worth({2025: situation()}, [measure("m", ScaleDamage(0.6))], horizon)
    quotient = 1.02 / 1.05
    expected = 0.4 * situation().impact().expected * quotient * (1 - quotient**30) / (1 - quotient)
    assert grown.present_benefit == pytest.approx(expected, rel=1e-12)


def test_between_two_climates_the_impact_is_a_straight_line():
    held = assets()
    now = situation(assets=held)
    later = situation(assets=held, hazard=hazard(frequency=[0.4, 0.08, 0.02], year=2050))
    half = [measure("m", ScaleDamage(0.5))]
    result = worth({2025: now, 2050: later}, half, HORIZON)
    first = 0.5 * now.impact().expected
    yearly = np.array(result.yearly_benefit)
    assert yearly[0] == pytest.approx(first * (1 + 1 / 25))
    assert yearly[24] == pytest.approx(2 * first)
    assert yearly[29] == pytest.approx(2 * first)  # after the last climate it stays, and a note says so
    assert any(note.field == "climates" for note in result.notes)


def test_the_break_even_year_is_the_first_that_pays_all_back():
    benefit = 0.4 * situation().impact().expected
    one = measure("m", ScaleDamage(0.6), cost=cost(fixed=benefit * 3.5))
    assert worth({2025: situation()}, [one], Horizon(2026, 30, 0.0)).break_even_year == 2029
    dear = measure("m", ScaleDamage(0.6), cost=cost(fixed=benefit * 1000))
    assert worth({2025: situation()}, [dear], HORIZON).break_even_year is None


def test_a_measure_that_starts_later_brings_and_costs_later():
    one = measure("m", ScaleDamage(0.6), cost=cost(fixed=50.0), from_year=2031)
    result = worth({2025: situation()}, [one], HORIZON)
    assert result.yearly_benefit[:5] == (0,) * 5
    assert result.yearly_benefit[5] > 0
    assert result.capital_today == 0
    assert result.yearly_cost[4] == 50.0  # paid at the end of 2030
    assert result.present_cost == pytest.approx(50 / 1.05**5)


def test_a_combination_over_time_is_evaluated_as_it_stands_each_year():
    one = measure("a", ShiftIntensity(0.6))
    two = measure("b", ChangeClass({"home": "strong home"}), from_year=2036)
    city = situation()
    yearly = worth({2025: city}, [one, two], HORIZON).yearly_benefit
    base = city.impact().expected
    assert yearly[9] == pytest.approx(base - city.impact([one]).expected)
    assert yearly[10] == pytest.approx(base - city.impact([one, two]).expected)


def test_co_benefits_stand_beside_and_are_never_added():
    shade = CoBenefit("shade", "sombra", "shade", "prueba", "estimación", per_year=7.0)
    words = CoBenefit("birds", "aves", "birds", "prueba", "estimación")
    plain = worth({2025: situation()}, [measure("m", ScaleDamage(0.6))], HORIZON)
    result = worth({2025: situation()}, [measure("m", ScaleDamage(0.6), co_benefits=(shade, words))], HORIZON)
    assert result.present_benefit == plain.present_benefit
    assert [row.present_value for row in result.co_benefits] == [
        pytest.approx(7 * present_value_factor(0.05, 30)),
        None,
    ]


def test_losses_of_several_perils_add_up_and_an_operation_reaches_only_its_own():
    held = assets()
    flood = situation(assets=held)
    quake_events = hazard(depths=np.array([[1.0] * 5]), frequency=[0.02])
    events = replace(quake_events.events, peril="waves", ids=["w0"])
    renamed = [replace(f, id=f"w {f.id}", peril="waves") for f in functions().values()]
    waves = situation(assets=held, hazard=replace(quake_events, events=events), functions=functions(renamed))
    reef = measure("reef", ScaleDamage(0.5, peril="waves"))
    result = worth({2025: [flood, waves]}, [reef], HORIZON)
    assert result.present_benefit == pytest.approx(0.5 * waves.impact().expected * present_value_factor(0.05, 30))
    both = worth({2025: [flood, waves]}, [measure("all", ScaleDamage(0.5))], HORIZON)
    expected = 0.5 * (flood.impact().expected + waves.impact().expected) * present_value_factor(0.05, 30)
    assert both.present_benefit == pytest.approx(expected)
    assert any("varias amenazas" in note.es for note in both.notes)
    with pytest.raises(MeasureError, match="flood, flood"):
        worth({2025: [flood, flood]}, [reef], HORIZON)
    with pytest.raises(MeasureError, match="2050: waves"):
        worth({2025: flood, 2050: waves}, [reef], HORIZON)


def test_what_disagrees_is_refused():
    with pytest.raises(MeasureError, match="no climate"):
        worth({}, [measure("m", ScaleDamage(0.6))], HORIZON)
    with pytest.raises(MeasureError, match="m: 2080"):
        worth({2025: situation()}, [measure("m", ScaleDamage(0.6), from_year=2080)], HORIZON)
    with pytest.raises(MeasureError, match="no cost"):
        worth({2025: situation()}, [measure("m", ScaleDamage(0.6), cost=None)], HORIZON)
    with pytest.raises(MeasureError, match="different assets"):
        worth(
            {2025: situation(), 2050: situation(assets=assets(value=[1.0] * 5))},
            [measure("m", ScaleDamage(0.6))],
            HORIZON,
        )
    for changes in ({"years": 0}, {"discount_rate": -0.1}, {"growth": 0.5}, {"first_year": 20}):
        with pytest.raises(MeasureError, match=next(iter(changes))):
            Horizon(**{"first_year": 2026, "years": 30, "discount_rate": 0.05, **changes})


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 0.2), st.integers(1, 60))
def test_a_measure_without_effect_is_worth_minus_its_cost(rate, years):
    result = worth({2025: situation()}, [measure("m", ScaleDamage(1.0))], Horizon(2026, years, rate))
    assert result.present_benefit == pytest.approx(0.0, abs=1e-12)
    assert result.net_present_value == pytest.approx(-result.present_cost, abs=1e-9)
    assert result.break_even_year is None
