from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from manglar_engine import Doubt, Normal, SettingsError, Uniform, sobol_indices

A, B = 7.0, 0.1
ANGLES = [Doubt(f"x{i}", Uniform(-np.pi, np.pi), "Ishigami y Homma (1990)", "fuente") for i in (1, 2, 3)]


def ishigami(points):
    x = points.T
    return np.sin(x[0]) + A * np.sin(x[1]) ** 2 + B * x[2] ** 4 * np.sin(x[0])


def closed_form():
    """Variances of the Ishigami function, by integration: total, of x1, x2, and of x1 with x3."""
    first, second = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8
    both = 8 * B**2 * np.pi**8 / 225
    total = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
    assert first + second + both == pytest.approx(total)
    return np.array([first, second, 0.0]) / total, np.array([first + both, second, both]) / total


def test_the_ishigami_function_has_its_closed_form():
    first, total = closed_form()
    rows = sobol_indices(ishigami, ANGLES, seed=1, base=8192)
    assert [row.first for row in rows] == pytest.approx(first.tolist(), abs=0.015)
    assert [row.total for row in rows] == pytest.approx(total.tolist(), abs=0.015)
    for row, one, all_of_it in zip(rows, first, total, strict=True):
        assert row.first_p05 - 0.01 <= one <= row.first_p95 + 0.01
        assert row.total_p05 - 0.01 <= all_of_it <= row.total_p95 + 0.01


def test_they_agree_with_scipy():
    rows = sobol_indices(ishigami, ANGLES, seed=1, base=4096)
    law = stats.uniform(loc=-np.pi, scale=2 * np.pi)
    other = stats.sobol_indices(func=lambda x: ishigami(x.T), n=4096, dists=[law] * 3, rng=np.random.default_rng(2))
    assert [row.first for row in rows] == pytest.approx(other.first_order.ravel().tolist(), abs=0.03)
    assert [row.total for row in rows] == pytest.approx(other.total_order.ravel().tolist(), abs=0.03)


def test_a_sum_of_normals_divides_its_variance():
    doubts = [Doubt(name, Normal(0.0, s), "prueba", "estimación") for name, s in (("a", 1.0), ("b", 2.0))]
    rows = sobol_indices(lambda p: 1000 + p[:, 0] + p[:, 1], doubts, seed=1, base=4096)
    assert [row.first for row in rows] == pytest.approx([0.2, 0.8], abs=0.01)
    assert [row.total for row in rows] == pytest.approx([0.2, 0.8], abs=0.01)


def test_the_same_seed_gives_the_same_indices():
    assert sobol_indices(ishigami, ANGLES, seed=5) == sobol_indices(ishigami, ANGLES, seed=5)


@pytest.mark.parametrize(
    ("model", "changes", "words"),
    [
        (ishigami, {"base": 1000}, "power of two"),
        (ishigami, {"doubts": []}, "0 doubts"),
        (ishigami, {"doubts": [ANGLES[0], ANGLES[0]]}, "x1"),
        (lambda p: np.full(len(p), 2.0), {}, "does not vary"),
        (lambda p: p[:, 0] / 0.0, {}, "finite"),
        (lambda p: p, {}, "one finite number"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_what_cannot_be_told_is_refused(model, changes, words):
    with pytest.raises(SettingsError, match=words):
        sobol_indices(model, **{"doubts": ANGLES, "seed": 1, "base": 64, **changes})
