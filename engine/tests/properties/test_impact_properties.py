"""What must hold for any hazard, assets and functions: the fast path is asked, the direct kernel beside it."""

from __future__ import annotations

from dataclasses import replace

import made_impact as made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manglar_engine import (
    EventSet,
    Hazard,
    ImpactFunctionSet,
    direct_exceedance_by_asset,
    direct_impact,
    edges_of,
    exceedance_by_asset,
    footprints_of,
    impact,
    moments,
    values_on,
)

NEAR = 60.0
QUICK = settings(max_examples=25, deadline=None)
DEPTHS = st.one_of(st.just(0.0), st.floats(0.001, 5.0))


@st.composite
def cases(draw):
    """A hazard, a city at its sites and functions that may harm at zero."""
    events, sites, count = draw(st.integers(1, 6)), draw(st.integers(1, 5)), draw(st.integers(1, 6))
    depth = np.array([[draw(DEPTHS) for _ in range(sites)] for _ in range(events)])
    rates = np.array([draw(st.floats(0.0, 2.0)) for _ in range(events)])
    city = made.assets(
        count,
        x=660_010.0 + 100 * np.array([draw(st.integers(0, sites - 1)) for _ in range(count)]),
        value=[draw(st.floats(0, 1e7)) for _ in range(count)],
        asset_class=[draw(st.sampled_from(["house", "school"])) for _ in range(count)],
        territory=[draw(st.sampled_from("AB")) for _ in range(count)],
    )
    curves = []
    for name in ("house", "school"):
        ratio = sorted(draw(st.floats(0, 1)) for _ in range(4))
        curves.append(made.function(id=name, asset_class=name, intensity=[0, 0.3, 1.1, 4.0], ratio=ratio))
    return made.hazard(depth, frequency=rates), city, ImpactFunctionSet(curves)


def close(one, other):
    np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-9)


def run(hazard, city, functions):
    return impact(hazard, city, functions, max_distance_m=NEAR)


@QUICK
@given(cases())
def test_every_path_says_what_the_direct_kernel_says(case):
    hazard, city, functions = case
    found, wanted = run(*case), direct_impact(*case, max_distance_m=NEAR)
    close(found.by_event, wanted.by_event)
    close(found.expected_by_asset, wanted.expected_by_asset)
    close(found.expected_by_territory, wanted.expected_by_territory)
    ask = {"max_distance_m": NEAR, "periods": [0.5, 3, 20, 1e4]}
    close(exceedance_by_asset(*case, **ask), direct_exceedance_by_asset(*case, **ask))
    chosen = functions.chosen("flood", tuple(sorted(set(city.asset_class))), unit="m")
    edges = edges_of(chosen)
    sums = moments(hazard, city, edges=edges, max_distance_m=NEAR)
    close(sums.expected(values_on(edges, chosen)[None])[:, 0], wanted.expected_by_territory)


@QUICK
@given(cases(), st.floats(0, 50))
def test_impact_is_linear_in_value(case, factor):
    hazard, city, functions = case
    close(run(hazard, replace(city, value=factor * city.value), functions).by_event, factor * run(*case).by_event)


@QUICK
@given(cases(), st.floats(1, 3))
def test_more_intensity_is_never_less_damage(case, factor):
    hazard, city, functions = case
    more = made.hazard(factor * hazard.footprints.intensity.toarray(), frequency=hazard.events.frequency)
    assert (run(more, city, functions).expected_by_asset >= run(*case).expected_by_asset * (1 - 1e-12)).all()


@QUICK
@given(cases(), st.floats(0, 1))
def test_splitting_an_asset_in_two_changes_no_total(case, share):
    hazard, city, functions = case
    twice = {
        name: np.append(getattr(city, name), getattr(city, name)[0]) for name in ("x", "y", "asset_class", "territory")
    }
    value = np.append(city.value, city.value[0] * share)
    value[0] *= 1 - share
    split = made.assets(len(city) + 1, value=value, **twice)
    close(run(hazard, split, functions).by_event, run(*case).by_event)


@QUICK
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_events_changes_nothing(case, random):
    hazard, city, functions = case
    order = list(range(len(hazard.events)))
    random.shuffle(order)
    rows = np.array(order)
    moved = Hazard(hazard.events.take(rows), replace(hazard.footprints, intensity=hazard.footprints.intensity[rows]))
    found, before = run(moved, city, functions), run(*case)
    close(found.at_events(before.event_ids), before.by_event)
    close(found.expected_by_asset, before.expected_by_asset)
    close(found.curve().at([1, 10, 100]), before.curve().at([1, 10, 100]))


@QUICK
@given(cases())
def test_an_event_that_touches_nothing_changes_no_expected_impact_unless_functions_harm_at_zero(case):
    hazard, city, functions = case
    depth = np.vstack([hazard.footprints.intensity.toarray(), np.zeros(len(hazard.footprints.sites))])
    more = made.hazard(depth, frequency=np.append(hazard.events.frequency, 0.5))
    still = sum(v * functions["flood", c].at_zero for v, c in zip(city.value, city.asset_class, strict=True))
    assert run(more, city, functions).expected == pytest.approx(run(*case).expected + 0.5 * still, rel=1e-10, abs=1e-9)


@QUICK
@given(cases())
def test_territories_add_up_to_the_city_and_curves_never_rise_with_frequency(case):
    found = run(*case)
    assert found.expected_by_territory.sum() == pytest.approx(found.expected, rel=1e-12)
    curve = found.curve()
    assert (np.diff(curve.impact) <= 0).all()
    assert (np.diff(curve.frequency) >= 0).all()
    area = float((curve.impact * np.diff(curve.frequency, prepend=0.0)).sum())
    assert area == pytest.approx(found.expected, rel=1e-9, abs=1e-9)


@QUICK
@given(cases())
def test_hazards_added_together_lie_between_the_worse_and_the_sum(case):
    hazard, city, functions = case
    other = made.hazard(hazard.footprints.intensity.toarray()[::-1].copy(), frequency=hazard.events.frequency)
    alone = run(*case).by_event + run(other, city, functions).by_event
    both = {how: impact([hazard, other], city, functions, max_distance_m=NEAR, together=how) for how in ("sum", "max")}
    assert (both["max"].by_event <= both["sum"].by_event + 1e-6).all()
    assert (both["sum"].by_event <= alone * (1 + 1e-12) + 1e-6).all()


def test_an_empty_footprint_is_a_hazard_that_does_nothing():
    place = made.sites(2)
    table = EventSet(["a"], [0.1], 2025, "flood", "historical")
    still = Hazard(table, footprints_of([], [], [], events=1, sites=place, unit="m"))
    found = run(still, made.assets(2), made.functions())
    assert found.expected == 0
    assert not found.expected_by_asset.any()
