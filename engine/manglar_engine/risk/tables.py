"""Damage at the lattice nodes for every kind, shift and size of scatter: computed once a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.hazard.ground_motion import M_HIGH, between_event, within_event_base
from manglar_engine.risk.damage import Kind, mean_ratio, severe_probability
from manglar_engine.risk.lattice import LN_PGA_NODES, PHI_CHANGES

Floats = NDArray[np.float64]

SHIFT_STEP = 0.1
SHIFTS: Floats = np.round(np.arange(-16, 17) * SHIFT_STEP, 6)
"""Nodes of the parameter shift of ln PGA: branch of the median plus bias of the fragilities."""
EVENT_SHIFTS: Floats = np.round(np.arange(-32, 33) * 0.12, 6)
"""Nodes of the whole shift of one earthquake, for exceedance: 3.8 ln units each way."""


@dataclass(frozen=True, slots=True)
class ScatterTables:
    """Tables for the scatter of one magnitude.

    ``ratio`` and ``severe (kinds, 5, nodes, shifts)`` hold the mean over all aleatory scatter;
    ``event_ratio (kinds, 5, nodes, event shifts)`` the mean over within-event scatter only.
    """

    tau: float
    ratio: Floats
    severe: Floats
    event_ratio: Floats


class DamageTables:
    """Tables by magnitude; above 5.5 all magnitudes share one, for tau and phi stay the same."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        """Prepare tables for ``kinds``; they are computed when first asked for."""
        self.kinds = tuple(kinds)
        self._known: dict[float, ScatterTables] = {}

    def at(self, magnitude: float) -> ScatterTables:
        """Return the tables for an earthquake of ``magnitude``."""
        key = round(min(magnitude, M_HIGH), 6)
        if key not in self._known:
            self._known[key] = self._compute(key)
        return self._known[key]

    def _compute(self, magnitude: float) -> ScatterTables:
        tau = float(between_event(magnitude))
        phi = (float(within_event_base(magnitude)) + PHI_CHANGES)[:, None, None]
        whole = np.sqrt(phi**2 + tau**2)
        shifted = LN_PGA_NODES[:, None] + SHIFTS
        by_event = LN_PGA_NODES[:, None] + EVENT_SHIFTS
        return ScatterTables(
            tau=tau,
            ratio=np.stack([mean_ratio(shifted, whole, kind) for kind in self.kinds]),
            severe=np.stack([severe_probability(shifted, whole, kind) for kind in self.kinds]),
            event_ratio=np.stack([mean_ratio(by_event, phi, kind) for kind in self.kinds]),
        )
