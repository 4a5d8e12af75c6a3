from __future__ import annotations

import numpy as np

from manglar_engine.risk.tables import SHIFTS
from manglar_engine.uncertainty.sweep import shift_weights


def test_shift_weights_interpolate_a_smooth_function_and_add_up_to_one():
    shifts = np.linspace(-1.4, 1.4, 57)
    weights = shift_weights(shifts)
    assert np.allclose(weights.sum(axis=1), 1.0)
    assert np.allclose(weights @ np.exp(2 * SHIFTS), np.exp(2 * shifts), rtol=1e-4)


def test_a_shift_on_a_node_takes_that_node_alone():
    weights = shift_weights(np.array([0.0, 0.3]))
    assert np.allclose(weights.max(axis=1), 1.0)
