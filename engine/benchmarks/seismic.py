"""Counts and ratios of the seismic screening: the fast path beside the direct loop, and a whole city.

Run it from the folder of the engine: ``python benchmarks/seismic.py [--assets N] [--samples N]``.
It draws its own cities from a fixed seed; it reads no files.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import replace

import numpy as np

from manglar_engine import Exposure, Fault, SeismicSettings, Triple, default_vulnerability, seismic_risk
from manglar_engine.hazard.rupture import fault_distances
from manglar_engine.risk.direct import expected_damage
from manglar_engine.risk.sites import sites_of
from manglar_engine.uncertainty.beliefs import draw_beliefs

CLASSES = ("RM1.L.LC", "C1.L.PC", "S3.LC", "URM.L.PC", "W1.LC")
OCCUPANCIES = ("EDU1", "COM4", "RES1")


def faults(count: int) -> list[Fault]:
    """Return ``count`` faults around the city, every third one inclined."""
    rng = np.random.default_rng(5)
    made = []
    for i in range(count):
        start = np.array([-79.9 + 0.8 * rng.random(), 8.8 + 0.4 * rng.random()])
        turn, reach = rng.random() * np.pi, 0.2 + 0.3 * rng.random()
        trace = np.array([start, start + reach * np.array([np.sin(turn), np.cos(turn)])])
        inclined = i % 3 == 0
        made.append(
            Fault(
                id=f"F{i:02d}",
                name=f"Falla {i}",
                trace_lonlat=trace,
                slip_type="Thrust" if inclined else "Dextral",
                dip_deg=40.0 if inclined else 90.0,
                rake_deg=90.0 if inclined else 180.0,
                upper_km=0.0,
                lower_km=15.0,
                slip_mm_yr=Triple(1.0, 0.5, 2.0),
                source="benchmark",
            )
        )
    return made


def city(count: int) -> Exposure:
    """Return ``count`` assets in 36 territories, drawn from a fixed seed."""
    rng = np.random.default_rng(7)
    return Exposure(
        ids=[f"a{i}" for i in range(count)],
        lon=-79.6 + 0.3 * rng.random(count),
        lat=8.95 + 0.25 * rng.random(count),
        territory=[f"{i:02d}" for i in rng.integers(0, 36, count)],
        value_pab=1e5 + 1e6 * rng.random(count),
        people=500 * rng.random(count),
        building_class=[CLASSES[i] for i in rng.integers(0, len(CLASSES), count)],
        occupancy=[OCCUPANCIES[i] for i in rng.integers(0, len(OCCUPANCIES), count)],
        price_year=2010,
    )


def edges_of(settings: SeismicSettings) -> np.ndarray:
    """Return the limits of the magnitude bins that the study uses."""
    count = round((8.5 - settings.minimum_magnitude) / 0.1)
    return np.round(settings.minimum_magnitude + 0.1 * np.arange(count + 1), 9)


def beside_direct(assets: int) -> float:
    """Print how far the fast path is from the loop over ruptures and assets; return pairs a second."""
    settings = SeismicSettings(samples=20)
    chosen, exposure = faults(3), city(assets)
    edges = edges_of(settings)
    middles = (edges[:-1] + edges[1:]) / 2
    beliefs = draw_beliefs(chosen, edges, settings.spreads, seed=settings.seed, count=settings.samples)
    sites = sites_of(exposure, default_vulnerability(), vs30_default=settings.vs30_default)
    pairs = 0
    for fault, rates in zip(chosen, beliefs.rates, strict=True):
        near = fault_distances(fault, sites.km, sites.plane)
        counts = [len(near.placement(float(m)).starts) for m in middles]
        pairs += assets * int(((rates > 0) * np.array(counts)).sum())
    start = time.perf_counter()
    total = np.zeros(assets)
    for s in range(settings.samples):
        total += beliefs.value_factor[s] * expected_damage(
            chosen,
            sites,
            magnitudes=middles,
            rates=[rates[s] for rates in beliefs.rates],
            shift=np.array([beliefs.shift(float(m))[s] for m in middles]),
            max_distance_km=settings.max_distance_km,
        )
    direct = time.perf_counter() - start
    found = seismic_risk(chosen, exposure, settings=settings)
    damage = np.array([row.ead_pab for row in found.by_asset])
    worst = np.abs(damage / (total / settings.samples) - 1).max()
    print(f"direct loop: 3 faults, {assets} assets, {settings.samples} samples, {pairs:,} pairs x samples")
    print(f"  {direct:.2f} s, {pairs / direct:.1e} pairs x samples / s, damage by asset only")
    print(f"  largest relative disagreement of an asset with the fast path: {worst:.1e}")
    return pairs / direct


def whole_city(assets: int, samples: int, direct: float) -> None:
    """Print counts, time and memory of a city with 21 faults, and its pace beside the direct loop."""
    chosen, exposure = faults(21), city(assets)
    settings = SeismicSettings(samples=samples)
    sites = sites_of(exposure, default_vulnerability(), vs30_default=settings.vs30_default)
    edges = edges_of(settings)
    beliefs = draw_beliefs(chosen, edges, settings.spreads, seed=1, count=samples)
    tiles = ruptures = work = 0
    for fault, rates in zip(chosen, beliefs.rates, strict=True):
        near = fault_distances(fault, sites.km, sites.plane)
        for b in np.flatnonzero(rates.any(axis=0)):
            positions = len(near.placement(float((edges[b] + edges[b + 1]) / 2)).starts)
            tiles, ruptures = tiles + 1, ruptures + positions
            work += assets * positions * int((rates[:, b] > 0).sum())
    print(f"whole city: 21 faults, {assets} assets, {samples} samples, 36 territories")
    print(f"  {tiles} tiles, {ruptures} ruptures, {ruptures * assets:,} rupture-asset pairs")
    data = b""
    for workers in (1, 2):
        start = time.perf_counter()
        result = seismic_risk(chosen, exposure, settings=replace(settings, workers=workers))
        seconds = time.perf_counter() - start
        same = f", same bytes: {result.to_json() == data}" if data else ""
        data = result.to_json()
        pace = work / seconds
        print(f"  {workers} threads: {seconds:.1f} s, {pace:.1e} pairs x samples / s, {pace / direct:,.0f} times{same}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scale = 1024**2 if sys.platform == "darwin" else 1024
    print(f"  peak memory of the process {peak / scale:.0f} MB, result {len(data) / 1e6:.2f} MB")


def main() -> None:
    """Run both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=1567)
    parser.add_argument("--samples", type=int, default=1000)
    options = parser.parse_args()
    whole_city(options.assets, options.samples, beside_direct(12))


if __name__ == "__main__":
    main()
