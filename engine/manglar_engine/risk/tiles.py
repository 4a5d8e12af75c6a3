"""Tiles: all the positions of one fault at one magnitude, computed alone and in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from manglar_engine.hazard.ground_motion import (
    MAGNITUDES,
    ln_pga_median,
    mechanism_of,
    within_event_change,
)
from manglar_engine.hazard.rupture import FaultDistances
from manglar_engine.risk.lattice import PHI_CHANGES, Spread, histogram, spread
from manglar_engine.risk.sites import Sites
from manglar_engine.risk.tables import EVENT_SHIFTS, SHIFTS, DamageTables, ScatterTables

Floats = NDArray[np.float64]
BLOCK_CELLS = 4_000_000
"""Most numbers in one histogram: positions are taken in blocks below it."""
LOSS_RATIOS: Floats = np.concatenate([np.geomspace(1e-5, 1e-2, 24, endpoint=False), np.geomspace(1e-2, 1.0, 64)])
"""Losses, as shares of the value, at which exceedance is kept."""
SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class Tile:
    """One fault (by position in the list) at one magnitude."""

    fault: int
    magnitude: float


@dataclass(frozen=True, slots=True)
class Shaken:
    """Shaking of a block of positions: ``ln_pga`` and ``phi_change (positions, sites)``.

    Beyond the largest distance ``ln_pga`` is minus infinity.
    """

    ln_pga: Floats
    phi_change: Floats

    def spread(self) -> Spread:
        """Return where the shaking falls on the lattice."""
        return spread(self.ln_pga, self.phi_change)


@dataclass(frozen=True, slots=True)
class TileImpact:
    """What one earthquake of a tile does on average, by shift; the last territory is the total.

    ``loss``, ``loss_after``, ``severe``, ``severe_after``: ``(shifts, territories + 1)``, balboas or
    people. ``survival (shifts, territories + 1, loss ratios)``: probability of a larger loss.
    """

    loss: Floats
    loss_after: Floats
    severe: Floats
    severe_after: Floats
    survival: Floats


def shake(
    tile: Tile, distances: FaultDistances, sites: Sites, max_distance_km: float
) -> Iterator[tuple[float, Shaken]]:
    """Yield blocks of equally likely positions, each with its share of them (shares add up to 1)."""
    placement = distances.placement(tile.magnitude)
    rjb = distances.rjb_km(placement)
    magnitude = min(tile.magnitude, MAGNITUDES[1])
    mechanism = mechanism_of(distances.fault.rake_deg)
    block = max(1, BLOCK_CELLS // max(1, len(sites.group_territory) * len(PHI_CHANGES) * 100, rjb.shape[1]))
    for start in range(0, len(rjb), block):
        part = rjb[start : start + block]
        ln_pga = ln_pga_median(magnitude, part, sites.vs30, mechanism)
        near = part <= max_distance_km
        yield (
            len(part) / len(rjb),
            Shaken(
                ln_pga=np.where(near, ln_pga, -np.inf),
                phi_change=np.where(near, within_event_change(part, sites.vs30), 0.0),
            ),
        )


def impact(
    tile: Tile,
    distances: FaultDistances,
    sites: Sites,
    *,
    tables: DamageTables,
    max_distance_km: float,
) -> TileImpact:
    """Return what one earthquake of ``tile`` does, as the mean over its positions."""
    scatter = tables.at(tile.magnitude)
    count = len(sites.territories) + 1
    sums = [np.zeros((len(SHIFTS), count)) for _ in range(4)]
    survival = np.zeros((len(SHIFTS), count, len(LOSS_RATIOS)))
    thresholds = LOSS_RATIOS * sites.territory_values[:, None]
    for share, shaken in shake(tile, distances, sites, max_distance_km):
        where = shaken.spread()
        value, nodes = histogram(where, sites.group, sites.value, count=len(sites.group_kind))
        people, _ = histogram(where, sites.group, sites.people, count=len(sites.group_kind))
        cut = (slice(None), where.phi_nodes, nodes)
        for place, (amounts, table, kinds) in enumerate(
            (
                (value, scatter.ratio, sites.group_kind),
                (value, scatter.ratio, sites.group_after),
                (people, scatter.severe, sites.group_kind),
                (people, scatter.severe, sites.group_after),
            )
        ):
            mean = amounts.mean(axis=0, keepdims=True)
            sums[place] += share * _by_territory(mean, table[cut], kinds, sites)[0].T
        by_event = _by_territory(value, scatter.event_ratio[cut], sites.group_kind, sites)
        survival += share * _survival(by_event, thresholds, scatter)
    return TileImpact(sums[0], sums[1], sums[2], sums[3], survival)


def _by_territory(amounts: Floats, table: Floats, kinds: NDArray[np.intp], sites: Sites) -> Floats:
    """Return ``(positions, territories + 1, shifts)`` from amounts ``(positions, groups, phi, node)``."""
    positions = len(amounts)
    territories = len(sites.territories)
    result = np.zeros((positions, territories + 1, table.shape[-1]))
    flat = amounts.reshape(positions, amounts.shape[1], -1)
    for kind in np.unique(kinds):
        members = np.flatnonzero(kinds == kind)
        losses = flat[:, members] @ table[kind].reshape(-1, table.shape[-1])
        for place, member in enumerate(members):
            result[:, sites.group_territory[member]] += losses[:, place]
    result[:, territories] = result[:, :territories].sum(axis=1)
    return result


def _survival(losses: Floats, thresholds: Floats, scatter: ScatterTables) -> Floats:
    """Return the mean probability ``(shifts, territories + 1, ratios)`` of passing each threshold.

    The loss of one earthquake grows with its between-event residual, so that it passes a threshold
    when the residual passes the one where they are equal: found on the nodes of the event shift.
    """
    positions, count, _ = losses.shape
    crossing = np.full((positions, count, len(LOSS_RATIOS)), np.inf)
    logs = np.log(np.maximum(losses, SMALLEST))
    for t in range(count):
        if thresholds[t, -1] <= 0:
            continue
        wanted = np.log(thresholds[t])
        for p in range(positions):
            crossing[p, t] = np.interp(wanted, logs[p, t], EVENT_SHIFTS, left=-np.inf, right=np.inf)
    result = np.empty((len(SHIFTS), count, len(LOSS_RATIOS)))
    for s, shift in enumerate(SHIFTS):
        result[s] = ndtr((shift - crossing) / scatter.tau).mean(axis=0)
    return result
