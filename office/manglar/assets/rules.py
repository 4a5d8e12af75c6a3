"""What the cells of a file of assets mean, and which rows speak of the same thing. Pure."""

import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from manglar.foundation.numbers import says_nothing
from manglar.foundation.texts import fold

SAME_PLACE_M = 1.0
_CELL_DEG = 1.2e-5  # a little over a metre: what is within one metre is in the same cell or in a neighbour
_METRES_PER_DEGREE = 111_320.0
_YES = frozenset({"si", "sí", "s", "yes", "y", "true", "verdadero", "1", "x"})


def read_coordinate(cell: object) -> float | None:
    """Read a coordinate; a comma is its decimal sign, since no coordinate has thousands."""
    if says_nothing(cell) or isinstance(cell, bool):
        return None
    try:
        value = float(str(cell).strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def read_yes(cell: object) -> bool:
    """Whether a cell says yes."""
    return cell is True or fold(str(cell)) in _YES


def are_degrees(lon: float, lat: float) -> bool:
    """Whether two numbers can be a longitude and a latitude."""
    return -180 <= lon <= 180 and -90 <= lat <= 90


def metres_apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two near points (longitude, latitude)."""
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(east, one[1] - other[1]) * _METRES_PER_DEGREE


Thing = TypeVar("Thing", bound=Hashable)


class Neighbourhood(Generic[Thing]):
    """Things by name and place, to find those with the same folded name within a metre."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, int, int], list[tuple[Thing, tuple[float, float] | None]]] = {}

    def add(self, thing: Thing, name: str, place: tuple[float, float] | None) -> None:
        """Put a thing at its place; things without a place are near each other by name alone."""
        self._cells.setdefault((name, *_cell(place)), []).append((thing, place))

    def near(self, name: str, place: tuple[float, float] | None) -> Iterator[Thing]:
        """The things with this folded name within a metre, in the order in which they came."""
        column, line = _cell(place)
        reach = (-1, 0, 1) if place is not None else (0,)
        for east in reach:
            for north in reach:
                for thing, at in self._cells.get((name, column + east, line + north), ()):
                    if place is None or (at is not None and metres_apart(place, at) <= SAME_PLACE_M):
                        yield thing


def _cell(place: tuple[float, float] | None) -> tuple[int, int]:
    if place is None:
        return (10**9, 10**9)
    return (math.floor(place[0] / _CELL_DEG), math.floor(place[1] / _CELL_DEG))


@dataclass(frozen=True, slots=True)
class Repeated:
    """Which rows repeat another, and which only look alike (same name and place, other data)."""

    copies: dict[int, int]
    lookalikes: list[list[int]]


def repeated(
    count: int, *, name: Callable[[int], str], place: Callable[[int], tuple[float, float] | None],
    content: Callable[[int], Hashable],
) -> Repeated:
    """Compare rows by folded name, place within a metre, and content; the first of equals is the one kept."""
    held: Neighbourhood[int] = Neighbourhood()
    copies: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for row in range(count):
        near = list(held.near(name(row), place(row)))
        same = next((other for other in near if content(other) == content(row)), None)
        if same is not None:
            copies[row] = same
            continue
        if near and place(row) is not None:
            groups.setdefault(near[0], [near[0]]).append(row)
        held.add(row, name(row), place(row))
    return Repeated(copies, list(groups.values()))


def mostly(part: int, whole: int) -> bool:
    """Whether a fault is in more than half of a file: then it is the file's, not the rows'."""
    return whole > 1 and part * 2 > whole


def is_unique(values: Sequence[str]) -> bool:
    """Whether the values that are there are all different, and most rows have one."""
    present = [value for value in values if value]
    return bool(present) and len(set(present)) == len(present) and len(present) * 2 >= len(values)
