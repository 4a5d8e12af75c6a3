from __future__ import annotations

import made_impact as made
import numpy as np
import pytest

from manglar_engine import ExposureError, HazardError, ImpactFunctionSet, VulnerabilityError, direct_impact
from manglar_engine.hazard import tiling
from manglar_engine.risk.moments import edges_of, moments, values_on

NEAR = 150.0
CLASSES = ("house", "school")


@pytest.fixture
def city(monkeypatch):
    monkeypatch.setattr(tiling, "MOST_SITES", 9)
    return made.drawn_city(1, events=20, sites_count=40, count=60)


def of(functions):
    return functions.chosen("flood", CLASSES, unit="m")


@pytest.mark.parametrize("functions", list(made.ODD.values()), ids=list(made.ODD))
def test_any_function_with_nodes_on_the_edges_is_exact(city, functions):
    hazard, assets = city
    edges = edges_of(of(functions))
    found = moments(hazard, assets, edges=edges, max_distance_m=NEAR).expected(values_on(edges, of(functions))[None])
    wanted = direct_impact(hazard, assets, functions, max_distance_m=NEAR).expected_by_territory
    np.testing.assert_allclose(found[:, 0], wanted, rtol=1e-12)


def test_one_histogram_answers_functions_that_were_not_there_when_it_was_built(city):
    hazard, assets = city
    held = moments(hazard, assets, edges=np.linspace(0, 3, 13), max_distance_m=NEAR)
    for top in (0.2, 0.9):
        functions = ImpactFunctionSet(
            [made.function(id=c, asset_class=c, intensity=[0, 0.25, 2.75], ratio=[0, top / 3, top]) for c in CLASSES]
        )
        found = held.expected(values_on(held.edges, of(functions))[None])[:, 0]
        wanted = direct_impact(hazard, assets, functions, max_distance_m=NEAR).expected_by_territory
        np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_each_scenario_has_its_own_frequencies(city):
    hazard, assets = city
    edges = edges_of(of(made.functions()))
    rates = np.array([hazard.events.frequency, 3 * hazard.events.frequency, np.zeros(20)])
    held = moments(hazard, assets, edges=edges, max_distance_m=NEAR, frequencies=rates)
    found = held.expected(values_on(edges, of(made.functions()))[None])
    np.testing.assert_allclose(found[:, 1], 3 * found[:, 0], rtol=1e-12)
    assert not found[:, 2].any()


def test_a_zone_may_have_functions_of_its_own(city):
    hazard, assets = city
    zones = [("apart", "treated")[i % 2] for i in range(len(assets))]
    edges = edges_of(of(made.functions()))
    held = moments(hazard, assets, edges=edges, max_distance_m=NEAR, zones=zones)
    assert held.zones == ("apart", "treated")
    values = values_on(edges, of(made.functions()))
    halved = held.expected(np.stack([values, values / 2]))[:, 0]
    value = assets.value * np.where([z == "treated" for z in zones], 0.5, 1.0)
    other = made.assets(
        len(assets), x=assets.x, value=value, asset_class=assets.asset_class, territory=assets.territory
    )
    wanted = direct_impact(hazard, other, made.functions(), max_distance_m=NEAR).expected_by_territory
    np.testing.assert_allclose(halved, wanted, rtol=1e-12)


def test_the_square_of_the_ratio_is_exact_too(city):
    hazard, assets = city
    functions = made.ODD["zero"]
    edges = edges_of(of(functions))
    found = moments(hazard, assets, edges=edges, max_distance_m=NEAR).expected_square(
        values_on(edges, of(functions))[None]
    )
    depth = hazard.footprints.intensity.toarray()
    site = np.round((assets.x - 660_010) / 100).astype(int)
    wanted = 0.0
    for i, name in enumerate(assets.asset_class):
        ratio = of(functions)[CLASSES.index(name)](depth[:, site[i]])
        wanted += assets.value[i] * float(hazard.events.frequency @ ratio**2)
    assert found.sum() == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("changes", "refusal", "said"),
    [
        ({"edges": np.array([0, 1, 1])}, VulnerabilityError, "rising"),
        ({"edges": np.array([0.0])}, VulnerabilityError, "rising"),
        ({"zones": ["a"]}, ExposureError, "1 zones for 60 assets"),
        ({"frequencies": np.ones((2, 3))}, HazardError, r"\(2, 3\) and there are 20 events"),
        ({"frequencies": -np.ones(20)}, HazardError, "negative"),
        ({"amount": "colour"}, ExposureError, "colour"),
    ],
)
def test_what_disagrees_is_refused(city, changes, refusal, said):
    with pytest.raises(refusal, match=said):
        moments(*city, **{"edges": np.array([0.0, 1.0]), "max_distance_m": NEAR, **changes})


def test_a_function_that_bends_within_a_bin_is_refused_by_node():
    with pytest.raises(VulnerabilityError, match="f: 1"):
        values_on(np.array([0.0, 2.0]), [made.function()])
