"""The same tiles seen from each asset: its damage, its people, and how often its ground shakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from manglar_engine.hazard.ground_motion import (
    EPISTEMIC_WEIGHTS,
    between_event,
    epistemic_step,
    within_event_base,
)
from manglar_engine.hazard.rupture import FaultDistances
from manglar_engine.risk.lattice import gather
from manglar_engine.risk.sites import Sites
from manglar_engine.risk.tables import DamageTables
from manglar_engine.risk.tiles import Tile, shake

Floats = NDArray[np.float64]

PGA_LEVELS_G: Floats = np.geomspace(0.01, 3.0, 40)
"""Accelerations at which the frequency of shaking is computed."""
BRANCH_VARIANCE = sum(weight * value**2 for value, weight in EPISTEMIC_WEIGHTS)


@dataclass(frozen=True, slots=True)
class TileWeights:
    """What the samples make of a tile: mean annual rate, and rate by shift node.

    ``loss (shifts,)`` holds the mean of rate, value factor and interpolation weight;
    ``people (shifts,)`` the same without the value factor.
    """

    rate: float
    loss: Floats
    people: Floats


@dataclass(frozen=True, slots=True)
class SiteSums:
    """Per asset: expected annual damage ratio, annual probability of severe damage, and shaking.

    ``shaking (assets, levels)``: annual frequency of passing each of :data:`PGA_LEVELS_G`.
    """

    ratio: Floats
    severe: Floats
    shaking: Floats

    def __add__(self, other: SiteSums) -> SiteSums:
        """Add two sets of tiles."""
        return SiteSums(self.ratio + other.ratio, self.severe + other.severe, self.shaking + other.shaking)


def site_sums(
    tile: Tile,
    distances: FaultDistances,
    sites: Sites,
    *,
    tables: DamageTables,
    weights: TileWeights,
    max_distance_km: float,
) -> SiteSums:
    """Return what ``tile`` gives to every asset, mean over its positions."""
    scatter = tables.at(tile.magnitude)
    ratio_table = scatter.ratio @ weights.loss
    severe_table = scatter.severe @ weights.people
    phi = float(within_event_base(tile.magnitude))
    fixed = float(between_event(tile.magnitude)) ** 2
    fixed += BRANCH_VARIANCE * epistemic_step(tile.magnitude) ** 2
    count = len(sites.kind)
    ratio, severe = np.zeros(count), np.zeros(count)
    shaking = np.zeros((count, len(PGA_LEVELS_G)))
    for share, shaken in shake(tile, distances, sites, max_distance_km):
        where = shaken.spread()
        ratio += share * gather(where, ratio_table, sites.kind).mean(axis=0)
        severe += share * gather(where, severe_table, sites.kind).mean(axis=0)
        sigma = np.sqrt(fixed + (phi + shaken.phi_change) ** 2)
        for level, wanted in enumerate(np.log(PGA_LEVELS_G)):
            passing = ndtr((shaken.ln_pga - wanted) / sigma)
            shaking[:, level] += share * weights.rate * passing.mean(axis=0)
    return SiteSums(ratio, severe, shaking)


def pga_at(shaking: Floats, return_periods: Sequence[float]) -> Floats:
    """Return PGA in g ``(assets, periods)`` at return periods, by interpolation of logarithms.

    Zero where even the lowest level is passed less often than that.
    """
    levels = np.log(PGA_LEVELS_G)
    wanted = np.log(np.asarray(return_periods))
    found = np.empty((len(shaking), len(wanted)))
    for site, row in enumerate(shaking):
        found[site] = np.interp(wanted, -np.log(np.maximum(row, 1e-300)), levels, left=-np.inf)
    return np.exp(found)
