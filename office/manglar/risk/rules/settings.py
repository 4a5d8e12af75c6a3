"""The settings that a person may change, with the ranges in which the engine's model holds."""

from dataclasses import dataclass
from typing import Any

from manglar.risk.rules.readings import Reader, is_number


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or a whole one, between two others."""

    low: float
    high: float
    is_whole: bool = False

    def read(self, reader: Reader, key: str) -> float | int:
        """The value of the key."""
        if self.is_whole:
            return reader.whole(key, int(self.low), int(self.high), default=int(self.low))
        return reader.number(key, self.low, self.high, default=self.low)


@dataclass(frozen=True, slots=True)
class Periods:
    """Return periods in years, rising."""

    def read(self, reader: Reader, key: str) -> list[float] | None:
        """The value of the key."""
        reader.known.append(key)
        value = reader.document[key]
        good = isinstance(value, list) and bool(value) and all(is_number(item) and item > 1 for item in value)
        if not good or sorted(set(value)) != list(value):
            reader.refuse(
                f"{reader.key(key)} es una lista creciente de años mayores que 1, por ejemplo [50, 475, 2475]."
            )
            return None
        return [float(item) for item in value]


@dataclass(frozen=True, slots=True)
class BestMinMax:
    """Three numbers: the best, the least and the most."""

    low: float
    high: float

    def read(self, reader: Reader, key: str) -> list[float] | None:
        """The value of the key."""
        reader.known.append(key)
        value = reader.document[key]
        good = isinstance(value, list) and len(value) == 3 and all(is_number(item) for item in value)
        if not good or not self.low <= value[1] <= value[0] <= value[2] <= self.high:
            reader.refuse(
                f"{reader.key(key)} es [mejor, mínimo, máximo] entre {self.low:g} y {self.high:g}, "
                "por ejemplo [1.0, 0.8, 1.2]."
            )
            return None
        return [float(item) for item in value]


@dataclass(frozen=True, slots=True)
class Styles:
    """Names of styles of faulting."""

    def read(self, reader: Reader, key: str) -> list[str]:
        """The value of the key."""
        return list(reader.texts(key))


Rule = Number | Periods | BestMinMax | Styles
#: The same names and ranges as the engine's ``SeismicSettings``; a test compares them.
SETTINGS: dict[str, Rule] = {
    "vs30_default": Number(150, 1500),
    "max_distance_km": Number(1, 300),
    "return_periods": Periods(),
    "discount_rate": Number(0, 0.5),
    "horizon_years": Number(1, 200, is_whole=True),
    "minimum_magnitude": Number(4.5, 7),
    "b_value": BestMinMax(0.3, 2.5),
    "characteristic_weight": Number(0, 1),
    "area_weight": Number(0, 1),
    "fragility_sigma": Number(0, 0.4),
    "value_sigma": Number(0, 1.5),
    "left_out_styles": Styles(),
    "workers": Number(1, 64, is_whole=True),
}


def engine_form(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings without those that change no number."""
    return {key: value for key, value in settings.items() if key != "workers"}
