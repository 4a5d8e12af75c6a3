"""Expected impact of one situation under many factors of intensity and many moved functions.

Where functions alone tell what the measures do, the hazard is read once, into moments whose edges hold the
nodes under every factor: each evaluation is then a product, as exact as the plain one. A defence that keeps
whole events out is evaluated plainly each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from manglar_engine.exposure.assets import positions
from manglar_engine.measures.measure import Measure
from manglar_engine.measures.on_moments import JOINT, measured_edges, measured_values, zones_by_measures
from manglar_engine.measures.operations import ProtectUpTo
from manglar_engine.measures.situation import Situation
from manglar_engine.risk.moments import moments
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet

Floats = NDArray[np.float64]
Moved = Callable[[float, ImpactFunctionSet, Sequence[Measure]], float]
"""The expected annual impact under a factor of intensity, functions with the same nodes, and measures."""
MOST_CELLS = 20_000_000
"""Zones times classes times edges: beyond it the moments would take more memory than they are worth."""
EVERYWHERE = "*"


def moved(situation: Situation, sets: Sequence[Sequence[Measure]], factors: Sequence[float]) -> Moved:
    """Return how to evaluate ``situation`` under ``factors`` and any of ``sets`` of measures.

    Args:
        situation: one hazard over the assets; its own factor of intensity is replaced.
        sets: combinations of measures that will be asked.
        factors: of intensity that will be asked.

    Raises:
        EngineError: what the evaluation of the measures refuses.
    """
    measures = list({m.id: m for chosen in sets for m in chosen}.values())
    by_functions = not any(JOINT in m.id or any(isinstance(op, ProtectUpTo) for op in m.operations) for m in measures)
    found = _on_moments(situation, measures, sets, factors) if by_functions else None
    return found or _plainly(situation)


def _plainly(situation: Situation) -> Moved:
    def expected(factor: float, functions: ImpactFunctionSet, measures: Sequence[Measure]) -> float:
        held = situation.with_intensity_factor(factor).with_functions(functions)
        return float(held.expected(measures).sum())

    return expected


def _on_moments(
    situation: Situation, measures: Sequence[Measure], sets: Sequence[Sequence[Measure]], factors: Sequence[float]
) -> Moved | None:
    assets, hazard, prints = situation.assets, situation.hazard, situation.hazard.footprints
    peril, negative = hazard.peril, prints.may_be_negative
    zones = zones_by_measures(assets, measures, situation.zones)
    classes, _ = positions(assets.asset_class)
    for name in classes:
        situation.function_of(name)
    edges = measured_edges(
        zones, classes, sets, situation.functions, peril=peril, may_be_negative=negative, factors=factors
    )
    if len(set(zones)) * len(classes) * len(edges) > MOST_CELLS:
        return None
    city = replace(assets, territory=(EVERYWHERE,) * len(assets))
    sums = moments(
        hazard,
        city,
        edges=edges,
        max_distance_m=situation.max_distance_m,
        zones=zones,
        amount=situation.amount,
    )

    def expected(factor: float, functions: ImpactFunctionSet, chosen: Sequence[Measure]) -> float:
        values = measured_values(sums, chosen, functions, peril=peril, may_be_negative=negative, factor=factor)
        return float(sums.expected(values).sum())

    return expected
