from __future__ import annotations

import math

import numpy as np
import pytest

from manglar_engine import Fragility, Repair
from manglar_engine.risk.damage import Kind, mean_ratio, severe_probability

KIND = Kind(
    Fragility("X", (0.1, 0.2, 0.4, 0.8), (0.3, 0.4, 0.4, 0.5), "", "fuente"),
    Repair("Y", (0.02, 0.1, 0.5, 1.0), "", "fuente"),
)


def phi(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def test_the_probability_of_a_state_is_the_lognormal_closed_form():
    sigma = 0.6
    found = severe_probability(np.array([math.log(0.3)]), sigma, KIND)
    assert found[0] == pytest.approx(phi(math.log(0.3 / 0.4) / math.hypot(sigma, 0.4)), rel=1e-14)


def test_the_mean_ratio_adds_the_states_by_hand():
    x, s = math.log(0.25), 0.5
    steps = zip((0.02, 0.08, 0.4, 0.5), (0.1, 0.2, 0.4, 0.8), (0.3, 0.4, 0.4, 0.5), strict=True)
    by_hand = sum(step * phi((x - math.log(theta)) / math.hypot(s, beta)) for step, theta, beta in steps)
    assert mean_ratio(np.array([x]), s, KIND)[0] == pytest.approx(by_hand, rel=1e-14)


def test_folding_the_scatter_is_the_same_as_integrating_over_it():
    x, sigma = -1.6, 0.65
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    direct = mean_ratio(x + sigma * nodes, 0.0, KIND) @ weights / weights.sum()
    assert mean_ratio(np.array([x]), sigma, KIND)[0] == pytest.approx(direct, rel=1e-7)


def test_damage_grows_with_shaking_from_nothing_to_everything():
    ratios = mean_ratio(np.linspace(-12, 6, 400), 0.5, KIND)
    assert (np.diff(ratios) >= 0).all()
    assert ratios[0] < 1e-12
    assert ratios[-1] == pytest.approx(1.0)
