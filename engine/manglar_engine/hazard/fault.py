"""A fault: its trace, how it dips, and how fast it slips."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import FaultError
from manglar_engine.hazard.sphere import line_length_km
from manglar_engine.vocabulary import Triple

ASSUMPTIONS: Mapping[str, tuple[str, str]] = {
    "dip_deg": ("buzamiento supuesto", "assumed dip"),
    "rake_deg": ("dirección del deslizamiento supuesta", "assumed rake"),
    "dip_side": ("lado del buzamiento supuesto", "assumed side of the dip"),
    "upper_km": ("profundidad superior supuesta", "assumed upper depth"),
    "lower_km": ("profundidad sismogénica supuesta", "assumed seismogenic depth"),
    "slip_range": ("rango de la tasa supuesto", "assumed range of the slip rate"),
}
"""What may be assumed of a fault: code, and its name in Spanish and English."""

MINIMUM_POINTS = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault surface and its net slip rate.

    Attributes:
        trace_lonlat: ``(n, 2)`` degrees on WGS 84, ordered so that **the fault dips to the right**
            of a walk along it (the right-hand rule of Aki and Richards).
        dip_deg: 0 < dip <= 90. ``rake_deg``: -180..180 (90 thrust, -90 normal, 0 left-lateral).
        upper_km, lower_km: depths of the seismogenic part, ``0 <= upper < lower``.
        slip_mm_yr: net slip rate in mm/year, all positive.
        source: where the figures come from. ``assumptions``: codes of :data:`ASSUMPTIONS`.
    """

    id: str
    name: str
    trace_lonlat: NDArray[np.float64]
    slip_type: str
    dip_deg: float
    rake_deg: float
    upper_km: float
    lower_km: float
    slip_mm_yr: Triple
    source: str
    assumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse impossible faults.

        Raises:
            FaultError: short or non-finite trace, coordinates that are not degrees, dip, rake,
                depths or rates out of range, or an unknown assumption.
        """
        trace = np.array(self.trace_lonlat, dtype=np.float64)
        object.__setattr__(self, "trace_lonlat", trace)
        trace.setflags(write=False)
        row = (self.id,)
        if trace.ndim != 2 or trace.shape[1:] != (2,) or len(trace) < MINIMUM_POINTS:
            raise FaultError("a trace needs two points or more", rows=row, mend="Draw it again.")
        if not np.isfinite(trace).all() or (np.abs(trace) > (180.0, 90.0)).any():
            raise FaultError(
                "the trace is not in degrees of longitude and latitude",
                rows=row,
                mend="Project it to EPSG:4326; a projected layer has values in metres.",
            )
        if not 0 < line_length_km(trace) < math.inf:
            raise FaultError("the trace has no length", rows=row, mend="Draw two distinct points.")
        self._check_numbers()

    def _check_numbers(self) -> None:
        checks = {
            "dip_deg must be above 0 and at most 90": 0 < self.dip_deg <= 90,
            "rake_deg must lie between -180 and 180": -180 <= self.rake_deg <= 180,
            "depths must be 0 <= upper_km < lower_km": 0 <= self.upper_km < self.lower_km < math.inf,
            "slip_mm_yr must be 0 < min <= best <= max": self.slip_mm_yr.is_ordered and self.slip_mm_yr.min > 0,
            f"assumptions must be among {', '.join(ASSUMPTIONS)}": set(self.assumptions) <= set(ASSUMPTIONS),
        }
        wrong = [text for text, holds in checks.items() if not holds]
        if wrong:
            raise FaultError("; ".join(wrong), rows=(self.id,), mend="Correct the record.")

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Fault:
        """Build a fault from a mapping as :meth:`to_json` writes it.

        Raises:
            FaultError: a missing or unreadable value, by name; and whatever the fault itself refuses.
        """
        try:
            slip = values["slip_mm_yr"]
            return cls(
                id=str(values["id"]),
                name=str(values["name"]),
                trace_lonlat=np.array(values["trace_lonlat"], dtype=np.float64),
                slip_type=str(values["slip_type"]),
                dip_deg=float(values["dip_deg"]),
                rake_deg=float(values["rake_deg"]),
                upper_km=float(values["upper_km"]),
                lower_km=float(values["lower_km"]),
                slip_mm_yr=Triple(*(float(slip[name]) for name in ("best", "min", "max"))),
                source=str(values["source"]),
                assumptions=tuple(str(code) for code in values.get("assumptions", ())),
            )
        except (KeyError, TypeError) as error:
            raise FaultError(
                f"the fault record lacks or misshapes {error}",
                rows=(values.get("id", "?"),),
                mend="Store the record as Fault.to_json gives it.",
            ) from error
        except FaultError:
            raise
        except ValueError as error:
            raise FaultError(
                f"the fault record holds an unreadable number: {error}",
                rows=(values.get("id", "?"),),
                mend="Store the record as Fault.to_json gives it.",
            ) from error

    def to_json(self) -> dict[str, Any]:
        """Return the fault as texts, numbers and lists that JSON keeps to the last bit."""
        return {
            "id": self.id,
            "name": self.name,
            "trace_lonlat": self.trace_lonlat.tolist(),
            "slip_type": self.slip_type,
            "dip_deg": self.dip_deg,
            "rake_deg": self.rake_deg,
            "upper_km": self.upper_km,
            "lower_km": self.lower_km,
            "slip_mm_yr": {
                "best": self.slip_mm_yr.best,
                "min": self.slip_mm_yr.min,
                "max": self.slip_mm_yr.max,
            },
            "source": self.source,
            "assumptions": list(self.assumptions),
        }

    @property
    def length_km(self) -> float:
        """Length of the trace in km."""
        return line_length_km(self.trace_lonlat)

    @property
    def width_km(self) -> float:
        """Down-dip width in km: depth range over the sine of the dip."""
        return (self.lower_km - self.upper_km) / math.sin(math.radians(self.dip_deg))

    @property
    def area_km2(self) -> float:
        """Area of the seismogenic surface in km²."""
        return self.length_km * self.width_km


def check_faults(faults: Sequence[Fault]) -> None:
    """Refuse an empty set of faults, or one with repeated ids, with :class:`FaultError`."""
    if not faults:
        raise FaultError(
            "no fault with a slip rate was given",
            mend="Read the notes of the fault file: each fault set aside says what it lacks.",
        )
    ids = [fault.id for fault in faults]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    if repeated:
        raise FaultError("fault ids are repeated", rows=repeated, mend="Give every fault its own id.")
