from __future__ import annotations

import numpy as np
import pytest
from made import dipping, fault

from manglar_engine import SeismicSettings, Triple
from manglar_engine.hazard.recurrence import moment_rate, seismic_moment
from manglar_engine.uncertainty.beliefs import draw_beliefs, largest_magnitudes

EDGES = np.round(6 + 0.1 * np.arange(26), 9)
SPREADS = SeismicSettings().spreads


def test_rates_spend_the_drawn_slip_within_what_bins_blur():
    one = fault(slip_mm_yr=Triple(5.0, 5.0, 5.0))
    beliefs = draw_beliefs([one], EDGES, SPREADS, seed=1, count=200)
    spent = beliefs.rates[0] @ seismic_moment((EDGES[:-1] + EDGES[1:]) / 2)
    assert spent.mean() == pytest.approx(float(moment_rate(one.area_km2, 5.0)), rel=0.02)


def test_twice_the_slip_gives_twice_the_rates():
    slow = draw_beliefs([fault(slip_mm_yr=Triple(2, 1, 4))], EDGES, SPREADS, seed=1, count=50)
    fast = draw_beliefs([fault(slip_mm_yr=Triple(4, 2, 8))], EDGES, SPREADS, seed=1, count=50)
    assert np.allclose(fast.rates[0], 2 * slow.rates[0], rtol=1e-12)


def test_another_fault_beside_leaves_the_draws_as_they_were():
    alone = draw_beliefs([fault()], EDGES, SPREADS, seed=1, count=50)
    beside = draw_beliefs([dipping(), fault()], EDGES, SPREADS, seed=1, count=50)
    assert np.array_equal(alone.rates[0], beside.rates[1])
    assert np.array_equal(alone.fragility_shift, beside.fragility_shift)


def test_a_fault_as_long_as_a_continent_stops_where_the_model_does():
    long = fault(trace_lonlat=np.array([[-79.0, -20.0], [-79.0, 30.0]]), lower_km=40.0)
    assert largest_magnitudes(long, 0.5, seed=1, count=100).max() <= 8.25
