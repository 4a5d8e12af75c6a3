from __future__ import annotations

import numpy as np
import pytest

from manglar_engine import Triple
from manglar_engine.uncertainty.draws import branch, lognormal_mean_one, normal, triangular, uniform


def test_draws_fall_one_in_each_slice_and_repeat_with_the_seed():
    drawn = uniform("x", seed=3, count=200)
    assert sorted(np.floor(drawn * 200).astype(int)) == list(range(200))
    assert np.array_equal(drawn, uniform("x", seed=3, count=200))
    assert not np.array_equal(drawn, uniform("y", seed=3, count=200))
    assert not np.array_equal(drawn, uniform("x", seed=4, count=200))


def test_triangular_draws_have_their_mean_and_limits():
    limits = Triple(5.0, 3.5, 8.0)
    drawn = triangular("slip", limits, seed=1, count=4000)
    assert drawn.min() >= 3.5
    assert drawn.max() <= 8.0
    assert drawn.mean() == pytest.approx((3.5 + 5 + 8) / 3, rel=1e-3)
    assert triangular("slip", Triple(2.0, 2.0, 2.0), seed=1, count=3).tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize("limits", [Triple(1.0, 1.0, 3.0), Triple(3.0, 1.0, 3.0)])
def test_a_mode_at_a_limit_is_allowed(limits):
    drawn = triangular("slip", limits, seed=1, count=1000)
    assert np.isfinite(drawn).all()
    assert drawn.mean() == pytest.approx((limits.best + 4) / 3, rel=1e-2)


def test_branches_are_drawn_by_their_weights():
    drawn = branch("m", ((-1.0, 0.185), (0.0, 0.63), (1.0, 0.185)), seed=1, count=2000)
    assert [(drawn == v).mean() for v in (-1, 0, 1)] == pytest.approx([0.185, 0.63, 0.185], abs=1e-3)
    assert set(branch("m", ((1.0, 0.0), (0.0, 1.0)), seed=1, count=50)) == {0.0}


def test_normal_draws_are_cut_and_lognormal_ones_have_mean_one():
    assert np.abs(normal("n", seed=1, count=5000)).max() == 2.5
    assert lognormal_mean_one("v", 0.3, seed=1, count=5000).mean() == pytest.approx(1.0, rel=3e-3)
