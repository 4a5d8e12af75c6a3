"""Ten measures and their worth: on moment histograms, beside the plain evaluation of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.bench.made_city import CLASSES, NEAR_M, MadeCity
from manglar_engine.hazard.tiling import TiledHazard, tiled_hazard
from manglar_engine.measures.measure import Measure
from manglar_engine.measures.on_moments import measured_edges, measured_values, zones_by_measures
from manglar_engine.measures.operations import Operation, ScaleAmount, ScaleDamage, ScaleIntensity, ShiftIntensity
from manglar_engine.measures.situation import Situation
from manglar_engine.measures.worth import Horizon
from manglar_engine.risk.moments import moments

Floats = NDArray[np.float64]

NAME = "numpy and scipy, event by site: measures one by one"
HORIZON = Horizon(first_year=2026, years=50, discount_rate=0.05)


@dataclass(frozen=True, eq=False)
class Ten:
    """Ten measures on a made city, each over some of its territories; the hazard ready in tiles."""

    city: MadeCity
    tiled: TiledHazard
    measures: tuple[Measure, ...]

    def worth_of(self, expected: Callable[[list[Measure]], Floats]) -> Floats:
        """Return the present benefit of each measure ``(measures,)`` from a way to find expected impacts."""
        factor = float(HORIZON.discount().sum())
        base = expected([]).sum()
        return np.array([(base - expected([one]).sum()) * factor for one in self.measures])

    def plain(self) -> Floats:
        """Return the worth with one plain evaluation for each measure."""
        city = self.city
        return self.worth_of(Situation(city.hazard, city.assets, city.functions, NEAR_M).expected)

    def on_moments(self) -> Floats:
        """Return the worth from one pass over the hazard and one product for each measure."""
        city = self.city
        zones = zones_by_measures(city.assets, self.measures)
        classes = sorted(CLASSES)
        sets = [[], *([one] for one in self.measures)]
        edges = measured_edges(zones, classes, sets, city.functions, peril="flood")
        sums = moments(self.tiled, city.assets, edges=edges, max_distance_m=NEAR_M, zones=zones)

        def expected(chosen: list[Measure]) -> Floats:
            values = measured_values(sums, chosen, city.functions, peril="flood")
            return np.asarray(sums.expected(values)[:, 0])

        return self.worth_of(expected)


def ten_measures(city: MadeCity) -> Ten:
    """Return ten measures of four kinds, measure i over every tenth territory from the i-th."""
    kinds: tuple[Operation, ...] = (ShiftIntensity(0.5), ScaleIntensity(0.7), ScaleDamage(0.6), ScaleAmount(0.8))
    territories = sorted(set(city.assets.territory))
    made = (
        Measure(f"m{i}", f"m{i}", f"m{i}", (kinds[i % len(kinds)],), territories=tuple(territories[i::10]))
        for i in range(10)
    )
    return Ten(city, tiled_hazard(city.hazard), tuple(made))
