"""Cities drawn from a fixed seed for measurements: discs of water over a grid, or water everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manglar_engine.exposure.assets import Assets
from manglar_engine.hazard.events import EventSet, Footprints, Hazard, Sites
from manglar_engine.vocabulary import ESTIMATE
from manglar_engine.vulnerability.impact_function import ImpactFunction, ImpactFunctionSet

SEED = 20_261
CELL_M = 30.0
NEAR_M = 25.0
TERRITORIES = 26
CLASSES = ("a", "b", "c", "d")
DEPTHS = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0])
DAMAGE = np.array([0.0, 0.25, 0.4, 0.5, 0.6, 0.75, 0.85, 0.95, 1.0])
STEP_M = 0.001
"""Depths are whole millimetres, so that every way to store them holds the same numbers."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a made city is; ``pairs`` of event and site, or every pair where it is 0."""

    events: int
    sites: int
    assets: int
    pairs: int = 0

    def told(self) -> dict[str, int]:
        """Return the counts."""
        return {
            "events": self.events,
            "sites": self.sites,
            "assets": self.assets,
            "pairs": self.pairs or self.events * self.sites,
        }


@dataclass(frozen=True, eq=False)
class MadeCity:
    """A hazard, its assets and their functions."""

    size: Size
    hazard: Hazard
    assets: Assets
    functions: ImpactFunctionSet


def made_city(size: Size, *, dtype: str = "float32", at_zero: float = 0.0) -> MadeCity:
    """Draw a city of ``size`` whose functions do ``at_zero`` of damage where nothing happens."""
    rng = np.random.default_rng(SEED)
    columns = int(np.ceil(np.sqrt(size.sites)))
    n = np.arange(size.sites)
    x, y = (
        np.asarray(start + CELL_M * place) for start, place in ((640_000.0, n % columns), (980_000.0, n // columns))
    )
    sites = Sites(x.astype(np.float64), y.astype(np.float64), "EPSG:32617")
    matrix = _discs(rng, size, columns, dtype) if size.pairs else _everywhere(rng, size, dtype)
    events = EventSet(
        ids=[f"e{i}" for i in range(size.events)],
        frequency=rng.random(size.events) / size.events,
        year=[2025] * size.events,
        peril=["flood"] * size.events,
        scenario=["made"] * size.events,
    )
    return MadeCity(
        size, Hazard(events, Footprints(matrix, sites, "m")), _assets(rng, size, sites), _functions(at_zero)
    )


def _discs(rng: np.random.Generator, size: Size, columns: int, dtype: str) -> sparse.csr_array:
    """Return discs of falling depth, ``pairs / events`` sites each on average."""
    rows = size.sites // columns
    radius = np.sqrt(size.pairs / size.events / np.pi)
    reach = int(np.ceil(radius))
    across, up = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    near = (across**2 + up**2) / radius**2
    inside = near < 1
    across, up, fall = across[inside], up[inside], 1 - near[inside]
    indices, data, start = [], [], [0]
    for _ in range(size.events):
        x, y = rng.integers(0, columns) + across, rng.integers(0, rows) + up
        held = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
        depth = rng.gamma(2.0, 1.5) * fall[held] * (0.9 + 0.2 * rng.random(int(held.sum())))
        site = y[held] * columns + x[held]
        order = np.argsort(site)
        indices.append(site[order].astype(np.int32))
        data.append(_millimetres(depth[order], dtype))
        start.append(start[-1] + len(site))
    return sparse.csr_array(
        (np.concatenate(data), np.concatenate(indices), np.array(start)), shape=(size.events, size.sites)
    )


def _everywhere(rng: np.random.Generator, size: Size, dtype: str) -> sparse.csr_array:
    depth = np.concatenate([_millimetres(rng.gamma(1.5, 0.7, size.sites), dtype) for _ in range(size.events)])
    indices = np.tile(np.arange(size.sites, dtype=np.int32), size.events)
    start = size.sites * np.arange(size.events + 1)
    return sparse.csr_array((depth, indices, start), shape=(size.events, size.sites))


def _millimetres(depth: NDArray[np.float64], dtype: str) -> NDArray[np.floating]:
    steps = np.maximum(np.rint(depth / STEP_M), 1).astype(np.float32)
    return np.asarray(steps * np.float32(STEP_M), dtype=dtype)


def _assets(rng: np.random.Generator, size: Size, sites: Sites) -> Assets:
    more = rng.integers(0, size.sites, max(0, size.assets - size.sites))
    at = np.sort(np.concatenate([np.arange(min(size.assets, size.sites)), more]))
    return Assets(
        ids=np.arange(size.assets).astype(str).tolist(),
        x=sites.x[at] + 10 * rng.random(size.assets),
        y=sites.y[at],
        crs=sites.crs,
        value=1e5 * rng.random(size.assets),
        currency="PAB",
        price_year=2024,
        people=5 * rng.random(size.assets),
        asset_class=np.array(CLASSES)[rng.integers(0, len(CLASSES), size.assets)].tolist(),
        territory=np.char.add("t", (at * TERRITORIES // size.sites).astype(str)).tolist(),
    )


def _functions(at_zero: float) -> ImpactFunctionSet:
    return ImpactFunctionSet(
        [
            ImpactFunction(
                id=name,
                peril="flood",
                asset_class=name,
                unit="m",
                intensity=DEPTHS,
                ratio=at_zero + (1 - at_zero) * DAMAGE ** (1 + i / 4),
                source="made for measurements",
                mark=ESTIMATE,
                low=at_zero + (1 - at_zero) * 0.8 * DAMAGE ** (1 + i / 4),
                high=at_zero + (1 - at_zero) * DAMAGE ** (0.8 + i / 4),
            )
            for i, name in enumerate(CLASSES)
        ]
    )
