from __future__ import annotations

import logging

import numpy as np
import pytest

from manglar_engine.hazard.ground_motion import bssa14, epistemic_step, mechanism_of

pygmm = pytest.importorskip("pygmm", reason="pygmm, the oracle of the ground-motion model, is not installed")

MAGNITUDES = (4.2, 5.0, 5.5, 5.8, 6.5, 7.3, 8.4)
DISTANCES = (0.0, 1.5, 12.0, 60.0, 110.0, 180.0, 290.0)
GROUNDS = (180.0, 240.0, 300.0, 360.0, 760.0, 1100.0, 1500.0)


@pytest.mark.parametrize("mechanism", ["U", "SS", "NS", "RS"])
def test_median_and_scatter_agree_with_pygmm_over_a_grid(mechanism):
    logging.disable(logging.WARNING)
    oracle_type = pygmm.BooreStewartSeyhanAtkinson2014
    worst = 0.0
    for magnitude in MAGNITUDES:
        for distance in DISTANCES:
            for ground in GROUNDS:
                scenario = pygmm.Scenario(mag=magnitude, dist_jb=distance, v_s30=ground, mechanism=mechanism)
                oracle = oracle_type(scenario)
                place = oracle_type.INDEX_PGA
                ours = bssa14(magnitude, np.array([distance]), np.array([ground]), mechanism)
                pairs = (
                    (float(np.exp(ours.ln_median[0])), float(np.exp(oracle._ln_resp[place]))),
                    (float(ours.tau), float(oracle._tau[place])),
                    (float(ours.phi[0]), float(oracle._phi[place])),
                )
                worst = max(worst, *(abs(a / b - 1) for a, b in pairs))
    logging.disable(logging.NOTSET)
    assert worst < 1e-12


@pytest.mark.parametrize(
    ("rake", "mechanism"), [(0, "SS"), (180, "SS"), (-170, "SS"), (90, "RS"), (45, "RS"), (-90, "NS"), (-135, "NS")]
)
def test_the_rake_tells_the_mechanism(rake, mechanism):
    assert mechanism_of(rake) == mechanism


def test_branches_of_the_median_follow_the_published_steps():
    assert [epistemic_step(m) for m in (5.9, 6.0, 6.99, 7.0, 8.4)] == [0.22, 0.23, 0.23, 0.36, 0.36]
