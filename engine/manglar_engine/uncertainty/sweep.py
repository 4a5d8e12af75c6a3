"""All samples at once: rates times impacts, interpolated at each sample's shift."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from manglar_engine.risk.by_site import TileWeights
from manglar_engine.risk.lattice import cubic_weights
from manglar_engine.risk.tables import SHIFT_STEP, SHIFTS
from manglar_engine.risk.tiles import LOSS_RATIOS, TileImpact
from manglar_engine.uncertainty.beliefs import Beliefs

Floats = NDArray[np.float64]


def shift_weights(shift: Floats) -> Floats:
    """Return cubic weights ``(samples, shift nodes)`` of shifts within the nodes."""
    place = (shift - SHIFTS[0]) / SHIFT_STEP
    cell = np.clip(np.floor(place), 1, len(SHIFTS) - 3).astype(np.intp)
    dense = np.zeros((len(shift), len(SHIFTS)))
    rows = np.arange(len(shift))
    for k, weight in enumerate(cubic_weights(place - cell)):
        dense[rows, cell - 1 + k] = weight
    return dense


PENDING_NUMBERS = 24_000_000
"""Most numbers of impacts kept before they are added: large products are faster than many small ones."""


class Sweep:
    """Sums over tiles for every sample; territories as in the sites, the total last.

    ``loss``, ``loss_after``, ``severe``, ``severe_after (samples, territories + 1)``: per year;
    losses already carry the value factor. ``frequency (samples, territories + 1, loss ratios)``:
    annual frequency of passing each share of the value, before the value factor. Tiles are added in
    batches of a fixed size: call :meth:`finish` after the last.
    """

    def __init__(self, beliefs: Beliefs, territories: int) -> None:
        """Start from nothing for ``territories`` and their total."""
        shape = (len(beliefs.branch), territories + 1)
        self.beliefs = beliefs
        self.loss, self.loss_after = np.zeros(shape), np.zeros(shape)
        self.severe, self.severe_after = np.zeros(shape), np.zeros(shape)
        self.frequency = np.zeros((*shape, len(LOSS_RATIOS)))
        self._pending: list[tuple[Floats, Floats, TileImpact]] = []

    def add(self, rate: Floats, shift: Floats, impact: TileImpact) -> None:
        """Add one tile: annual rate and shift ``(samples,)`` of ln PGA, and what it does."""
        self._pending.append((rate, shift, impact))
        if len(self._pending) * impact.survival.size >= PENDING_NUMBERS:
            self.finish()

    def finish(self) -> None:
        """Add the tiles that still wait."""
        groups: dict[bytes, list[tuple[Floats, Floats, TileImpact]]] = {}
        for tile in self._pending:
            groups.setdefault(tile[1].tobytes(), []).append(tile)
        self._pending = []
        for tiles in groups.values():
            weights = shift_weights(tiles[0][1])
            rates = np.column_stack([rate for rate, _, _ in tiles])
            impacts = [impact for _, _, impact in tiles]
            for node in np.flatnonzero(weights.any(axis=0)).tolist():
                rows = np.flatnonzero(weights[:, node])
                self._add_node(rows, rates[rows] * weights[rows, node, None], impacts, node)

    def _add_node(self, rows: NDArray[np.intp], rates: Floats, impacts: Sequence[TileImpact], node: int) -> None:
        factor = self.beliefs.value_factor[rows, None]
        self.loss[rows] += factor * (rates @ np.stack([i.loss[node] for i in impacts]))
        self.loss_after[rows] += factor * (rates @ np.stack([i.loss_after[node] for i in impacts]))
        self.severe[rows] += rates @ np.stack([i.severe[node] for i in impacts])
        self.severe_after[rows] += rates @ np.stack([i.severe_after[node] for i in impacts])
        passing = np.stack([i.survival[node].ravel() for i in impacts])
        self.frequency[rows] += (rates @ passing).reshape(len(rows), *self.frequency.shape[1:])

    def tile_weights(self, fault: int, magnitude_bin: int, magnitude: float) -> TileWeights:
        """Return the means over the samples that the assets need of one tile."""
        rate = self.beliefs.rates[fault][:, magnitude_bin]
        weights = shift_weights(self.beliefs.shift(magnitude))
        count = len(rate)
        return TileWeights(
            rate=float(rate.mean()),
            loss=(rate * self.beliefs.value_factor) @ weights / count,
            people=rate @ weights / count,
        )

    def losses_at(self, values: Floats, periods: Sequence[float]) -> Floats:
        """Return the loss ``(samples, territories + 1, periods)`` passed once in each period.

        Zero where even a hundred-thousandth of the value is passed less often.
        """
        wanted = np.log(np.asarray(periods))
        logs = np.log(LOSS_RATIOS)
        rarity = -np.log(np.maximum(self.frequency, 1e-300))
        samples, territories, _ = rarity.shape
        found = np.empty((samples, territories, len(wanted)))
        for s in range(samples):
            for t in range(territories):
                found[s, t] = np.interp(wanted, rarity[s, t], logs, left=-np.inf)
        scale = self.beliefs.value_factor[:, None, None] * values[None, :, None]
        return np.asarray(np.exp(found) * scale)
