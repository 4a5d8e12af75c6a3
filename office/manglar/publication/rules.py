"""What a public copy may hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """From a record to one above it."""

    kind: str
    id: str
    relation: str

    def as_json(self) -> dict[str, str]:
        """As it is frozen."""
        return {"kind": self.kind, "id": self.id, "relation": self.relation}


def texts_in(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a payload with the place where it stands."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner, where)


def personal_data_in(payload: dict[str, Any]) -> list[str]:
    """E-mail addresses that would become public, each with the field where it stands."""
    return [f"{where}: {found}" for where, text in texts_in(payload) for found in _EMAIL.findall(text)]


def same_content(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two payloads say the same, whatever their version and which of their links were public then."""
    aside = {"version", "links"}
    return {k: v for k, v in one.items() if k not in aside} == {k: v for k, v in other.items() if k not in aside}
