"""Mean damage given the median shaking, with all the scatter folded in closed form.

With ln PGA normal of mean ``x`` and deviation ``s``, and a lognormal fragility of median ``theta`` and
dispersion ``beta``, the probability of reaching the state is ``Phi((x - ln theta)/sqrt(s² + beta²))``
(the sum of two independent normals). The mean damage ratio is the sum over states of the added repair
ratio times that probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from manglar_engine.vulnerability.vulnerability import SEVERE, Fragility, Repair

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """One building class under one occupancy: what decides damage."""

    fragility: Fragility
    repair: Repair


def _reaching(state: int, ln_pga: Floats, sigma: Floats | float, fragility: Fragility) -> Floats:
    spread = np.sqrt(np.square(sigma) + fragility.betas[state] ** 2)
    return np.asarray(ndtr((ln_pga - np.log(fragility.medians_g[state])) / spread))


def mean_ratio(ln_pga: Floats, sigma: Floats | float, kind: Kind) -> Floats:
    """Return the mean damage ratio (0..1) for median ``ln_pga`` in ln(g) and scatter ``sigma``."""
    added = np.diff(kind.repair.ratios, prepend=0.0)
    total = np.zeros(np.broadcast_shapes(np.shape(ln_pga), np.shape(sigma)))
    for state, step in enumerate(added):
        if step > 0:
            total = total + step * _reaching(state, ln_pga, sigma, kind.fragility)
    return total


def severe_probability(ln_pga: Floats, sigma: Floats | float, kind: Kind) -> Floats:
    """Return the probability of extensive or complete damage, same arguments."""
    return _reaching(SEVERE, ln_pga, sigma, kind.fragility)
