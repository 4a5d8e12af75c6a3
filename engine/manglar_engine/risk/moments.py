"""L1, moment histograms: what a hazard does to an exposure, kept apart from any impact function.

Assets that share territory, zone and class are an atom. For each atom and bin of intensity three sums
over events and assets are kept, ``sum rate * w``, ``sum rate * w * t`` and ``sum rate * w * t**2``, where
``w`` is the amount exposed and ``t`` the place in the bin, 0..1. A function that is straight within
each bin is then evaluated without error in as many steps as there are bins: on a bin from ``y0`` to
``y1`` the damage is ``y0 * (m0 - m1) + y1 * m1``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import ExposureError, HazardError, VulnerabilityError
from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.tiling import Pairs, TiledHazard, Tiles, tiled_hazard
from manglar_engine.io.compiled import compiled
from manglar_engine.risk.groups import Groups
from manglar_engine.risk.nearest import nearest_sites
from manglar_engine.risk.schedule import Schedule, in_order
from manglar_engine.vocabulary import Cancel, Progress
from manglar_engine.vulnerability.impact_function import ImpactFunction

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
MOMENTS = 3
SLOTS = 1024
"""Equal slots over the edges, from which the bin of an intensity is looked for."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums by atom, bin and scenario.

    Atoms are all triples of territory, zone and class in that order: ``territories``, ``zones`` and
    ``classes`` are sorted. ``edges (bins + 1,)`` of intensity; below the first and above the last,
    functions are flat. ``held (territories, zones, classes, bins, scenarios, 3)``: amount per year.
    ``weight (territories, zones, classes)``: the amount exposed. ``rate (scenarios,)``: of all events.
    """

    territories: tuple[str, ...]
    zones: tuple[str, ...]
    classes: tuple[str, ...]
    edges: Floats
    held: Floats
    weight: Floats
    rate: Floats

    def on_nodes(self) -> Floats:
        """Return weights ``(territories, zones, classes, edges, scenarios)`` of a function's values at the edges.

        The expected annual impact of an atom is the sum of weight times value. What no event touches is
        in them too, at intensity zero.
        """
        zero, first = self.held[..., 0], self.held[..., 1]
        weights = np.zeros((*self.weight.shape, len(self.edges), len(self.rate)))
        weights[..., :-1, :] += zero - first
        weights[..., 1:, :] += first
        still = self.weight[..., None] * self.rate - zero.sum(axis=-2)
        weights += _hats(self.edges)[:, None] * still[..., None, :]
        return weights

    def expected(self, values: Floats) -> Floats:
        """Return the expected annual impact ``(territories, scenarios)`` of functions on the edges.

        ``values (zones, classes, edges)``: see :func:`values_on`.
        """
        return np.asarray(np.einsum("tzker,zke->tr", self.on_nodes(), values))

    def expected_square(self, values: Floats) -> Floats:
        """Return ``sum rate * w * ratio**2`` ``(territories, scenarios)``, as :meth:`expected` does of the ratio.

        Divided by the sum of ``rate * w`` and less the square of the mean it is the variance of the
        damage ratio of a unit of value.
        """
        low, rise = values[..., :-1], np.diff(values, axis=-1)
        parts = np.stack([low**2, 2 * low * rise, rise**2], axis=-1)
        touched = np.einsum("tzkbrm,zkbm->tr", self.held, parts)
        still = self.weight[..., None] * self.rate - self.held[..., 0].sum(axis=-2)
        zero = values @ _hats(self.edges)
        return np.asarray(touched + np.einsum("tzkr,zk->tr", still, zero**2))


def _hats(edges: Floats) -> Floats:
    """Return how much the value at each edge counts at intensity zero ``(edges,)``."""
    return np.array([np.interp(0.0, edges, row) for row in np.eye(len(edges))])


def edges_of(functions: Sequence[ImpactFunction]) -> Floats:
    """Return the nodes of all ``functions`` as edges ``(edges,)``: each is then straight within every bin.

    Raises:
        ValueError: there are no functions.
    """
    edges = np.unique(np.concatenate([function.intensity for function in functions]))
    return edges if len(edges) > 1 else np.append(edges, edges[0] + 1.0)


def values_on(edges: Floats, functions: Sequence[ImpactFunction]) -> Floats:
    """Return the ratios of ``functions`` at the edges ``(functions, edges)``.

    Raises:
        VulnerabilityError: a node that is not an edge: the sum would not be exact.
    """
    bent = [f"{f.id}: {x:g}" for f in functions for x in f.intensity if not (edges == x).any()]
    if bent:
        raise VulnerabilityError(
            "functions bend within a bin of the moments", rows=bent, mend="Build the moments with edges_of them all."
        )
    return np.array([function(edges) for function in functions])


class MomentSums(NamedTuple):
    """What one tile adds: ``held (atoms of the tile, bins, scenarios, 3)`` to ``atoms``."""

    atoms: Indices
    held: Floats


@dataclass(frozen=True, eq=False)
class MomentPass:
    """What a worker needs to sum any tile: ``groups.kind`` numbers atoms; ``frequency (events, scenarios)``."""

    tiles: Tiles
    groups: Groups
    edges: Floats
    slots: Indices
    frequency: Floats

    def __call__(self, number: int) -> MomentSums:
        """Sum one tile."""
        tile = self.tiles.lent(number)
        part = self.groups.within(tile.first, tile.last)
        atoms, place = np.unique(self.groups.kind[part], return_inverse=True)
        held = np.zeros((len(atoms), len(self.edges) - 1, self.frequency.shape[1], MOMENTS))
        members = Groups(
            self.groups.site[part] - tile.first,
            place.ravel().astype(np.int64),
            self.groups.territory[:0],
            self.groups.amount[part],
            self.groups.of_asset[:0],
        )
        _sum(tile.pairs, members, (self.edges, self.slots), self.frequency[tile.events], held)
        return MomentSums(atoms, held)


def _slots(edges: Floats) -> Indices:
    """Return the bin from which to look in each of :data:`SLOTS` equal slots, a little early."""
    width = (edges[-1] - edges[0]) / SLOTS
    starts = edges[0] + width * (np.arange(SLOTS) - 1e-6)
    return np.asarray(np.clip(np.searchsorted(edges, starts, side="right") - 1, 0, len(edges) - 2), dtype=np.int64)


@compiled
def _sum(pairs: Pairs, groups: Groups, bins: tuple[Floats, Indices], frequency: Floats, held: Floats) -> None:
    """Add every pair of every group to its bin, for every scenario."""
    edges, slots = bins
    low, high = edges[0], edges[-1]
    scale = SLOTS / (high - low)
    last = len(edges) - 2
    per_width = 1.0 / np.diff(edges)
    for g in range(len(groups.site)):
        amount, sums = groups.amount[g], held[groups.kind[g]]
        start, stop = pairs.start[groups.site[g]], pairs.start[groups.site[g] + 1]
        events, intensity = pairs.event[start:stop], pairs.intensity[start:stop]
        for k in range(len(events)):
            x = min(max(np.float64(intensity[k]), low), high)
            b = slots[min(np.uint32((x - low) * scale), np.uint32(SLOTS - 1))]
            while b < last and x >= edges[b + 1]:
                b += 1
            t = (x - edges[b]) * per_width[b]
            e = events[k]
            for r in range(frequency.shape[1]):
                m = frequency[e, r] * amount
                sums[b, r, 0] += m
                m *= t
                sums[b, r, 1] += m
                sums[b, r, 2] += m * t


def moments(
    hazard: Hazard | TiledHazard,
    assets: Assets,
    *,
    edges: Floats,
    max_distance_m: float,
    frequencies: Floats | None = None,
    zones: Sequence[str] | None = None,
    amount: str = "value",
    schedule: Schedule | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Moments:
    """Return the moments of ``hazard`` over ``assets``.

    Args:
        hazard: one, with its own frequencies when ``frequencies`` is not given.
        assets: what stands in the city.
        edges: rising intensities, from :func:`edges_of` the functions that will be asked.
        max_distance_m: how far the nearest site may stand from an asset.
        frequencies: ``(scenarios, events)`` per year: frequencies are linear, scenarios cost little.
        zones: of each asset, by the measures that touch it; one zone when not given.
        amount: ``value`` or ``people``.
        schedule: who computes. ``progress``, ``cancel``: as everywhere.
        progress: told the share that is done.
        cancel: asked whether to stop.

    Raises:
        EngineError: anything that disagrees, named. Cancelled: ``cancel()`` said so.
    """
    held = tiled_hazard(hazard)
    rates = _rates(held, frequencies)
    limits = np.asarray(edges, dtype=np.float64)
    if limits.ndim != 1 or len(limits) <= 1 or not np.isfinite(limits).all() or (np.diff(limits) <= 0).any():
        raise VulnerabilityError("edges are not two or more rising intensities", mend="Use edges_of the functions.")
    labels = tuple(zones) if zones is not None else ("",) * len(assets)
    if len(labels) != len(assets):
        raise ExposureError(f"there are {len(labels)} zones for {len(assets)} assets", mend="Give one per asset.")
    names, atom = zip(*(positions(x) for x in (assets.territory, labels, assets.asset_class)), strict=True)
    shape = tuple(len(some) for some in names)
    groups = _groups(
        nearest_sites(assets, held.tiles.sites, max_distance_m=max_distance_m),
        np.ravel_multi_index(atom, shape).astype(np.int64),
        assets.amount(amount),
    )
    work = MomentPass(held.tiles, groups, limits, _slots(limits), np.ascontiguousarray(rates.T))
    total = np.zeros((int(np.prod(shape)), len(limits) - 1, len(rates), MOMENTS))
    chosen = schedule or Schedule()
    for part in in_order(work, len(held.tiles), schedule=chosen, progress=progress, cancel=cancel, label="moments"):
        total[part.atoms] += part.held
    weight = np.bincount(groups.kind, weights=groups.amount, minlength=len(total))
    return Moments(
        territories=names[0],
        zones=names[1],
        classes=names[2],
        edges=limits,
        held=total.reshape(*shape, *total.shape[1:]),
        weight=weight.reshape(shape).astype(np.float64),
        rate=rates.sum(axis=1),
    )


def _rates(hazard: TiledHazard, frequencies: Floats | None) -> Floats:
    rates = np.atleast_2d(np.asarray(hazard.events.frequency if frequencies is None else frequencies, dtype=np.float64))
    if rates.ndim != 2 or rates.shape[1] != len(hazard.events):
        raise HazardError(
            f"frequencies have shape {rates.shape} and there are {len(hazard.events)} events",
            mend="Give (scenarios, events).",
        )
    if not (np.isfinite(rates) & (rates >= 0)).all():
        raise HazardError("frequencies are not finite or are negative", mend="Give occurrences per year.")
    return rates


def _groups(site: NDArray[np.intp], atom: Indices, amount: Floats) -> Groups:
    """Sum assets that share site and atom."""
    atoms = int(atom.max()) + 1
    keys, of_asset = np.unique(site.astype(np.int64) * atoms + atom, return_inverse=True)
    total = np.bincount(of_asset.ravel(), weights=amount, minlength=len(keys)).astype(np.float64)
    return Groups(keys // atoms, keys % atoms, np.zeros(0, np.int64), total, of_asset.ravel().astype(np.int64))
