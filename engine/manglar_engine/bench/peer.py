"""CLIMADA as a rival, where it is installed: never a dependency of ours.

Aznar-Siguan and Bresch (2019); https://climada-python.readthedocs.io/en/stable/. Written for version 6.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manglar_engine.bench.cost_benefit import HORIZON, Ten
from manglar_engine.bench.made_city import CLASSES, MadeCity
from manglar_engine.bench.rivals import plain
from manglar_engine.errors import SettingsError
from manglar_engine.measures.measure import Measure
from manglar_engine.measures.operations import ScaleAmount, ScaleDamage, ScaleIntensity, ShiftIntensity

Floats = NDArray[np.float64]


class Peer:
    """CLIMADA with a city put into its own classes before the clock starts."""

    def __init__(self) -> None:
        """Import it; say in words where it cannot be."""
        try:
            self._hazard = import_module("climada.hazard")
            self._entity = import_module("climada.entity")
            self._engine = import_module("climada.engine")
            version = import_module("climada._version").__version__
        except ImportError as error:
            raise SettingsError(
                f"CLIMADA cannot be imported: {error}",
                mend="Install it in an environment of its own beside this engine, or leave --peer out.",
            ) from error
        self.name = f"CLIMADA {version}"

    def _made_hazard(self, city: MadeCity) -> Any:
        sites = city.hazard.footprints.sites
        count = len(city.hazard.events)
        return self._hazard.Hazard(
            haz_type="FL",
            units="m",
            centroids=self._hazard.Centroids(lat=_degrees(sites.y), lon=_degrees(sites.x)),
            event_id=np.arange(1, count + 1),
            event_name=list(city.hazard.events.ids),
            date=np.ones(count, dtype=int),
            orig=np.ones(count, dtype=bool),
            frequency=np.array(city.hazard.events.frequency),
            intensity=sparse.csr_matrix(plain(city).intensity),
            fraction=sparse.csr_matrix((count, len(sites))),
        )

    def _entities(self, city: MadeCity) -> tuple[Any, Any]:
        """Return exposures, already assigned to their centroids, and impact functions."""
        held = plain(city)
        functions = [
            self._entity.ImpactFunc(
                id=i + 1,
                haz_type="FL",
                intensity=function.intensity,
                mdd=function.ratio,
                paa=np.ones(len(function.intensity)),
                intensity_unit="m",
                name=name,
            )
            for i, (name, function) in enumerate(zip(CLASSES, held.functions, strict=True))
        ]
        sites = city.hazard.footprints.sites
        exposures = self._entity.Exposures(
            data={"value": held.value, "impf_FL": held.kind + 1, "centr_FL": held.site},
            lat=_degrees(sites.y)[held.site],
            lon=_degrees(sites.x)[held.site],
        )
        return exposures, self._entity.ImpactFuncSet(functions)

    def _calculation(self, city: MadeCity) -> Any:
        return self._engine.ImpactCalc(*self._entities(city), self._made_hazard(city))

    def file(self, city: MadeCity, path: Path) -> Callable[[], Floats]:
        """Write the hazard to ``path`` and return the work from there to the expected impact by asset."""
        self._made_hazard(city).write_hdf5(str(path))
        entities = self._entities(city)

        def work() -> Floats:
            hazard = self._hazard.Hazard.from_hdf5(str(path))
            found = self._engine.ImpactCalc(*entities, hazard).impact(save_mat=False, assign_centroids=False)
            return np.asarray(found.eai_exp)

        return work

    def impact(self, city: MadeCity) -> Callable[[], tuple[Floats, Floats]]:
        """Return the work of one pass."""
        calculation = self._calculation(city)

        def work() -> tuple[Floats, Floats]:
            found = calculation.impact(save_mat=False, assign_centroids=False)
            return np.asarray(found.at_event), np.asarray(found.eai_exp)

        return work

    def map(self, city: MadeCity, periods: Sequence[float]) -> Callable[[], Floats]:
        """Return the work of an exceedance map, as a step function of the events."""
        found = self._calculation(city).impact(save_mat=True, assign_centroids=False)

        def work() -> Floats:
            table, _, _ = found.local_exceedance_impact(return_periods=tuple(periods), method="stepfunction")
            return np.asarray(np.nan_to_num(table.drop(columns="geometry").to_numpy(dtype=np.float64)))

        return work

    def cost_benefit(self, ten: Ten) -> Callable[[], Floats]:
        """Return the work of the present benefit of each measure ``(measures,)``, by its CostBenefit.

        Both link assets to sites within the work. It pays for a year at its beginning and we at its end: its
        benefits are divided by one year's rate.
        """
        exposures, functions = self._entities(ten.city)
        regions = {code: number for number, code in enumerate(sorted(set(ten.city.assets.territory)), start=1)}
        exposures.gdf["region_id"] = [regions[code] for code in ten.city.assets.territory]
        exposures.ref_year = HORIZON.first_year
        measures = [self._measure(one, exposures, [regions[code] for code in one.territories]) for one in ten.measures]
        rates = np.full(HORIZON.years, HORIZON.discount_rate)
        entity = self._entity.Entity(
            exposures, self._entity.DiscRates(HORIZON.calendar, rates), functions, self._entity.MeasureSet(measures)
        )
        hazard = self._made_hazard(ten.city)

        def work() -> Floats:
            found = self._engine.CostBenefit()
            with redirect_stdout(io.StringIO()):  # it prints a table
                found.calc(hazard, entity, future_year=int(HORIZON.calendar[-1]), assign_centroids=True)
            benefits = np.array([found.benefit[one.id] for one in ten.measures])
            return np.asarray(benefits / (1 + HORIZON.discount_rate))

        return work

    def _measure(self, one: Measure, exposures: Any, regions: list[int]) -> Any:
        """Return a measure in its words: it moves the nodes of functions, where ours moves the intensity."""
        (operation,) = one.operations
        words: dict[str, Any] = {}
        if isinstance(operation, ShiftIntensity):
            words["hazard_inten_imp"] = (1, -operation.by)
        elif isinstance(operation, ScaleIntensity):
            words["hazard_inten_imp"] = (1 / operation.factor, 0)
        elif isinstance(operation, ScaleDamage):
            words["mdd_impact"] = (operation.factor, 0)
        elif isinstance(operation, ScaleAmount):
            words["exposures_set"] = exposures.copy(deep=True)
            words["exposures_set"].gdf["value"] *= operation.factor
        return self._entity.Measure(name=one.id, haz_type="FL", cost=1.0, exp_region_id=regions, **words)


def _degrees(metres: Floats) -> Floats:
    """Return coordinates that CLIMADA takes for degrees: only their order matters here."""
    return np.asarray((metres - metres[0]) / 111_000.0)
