"""90% intervals of the expected annual impact: what the bounds of the impact functions make of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.tiling import TiledHazard, tiled_hazard
from manglar_engine.risk.moments import edges_of, moments
from manglar_engine.risk.schedule import Schedule
from manglar_engine.uncertainty.impact_sweep import drawn_values, sweep
from manglar_engine.vocabulary import Cancel, Interval
from manglar_engine.vulnerability.impact_function import ImpactFunction, ImpactFunctionSet

Floats = NDArray[np.float64]
BLOCK = 1000
"""Samples in one product: bounds the memory whatever the number of samples."""
LOW, HIGH = 5, 95


def expected_samples(
    hazards: Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: ImpactFunctionSet,
    *,
    samples: int,
    seed: int,
    max_distance_m: float,
    amount: str,
    schedule: Schedule,
    cancel: Cancel | None = None,
) -> Floats:
    """Return the expected annual impact ``(samples, territories)`` of hazards that share no event.

    Each function has one normal deviate a sample (:func:`drawn_values`), independent of the others:
    how far classes err together is not known, and if they do the interval is wider.

    Raises:
        EngineError: anything that disagrees, named. Cancelled: ``cancel()`` said so.
    """
    classes, _ = positions(assets.asset_class)
    rng = np.random.default_rng(seed)
    total = np.zeros((samples, len(set(assets.territory))))
    for hazard in hazards:
        held = tiled_hazard(hazard)
        chosen = functions.chosen(held.peril, classes, unit=held.tiles.unit)
        deviates = rng.standard_normal((samples, len(chosen)))
        edges = edges_of(chosen)
        sums = moments(
            held,
            assets,
            edges=edges,
            max_distance_m=max_distance_m,
            amount=amount,
            schedule=schedule,
            cancel=cancel,
        )

        drawn = _blocks(edges, chosen, deviates)
        total += np.concatenate([part[:, :, 0] for part in sweep(sums, drawn)])
    return total


def _blocks(edges: Floats, chosen: Sequence[ImpactFunction], deviates: Floats) -> Iterator[Floats]:
    """Yield values ``(samples, 1 zone, classes, edges)`` a block of samples at a time."""
    for first in range(0, len(deviates), BLOCK):
        yield drawn_values(edges, chosen, deviates[first : first + BLOCK])[:, None]


def interval_of(samples: Floats) -> Interval:
    """Return the mean of ``samples (samples,)`` with their 5th and 95th percentiles."""
    low, high = np.percentile(samples, [LOW, HIGH])
    return Interval(float(samples.mean()), float(low), float(high))
