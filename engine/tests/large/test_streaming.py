"""A hundred thousand events over three hundred thousand sites, written and run tile by tile.

Lane: ``pytest -m large``. The work runs in a process of its own, whose largest resident memory is read.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.large
ROOT = Path(__file__).parents[2]
GIB = 1024**3

PROGRAM = """
import resource, sys, time
from pathlib import Path
import numpy as np
from scipy import sparse
from manglar_engine import Assets, EventSet, ImpactFunction, ImpactFunctionSet, Sites, impact, read_hazard
from manglar_engine.hazard.event_files import write_events
from manglar_engine.hazard.store import write_footprints
from manglar_engine.hazard.tiling import cut_tiles

EVENTS, SITES, TOUCHED, BLOCK = 100_000, 300_000, 100, 600
folder = Path(sys.argv[1])
rng = np.random.default_rng(11)
frequency = rng.random(EVENTS) / 1000
n = np.arange(SITES)
sites = Sites(600_000.0 + 30 * (n % 600), 980_000.0 + 30 * (n // 600), "EPSG:32617")
nodes, ratio = np.array([0, 0.5, 1, 2, 3, 5.0]), np.array([0, 0.2, 0.35, 0.6, 0.75, 1.0])
wanted, pairs = np.zeros(SITES), 0


def tiles():
    global pairs
    for first in range(0, SITES, BLOCK):
        events = np.sort(rng.integers(0, EVENTS - TOUCHED, (BLOCK, TOUCHED)), axis=1) + np.arange(TOUCHED)
        depth = rng.gamma(1.5, 0.7, events.size).astype(np.float32)
        start = TOUCHED * np.arange(BLOCK + 1)
        block = sparse.csc_array((depth, events.ravel().astype(np.int32), start), shape=(EVENTS, BLOCK))
        damage = np.interp(depth.astype(np.float64), nodes, ratio)
        wanted[first : first + BLOCK] = (frequency[events] * damage.reshape(events.shape)).sum(axis=1)
        pairs += events.size
        yield from cut_tiles(block, first=first)


start = time.perf_counter()
write_events(folder / "events.parquet", EventSet(map(str, range(EVENTS)), frequency, 2025, "flood", "historical"))
write_footprints(folder / "footprints.zarr", tiles(), sites=sites, unit="m", events=EVENTS, width=TOUCHED * BLOCK)
written = time.perf_counter() - start
hazard = read_hazard(folder)
city = Assets(
    ids=n.astype(str),
    x=sites.x,
    y=sites.y,
    crs=sites.crs,
    value=1e5 * rng.random(SITES),
    currency="PAB",
    price_year=2024,
    people=np.ones(SITES),
    asset_class=["house"] * SITES,
    territory=(n // 12_000).astype(str),
)
house = ImpactFunction("f", "flood", "house", "m", nodes, ratio, "prueba", "estimación")
start = time.perf_counter()
found = impact(hazard, city, ImpactFunctionSet([house]), max_distance_m=1.0)
ran = time.perf_counter() - start
np.testing.assert_allclose(found.expected_by_asset, city.value * wanted, rtol=1e-12)
np.testing.assert_allclose(found.expected, city.value @ wanted, rtol=1e-12)
assert pairs == round(1e-3 * EVENTS * SITES)
size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
print(f"{pairs:,} pairs, {len(hazard.tiles)} tiles, {size / 1e6:.0f} MB; written {written:.0f} s, run {ran:.1f} s")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


def test_a_hundred_thousand_events_over_three_hundred_thousand_sites_take_less_than_two_gibibytes(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "NUMBA_DISABLE_JIT"}
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    told, peak = done.stdout.strip().splitlines()
    print(f"{told}; peak resident memory {int(peak) / GIB:.2f} GiB")
    assert int(peak) < 2 * GIB
