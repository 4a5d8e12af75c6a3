from __future__ import annotations

from dataclasses import replace

import made_impact as made
import numpy as np
import pytest
from scipy.special import ndtri

from manglar_engine import Cancelled, ImpactFunctionSet, ImpactSettings, impact, impact_study
from manglar_engine.studies.uncertain_worth import moved_functions
from manglar_engine.uncertainty.impact_sweep import Z95

HOUSE = made.function(low=[0, 0.2, 0.8], high=[0, 0.6, 1.0])
SCHOOL = made.function(id="g", asset_class="school", ratio=[0, 0.1, 0.3])
BOUNDED = ImpactFunctionSet([HOUSE, SCHOOL])
BOTH = ImpactFunctionSet([HOUSE, replace(SCHOOL, low=[0, 0.05, 0.2], high=[0, 0.3, 0.9])])
PERIODS = (5.0, 10.0, 100.0, 1000.0)
RUN = ImpactSettings(max_distance_m=50, return_periods=PERIODS, samples=100, curve_interval=True)


def curve_of(functions, hazards, settings=RUN, count=2, **more):
    hazards = hazards if isinstance(hazards, list) else [hazards]
    return impact_study(hazards, made.assets(count), {"value": functions}, settings, **more)


def told(points):
    return [None if p.interval is None else (p.interval.p05, p.interval.p95) for p in points]


def test_the_interval_of_a_point_is_the_curve_at_the_bounds():
    hazard = made.hazard([[1.0, 1.0], [2.0, 1.0]], frequency=[0.1, 0.01])
    part = curve_of(BOUNDED, hazard).amounts[0]
    # house 1000 and school 2000: at 1 m 400 (200..600) and 200; at 2 m 1000 (800..1000) and 200
    assert [p.impact for p in part.curve] == pytest.approx([0, 600, 1200, 1200])
    assert told(part.curve) == [
        (0, 0),
        pytest.approx((400, 800)),
        pytest.approx((1000, 1200)),
        pytest.approx((1000, 1200)),
    ]
    assert part.interval is not None  # that of the expected impact is another: each function by itself


def test_the_interval_is_the_5_and_95_percent_of_every_curve_that_one_deviate_can_give():
    city = made.drawn_city(7, events=40, sites_count=12, count=30)
    settings = ImpactSettings(max_distance_m=50, return_periods=(5, 20, 100), samples=100, curve_interval=True)
    part = impact_study([city[0]], city[1], {"value": BOTH}, settings).amounts[0]
    deviates = ndtri((np.arange(20_000) + 0.5) / 20_000)
    grid = np.linspace(-3, 3, 121)
    on_grid = np.array(
        [impact(*city, moved_functions(BOTH, z), max_distance_m=50).curve().at((5, 20, 100)) for z in grid]
    )
    assert (np.diff(on_grid, axis=0) >= -1e-9).all()  # nothing falls as the deviate rises
    drawn = np.stack([np.interp(deviates, grid, column) for column in on_grid.T])
    for point, samples in zip(part.curve, drawn, strict=True):
        low, high = np.quantile(samples, [0.05, 0.95])
        assert point.interval.p05 == pytest.approx(low, rel=1e-3)
        assert point.interval.p95 == pytest.approx(high, rel=1e-3)
        assert point.interval.p05 <= point.impact <= point.interval.p95
    assert moved_functions(BOTH, Z95)["flood", "house"].ratio == pytest.approx(HOUSE.high)


def test_events_may_change_places_between_the_bounds():
    # as the mean says the school's event is the larger, 400 against 200; at the low bounds it is the smaller
    schools = replace(SCHOOL, ratio=[0, 0.2, 0.3], low=[0, 0.01, 0.3], high=[0, 0.3, 0.3])
    houses = replace(HOUSE, ratio=[0, 0.2, 1.0], low=[0, 0.2, 1.0], high=[0, 0.25, 1.0])
    hazard = made.hazard([[1.0, 0.0], [0.0, 1.0]], frequency=[0.01, 0.01])
    settings = replace(RUN, return_periods=(50.0, 100.0))
    part = curve_of(ImpactFunctionSet([houses, schools]), hazard, settings).amounts[0]
    assert [p.impact for p in part.curve] == pytest.approx([200, 400])
    assert told(part.curve) == [pytest.approx((20, 250)), pytest.approx((200, 600))]


def test_territories_have_their_own_and_one_without_bounds_has_no_width():
    hazard = made.hazard([[1.0, 1.0]], frequency=0.1)
    assets = made.assets(2, territory=["A", "B"])  # the house in A, the school in B
    part = impact_study([hazard], assets, {"value": BOUNDED}, RUN).amounts[0]
    house, school = (row.curve[1] for row in part.by_territory)
    assert (house.interval.p05, house.interval.p95) == pytest.approx((200, 600))
    assert (school.interval.p05, school.interval.p95) == pytest.approx((200, 200))


def test_hazards_that_hit_together_have_it_too():
    pair = [made.hazard([[1.0, 1.0]], frequency=0.1), made.hazard([[0.5, 1.0]], frequency=0.1)]
    part = curve_of(BOUNDED, pair).amounts[0]
    assert part.combined == "sum"
    # the house 0.4 + 0.2 (0.2 + 0.1 .. 0.6 + 0.3), the school twice 0.1
    assert part.curve[1].impact == pytest.approx(600 + 400)
    assert told(part.curve)[1] == pytest.approx((300 + 400, 900 + 400))


def test_it_is_asked_for_and_leaves_everything_else_as_it_was():
    hazard = made.hazard([[1.0, 1.0]], frequency=0.1)
    plain, known = (curve_of(BOUNDED, hazard, replace(RUN, curve_interval=asked)) for asked in (False, True))
    assert told(plain.amounts[0].curve) == [None] * 4
    assert replace(known.amounts[0], curve=(), by_territory=()) == replace(plain.amounts[0], curve=(), by_territory=())
    assert "curve_interval" not in plain.manifest["parameters"]
    assert known.manifest_digest != plain.manifest_digest
    more = [note for note in known.notes if note not in plain.notes]
    assert [note.field for note in more] == ["curve"]
    assert "ni de sus frecuencias" in more[0].es


def test_without_bounds_there_is_none_and_it_is_said():
    answer = curve_of(made.functions(), made.hazard([[1.0, 1.0]], frequency=0.1))
    assert told(answer.amounts[0].curve) == [None] * 4
    assert "ninguna función en uso tiene límites" in answer.notes[-1].es
    # a bound on a class that nobody has is of no use
    other = made.function(id="t", asset_class="tower", low=[0, 0.2, 0.8], high=[0, 0.6, 1.0])
    answer = curve_of(made.functions(other), made.hazard([[1.0, 1.0]], frequency=0.1))
    assert told(answer.amounts[0].curve) == [None] * 4


def test_the_passes_over_the_bounds_can_be_stopped():
    asked = []
    with pytest.raises(Cancelled):
        curve_of(BOUNDED, made.hazard([[1.0, 1.0]]), cancel=lambda: bool(asked.append(1)) or len(asked) > 3)
