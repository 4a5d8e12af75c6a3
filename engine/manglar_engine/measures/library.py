"""The library of measures: what has been tried, what it did, what it cost, and who says so."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from manglar_engine.errors import MeasureError
from manglar_engine.measures.measure import CoBenefit, Cost, Measure
from manglar_engine.measures.operations import (
    ChangeClass,
    Operation,
    ProtectUpTo,
    ScaleAmount,
    ScaleDamage,
    ScaleIntensity,
    ShiftIntensity,
)
from manglar_engine.vocabulary import ESTIMATE, SOURCE, Triple

OF_VALUE = "del valor"
"""Unit of a cost that is a share of what the reached assets are worth."""
MADE: Mapping[str, Callable[..., Operation]] = {
    "scale": ScaleIntensity,
    "shift": ShiftIntensity,
    "damage": ScaleDamage,
    "amount": ScaleAmount,
    "protect": ProtectUpTo,
}


@dataclass(frozen=True, slots=True)
class MeasureSource:
    """Where a figure stands: address, page, what sort of source, and the figures as it gives them."""

    key: str
    title: str
    address: str
    page: str
    kind: str
    figures: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its range, ``fuente`` or ``estimación``, the keys of its sources and what it means."""

    value: Triple | None
    mark: str
    sources: tuple[str, ...]
    es: str
    en: str


@dataclass(frozen=True)
class MeasureTemplate:
    """A measure of the library before it is given a place and a size.

    Attributes:
        intensity: what the hazard must measure for the operation to make sense.
        operation: one of ``shift``, ``scale``, ``damage``, ``amount``, ``protect``, ``class``.
        unit: what one unit of the cost is. ``classes``: for ``class``.
        yearly_share: upkeep a year as a share of the first cost, with its own mark.
        is_yearly: the cost is spent every year, not once.
    """

    id: str
    es: str
    en: str
    peril: str
    intensity: str
    operation: str
    effect: Figure
    cost: Figure
    unit: str
    price_year: int
    yearly_share: float
    upkeep_mark: str
    is_yearly: bool
    classes: Mapping[str, str]
    co_benefits: tuple[CoBenefit, ...]

    @property
    def is_sourced(self) -> bool:
        """Return whether effect and cost both stand in a source."""
        return self.effect.mark == SOURCE and self.cost.mark == SOURCE

    def measure(
        self,
        *,
        quantity: float,
        territories: Sequence[str] = (),
        classes: Sequence[str] = (),
        zone: str = "",
        from_year: int | None = None,
        price_year: int | None = None,
        price_factor: float = 1.0,
        price_source: str = "",
    ) -> Measure:
        """Return the measure with ``quantity`` units of cost, at its central figures.

        Args:
            quantity: of :attr:`unit`; 1 where the cost is a share of the value.
            territories: that it reaches.
            classes: that it reaches.
            zone: that it reaches.
            from_year: first year in which it works.
            price_year: year of the prices wanted, when it is not that of the source.
            price_factor: what a price of the source's year is in that year.
            price_source: who says so; needed when the year changes.

        Raises:
            MeasureError: a quantity that is not above zero, or another price year without its source.
        """
        if not quantity > 0:
            raise MeasureError(f"{quantity!r} {self.unit} is no size", rows=(self.id,), mend="Give a quantity.")
        moved = price_year is not None and price_year != self.price_year
        if moved and not (price_source.strip() and price_factor > 0):
            raise MeasureError(
                f"prices are of {self.price_year} and {price_year} was asked for",
                rows=(self.id,),
                mend="Give price_factor and price_source, as a price index with its name.",
            )
        known = "; ".join(self.cost.sources) or self.cost.es
        return Measure(
            id=self.id,
            es=self.es,
            en=self.en,
            operations=(self._operation(),),
            cost=self._cost(quantity, price_year or self.price_year, price_factor, f"{known}; {price_source}"),
            territories=tuple(territories),
            classes=tuple(classes),
            zone=zone,
            from_year=from_year,
            co_benefits=self.co_benefits,
            sources=self.effect.sources,
        )

    def _operation(self) -> Operation:
        if self.operation == "class":
            return ChangeClass(self.classes, peril=self.peril)
        if self.effect.value is None:
            raise MeasureError("the effect has no figure", rows=(self.id,), mend="Correct the library.")
        return MADE[self.operation](self.effect.value.best, peril=self.peril)

    def _cost(self, quantity: float, price_year: int, price_factor: float, source: str) -> Cost:
        if self.cost.value is None:
            raise MeasureError("the cost has no figure", rows=(self.id,), mend="Correct the library.")
        one = self.cost.value.best * quantity
        share = self.unit == OF_VALUE
        return Cost(
            currency="PAB",
            price_year=price_year,
            source=source.strip("; "),
            mark=self.cost.mark,
            fixed=0.0 if share or self.is_yearly else one * price_factor,
            yearly=one * price_factor if self.is_yearly else 0.0,
            share_of_value=one if share else 0.0,
            yearly_share=self.yearly_share,
        )


def _document(name: str) -> dict[str, Any]:
    return tomllib.loads(files("manglar_engine.measures").joinpath(name).read_text(encoding="utf-8"))


@cache
def measure_sources() -> Mapping[str, MeasureSource]:
    """Return the sources of the library by key."""
    return {key: MeasureSource(key=key, **row) for key, row in _document("sources.toml").items()}


@cache
def measure_library() -> Mapping[str, MeasureTemplate]:
    """Return the measures of the library by id.

    Raises:
        MeasureError: repeated ids, unknown operations or marks, or sources that do not exist.
    """
    rows = [_template(row) for row in _document("library.toml")["measure"]]
    held = {row.id: row for row in rows}
    wrong = [f"{row.id}: {text}" for row in rows for text in _faults(row)]
    if wrong or len(held) != len(rows):
        raise MeasureError("the library disagrees with itself", rows=wrong or ["repeated ids"], mend="Correct it.")
    return held


def _faults(row: MeasureTemplate) -> list[str]:
    faults = []
    if row.operation not in {*MADE, "class"}:
        faults.append(f"operation {row.operation!r}")
    for name, figure in (("effect", row.effect), ("cost", row.cost)):
        unknown = sorted(set(figure.sources) - set(measure_sources()))
        if unknown:
            faults.append(f"{name} names sources that do not exist: {', '.join(unknown)}")
        if figure.mark not in {SOURCE, ESTIMATE} or (figure.mark == SOURCE and not figure.sources):
            faults.append(f"{name} is marked {figure.mark!r} with {len(figure.sources)} sources")
        if figure.value is not None and not figure.value.is_ordered:
            faults.append(f"{name} has limits out of order")
    return faults


def _template(row: Mapping[str, Any]) -> MeasureTemplate:
    effect, cost = row["effect"], row["cost"]
    return MeasureTemplate(
        id=row["id"],
        es=row["es"],
        en=row["en"],
        peril=row["peril"],
        intensity=row["intensity"],
        operation=effect["operation"],
        effect=_figure(effect),
        cost=_figure(cost),
        unit=cost["unit"],
        price_year=cost["price_year"],
        yearly_share=cost["yearly_share"],
        upkeep_mark=cost["upkeep_mark"],
        is_yearly=cost.get("is_yearly", False),
        classes=effect.get("classes", {}),
        co_benefits=tuple(CoBenefit(**one) for one in row.get("co_benefit", ())),
    )


def _figure(row: Mapping[str, Any]) -> Figure:
    value = Triple(float(row["value"]), float(row["low"]), float(row["high"])) if "value" in row else None
    return Figure(value, row["mark"], tuple(row["sources"]), row["es"], row["en"])
