"""Histograms that keep the answer: shaking is spread over fixed nodes by polynomial weights.

Summing ``value * f(x)`` over sites is the same, to the error of the interpolation, as spreading each
value over the four nearest nodes of ``x`` (cubic Lagrange weights) and five nodes of ``phi``
(quartic), and then taking one matrix product with ``f`` at the nodes. Sites are touched once; every
function, shift and measure afterwards costs a product. Nodes are fixed, so no result depends on which
sites run together. With steps of 0.05 the error is below 1e-4 of the damage (see the tests).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.hazard.ground_motion import DPHI_R, DPHI_V

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

LN_PGA_START, LN_PGA_STEP, LN_PGA_COUNT = -9.5, 0.05, 246
LN_PGA_NODES: Floats = LN_PGA_START + LN_PGA_STEP * np.arange(LN_PGA_COUNT, dtype=np.float64)
"""Nodes of median ln PGA: from 0.00007 g to 15 g."""
PHI_CHANGES: Floats = np.array([-DPHI_V, -DPHI_V / 2, 0.0, DPHI_R / 2, DPHI_R])
"""Nodes of what distance and soft ground change in phi."""
UNCHANGED = 2
"""The node where phi is that of the magnitude alone."""
STENCIL = 4


@dataclass(frozen=True, slots=True)
class Spread:
    """Where values of ``x`` and of the change in phi fall: first node, and weights by node.

    ``first (…)``; ``weights (4, …)`` along x; ``phi_nodes (q,)`` used, ``phi_weights (q, …)``.
    ``inside (…)``: below the first node nothing breaks, and the value counts for nothing.
    """

    first: Indices
    weights: Floats
    phi_nodes: Indices
    phi_weights: Floats
    inside: NDArray[np.bool_]


def cubic_weights(part: Floats) -> Floats:
    """Return the Lagrange weights ``(4, …)`` of nodes -1, 0, 1, 2 at ``part`` in 0..1."""
    t = part
    return np.stack(
        [
            -t * (t - 1) * (t - 2) / 6,
            (t + 1) * (t - 1) * (t - 2) / 2,
            -(t + 1) * t * (t - 2) / 2,
            (t + 1) * t * (t - 1) / 6,
        ]
    )


def spread(ln_pga: Floats, phi_change: Floats) -> Spread:
    """Return the nodes and weights of ``ln_pga`` (ln g) and ``phi_change``, of the same shape."""
    place = (ln_pga - LN_PGA_START) / LN_PGA_STEP
    inside = place >= 1
    cell = np.clip(np.floor(place), 1, LN_PGA_COUNT - STENCIL + 1).astype(np.intp)
    part = np.clip(place - cell, 0.0, 1.0)
    return Spread(
        first=cell - 1,
        weights=cubic_weights(part),
        phi_nodes=np.arange(len(PHI_CHANGES)) if phi_change.any() else np.array([UNCHANGED]),
        phi_weights=_phi_weights(phi_change),
        inside=inside,
    )


def _phi_weights(change: Floats) -> Floats:
    """Return Lagrange weights on :data:`PHI_CHANGES`; a single one where nothing changes."""
    if not change.any():
        return np.ones((1, *change.shape))
    weights = []
    for place, node in enumerate(PHI_CHANGES):
        others = np.delete(PHI_CHANGES, place)
        weights.append(np.prod([(change - other) / (node - other) for other in others], axis=0))
    return np.stack(weights)


def histogram(where: Spread, groups: Indices, amounts: Floats, *, count: int) -> tuple[Floats, slice]:
    """Sum ``amounts (sites,)`` by position, group and node.

    ``where`` has shape ``(positions, sites)`` and ``groups (sites,)`` numbers 0..count-1. Returns
    ``(positions, count, phi nodes, nodes)`` for the range of nodes in use, and that range.
    """
    positions = where.first.shape[0]
    if not where.inside.any():
        return np.zeros((positions, count, len(where.phi_nodes), 1)), slice(0, 1)
    low = int(where.first[where.inside].min())
    high = int(where.first[where.inside].max()) + STENCIL
    nodes, phis = high - low, len(where.phi_nodes)
    base = (np.arange(positions)[:, None] * count + groups) * (phis * nodes)
    base = np.where(where.inside, base + where.first - low, 0)
    total = np.zeros(positions * count * phis * nodes)
    weighted = np.where(where.inside, amounts, 0.0)
    for p in range(phis):
        for k in range(STENCIL):
            total += np.bincount(
                (base + (p * nodes + k)).ravel(),
                weights=(weighted * where.weights[k] * where.phi_weights[p]).ravel(),
                minlength=total.size,
            )
    return total.reshape(positions, count, phis, nodes), slice(low, high)


def gather(where: Spread, table: Floats, rows: Indices) -> Floats:
    """Return ``table (rows, 5, nodes)`` interpolated at every place, row by site: shape of ``first``."""
    result = np.zeros(where.first.shape)
    for p, phi in enumerate(where.phi_nodes):
        for k in range(STENCIL):
            result += where.phi_weights[p] * where.weights[k] * table[rows, phi, where.first + k]
    return np.where(where.inside, result, 0.0)
