"""Seismic screening of a city: from fault slip rates to expected damage, people and a measure's worth.

Limits, told in every answer: within-event shaking is taken as independent between sites, so that
exceedance of large losses is a screening figure; only the given faults break; soil, classes and values
may be defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import Cancelled, ExposureError, FaultError
from manglar_engine.exposure.exposure import Exposure
from manglar_engine.hazard.fault import Fault, check_faults
from manglar_engine.hazard.ground_motion import MAGNITUDES, VS30_RANGE
from manglar_engine.hazard.rupture import FaultDistances, fault_distances
from manglar_engine.measures.retrofit import Retrofit
from manglar_engine.risk.by_site import PGA_LEVELS_G, SiteSums, site_sums
from manglar_engine.risk.sites import Sites, sites_of
from manglar_engine.risk.tables import DamageTables
from manglar_engine.risk.tiles import Tile, TileImpact, impact
from manglar_engine.studies.answer import Computed, answer
from manglar_engine.studies.result import SeismicResult
from manglar_engine.studies.settings import SeismicSettings
from manglar_engine.uncertainty.beliefs import Beliefs, draw_beliefs
from manglar_engine.uncertainty.sweep import Sweep
from manglar_engine.vocabulary import Cancel, Progress
from manglar_engine.vulnerability.defaults import default_vulnerability
from manglar_engine.vulnerability.vulnerability import Vulnerability

Floats = NDArray[np.float64]

BIN = 0.1
"""Width of the magnitude bins."""
Value = TypeVar("Value")

SWEEP_SHARE = 0.6
"""Share of the time that the impacts take; the rest goes to the assets."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Everything that the tiles of one run share."""

    faults: tuple[Fault, ...]
    sites: Sites
    distances: tuple[FaultDistances, ...]
    beliefs: Beliefs
    magnitudes: Floats
    bins: tuple[tuple[int, ...], ...]
    tables: DamageTables
    settings: SeismicSettings
    progress: Progress
    cancelled: Cancel

    @property
    def tiles(self) -> int:
        return sum(len(part) for part in self.bins)


def seismic_risk(
    faults: Sequence[Fault],
    exposure: Exposure,
    vulnerability: Vulnerability | None = None,
    settings: SeismicSettings | None = None,
    *,
    retrofit: Retrofit | None = None,
    progress: Progress | None = None,
    cancelled: Cancel | None = None,
) -> SeismicResult:
    """Return expected annual damage and people affected, with 90% intervals, and what rests on defaults.

    **Damage** is replacement value times the mean repair ratio of Hazus (structure, acceleration- and
    drift-sensitive parts added, at most the value). **People affected** by an earthquake are those
    inside assets with extensive or complete damage.

    Args:
        faults: as :func:`read_faults_geojson` gives them.
        exposure: the assets.
        vulnerability: functions by code; the engine's own table when ``None``.
        settings: how to run; the defaults of :class:`SeismicSettings` when ``None``.
        retrofit: one measure to compare with doing nothing, sample by sample.
        progress: called with a fraction 0..1 and a label.
        cancelled: asked between tiles; true stops the run.

    Raises:
        EngineError: any input that disagrees, naming the rows.
        Cancelled: when asked to stop.
    """
    settings = settings or SeismicSettings()
    vulnerability = vulnerability or default_vulnerability()
    classes_after = retrofit.classes_after(exposure) if retrofit else None
    _check_ground(exposure)
    sites = sites_of(exposure, vulnerability, vs30_default=settings.vs30_default, classes_after=classes_after)
    run = _prepare(
        faults,
        sites,
        settings,
        ids=exposure.ids,
        watch=(progress or (lambda _fraction, _label: None), cancelled or (lambda: False)),
    )
    sweep = Sweep(run.beliefs, len(sites.territories))
    by_fault = _impacts(run, sweep)
    sums = _by_site(run, sweep)
    run.progress(1.0, "listo")
    return answer(
        Computed(
            all_faults=tuple(faults),
            faults=run.faults,
            nearest_km=tuple(float(d.km.min()) for d in run.distances),
            fault_losses=by_fault,
            sites=sites,
            sweep=sweep,
            site_sums=sums,
        ),
        exposure,
        vulnerability,
        settings,
        retrofit,
    )


def _check_ground(exposure: Exposure) -> None:
    if exposure.vs30 is None:
        return
    low, high = VS30_RANGE
    wrong = np.flatnonzero((exposure.vs30 < low) | (exposure.vs30 > high))
    if wrong.size:
        raise ExposureError(
            f"vs30 is outside the ground-motion model's {low:g} to {high:g} m/s",
            rows=[f"{exposure.ids[i]}: {exposure.vs30[i]:g}" for i in wrong.tolist()],
            mend="Correct it; rock counts as 1,500 and mud cannot be screened this way.",
        )


def _prepare(
    faults: Sequence[Fault],
    sites: Sites,
    settings: SeismicSettings,
    *,
    ids: Sequence[str],
    watch: tuple[Progress, Cancel],
) -> _Run:
    check_faults(faults)
    used = tuple(
        sorted(
            (f for f in faults if f.slip_type not in settings.left_out_styles),
            key=lambda fault: fault.id,
        )
    )
    if not used:
        raise FaultError(
            f"every fault is of a style left out ({', '.join(settings.left_out_styles)})",
            mend="Give shallow crustal faults, or change left_out_styles.",
        )
    distances = tuple(fault_distances(fault, sites.km, sites.plane) for fault in used)
    _check_reach(distances, ids, settings.max_distance_km)
    bins = round((MAGNITUDES[1] - settings.minimum_magnitude) / BIN)
    edges = np.round(settings.minimum_magnitude + BIN * np.arange(bins + 1), 9)
    beliefs = draw_beliefs(used, edges, settings.spreads, seed=settings.seed, count=settings.samples)
    return _Run(
        faults=used,
        sites=sites,
        distances=distances,
        beliefs=beliefs,
        magnitudes=(edges[:-1] + edges[1:]) / 2,
        bins=tuple(
            tuple(int(b) for b in np.flatnonzero(rates.any(axis=0)))
            if near.km.min() <= settings.max_distance_km
            else ()
            for rates, near in zip(beliefs.rates, distances, strict=True)
        ),
        tables=DamageTables(sites.kinds),
        settings=settings,
        progress=watch[0],
        cancelled=watch[1],
    )


def _check_reach(distances: Sequence[FaultDistances], ids: Sequence[str], max_distance_km: float) -> None:
    nearest = np.min([d.km.min(axis=(0, 1)) for d in distances], axis=0)
    far = np.flatnonzero(nearest > max_distance_km)
    if far.size:
        raise ExposureError(
            f"assets stand farther than {max_distance_km:g} km from every fault",
            rows=[f"{ids[i]}: {nearest[i]:.0f} km" for i in far.tolist()],
            mend="Check longitude and latitude, add the faults near them, or leave them out.",
        )


def _ordered(run: _Run, work: Callable[[int], Value], bins: Sequence[int]) -> Iterator[Value]:
    """Yield ``work(bin)`` in the order of ``bins``, on as many threads as the settings say."""

    def unless_cancelled(magnitude_bin: int) -> Value:
        if run.cancelled():
            raise Cancelled
        return work(magnitude_bin)

    if run.settings.workers == 1:
        yield from map(unless_cancelled, bins)
        return
    with ThreadPoolExecutor(run.settings.workers) as pool:
        yield from pool.map(unless_cancelled, bins)


def _impacts(run: _Run, sweep: Sweep) -> Floats:
    """Run all tiles fault by fault into the sweep; return mean annual loss ``(faults,)``."""
    losses = np.zeros(len(run.faults))
    done = 0
    for fault, bins in enumerate(run.bins):

        def work(magnitude_bin: int, fault: int = fault) -> TileImpact:
            return impact(
                Tile(fault, float(run.magnitudes[magnitude_bin])),
                run.distances[fault],
                run.sites,
                tables=run.tables,
                max_distance_km=run.settings.max_distance_km,
            )

        for magnitude_bin, found in zip(bins, _ordered(run, work, bins), strict=True):
            magnitude = float(run.magnitudes[magnitude_bin])
            rate = run.beliefs.rates[fault][:, magnitude_bin]
            sweep.add(rate, run.beliefs.shift(magnitude), found)
            losses[fault] += sweep.tile_weights(fault, magnitude_bin, magnitude).loss @ found.loss[:, -1]
            done += 1
            run.progress(SWEEP_SHARE * done / max(1, run.tiles), "sismos")
    sweep.finish()
    return losses


def _by_site(run: _Run, sweep: Sweep) -> SiteSums:
    """Run all tiles again for what each asset needs, added in tile order."""
    count = len(run.sites.kind)
    total = SiteSums(np.zeros(count), np.zeros(count), np.zeros((count, len(PGA_LEVELS_G))))
    done = 0
    for fault, bins in enumerate(run.bins):

        def work(magnitude_bin: int, fault: int = fault) -> SiteSums:
            magnitude = float(run.magnitudes[magnitude_bin])
            return site_sums(
                Tile(fault, magnitude),
                run.distances[fault],
                run.sites,
                tables=run.tables,
                weights=sweep.tile_weights(fault, magnitude_bin, magnitude),
                max_distance_km=run.settings.max_distance_km,
            )

        for found in _ordered(run, work, bins):
            total = total + found
            done += 1
            part = (1 - SWEEP_SHARE) * done / max(1, run.tiles)
            run.progress(SWEEP_SHARE + part, "activos")
    return total
