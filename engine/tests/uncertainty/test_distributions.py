from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from manglar_engine import Doubt, Fixed, LogNormal, Normal, SettingsError, Triangular, Uniform, draw, interval_of
from manglar_engine.uncertainty.distributions import SAMPLES

U = np.linspace(0.02, 0.98, 25)


def doubt(distribution, **changes):
    return Doubt(**{"name": "x", "distribution": distribution, "source": "prueba", "mark": "estimación", **changes})


@pytest.mark.parametrize(
    ("distribution", "law"),
    [
        (Uniform(2.0, 5.0), stats.uniform(2.0, 3.0)),
        (Triangular(1.0, 2.0, 5.0), stats.triang(0.25, 1.0, 4.0)),
        (Normal(3.0, 0.5), stats.norm(3.0, 0.5)),
        (LogNormal(2.0, 0.3), stats.lognorm(0.3, scale=2.0)),
    ],
)
def test_quantiles_are_those_of_scipy(distribution, law):
    assert distribution.quantile(U) == pytest.approx(law.ppf(U), rel=1e-9)


def test_what_is_known_does_not_vary():
    assert not doubt(Fixed(3.0)).is_open
    assert not doubt(Triangular(2.0, 2.0, 2.0)).is_open
    assert doubt(Uniform(0.0, 1.0)).is_open


@pytest.mark.parametrize(
    "distribution",
    [
        Fixed(float("nan")),
        Uniform(2.0, 1.0),
        Triangular(1.0, 0.5, 2.0),
        Normal(0.0, -1.0),
        LogNormal(0.0, 0.1),
        LogNormal(1.0, -0.1),
    ],
)
def test_impossible_distributions_are_refused(distribution):
    with pytest.raises(SettingsError, match="'x'"):
        doubt(distribution)


def test_a_doubt_needs_a_name_a_source_and_a_mark():
    for changes in ({"name": " "}, {"source": ""}, {"mark": "seguro"}):
        with pytest.raises(SettingsError):
            doubt(Fixed(1.0), **changes)


def test_draws_are_ten_thousand_unless_asked_and_do_not_depend_on_the_others():
    one = doubt(Normal(0.0, 1.0))
    alone = draw([one], seed=3)["x"]
    beside = draw([doubt(Uniform(0.0, 1.0), name="y"), one], seed=3)["x"]
    assert len(alone) == SAMPLES == 10_000
    assert np.array_equal(alone, beside)
    assert not np.array_equal(alone, draw([one], seed=4)["x"])
    with pytest.raises(SettingsError, match="x"):
        draw([one, one], seed=1)
    with pytest.raises(SettingsError, match="too few"):
        draw([one], seed=1, count=20)


def test_an_interval_holds_ninety_of_a_hundred_and_what_is_not_finite_is_refused():
    found = interval_of(draw([doubt(Normal(5.0, 1.0))], seed=1)["x"])
    assert found.mean == pytest.approx(5.0, abs=1e-3)
    assert (found.p05, found.p95) == pytest.approx((5 - 1.645, 5 + 1.645), abs=5e-3)
    with pytest.raises(SettingsError, match="1 of 2"):
        interval_of(np.array([1.0, np.nan]))
