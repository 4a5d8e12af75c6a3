"""How often a fault breaks at each magnitude, so that its earthquakes spend its slip rate.

Youngs, R. R. and Coppersmith, K. J. (1985). Implications of fault slip rates and earthquake
recurrence models to probabilistic seismic hazard estimates. Bulletin of the Seismological Society of
America 75(4), 939-964. Seismic moment by Hanks and Kanamori (1979), ``M0 = 10**(1.5 M + 9.05)`` N m.

Both models are balanced in closed form over ``[m0, mu]``: the integral of rate times moment equals
``rigidity * area * slip rate``. Earthquakes below ``m0`` are taken to spend none of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RIGIDITY_PA = 32e9
"""Shear modulus of the crust: the default of the GEM fault modeller (oq-mbtk, fault_modeling_utils)."""
MOMENT_SLOPE = 1.5 * np.log(10.0)
MOMENT_CONSTANT = 10.0**9.05
CHARACTERISTIC_WIDTH = 0.5
"""Width of the characteristic box in magnitude, Youngs and Coppersmith (1985) p. 954."""
CHARACTERISTIC_DROP = 1.0
"""The box is as high as the exponential one magnitude below its top, same page."""
HALF_BOX = CHARACTERISTIC_WIDTH / 2

Floats = NDArray[np.float64]


def seismic_moment(magnitude: Floats | float) -> Floats:
    """Return the seismic moment in N m of a moment magnitude (Hanks and Kanamori 1979)."""
    return np.asarray(MOMENT_CONSTANT * np.exp(MOMENT_SLOPE * np.asarray(magnitude)))


def moment_rate(area_km2: float, slip_mm_yr: Floats | float) -> Floats:
    """Return ``rigidity * area * slip`` in N m per year for a surface in km² and slip in mm/yr."""
    return np.asarray(RIGIDITY_PA * area_km2 * 1e6 * np.asarray(slip_mm_yr) * 1e-3)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rate density: exponential up to ``knee``, a box from ``knee`` to ``top``.

    Shapes broadcast: every attribute may be a scalar or ``(samples,)``. ``height`` is the density of
    the exponential at ``minimum`` and ``box`` that of the box, both per year and magnitude.
    """

    minimum: float
    knee: Floats
    top: Floats
    beta: Floats
    height: Floats
    box: Floats

    def cumulative(self, magnitude: Floats | float) -> Floats:
        """Return the annual rate between ``minimum`` and ``magnitude`` (broadcast)."""
        to_knee = np.clip(magnitude, self.minimum, self.knee) - self.minimum
        in_box = np.clip(magnitude, self.knee, self.top) - self.knee
        return np.asarray(-self.height * np.expm1(-self.beta * to_knee) / self.beta + self.box * in_box)

    def bin_rates(self, edges: Floats) -> Floats:
        """Return annual rates between successive ``edges (k+1,)``: shape ``(..., k)``."""
        parts = (self.knee, self.top, self.beta, self.height, self.box)
        widened = Recurrence(self.minimum, *(np.asarray(part)[..., None] for part in parts))
        return np.asarray(np.diff(widened.cumulative(edges), axis=-1))

    def moment(self) -> Floats:
        """Return the integral of rate times moment over all magnitudes, N m per year."""
        spent = self.height * _exponential_moment(self.minimum, self.knee, self.beta)
        boxed = self.box * (seismic_moment(self.top) - seismic_moment(self.knee)) / MOMENT_SLOPE
        return np.asarray(spent + boxed)


def _exponential_moment(minimum: float, knee: Floats, beta: Floats) -> Floats:
    """Integrate ``exp(-beta (m - minimum)) M0(m)`` from ``minimum`` to ``knee``."""
    growth = MOMENT_SLOPE - np.asarray(beta)
    span = np.asarray(knee) - minimum
    flat = np.abs(growth) < 1e-12  # noqa: PLR2004 - b = 1.5: the integrand is constant
    safe = np.where(flat, 1.0, growth)
    return np.asarray(seismic_moment(minimum) * np.where(flat, span, np.expm1(safe * span) / safe))


def truncated_exponential(
    rate_of_moment: Floats | float, *, minimum: float, top: Floats | float, b_value: Floats | float
) -> Recurrence:
    """Return the truncated Gutenberg-Richter model, Youngs and Coppersmith (1985) eq. 10.

    ``top`` at or below ``minimum`` gives no earthquakes at all.
    """
    top = np.maximum(np.asarray(top, dtype=np.float64), minimum)
    beta = np.asarray(b_value) * np.log(10.0)
    unit = _exponential_moment(minimum, top, beta)
    height = np.where(top > minimum, np.asarray(rate_of_moment) / np.where(unit > 0, unit, 1.0), 0.0)
    return Recurrence(minimum, top, top, beta, height, np.zeros_like(height))


def characteristic(
    rate_of_moment: Floats | float,
    *,
    minimum: float,
    characteristic: Floats | float,
    b_value: Floats | float,
) -> Recurrence:
    """Return the characteristic model, Youngs and Coppersmith (1985) eqs. 15-17.

    The box spans half a magnitude around ``characteristic``; below it the exponential, whose density
    one magnitude under the top of the exponential part is the height of the box.
    """
    top = np.asarray(characteristic, dtype=np.float64) + HALF_BOX
    top = np.maximum(top, minimum)
    beta = np.asarray(b_value) * np.log(10.0)
    knee = np.maximum(top - CHARACTERISTIC_WIDTH, minimum)
    # Where the box itself is cut by ``minimum`` the ratio still counts from its uncut foot.
    foot = top - CHARACTERISTIC_WIDTH
    ratio = np.exp(-beta * (foot - CHARACTERISTIC_DROP - minimum))
    shape = Recurrence(minimum, knee, top, beta, np.ones_like(ratio), ratio)
    unit = shape.moment()
    height = np.where(top > minimum, np.asarray(rate_of_moment) / np.where(unit > 0, unit, 1.0), 0.0)
    return Recurrence(minimum, knee, top, beta, height, height * ratio)
