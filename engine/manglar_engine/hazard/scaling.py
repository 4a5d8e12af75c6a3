"""How large an earthquake a fault can make: Wells and Coppersmith (1994).

Wells, D. L. and Coppersmith, K. J. (1994). New empirical relationships among magnitude, rupture
length, rupture width, rupture area, and surface displacement. Bulletin of the Seismological Society
of America 84(4), 974-1002, table 2A. Figures checked against the OpenSHA glossary
(opensha.org/glossary-magScalingRelation) and openquake.hazardlib.scalerel.wc1994.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scaling:
    """Regressions of one style of faulting: ``M = a + b log10(x)`` and ``log10(RA) = a + b M``."""

    length_a: float
    length_b: float
    length_sigma: float
    area_a: float
    area_b: float
    area_sigma: float
    rupture_area_a: float
    rupture_area_b: float

    def magnitude_from_length(self, length_km: float) -> float:
        """Return the median moment magnitude of a surface rupture of ``length_km``."""
        return self.length_a + self.length_b * math.log10(length_km)

    def magnitude_from_area(self, area_km2: float) -> float:
        """Return the median moment magnitude of a rupture of ``area_km2``."""
        return self.area_a + self.area_b * math.log10(area_km2)

    def area_from_magnitude(self, magnitude: float) -> float:
        """Return the median rupture area in km² of an earthquake of ``magnitude``."""
        return float(10.0 ** (self.rupture_area_a + self.rupture_area_b * magnitude))


STRIKE_SLIP = Scaling(5.16, 1.12, 0.28, 3.98, 1.02, 0.23, -3.42, 0.90)
REVERSE = Scaling(5.00, 1.22, 0.28, 4.33, 0.90, 0.25, -3.99, 0.98)
NORMAL = Scaling(4.86, 1.32, 0.34, 3.93, 1.02, 0.25, -2.87, 0.82)

OBLIQUE_DEG = 45.0
"""Rakes within 45° of the strike count as strike-slip, as in openquake.hazardlib.scalerel.wc1994."""


def scaling_of(rake_deg: float) -> Scaling:
    """Return the regressions for the style of faulting that ``rake_deg`` (-180..180) tells."""
    if abs(rake_deg) <= OBLIQUE_DEG or abs(rake_deg) >= 180 - OBLIQUE_DEG:
        return STRIKE_SLIP
    return REVERSE if rake_deg > 0 else NORMAL
