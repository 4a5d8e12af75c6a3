from __future__ import annotations

import made_impact as made
import numpy as np
import pytest

from manglar_engine import ImpactFunctionSet, VulnerabilityError, direct_impact
from manglar_engine.risk.moments import edges_of, moments, values_on
from manglar_engine.uncertainty.impact_sweep import Z95, drawn_values, sweep

NEAR = 150.0
UNCERTAIN = [
    made.function(low=[0, 0.2, 0.7], high=[0, 0.7, 1]),
    made.function(id="g", asset_class="school", ratio=[0, 0.1, 0.3]),
]


def test_every_sample_of_every_set_in_every_scenario_is_one_direct_run():
    hazard, assets = made.drawn_city(3, events=15, sites_count=20, count=40)
    zones = [("a", "b")[i % 2] for i in range(len(assets))]
    rates = np.array([hazard.events.frequency, 2 * hazard.events.frequency])
    edges = edges_of(UNCERTAIN)
    held = moments(hazard, assets, edges=edges, max_distance_m=NEAR, zones=zones, frequencies=rates)
    drawn = drawn_values(edges, UNCERTAIN, np.random.default_rng(1).standard_normal((4, 2)))
    plain = np.stack([drawn, drawn], axis=1)
    treated = np.stack([drawn, drawn * 0.25], axis=1)
    for share, found in zip((1.0, 0.25), sweep(held, [plain, treated]), strict=True):
        value = assets.value * np.where([z == "b" for z in zones], share, 1.0)
        city = made.assets(
            len(assets), x=assets.x, value=value, asset_class=assets.asset_class, territory=assets.territory
        )
        for s in range(4):
            functions = ImpactFunctionSet(
                [made.function(id=f.id, asset_class=f.asset_class, ratio=drawn[s, i]) for i, f in enumerate(UNCERTAIN)]
            )
            wanted = direct_impact(hazard, city, functions, max_distance_m=NEAR).expected_by_territory
            np.testing.assert_allclose(found[s, :, 0], wanted, rtol=1e-12)
            np.testing.assert_allclose(found[s, :, 1], 2 * wanted, rtol=1e-12)


def test_deviates_reach_the_bounds_and_stay_within_what_is_possible():
    edges = edges_of(UNCERTAIN)
    drawn = drawn_values(edges, UNCERTAIN, np.array([[-Z95, 3], [0, -3], [Z95, 0], [9, 9]]))
    assert drawn[0, 0] == pytest.approx([0, 0.2, 0.7])
    assert (drawn[1] == values_on(edges, UNCERTAIN)).all()
    assert drawn[2, 0] == pytest.approx([0, 0.7, 1])
    assert drawn.max() <= 1
    assert (np.diff(drawn, axis=2) >= 0).all()


def test_values_of_another_shape_are_refused():
    hazard, assets = made.drawn_city(3, events=5, sites_count=5, count=5)
    held = moments(hazard, assets, edges=np.array([0.0, 1.0]), max_distance_m=NEAR)
    with pytest.raises(VulnerabilityError, match=r"\(samples, 1, 2, 2\)"):
        list(sweep(held, [np.zeros((3, 2, 2, 2))]))
    with pytest.raises(VulnerabilityError, match="for 2 functions"):
        drawn_values(edges_of(UNCERTAIN), UNCERTAIN, np.zeros((3, 1)))
