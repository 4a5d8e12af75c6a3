"""A measure: what it does, to which assets, from which year, at what cost, and what else it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import MeasureError, name_rows
from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.measures.operations import Operation, check_operations
from manglar_engine.vocabulary import ESTIMATE, SOURCE

Bools = NDArray[np.bool_]
Zones = Mapping[str, Bools]
"""Named zones as which assets lie in them ``(assets,)``."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost in ``currency`` of ``price_year``; the parts that are given add up.

    Attributes:
        fixed: once. ``per_asset``: for each asset selected. ``share_of_value``: of what the selected
            assets are worth. ``yearly_share``: upkeep each year, as a share of the first cost.
        yearly: spent each year while the measure works.
        source: where the figures come from. ``mark``: ``fuente`` or ``estimación``.
    """

    currency: str
    price_year: int
    source: str
    mark: str
    fixed: float = 0.0
    per_asset: float = 0.0
    share_of_value: float = 0.0
    yearly_share: float = 0.0
    yearly: float = 0.0

    def __post_init__(self) -> None:
        """Raise :class:`MeasureError` for negative or missing figures, no source, or an unknown mark."""
        parts = np.array([self.fixed, self.per_asset, self.share_of_value, self.yearly, self.yearly_share])
        wrong = [
            text
            for text, holds in {
                "figures must be finite and not negative": np.isfinite(parts).all() and (parts >= 0).all(),
                "the cost is blank: say fixed, per_asset, share_of_value or yearly": parts[:4].sum() > 0,
                "the source is blank": bool(self.source.strip()),
                "the currency is blank": bool(self.currency.strip()),
                f"the mark must be {SOURCE!r} or {ESTIMATE!r}": self.mark in {SOURCE, ESTIMATE},
            }.items()
            if not holds
        ]
        if wrong:
            raise MeasureError(f"cost: {'; '.join(wrong)}", mend="Correct the cost.")

    def capital(self, assets: Assets, selected: Bools) -> float:
        """Return what must be spent once on the assets ``selected (assets,)``.

        Raises:
            MeasureError: assets in another currency or of another price year.
        """
        if (assets.currency, assets.price_year) != (self.currency, self.price_year):
            raise MeasureError(
                f"the cost is in {self.currency} of {self.price_year} and the assets in {assets.currency} of "
                f"{assets.price_year}",
                mend="Convert one of them with a price index that you name in its source.",
            )
        return float(
            self.fixed + self.per_asset * selected.sum() + self.share_of_value * float(assets.value[selected].sum())
        )


@dataclass(frozen=True, slots=True)
class CoBenefit:
    """Something good that is not avoided loss: ``per_year`` in the currency of the cost, or only words.

    It is told beside the worth of a measure and never added to it.
    """

    id: str
    es: str
    en: str
    source: str
    mark: str
    per_year: float | None = None


@lru_cache(maxsize=16)
def _numbered(labels: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return :func:`positions` of a column, kept: many measures select from the same one."""
    return positions(labels)


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes:
        operations: what it does. ``territories``, ``classes``, ``zone``: who it reaches; an empty
            selection selects all, and an asset must be in every one that is given.
        from_year: first year in which it works; it is paid the year before. ``None``: at once.
        cost: or ``None`` where nobody has said, and then it has no worth, only an effect.
        sources: keys or citations of the effect.
    """

    id: str
    es: str
    en: str
    operations: tuple[Operation, ...]
    cost: Cost | None = None
    territories: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    zone: str = ""
    from_year: int | None = None
    co_benefits: tuple[CoBenefit, ...] = ()
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise :class:`MeasureError` for a blank id, no operations, or impossible ones."""
        for name in ("operations", "territories", "classes", "co_benefits", "sources"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.id.strip():
            raise MeasureError("a measure has no id", mend="Give every measure its own id.")
        check_operations(self.id, self.operations)

    def selected(self, assets: Assets, zones: Zones) -> Bools:
        """Return which assets the measure reaches ``(assets,)``.

        Raises:
            MeasureError: it names what the assets or zones do not have, or reaches nothing.
        """
        chosen = np.ones(len(assets), dtype=bool)
        for name, wanted, column in (
            ("territories", self.territories, assets.territory),
            ("classes", self.classes, assets.asset_class),
        ):
            if not wanted:
                continue
            names, place = _numbered(tuple(column))
            unknown = sorted(set(wanted) - set(names))
            if unknown:
                raise MeasureError(f"{self.id}: {name} that no asset has", rows=unknown, mend="Correct the selection.")
            chosen &= np.isin(names, wanted)[place]
        if self.zone:
            chosen &= self._in_zone(zones)
        if not chosen.any():
            raise MeasureError("the measure reaches no asset", rows=(self.id,), mend="Widen the selection.")
        return chosen

    def _in_zone(self, zones: Zones) -> Bools:
        """Return which assets lie in the zone of the measure; refuse one that is not there, or that is empty."""
        there = f"There are: {name_rows(sorted(zones)) or 'none'}."
        if self.zone not in zones:
            raise MeasureError(f"{self.id}: unknown zone {self.zone!r}", mend=there)
        flags = np.asarray(zones[self.zone], dtype=np.bool_)
        if not flags.any():
            raise MeasureError(
                f"{self.id}: zone {self.zone!r} holds no asset",
                mend=f"Look at where it is drawn, or name another. {there}",
            )
        return flags
