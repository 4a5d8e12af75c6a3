"""90% intervals of exceedance curves: what the bounds of the impact functions make of them, all moved together.

Between its bounds a function moves with one standard normal deviate. If one deviate moves them all, the impact of every
event rises with it, and with every event so does the impact reached in any return period: its 5% and 95% quantiles are
then those of the curves with every function at its lower and at its upper bound, without any sampling. How far
classes err together is not known; if they compensate, the interval is narrower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from manglar_engine.exposure.assets import Assets
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.tiling import TiledHazard
from manglar_engine.risk.impact import Impact
from manglar_engine.risk.schedule import Schedule
from manglar_engine.risk.tiled_impact import Keep, impact
from manglar_engine.vocabulary import Cancel
from manglar_engine.vulnerability.impact_function import ImpactFunction, ImpactFunctionSet

Ends = tuple[Impact, Impact]
"""The impact with every function at its lower bound, and at its upper bound."""


def impacts_at_bounds(
    hazards: Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: ImpactFunctionSet,
    *,
    max_distance_m: float,
    amount: str,
    together: str,
    schedule: Schedule | None = None,
    keep: Keep | None = None,
    cancel: Cancel | None = None,
) -> Ends | None:
    """Return the impacts at both ends of the bounds, or nothing where no function in use has any: two more passes.

    Raises:
        EngineError: anything that disagrees, named. Cancelled: ``cancel()`` said so.
    """
    perils, classes = {hazard.peril for hazard in hazards}, set(assets.asset_class)
    if all(functions[peril, name].low is None for peril in perils for name in classes):
        return None
    low, high = (
        impact(
            hazards,
            assets,
            ImpactFunctionSet([_at(function, bound) for function in functions.values()]),
            max_distance_m=max_distance_m,
            amount=amount,
            together=together,
            schedule=schedule,
            keep=keep,
            cancel=cancel,
        )
        for bound in ("low", "high")
    )
    return low, high


def _at(function: ImpactFunction, bound: str) -> ImpactFunction:
    """Return the function at one of its bounds, itself where it has none."""
    ratio = getattr(function, bound)
    return function if ratio is None else replace(function, ratio=ratio, low=None, high=None)
