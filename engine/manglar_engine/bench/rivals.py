"""The same work written plainly with numpy and scipy, event by site, as event-based models do it.

This is what the engine is measured beside where CLIMADA is not installed; each row names its rival.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from manglar_engine.bench.made_city import NEAR_M, MadeCity
from manglar_engine.exposure.assets import positions
from manglar_engine.risk.nearest import nearest_sites
from manglar_engine.vulnerability.impact_function import ImpactFunction

Floats = NDArray[np.float64]
NAME = "numpy and scipy, event by site"


@dataclass(frozen=True, eq=False)
class Plain:
    """What a plain model holds ready: the sparse matrix and the columns of the assets."""

    intensity: sparse.csr_array
    frequency: Floats
    site: NDArray[np.intp]
    value: Floats
    kind: NDArray[np.intp]
    territory: NDArray[np.intp]
    functions: Sequence[ImpactFunction]


def plain(city: MadeCity) -> Plain:
    """Return ``city`` as a plain model holds it, intensities in float64 as CLIMADA's are."""
    classes, kind = positions(city.assets.asset_class)
    _, territory = positions(city.assets.territory)
    return Plain(
        intensity=sparse.csr_array(city.hazard.footprints.intensity, dtype=np.float64, copy=True),
        frequency=np.array(city.hazard.events.frequency),
        site=nearest_sites(city.assets, city.hazard.footprints.sites, max_distance_m=NEAR_M),
        value=np.array(city.assets.value),
        kind=kind,
        territory=territory,
        functions=city.functions.chosen("flood", classes, unit="m"),
    )


def plain_impact(held: Plain, functions: Sequence[ImpactFunction] | None = None) -> tuple[Floats, Floats]:
    """Return impact by event and expected annual impact by asset; functions do nothing at zero."""
    by_event, expected = np.zeros(held.intensity.shape[0]), np.zeros(len(held.value))
    for number, function in enumerate(functions or held.functions):
        rows = np.flatnonzero(held.kind == number)
        damage = held.intensity[:, held.site[rows]]
        damage.data = function(damage.data)
        damage = damage.multiply(held.value[rows]).tocsr()
        by_event += damage.sum(axis=1)
        expected[rows] = damage.multiply(held.frequency[:, None]).sum(axis=0)
    return by_event, expected


def plain_impact_with_zero(held: Plain, *, block: int = 50) -> tuple[Floats, Floats]:
    """Return the same where functions harm at zero: every pair of event and asset is computed."""
    by_event, expected = np.zeros(held.intensity.shape[0]), np.zeros(len(held.value))
    for first in range(0, len(by_event), block):
        part = slice(first, first + block)
        felt = held.intensity[part].toarray()[:, held.site]
        damage = np.empty_like(felt)
        for number, function in enumerate(held.functions):
            rows = held.kind == number
            damage[:, rows] = function(felt[:, rows]) * held.value[rows]
        by_event[part] = damage.sum(axis=1)
        expected += held.frequency[part] @ damage
    return by_event, expected


def plain_map(held: Plain, periods: Sequence[float], *, block: int = 2000) -> Floats:
    """Return the impact by asset at return periods: sorted columns and their summed rates."""
    found = np.zeros((len(held.value), len(periods)))
    by_site = held.intensity.tocsc()
    wanted = (1 / np.array(periods)) * (1 - 1e-12)
    for first in range(0, len(held.value), block):
        rows = np.arange(first, min(first + block, len(held.value)))
        felt = by_site[:, held.site[rows]].toarray()
        damage = np.empty_like(felt)
        for number, function in enumerate(held.functions):
            of = held.kind[rows] == number
            damage[:, of] = function(felt[:, of]) * held.value[rows[of]]
        order = np.argsort(-damage, axis=0, kind="stable")
        ranked = np.take_along_axis(damage, order, axis=0)
        rates = np.cumsum(held.frequency[order], axis=0)
        for p, need in enumerate(wanted):
            place = (rates < need).sum(axis=0)
            known = place < len(ranked)
            found[rows[known], p] = ranked[place[known], np.flatnonzero(known)]
    return found


def plain_file(city: MadeCity, path: Path) -> Callable[[], Floats]:
    """Write the matrix to ``path``, uncompressed, and return the work from there to the expected impact by asset."""
    held = plain(city)
    with h5py.File(path, "w") as file:
        for part in ("data", "indices", "indptr"):
            file[part] = getattr(held.intensity, part)
    shape = held.intensity.shape

    def work() -> Floats:
        with h5py.File(path) as file:
            parts = (file["data"][...], file["indices"][...], file["indptr"][...])
        return plain_impact(replace(held, intensity=sparse.csr_array(parts, shape=shape)))[1]

    return work
