"""The plain computation: one rupture and one asset at a time, no lattice. Oracle of the fast path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from manglar_engine.hazard.fault import Fault
from manglar_engine.hazard.ground_motion import bssa14, mechanism_of
from manglar_engine.hazard.rupture import fault_distances
from manglar_engine.risk.damage import mean_ratio
from manglar_engine.risk.sites import Sites

Floats = NDArray[np.float64]


def expected_damage(
    faults: Sequence[Fault],
    sites: Sites,
    *,
    magnitudes: Floats,
    rates: Sequence[Floats],
    shift: Floats,
    max_distance_km: float,
) -> Floats:
    """Return expected annual damage by asset, balboas a year.

    ``rates[f] (magnitudes,)`` are annual; ``shift (magnitudes,)`` moves ln PGA. The scatter is
    ``sqrt(tau² + phi²)`` at once.
    """
    damage = np.zeros(len(sites.value))
    for fault, fault_rates in zip(faults, rates, strict=True):
        distances = fault_distances(fault, sites.km, sites.plane)
        mechanism = mechanism_of(fault.rake_deg)
        for magnitude, rate, move in zip(magnitudes, fault_rates, shift, strict=True):
            if rate <= 0:
                continue
            rows = distances.rjb_km(distances.placement(float(magnitude)))
            for row in rows:
                for asset, rjb in enumerate(row):
                    if rjb > max_distance_km:
                        continue
                    ground = bssa14(float(magnitude), rjb, sites.vs30[asset], mechanism)
                    sigma = np.hypot(ground.tau, ground.phi)
                    kind = sites.kinds[sites.kind[asset]]
                    ratio = mean_ratio(ground.ln_median + move, sigma, kind)
                    damage[asset] += rate / len(rows) * sites.value[asset] * float(ratio)
    return damage
