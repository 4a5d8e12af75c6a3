from __future__ import annotations

import math

import numpy as np
import pytest
from made import dipping, exposure, fault
from scipy.special import ndtr

from manglar_engine import default_vulnerability
from manglar_engine.hazard.ground_motion import bssa14
from manglar_engine.hazard.rupture import fault_distances
from manglar_engine.risk.damage import mean_ratio
from manglar_engine.risk.sites import sites_of
from manglar_engine.risk.tables import SHIFTS, DamageTables
from manglar_engine.risk.tiles import LOSS_RATIOS, Tile, impact

ZERO = int(np.flatnonzero(SHIFTS == 0)[0])


def run(one, assets, magnitude):
    sites = sites_of(assets, default_vulnerability(), vs30_default=360.0)
    near = fault_distances(one, sites.km, sites.plane)
    found = impact(Tile(0, magnitude), near, sites, tables=DamageTables(sites.kinds), max_distance_km=200.0)
    return sites, near, found


@pytest.mark.parametrize("one", [fault(), dipping()])
def test_mean_losses_are_those_of_ruptures_and_assets_one_by_one(one):
    magnitude = 6.05
    sites, near, found = run(one, exposure(6), magnitude)
    rjb = near.rjb_km(near.placement(magnitude))
    mechanism = "SS" if one.rake_deg == 0 else "RS"
    for t in range(2):
        by_hand = 0.0
        for row in rjb:
            for i in np.flatnonzero(sites.group_territory[sites.group] == t):
                ground = bssa14(magnitude, row[i], 360.0, mechanism)
                sigma = math.hypot(ground.tau, ground.phi)
                ratio = mean_ratio(ground.ln_median, sigma, sites.kinds[sites.kind[i]])
                by_hand += float(ratio) * sites.value[i] / len(rjb)
        assert found.loss[ZERO, t] == pytest.approx(by_hand, rel=1e-4)
    assert found.loss[ZERO, 2] == pytest.approx(found.loss[ZERO, :2].sum(), rel=1e-14)


def test_exceedance_of_one_asset_and_one_rupture_is_the_closed_form():
    magnitude = 8.0
    assets = exposure(1)
    sites, near, found = run(fault(), assets, magnitude)
    rjb = near.rjb_km(near.placement(magnitude))
    assert len(rjb) == 1
    ground = bssa14(magnitude, rjb[0, 0], 360.0, "SS")
    for residual in (-1.5, -0.5, 0.0, 1.0):
        moved = ground.ln_median + residual * float(ground.tau)
        ratio = float(mean_ratio(moved, float(ground.phi), sites.kinds[0]))
        survival = np.interp(math.log(ratio), np.log(LOSS_RATIOS), found.survival[ZERO, 0])
        assert survival == pytest.approx(float(ndtr(-residual)), abs=0.01)


@pytest.mark.parametrize("one", [fault(), dipping()])
def test_the_area_under_exceedance_is_the_mean_loss_found_in_closed_form(one):
    sites, _, found = run(one, exposure(6), 6.55)
    values = sites.territory_values
    for t in range(3):
        for node in (10, ZERO, 22):
            area = np.trapezoid(found.survival[node, t], LOSS_RATIOS * values[t])
            area += LOSS_RATIOS[0] * values[t] * found.survival[node, t, 0]
            assert area == pytest.approx(found.loss[node, t], rel=0.02)


def test_assets_beyond_the_largest_distance_feel_nothing():
    assets = exposure(2, lon=[-79.58, -78.0], lat=[9.0, 9.0])
    sites = sites_of(assets, default_vulnerability(), vs30_default=360.0)
    near = fault_distances(fault(), sites.km, sites.plane)
    found = impact(Tile(0, 7.05), near, sites, tables=DamageTables(sites.kinds), max_distance_km=100.0)
    assert found.loss[ZERO, 0] > 0
    assert found.loss[ZERO, 1] == 0


def test_a_territory_without_value_loses_nothing():
    _, _, found = run(fault(), exposure(2, value_pab=[0.0, 5.0]), 7.05)
    assert found.survival[:, 0].max() == 0
    assert found.loss[:, 0].max() == 0
