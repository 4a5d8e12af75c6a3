"""What an asset is worth when nobody has said: figures with source and mark, never silent."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class UnitValue:
    """One figure: what it is, its value and unit, the source and the mark of the source."""

    id: str
    value: float
    unit: str
    price_year: int | None
    source: str
    mark: str
    es: str
    en: str


@dataclass(frozen=True, slots=True)
class AssetKind:
    """What is assumed of a kind of asset: class, occupancy and how its value is estimated.

    The value is ``floor_m2_per_person * people * cost`` where the first is given, else ``value_pab``;
    ``unit_values`` names the figures used.
    """

    id: str
    es: str
    en: str
    building_class: str
    occupancy: str
    unit_values: tuple[str, ...]
    mark: str

    def value_pab(self, people: float) -> float:
        """Return the replacement value in balboas for an asset with ``people`` inside."""
        table = default_unit_values()
        value = 1.0
        for name in self.unit_values:
            value *= table[name].value
        per_person = any(table[name].unit.endswith("/person") for name in self.unit_values)
        return value * people if per_person else value


@cache
def _document() -> dict[str, list[dict[str, object]]]:
    text = files("manglar_engine.exposure").joinpath("unit_values.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def default_unit_values() -> dict[str, UnitValue]:
    """Return the figures by id."""
    rows = _document()["figure"]
    table = {}
    for row in rows:
        year = row.get("price_year")
        table[str(row["id"])] = UnitValue(
            id=str(row["id"]),
            value=float(str(row["value"])),
            unit=str(row["unit"]),
            price_year=int(str(year)) if year is not None else None,
            source=str(row["source"]),
            mark=str(row["mark"]),
            es=str(row["es"]),
            en=str(row["en"]),
        )
    return table


@cache
def default_asset_kinds() -> dict[str, AssetKind]:
    """Return the kinds of assets with assumptions of ours, by id."""
    kinds = {}
    for row in _document()["kind"]:
        names = row["unit_values"]
        if not isinstance(names, list):
            raise TypeError("unit_values.toml: unit_values must be a list")
        kinds[str(row["id"])] = AssetKind(
            id=str(row["id"]),
            es=str(row["es"]),
            en=str(row["en"]),
            building_class=str(row["building_class"]),
            occupancy=str(row["occupancy"]),
            unit_values=tuple(str(name) for name in names),
            mark=str(row["mark"]),
        )
    return kinds
