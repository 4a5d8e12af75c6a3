from __future__ import annotations

import numpy as np
import pytest

from manglar_engine import default_vulnerability
from manglar_engine.hazard.ground_motion import between_event, within_event_base
from manglar_engine.risk.damage import Kind, mean_ratio
from manglar_engine.risk.lattice import LN_PGA_NODES, cubic_weights, gather, histogram, spread
from manglar_engine.risk.tables import SHIFTS, DamageTables

FUNCTIONS = default_vulnerability()
KINDS = (Kind(FUNCTIONS.fragilities["S3.PC"], FUNCTIONS.repairs["EDU1"]),)
RNG = np.random.default_rng(11)


def test_cubic_weights_reproduce_cubics_exactly():
    t = np.linspace(0, 1, 7)
    for power in range(4):
        nodes = np.array([-1.0, 0.0, 1.0, 2.0]) ** power
        assert np.allclose(nodes @ cubic_weights(t), t**power, atol=1e-14)


def places(count=400, low=-6.0):
    return RNG.uniform(low, 1.0, (3, count)), RNG.choice([-0.07, -0.02, 0.0, 0.04, 0.1], (3, count))


@pytest.mark.parametrize("magnitude", [5.05, 6.55])
def test_the_interpolated_damage_is_the_direct_one_within_a_ten_thousandth(magnitude):
    tables = DamageTables(KINDS).at(magnitude)
    x, change = places()
    for node in (8, 16, 24):
        found = gather(spread(x, change), tables.ratio[..., node], np.zeros(x.shape[1], dtype=int))
        sigma = np.hypot(float(between_event(magnitude)), float(within_event_base(magnitude)) + change)
        direct = mean_ratio(x + SHIFTS[node], sigma, KINDS[0])
        assert np.abs(found - direct).max() < 1e-4
        assert np.abs(found / direct - 1)[direct > 1e-4].max() < 2e-3
        assert abs(found.sum() / direct.sum() - 1) < 1e-4


def test_a_histogram_times_a_table_is_the_sum_over_sites():
    tables = DamageTables(KINDS).at(7.0)
    x, change = places()
    value, groups = RNG.uniform(0, 5, x.shape[1]), RNG.integers(0, 3, x.shape[1])
    where = spread(x, change)
    table = tables.ratio[..., 16]
    counted, nodes = histogram(where, groups, value, count=3)
    product = np.einsum("pgqn,qn->pg", counted, table[0][where.phi_nodes][:, nodes])
    direct = gather(where, table, np.zeros(x.shape[1], dtype=int)) * value
    for g in range(3):
        assert np.allclose(product[:, g], direct[:, groups == g].sum(axis=1), rtol=1e-12)


def test_places_without_change_of_phi_use_one_node_and_give_the_same():
    x = RNG.uniform(-4, 0, (2, 50))
    alone = spread(x, np.zeros_like(x))
    beside = spread(np.concatenate([x, x[:1]]), np.concatenate([np.zeros_like(x), np.full_like(x[:1], 0.05)]))
    assert alone.phi_nodes.tolist() == [2]
    assert np.array_equal(beside.phi_weights[:, :2], np.stack([np.full_like(x, float(node == 2)) for node in range(5)]))


def test_shaking_below_the_lattice_breaks_nothing():
    x = np.array([[-np.inf, LN_PGA_NODES[0] - 5, -1.0]])
    where = spread(x, np.zeros_like(x))
    assert where.inside.tolist() == [[False, False, True]]
    counted, _ = histogram(where, np.zeros(3, dtype=int), np.ones(3), count=1)
    assert counted.sum() == pytest.approx(1.0)
    nothing, _ = histogram(spread(x[:, :1], np.zeros((1, 1))), np.zeros(1, dtype=int), np.ones(1), count=1)
    assert nothing.sum() == 0
