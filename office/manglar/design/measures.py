"""The numbers behind what the components say in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """The number behind a text, for a file that is to be added up: its unit, the value, and between which it lies."""

    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
