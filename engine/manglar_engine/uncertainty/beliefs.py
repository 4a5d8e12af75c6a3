"""One draw of everything that is not known of the faults, the ground motion and the buildings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.hazard.fault import Fault
from manglar_engine.hazard.ground_motion import EPISTEMIC_WEIGHTS, MAGNITUDES, epistemic_step
from manglar_engine.hazard.recurrence import HALF_BOX, characteristic, moment_rate
from manglar_engine.hazard.recurrence import truncated_exponential as exponential
from manglar_engine.hazard.scaling import scaling_of
from manglar_engine.uncertainty.draws import (
    branch,
    lognormal_mean_one,
    normal,
    triangular,
)
from manglar_engine.vocabulary import Triple

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spreads:
    """How wide the beliefs are.

    Attributes:
        characteristic_weight: weight of the characteristic model against the exponential.
        area_weight: weight of rupture area against surface length to find the largest magnitude.
        b_value: of the exponential part. ``fragility_sigma``: of ln medians of fragility, all
            classes together. ``value_sigma``: logarithmic, of unit values, all assets together.
    """

    characteristic_weight: float
    area_weight: float
    b_value: Triple
    fragility_sigma: float
    value_sigma: float


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Draws by sample.

    ``rates`` maps fault positions to ``(samples, magnitudes)`` annual rates; ``branch`` -1, 0 or 1
    is the median of the ground motion; ``fragility_shift`` moves ln PGA against the fragilities
    (positive: weaker buildings); ``value_factor`` multiplies every value.
    """

    rates: tuple[Floats, ...]
    branch: Floats
    fragility_shift: Floats
    value_factor: Floats

    def shift(self, magnitude: float) -> Floats:
        """Return the shift of ln PGA ``(samples,)`` at a magnitude: branch plus fragility bias."""
        return self.branch * epistemic_step(magnitude) + self.fragility_shift


def draw_beliefs(faults: Sequence[Fault], edges: Floats, spreads: Spreads, *, seed: int, count: int) -> Beliefs:
    """Draw ``count`` samples; ``edges (k + 1,)`` are the limits of the magnitude bins."""
    models = branch(
        "recurrence model",
        ((1.0, spreads.characteristic_weight), (0.0, 1 - spreads.characteristic_weight)),
        seed=seed,
        count=count,
    )
    b_values = triangular("b value", spreads.b_value, seed=seed, count=count)
    rates = tuple(_fault_rates(fault, edges, spreads, draws=(models, b_values), seed=seed) for fault in faults)
    return Beliefs(
        rates=rates,
        branch=branch("ground-motion median", EPISTEMIC_WEIGHTS, seed=seed, count=count),
        fragility_shift=spreads.fragility_sigma * normal("fragility", seed=seed, count=count),
        value_factor=lognormal_mean_one("unit value", spreads.value_sigma, seed=seed, count=count),
    )


def _fault_rates(fault: Fault, edges: Floats, spreads: Spreads, *, draws: tuple[Floats, Floats], seed: int) -> Floats:
    """Return ``(samples, bins)`` annual rates whose moment spends the drawn slip rate."""
    models, b_values = draws
    count = len(models)
    slip = triangular(f"slip {fault.id}", fault.slip_mm_yr, seed=seed, count=count)
    size = largest_magnitudes(fault, spreads.area_weight, seed=seed, count=count)
    spent = moment_rate(fault.area_km2, slip)
    minimum = float(edges[0])
    boxed = characteristic(spent, minimum=minimum, characteristic=size, b_value=b_values)
    smooth = exponential(spent, minimum=minimum, top=size, b_value=b_values)
    return np.where(models[:, None] > 0, boxed.bin_rates(edges), smooth.bin_rates(edges))


def largest_magnitudes(fault: Fault, area_weight: float, *, seed: int, count: int) -> Floats:
    """Return ``(count,)`` magnitudes of a rupture of the whole fault, Wells and Coppersmith (1994).

    Each sample takes the regression on area or on surface length, and one normal draw of its
    scatter. Magnitudes stop where the ground-motion model does.
    """
    scaling = scaling_of(fault.rake_deg)
    by_area = branch(f"scaling {fault.id}", ((1.0, area_weight), (0.0, 1 - area_weight)), seed=seed, count=count)
    scatter = normal(f"magnitude {fault.id}", seed=seed, count=count)
    size = np.where(
        by_area > 0,
        scaling.magnitude_from_area(fault.area_km2) + scaling.area_sigma * scatter,
        scaling.magnitude_from_length(fault.length_km) + scaling.length_sigma * scatter,
    )
    return np.minimum(size, MAGNITUDES[1] - HALF_BOX)
