"""Strengthening: a set of assets changes building class, at a cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import RetrofitError
from manglar_engine.exposure.exposure import Exposure

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Retrofit:
    """One measure: who is strengthened, to what, and for how much.

    Attributes:
        to_class: the class of every selected asset afterwards, or
        level_map: code levels before and after, as ``{"PC": "MC", "LC": "MC"}``; give one of both.
        territories, classes, occupancies, ids: selections; an empty one selects all, and an asset must
            be in every one that is given.
        cost_pab_per_asset, cost_share_of_value: added up over the assets whose class changes.
    """

    id: str
    name: str
    to_class: str = ""
    level_map: Mapping[str, str] = field(default_factory=dict)
    territories: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    occupancies: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    cost_pab_per_asset: float = 0.0
    cost_share_of_value: float = 0.0

    def __post_init__(self) -> None:
        """Raise :class:`RetrofitError` for two targets or none, or impossible costs."""
        for name in ("territories", "classes", "occupancies", "ids"):
            object.__setattr__(self, name, tuple(str(item) for item in getattr(self, name)))
        object.__setattr__(self, "level_map", dict(self.level_map))
        if bool(self.to_class) == bool(self.level_map):
            raise RetrofitError(
                "a retrofit needs to_class or level_map, and only one of them",
                rows=(self.id,),
                mend="Say what the assets become.",
            )
        costs = np.array([self.cost_pab_per_asset, self.cost_share_of_value], dtype=np.float64)
        if not (np.isfinite(costs).all() and (costs >= 0).all() and costs.sum() > 0):
            raise RetrofitError(
                "the costs must be finite, not negative, and one of them above zero",
                rows=(self.id,),
                mend="Give cost_pab_per_asset, cost_share_of_value or both.",
            )

    def selected(self, exposure: Exposure) -> Bools:
        """Return which assets the measure selects.

        Raises:
            RetrofitError: a selection names what the exposure does not have, or nothing is selected.
        """
        chosen = np.ones(len(exposure), dtype=bool)
        for name, wanted, column in (
            ("territories", self.territories, exposure.territory),
            ("classes", self.classes, exposure.building_class),
            ("occupancies", self.occupancies, exposure.occupancy),
            ("ids", self.ids, exposure.ids),
        ):
            if not wanted:
                continue
            unknown = sorted(set(wanted) - set(column))
            if unknown:
                raise RetrofitError(f"{name} that no asset has", rows=unknown, mend="Correct the selection.")
            chosen &= np.isin(np.array(column), wanted)
        if not chosen.any():
            raise RetrofitError("the measure selects no asset", rows=(self.id,), mend="Widen the selection.")
        return chosen

    def classes_after(self, exposure: Exposure) -> tuple[str, ...]:
        """Return the building class of every asset once the measure is done."""
        return tuple(
            self._after(name) if chosen else name
            for name, chosen in zip(exposure.building_class, self.selected(exposure), strict=True)
        )

    def _after(self, building_class: str) -> str:
        if self.to_class:
            return self.to_class
        stem, _, level = building_class.rpartition(".")
        return f"{stem}.{self.level_map.get(level, level)}"


def changed_assets(exposure: Exposure, classes_after: tuple[str, ...]) -> Bools:
    """Return which assets have another class afterwards: the only ones that need work."""
    return np.array([a != b for a, b in zip(exposure.building_class, classes_after, strict=True)], dtype=bool)


def cost_pab(measure: Retrofit, exposure: Exposure, changed: Bools) -> float:
    """Return the cost of the measure in balboas of the price year of the exposure."""
    each = measure.cost_pab_per_asset + measure.cost_share_of_value * exposure.value_pab
    return float(each[changed].sum())


def present_value_factor(discount_rate: float, horizon_years: int) -> float:
    """Return what one balboa a year is worth today: ``sum over t = 1..H of (1 + r)**-t``."""
    if discount_rate == 0:
        return float(horizon_years)
    return float(-np.expm1(-horizon_years * np.log1p(discount_rate)) / discount_rate)
