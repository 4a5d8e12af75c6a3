"""Peak ground acceleration by Boore, Stewart, Seyhan and Atkinson (2014), "BSSA14".

Boore, D. M., Stewart, J. P., Seyhan, E. and Atkinson, G. M. (2014). NGA-West2 equations for
predicting PGA, PGV, and 5% damped PSA for shallow crustal earthquakes. Earthquake Spectra 30(3),
1057-1085, doi 10.1193/070113EQS184M; coefficients of the revision of 15 July 2014, row of period 0
(global attenuation, no basin term: for PGA it is zero). Equation numbers are those of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mechanism = Literal["U", "SS", "NS", "RS"]

E = {"U": 0.4473, "SS": 0.4856, "NS": 0.2459, "RS": 0.4539}
"""e0..e3: unspecified, strike-slip, normal, reverse."""
E4, E5, E6, M_HINGE = 1.431, 0.05053, -0.1662, 5.5
C1, C2, C3, M_REF, R_REF_KM, H_KM = -1.134, 0.1917, -0.008088, 4.5, 1.0, 4.5
C_SITE, V_C, V_REF = -0.6, 1500.0, 760.0
F1, F3, F4, F5 = 0.0, 0.1, -0.15, -0.00701
PHI_1, PHI_2, TAU_1, TAU_2 = 0.695, 0.495, 0.398, 0.348
R_1, R_2, DPHI_R = 110.0, 270.0, 0.1
V_1, V_2, DPHI_V = 225.0, 300.0, 0.07
V_NONLINEAR = 360.0
M_LOW, M_HIGH = 4.5, 5.5

MAGNITUDES = (3.0, 8.5)
"""Range of use for strike-slip and reverse earthquakes (normal ones: up to 7.0)."""
VS30_RANGE = (150.0, 1500.0)
RJB_LIMIT_KM = 300.0
"""Farthest distance at which the engine uses the model."""

EPISTEMIC_WEIGHTS = ((-1.0, 0.185), (0.0, 0.63), (1.0, 0.185))
"""Branches of the median: Petersen et al. (2014), USGS Open-File Report 2014-1091."""
EPISTEMIC_STEPS = ((6.0, 0.22), (7.0, 0.23), (np.inf, 0.36))
"""(below this magnitude, ln units): same report, table 17, column of 10 to 30 km."""
STEEP_DEG = 30.0


@dataclass(frozen=True, slots=True)
class Shaking:
    """Median and standard deviations of ln PGA (g); shapes broadcast from magnitude, Rjb and Vs30."""

    ln_median: Floats
    tau: Floats
    phi: Floats


def mechanism_of(rake_deg: float) -> Mechanism:
    """Return the mechanism for a rake: strike-slip within 30° of the strike, else by its sign."""
    if abs(rake_deg) <= STEEP_DEG or abs(rake_deg) >= 180 - STEEP_DEG:
        return "SS"
    return "RS" if rake_deg > 0 else "NS"


def _event(magnitude: Floats, mechanism: Mechanism) -> Floats:
    """Return the event term F_E, eq. 2."""
    above = magnitude - M_HINGE
    return np.asarray(E[mechanism] + np.where(above <= 0, E4 * above + E5 * above**2, E6 * above))


def _path(magnitude: Floats, rjb_km: Floats) -> Floats:
    """Return the path term F_P, eqs. 3 and 4."""
    distance = np.sqrt(rjb_km**2 + H_KM**2)
    return np.asarray((C1 + C2 * (magnitude - M_REF)) * np.log(distance / R_REF_KM) + C3 * (distance - R_REF_KM))


def _site(ln_rock: Floats, vs30: Floats) -> Floats:
    """Return the site term F_S, eqs. 5 to 8, from the median PGA at 760 m/s."""
    linear = C_SITE * np.log(np.minimum(vs30, V_C) / V_REF)
    f2 = F4 * (np.exp(F5 * (np.minimum(vs30, V_REF) - V_NONLINEAR)) - np.exp(F5 * (V_REF - V_NONLINEAR)))
    return np.asarray(linear + F1 + f2 * np.log((np.exp(ln_rock) + F3) / F3))


def ln_pga_median(
    magnitude: Floats | float, rjb_km: Floats, vs30: Floats | float, mechanism: Mechanism = "U"
) -> Floats:
    """Return the median of ln PGA in ln(g), eq. 1; arguments broadcast, km and m/s."""
    magnitude, vs30 = np.asarray(magnitude), np.asarray(vs30)
    rock = _event(magnitude, mechanism) + _path(magnitude, np.asarray(rjb_km))
    return rock + _site(rock, vs30)


def between_event(magnitude: Floats | float) -> Floats:
    """Return tau, the between-event standard deviation of ln PGA, eq. 14."""
    part = np.clip(np.asarray(magnitude), M_LOW, M_HIGH) - M_LOW
    return np.asarray(TAU_1 + (TAU_2 - TAU_1) * part)


def within_event_base(magnitude: Floats | float) -> Floats:
    """Return phi near the fault on firm ground, eq. 17."""
    part = np.clip(np.asarray(magnitude), M_LOW, M_HIGH) - M_LOW
    return np.asarray(PHI_1 + (PHI_2 - PHI_1) * part)


def within_event_change(rjb_km: Floats, vs30: Floats | float) -> Floats:
    """Return what distance adds to phi and soft ground takes from it, eqs. 15 and 16."""
    far = np.log(np.maximum(rjb_km, 1.0) / R_1) / np.log(R_2 / R_1)
    soft = np.log(V_2 / np.asarray(vs30)) / np.log(V_2 / V_1)
    return np.asarray(DPHI_R * np.clip(far, 0.0, 1.0) - DPHI_V * np.clip(soft, 0.0, 1.0))


def bssa14(magnitude: Floats | float, rjb_km: Floats, vs30: Floats | float, mechanism: Mechanism = "U") -> Shaking:
    """Return median, tau and phi of ln PGA for moment magnitude, Rjb (km) and Vs30 (m/s)."""
    return Shaking(
        ln_median=ln_pga_median(magnitude, rjb_km, vs30, mechanism),
        tau=between_event(magnitude),
        phi=within_event_base(magnitude) + within_event_change(np.asarray(rjb_km), vs30),
    )


def epistemic_step(magnitude: float) -> float:
    """Return how far, in ln units, the outer branches of the median stand from it."""
    return next(step for limit, step in EPISTEMIC_STEPS if magnitude < limit)
