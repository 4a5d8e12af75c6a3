"""A city under one hazard with any set of measures: combinations evaluated as combinations.

Assets that share class and everything that measures do to them have one function, evaluated once at each
site where they stand; amounts come in afterwards, as sums by site and territory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manglar_engine.errors import MeasureError
from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.hazard.events import Hazard
from manglar_engine.measures.measure import Measure, Zones
from manglar_engine.measures.operations import Effect, ProtectUpTo, effect_on
from manglar_engine.measures.reach import reach
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
        object.__setattr__(self, "_by_site", by_site)

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
            sites, at = np.unique(self._site[rows], return_inverse=True)
            ratio, baseline = self._ratios(sites, effect)
            kept_in = self._open_events(effect, blocked)
            ratio = sparse.diags_array(kept_in) @ ratio
            weight = amounts[rows] * effect.amount
            expected[rows] = weight * (frequency @ ratio + baseline * float(frequency @ kept_in))[at]
            sums = sparse.csr_array((weight, (at, territory[rows])), shape=(len(sites), len(territories)))
            by_event += (ratio @ sums).toarray() + np.outer(kept_in, baseline * np.asarray(sums.sum(axis=0)))
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
        """Return the expected annual impact by territory, sorted by code ``(territories,)``.

        As :meth:`impact`, without keeping what each event does.
        """
        _refuse_repeated(measures)
        effects, place = self._effects(measures)
        blocked = self._blocked(measures)
        territories, territory = positions(self.assets.territory)
        frequency = self.hazard.events.frequency
        amounts = self.assets.amount(self.amount)
        total = np.zeros(len(territories))
        for number, effect in enumerate(effects):
            rows = np.flatnonzero(place == number)
            sites, at = np.unique(self._site[rows], return_inverse=True)
            ratio, baseline = self._ratios(sites, effect)
            rate = frequency * self._open_events(effect, blocked)
            of_site = rate @ ratio + baseline * float(rate.sum())
            weight = amounts[rows] * effect.amount * of_site[at]
            total += np.bincount(territory[rows], weights=weight, minlength=len(territories))
        return total

    def with_intensity_factor(self, factor: float) -> Situation:
        """Return the same situation with every intensity multiplied by ``factor``."""
        return self._with("intensity_factor", factor)

    def with_functions(self, functions: ImpactFunctionSet) -> Situation:
        """Return the same situation with other impact functions."""
        return self._with("functions", functions)

    def _with(self, name: str, value: object) -> Situation:
        """Return a copy with one part changed that assets and sites do not depend on: they stay linked."""
        other = copy(self)
        object.__setattr__(other, name, value)
        return other

    def _held_zones(self) -> Zones:
        return self.zones or {}

    def _effects(self, measures: Sequence[Measure]) -> tuple[list[Effect], Indices]:
        """Return the distinct effects and which one each asset has ``(assets,)``."""
        classes, of_class = positions(self.assets.asset_class)
        of_kind, reached, place = reach(measures, self.assets, self._held_zones(), of_class)
        effects = []
        for number, flags in zip(of_kind.tolist(), reached, strict=True):
            owned = [(m.id, op) for m, flag in zip(measures, flags, strict=True) if flag for op in m.operations]
            effects.append(effect_on(classes[number], self.hazard.peril, owned))
        return effects, place

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

    def _open_events(self, effect: Effect, blocked: Mapping[str, Bools]) -> Floats:
        """Return 1 for events that reach the assets of an effect and 0 for those kept out ``(events,)``."""
        kept_in = np.ones(len(self.hazard.events))
        for owner in effect.protected:
            kept_in[blocked[owner]] = 0.0
        return kept_in

    def _passing(self, rows: Indices) -> Floats:
        """Return how often the impact of each event on the assets ``rows`` is reached or passed a year."""
        total = np.zeros(len(self.hazard.events))
        amounts = self.assets.amount(self.amount)
        names = np.array(self.assets.asset_class, dtype=object)[rows]
        for asset_class in sorted(set(names)):
            own = rows[names == asset_class]
            sites, at = np.unique(self._site[own], return_inverse=True)
            ratio, baseline = self._ratios(sites, Effect(asset_class=asset_class))
            total += ratio @ np.bincount(at, weights=amounts[own]) + baseline * amounts[own].sum()
        order = np.argsort(-total, kind="stable")
        passing = np.empty(len(total))
        passing[order] = np.cumsum(self.hazard.events.frequency[order])
        # Events of equal impact are passed equally often: the largest of their sums.
        for level in np.unique(total):
            same = total == level
            passing[same] = passing[same].max()
        return passing

    def _ratios(self, sites: Indices, effect: Effect) -> tuple[sparse.csc_array, float]:
        """Return damage ratios above the baseline ``(events, sites)``, sparse, and the baseline itself."""
        function = self.function_of(effect.asset_class)
        felt = self._by_site[:, sites].tocsc()
        # An absent pair has intensity zero: what a measure does to it is the baseline.
        least = -np.inf if self.hazard.footprints.may_be_negative else 0.0
        intensity = np.maximum(felt.data * self.intensity_factor * effect.scale - effect.shift, least)
        baseline = float(function(max(-effect.shift, least))) * effect.damage
        ratio = function(intensity) * effect.damage - baseline
        return sparse.csc_array((ratio, felt.indices, felt.indptr), shape=felt.shape), baseline


def _refuse_repeated(measures: Sequence[Measure]) -> None:
    ids = [measure.id for measure in measures]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    if repeated:
        raise MeasureError("measures are repeated", rows=repeated, mend="Name each measure once in a combination.")
