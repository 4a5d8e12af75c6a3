from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import made_impact as made
import numpy as np
import pytest

from manglar_engine import (
    Cancelled,
    direct_impact,
    impact,
    read_hazard,
    tiled_hazard,
    write_hazard,
)
from manglar_engine.hazard import tiling
from manglar_engine.hazard.store import whole
from manglar_engine.risk.tiled_impact import tile_pass

NEAR = 150.0


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch):
    monkeypatch.setattr(tiling, "MOST_SITES", 9)


def agree(found, wanted):
    np.testing.assert_allclose(found.by_event, wanted.by_event, rtol=1e-12)
    np.testing.assert_allclose(found.expected_by_asset, wanted.expected_by_asset, rtol=1e-12)
    assert found.event_ids == wanted.event_ids
    assert found.territories == wanted.territories
    assert (found.unit, found.combined) == (wanted.unit, wanted.combined)


@pytest.mark.parametrize("amount", ["value", "people"])
@pytest.mark.parametrize("functions", list(made.ODD.values()), ids=list(made.ODD))
def test_the_fast_path_says_what_the_direct_kernel_says(functions, amount):
    hazard, city = made.drawn_city(1, events=20, sites_count=40, count=60)
    settings = {"max_distance_m": NEAR, "amount": amount}
    agree(impact(hazard, city, functions, **settings), direct_impact(hazard, city, functions, **settings))


def test_hazards_apart_are_run_one_after_another():
    hazard, city = made.drawn_city(2, events=10, sites_count=20, count=30)
    wind = made.hazard(np.full((2, 20), 0.5), peril="wind", ids=["w0", "w1"])
    more = [made.function(id=name, peril="wind", asset_class=name) for name in ("house", "school")]
    both = ([hazard, wind], city, made.functions(*more))
    agree(impact(*both, max_distance_m=NEAR), direct_impact(*both, max_distance_m=NEAR))


def test_hazards_that_hit_together_go_through_the_direct_kernel_from_memory_or_disk():
    hazard, city = made.drawn_city(2, events=10, sites_count=20, count=30)
    other = made.hazard(np.full((10, 20), 0.5), frequency=hazard.events.frequency)
    both = [hazard, other]
    found = impact(both, city, made.functions(), max_distance_m=NEAR, together="max")
    agree(found, direct_impact(both, city, made.functions(), max_distance_m=NEAR, together="max"))
    tiled = impact([hazard, tiled_hazard(other)], city, made.functions(), max_distance_m=NEAR, together="max")
    assert (tiled.by_event == found.by_event).all()


def test_hazards_that_hit_together_tell_their_progress_and_may_be_cancelled():
    hazard, city = made.drawn_city(2, events=4, sites_count=20, count=30)
    seen = []
    ask = {"max_distance_m": NEAR, "progress": lambda share, _: seen.append(share)}
    impact([hazard, hazard], city, made.functions(), **ask)
    assert seen == [0.25, 0.5, 0.75, 1.0]
    with pytest.raises(Cancelled):
        impact([hazard, hazard], city, made.functions(), **ask, cancel=lambda: len(seen) == 6)
    assert len(seen) == 6


@pytest.mark.parametrize("step", [None, 0.001])
def test_a_hazard_read_from_disk_says_what_the_direct_kernel_says_of_the_same_numbers(tmp_path, step):
    hazard, city = made.drawn_city(3, events=20, sites_count=40, count=60)
    write_hazard(tmp_path, hazard, step=step)
    stored = read_hazard(tmp_path)
    wanted = direct_impact(whole(stored), city, made.functions(), max_distance_m=NEAR)
    agree(impact(stored, city, made.functions(), max_distance_m=NEAR), wanted)


def test_assets_at_one_site_with_one_class_and_territory_are_one_group():
    hazard, _ = made.drawn_city(4, events=5, sites_count=4, count=1)
    city = made.assets(8, x=660_010.0 + 100 * (np.arange(8) % 2), asset_class=["house"] * 8, territory=["t"] * 8)
    work = tile_pass(tiled_hazard(hazard), city, made.functions(), max_distance_m=NEAR, amount="value")
    assert work.groups.amount.tolist() == [1000 * (1 + 3 + 5 + 7), 1000 * (2 + 4 + 6 + 8)]


COMPILED = """
import sys
import made_impact as made
import numpy as np
from manglar_engine import direct_exceedance_by_asset, direct_impact, exceedance_by_asset, impact
from numba import config
assert not config.DISABLE_JIT
for seed in range(3):
    hazard, city = made.drawn_city(seed, events=50, sites_count=60, count=90)
    run = {"max_distance_m": 150.0}
    found, wanted = (one(hazard, city, made.functions(), **run) for one in (impact, direct_impact))
    np.testing.assert_allclose(found.by_event, wanted.by_event, rtol=1e-12)
    np.testing.assert_allclose(found.expected_by_asset, wanted.expected_by_asset, rtol=1e-12)
    run["periods"] = [2, 10, 50, 500]
    both = (exceedance_by_asset, direct_exceedance_by_asset)
    found, wanted = (one(hazard, city, made.functions(), **run) for one in both)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
print("agree")
"""


def test_the_compiled_loops_say_what_the_direct_kernel_says():
    root = Path(__file__).parents[2]
    environment = {k: v for k, v in os.environ.items() if k != "NUMBA_DISABLE_JIT"}
    environment["PYTHONPATH"] = os.pathsep.join([str(root), str(root / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", COMPILED], capture_output=True, text=True, check=False, env=environment, cwd=root
    )
    assert done.stdout.strip() == "agree", done.stderr
