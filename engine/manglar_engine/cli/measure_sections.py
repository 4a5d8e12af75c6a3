"""``[[measure]]`` and ``[horizon]`` of a city file.

A measure says id, es, en, sources, who it reaches (territories, classes), from_year, one
``[[measure.operation]]`` or more (kind, and factor, by, classes or period_years; peril), and its
``[measure.cost]`` where somebody has said it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from manglar_engine.cli.city_file import made
from manglar_engine.errors import FormatError
from manglar_engine.measures.measure import Cost, Measure
from manglar_engine.measures.operations import (
    ChangeClass,
    Operation,
    ProtectUpTo,
    ScaleAmount,
    ScaleDamage,
    ScaleIntensity,
    ShiftIntensity,
)
from manglar_engine.measures.worth import Horizon

OPERATIONS: Mapping[str, Callable[..., Operation]] = {
    "scale_intensity": ScaleIntensity,
    "shift_intensity": ShiftIntensity,
    "scale_damage": ScaleDamage,
    "scale_amount": ScaleAmount,
    "change_class": ChangeClass,
    "protect_up_to": ProtectUpTo,
}
SELECTORS = ("id", "es", "en", "territories", "classes", "from_year", "sources")


def read_measures(sections: object) -> tuple[Measure, ...]:
    """Return the measures of a city file, none where there is no section.

    Raises:
        FormatError: a section or word that cannot be read. MeasureError: figures that disagree.
    """
    if sections is None:
        return ()
    if not isinstance(sections, list):
        raise FormatError("measure is not a list of sections", mend="Write [[measure]] on a line of its own.")
    return tuple(_measure(held, number) for number, held in enumerate(sections, start=1))


def read_horizon(section: object) -> Horizon | None:
    """Return the horizon of a city file, or none; errors as :func:`read_measures`."""
    return None if section is None else made("[horizon]", Horizon, section, [f.name for f in fields(Horizon)])


def _measure(held: Mapping[str, Any], number: int) -> Measure:
    where = f"measure {number}"
    operations = held.get("operation", [])
    if not isinstance(operations, list):
        raise FormatError(f"{where}: operation is not a list", mend="Write [[measure.operation]].")
    words = {name: value for name, value in held.items() if name not in {"operation", "cost"}}
    words["operations"] = tuple(_operation(where, operation) for operation in operations)
    if "cost" in held:
        words["cost"] = made(f"{where}: cost", Cost, held["cost"], [f.name for f in fields(Cost)])
    return made(where, Measure, words, [*SELECTORS, "operations", "cost"])


def _operation(where: str, held: Mapping[str, Any]) -> Operation:
    words = dict(held)
    kind = words.pop("kind", None)
    if kind not in OPERATIONS:
        raise FormatError(f"{where}: there is no operation {kind!r}", mend=f"Use: {', '.join(OPERATIONS)}.")
    return made(f"{where}: {kind}", OPERATIONS[kind], words, list(words))
