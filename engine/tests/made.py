"""Small cities and faults that every test may use."""

from __future__ import annotations

from typing import Any

import numpy as np

from manglar_engine import Exposure, Fault, SeismicSettings, Triple

QUICK = SeismicSettings(samples=40)


def fault(**changes: Any) -> Fault:
    """A vertical left-lateral fault of some 40 km that runs north at longitude -79.6."""
    values: dict[str, Any] = {
        "id": "F1",
        "name": "Falla de prueba",
        "trace_lonlat": np.array([[-79.6, 8.9], [-79.6, 9.26]]),
        "slip_type": "Sinistral",
        "dip_deg": 90.0,
        "rake_deg": 0.0,
        "upper_km": 0.0,
        "lower_km": 15.0,
        "slip_mm_yr": Triple(5.0, 3.5, 8.0),
        "source": "prueba",
        "assumptions": (),
    }
    return Fault(**{**values, **changes})


def dipping(**changes: Any) -> Fault:
    """A thrust that dips east, some 30 km to the west of the first fault."""
    values: dict[str, Any] = {
        "id": "F2",
        "trace_lonlat": np.array([[-79.9, 8.9], [-79.9, 9.2]]),
        "slip_type": "Thrust",
        "dip_deg": 40.0,
        "rake_deg": 90.0,
        "slip_mm_yr": Triple(1.0, 0.2, 2.0),
    }
    return fault(**{**values, **changes})


def exposure(count: int = 6, **changes: Any) -> Exposure:
    """Assets on a line east of the fault, alternating territory and class."""
    n = np.arange(count)
    values: dict[str, Any] = {
        "ids": [f"a{i}" for i in n],
        "lon": -79.58 + 0.04 * n,
        "lat": 9.0 + 0.02 * n,
        "territory": [("080801", "080819")[i % 2] for i in n],
        "value_pab": 1e5 * (1.0 + n),
        "people": 10.0 * (1.0 + n),
        "building_class": [("RM1.L.PC", "C1.L.LC", "S3.LC")[i % 3] for i in n],
        "occupancy": [("EDU1", "COM4")[i % 2] for i in n],
        "price_year": 2010,
    }
    return Exposure(**{**values, **changes})
