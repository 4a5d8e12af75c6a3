"""A city under one hazard with any set of measures: combinations evaluated as combinations.

Assets that share territory, class and everything that measures do to them are one atom: their amounts are
summed first, so that a set of measures costs one pass over (events x sites x atoms in use).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manglar_engine.errors import MeasureError
from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.hazard.events import Hazard
from manglar_engine.measures.measure import Measure, Zones
from manglar_engine.measures.operations import Effect, ProtectUpTo, effect_on
from manglar_engine.risk.impact import APART, Impact
from manglar_engine.risk.nearest import nearest_sites
from manglar_engine.vulnerability.impact_function import ImpactFunction, ImpactFunctionSet

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]

ROUNDING = 1e-12
"""Relative slack of a frequency: five events of 0.002 a year are one in 100 years."""


@dataclass(frozen=True, eq=False)
class Situation:
    """One hazard over the assets of a city.

    Attributes:
        zones: named sets of assets that measures may select.
        amount: ``value`` or ``people``. ``max_distance_m``: as in :func:`direct_impact`.
        intensity_factor: multiplies every intensity, for what is not known of the hazard.
    """

    hazard: Hazard
    assets: Assets
    functions: ImpactFunctionSet
    max_distance_m: float
    zones: Mapping[str, Bools] | None = None
    amount: str = "value"
    intensity_factor: float = 1.0
    _site: Indices = field(init=False, repr=False)
    _by_site: sparse.csc_array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Link assets to sites; raise :class:`MeasureError` for zones that are not one flag per asset."""
        held: dict[str, Bools] = {str(k): np.asarray(v, dtype=bool) for k, v in (self.zones or {}).items()}
        wrong = [name for name, flags in held.items() if flags.shape != (len(self.assets),)]
        if wrong:
            raise MeasureError("zones are not one flag per asset", rows=wrong, mend="Give one for each asset.")
        object.__setattr__(self, "zones", held)
        site = nearest_sites(self.assets, self.hazard.footprints.sites, max_distance_m=self.max_distance_m)
        object.__setattr__(self, "_site", site)
        by_site = sparse.csc_array(self.hazard.footprints.intensity, dtype=np.float64)
        object.__setattr__(self, "_by_site", by_site * self.intensity_factor)

    def function_of(self, asset_class: str) -> ImpactFunction:
        """Return the impact function of a class for the peril, or raise :class:`VulnerabilityError`."""
        (found,) = self.functions.chosen(self.hazard.peril, [asset_class], unit=self.hazard.footprints.unit)
        return found

    def impact(self, measures: Sequence[Measure] = ()) -> Impact:
        """Return what the events do with ``measures`` in place, all together.

        Raises:
            MeasureError: repeated ids, selections that do not exist, or classes that disagree.
        """
        _refuse_repeated(measures)
        effects, place = self._effects(measures)
        blocked = self._blocked(measures)
        territories, territory = positions(self.assets.territory)
        events = len(self.hazard.events)
        by_event = np.zeros((events, len(territories)))
        expected = np.zeros(len(self.assets))
        frequency = self.hazard.events.frequency
        amounts = self.assets.amount(self.amount)
        for number, effect in enumerate(effects):
            rows = np.flatnonzero(place == number)
            open_events = np.ones(events)
            for owner in effect.protected:
                open_events = open_events * ~blocked[owner]
            matrix, baseline = self._ratios(rows, effect)
            weight = amounts[rows] * effect.amount
            matrix = sparse.diags_array(open_events) @ matrix
            expected[rows] = weight * (frequency @ matrix + baseline * float(frequency @ open_events))
            sums = sparse.csr_array(
                (weight, (np.arange(len(rows)), territory[rows])), shape=(len(rows), len(territories))
            )
            by_event += (matrix @ sums).toarray()
            by_event += np.outer(open_events, baseline * np.asarray(sums.sum(axis=0)))
        return Impact(
            event_ids=tuple(self.hazard.events.ids),
            frequency=frequency,
            territories=territories,
            by_event=by_event,
            expected_by_asset=expected,
            unit=self.assets.currency if self.amount == "value" else "person",
            combined=APART,
        )

    def expected(self, measures: Sequence[Measure] = ()) -> Floats:
        """Return the expected annual impact by territory, sorted by code ``(territories,)``."""
        return self.impact(measures).expected_by_territory

    def with_intensity_factor(self, factor: float) -> Situation:
        """Return the same situation with every intensity multiplied by ``factor``."""
        return replace(self, intensity_factor=factor)

    def with_functions(self, functions: ImpactFunctionSet) -> Situation:
        """Return the same situation with other impact functions."""
        return replace(self, functions=functions)

    def _held_zones(self) -> Zones:
        return self.zones or {}

    def _effects(self, measures: Sequence[Measure]) -> tuple[list[Effect], Indices]:
        """Return the distinct effects and which one each asset has ``(assets,)``."""
        reached = [m.selected(self.assets, self._held_zones()) for m in measures]
        classes, of_class = positions(self.assets.asset_class)
        keys = np.array([of_class, *reached], dtype=np.intp)
        kinds, place = np.unique(keys, axis=1, return_inverse=True)
        effects = []
        for kind in kinds.T:
            owned = [(m.id, op) for m, flag in zip(measures, kind[1:], strict=True) if flag for op in m.operations]
            effects.append(effect_on(classes[kind[0]], self.hazard.peril, owned))
        return effects, place.ravel().astype(np.intp)

    def _blocked(self, measures: Sequence[Measure]) -> dict[str, Bools]:
        """Return which events each protecting measure keeps out ``(events,)``, ranked without any measure."""
        blocked: dict[str, Bools] = {}
        for measure in measures:
            periods = [op.period_years for op in measure.operations if isinstance(op, ProtectUpTo)]
            if not periods:
                continue
            selected = measure.selected(self.assets, self._held_zones())
            passing = self._passing(np.flatnonzero(selected))
            blocked[measure.id] = passing >= (1 - ROUNDING) / max(periods)
        return blocked

    def _passing(self, rows: Indices) -> Floats:
        """Return how often the impact of each event on the assets ``rows`` is reached or passed a year."""
        total = np.zeros(len(self.hazard.events))
        amounts = self.assets.amount(self.amount)
        names = np.array(self.assets.asset_class, dtype=object)[rows]
        for asset_class in sorted(set(names)):
            own = rows[names == asset_class]
            matrix, baseline = self._ratios(own, Effect(asset_class=asset_class))
            total += matrix @ amounts[own] + baseline * amounts[own].sum()
        order = np.argsort(-total, kind="stable")
        passing = np.empty(len(total))
        passing[order] = np.cumsum(self.hazard.events.frequency[order])
        # Events of equal impact are passed equally often: the largest of their sums.
        for level in np.unique(total):
            same = total == level
            passing[same] = passing[same].max()
        return passing

    def _ratios(self, rows: Indices, effect: Effect) -> tuple[sparse.csc_array, float]:
        """Return damage ratios above the baseline ``(events, rows)``, sparse, and the baseline itself."""
        function = self.function_of(effect.asset_class)
        felt = self._by_site[:, self._site[rows]].tocsc()
        intensity = felt.data * effect.scale - effect.shift
        if not self.hazard.footprints.may_be_negative:
            intensity = np.maximum(intensity, 0.0)
        baseline = function.at_zero * effect.damage
        ratio = function(intensity) * effect.damage - baseline
        return sparse.csc_array((ratio, felt.indices, felt.indptr), shape=felt.shape), baseline


def _refuse_repeated(measures: Sequence[Measure]) -> None:
    ids = [measure.id for measure in measures]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    if repeated:
        raise MeasureError("measures are repeated", rows=repeated, mend="Name each measure once in a combination.")
