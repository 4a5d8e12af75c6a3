from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from manglar_engine.hazard.recurrence import (
    Recurrence,
    characteristic,
    moment_rate,
    seismic_moment,
    truncated_exponential,
)

SPENT = float(moment_rate(40 * 15.0, 5.0))


def models(top: float, b: float, minimum: float = 5.0) -> list[Recurrence]:
    return [
        truncated_exponential(SPENT, minimum=minimum, top=top, b_value=b),
        characteristic(SPENT, minimum=minimum, characteristic=top, b_value=b),
    ]


def density(model: Recurrence, magnitude: float) -> float:
    if magnitude <= model.knee:
        return float(model.height * np.exp(-model.beta * (magnitude - model.minimum)))
    return float(model.box)


def limits(model: Recurrence) -> list[tuple[float, float]]:
    return [(model.minimum, float(model.knee)), (float(model.knee), float(model.top))]


def spent_between(model: Recurrence, low: float, high: float) -> float:
    return quad(lambda m: density(model, m) * float(seismic_moment(m)), low, high, epsrel=1e-12)[0]


def test_moment_rate_is_rigidity_times_area_times_slip():
    assert pytest.approx(32e9 * 600e6 * 5e-3, rel=1e-14) == SPENT


@pytest.mark.parametrize("b", [0.7, 1.0, 1.5, 1.8])
@pytest.mark.parametrize("top", [5.3, 6.1, 6.9, 8.2])
def test_the_moment_of_all_earthquakes_spends_the_slip_rate(top, b):
    for model in models(top, b):
        assert float(model.moment()) == pytest.approx(SPENT, rel=1e-12)
        total = sum(spent_between(model, *part) for part in limits(model))
        assert total == pytest.approx(SPENT, rel=1e-9)


def test_bins_add_up_to_the_whole_rate_and_none_is_negative():
    edges = np.round(np.arange(50, 86) / 10, 1)
    for model in models(7.04, 0.9):
        rates = model.bin_rates(edges)
        assert (rates >= 0).all()
        assert rates.sum() == pytest.approx(float(model.cumulative(9.0)), rel=1e-12)
        assert rates[edges[:-1] > 7.3].sum() == 0


def test_the_box_is_as_high_as_the_exponential_one_magnitude_below_its_top():
    _, model = models(7.0, 1.0)
    assert float(model.knee) == pytest.approx(6.75)
    assert float(model.box) == pytest.approx(density(model, 5.75), rel=1e-12)


def test_a_fault_too_small_for_the_smallest_magnitude_makes_no_earthquakes():
    for model in models(4.0, 1.0):
        assert float(model.moment()) == 0.0
        assert model.bin_rates(np.array([5.0, 6.0, 7.0])).sum() == 0


def test_samples_broadcast():
    model = characteristic(
        np.array([SPENT, 2 * SPENT]), minimum=5.0, characteristic=np.array([6.5, 6.5]), b_value=np.array([1.0, 1.0])
    )
    rates = model.bin_rates(np.array([5.0, 6.0, 7.0]))
    assert rates.shape == (2, 2)
    assert np.allclose(rates[1], 2 * rates[0], rtol=1e-14)
