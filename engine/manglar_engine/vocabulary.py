"""The engine's words: small records shared by every floor, and the register of array names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

SOURCE = "fuente"
"""Mark of a figure that was taken from a named publication."""
ESTIMATE = "estimación"
"""Mark of a figure that nobody has measured for this place: our judgement, to be replaced."""

Progress = Callable[[float, str], None]
Cancel = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Triple:
    """Best estimate with its lowest and highest values, ``min <= best <= max``, in one unit."""

    best: float
    min: float
    max: float

    @property
    def is_ordered(self) -> bool:
        """Whether the three are finite and stand in order."""
        return all(map(math.isfinite, (self.best, self.min, self.max))) and (self.min <= self.best <= self.max)


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean of the parameter samples with their 5th and 95th percentiles: a 90% interval."""

    mean: float
    p05: float
    p95: float


@dataclass(frozen=True, slots=True)
class Note:
    """One thing done to an input or worth knowing of a result, in both languages.

    ``kind`` is ``interpreted`` (a text was read with a correction), ``assumed`` (a missing figure
    was filled by a default), ``set_aside`` (the record is not used) or ``limit`` (of the answer).
    """

    kind: str
    row: str
    field: str
    es: str
    en: str


@dataclass(frozen=True, slots=True)
class ArrayName:
    """What one named array holds: its dimensions and its unit."""

    dimensions: tuple[str, ...]
    unit: str
    meaning: str


ARRAYS: Mapping[str, ArrayName] = MappingProxyType(
    {
        "ln_pga": ArrayName(("position", "site"), "ln(g)", "median ln peak ground acceleration"),
        "rjb_km": ArrayName(("position", "site"), "km", "distance to the surface projection"),
        "tau": ArrayName((), "ln(g)", "between-event standard deviation"),
        "phi": ArrayName(("position", "site"), "ln(g)", "within-event standard deviation"),
        "rate": ArrayName(("sample", "tile"), "1/year", "annual rate of a fault and magnitude"),
        "value_pab": ArrayName(("asset",), "PAB", "replacement value"),
        "people": ArrayName(("asset",), "person", "people inside the asset"),
        "vs30": ArrayName(("asset",), "m/s", "shear-wave velocity of the upper 30 m"),
        "ead_pab": ArrayName(("sample", "territory"), "PAB/year", "expected annual damage"),
    }
)
"""Every array that crosses a module border, once."""

ENGINE_VERSION = "0.1.0"
"""Version of the engine, written into every manifest; a test compares it with the package's own."""
