from __future__ import annotations

import threading
import time
from math import factorial

import made_impact as made
import numpy as np
import pytest

from manglar_engine import Cancelled, Schedule, SettingsError, impact, read_hazard, write_hazard
from manglar_engine.hazard import tiling
from manglar_engine.risk.finished import Memory
from manglar_engine.risk.schedule import in_order
from manglar_engine.risk.tiled_impact import TilePass


def square(number):
    return number * number


def test_results_come_in_the_order_of_the_tiles_whoever_ends_first():
    def slow_first(number):
        time.sleep(0.05 if number == 0 else 0)
        return number

    assert list(in_order(slow_first, 9, schedule=Schedule(workers=4))) == list(range(9))


@pytest.mark.parametrize("schedule", [Schedule(workers=1), Schedule(workers=3, batch=4), Schedule("processes", 2, 5)])
def test_every_tile_is_computed_once_in_batches(schedule):
    assert list(in_order(factorial, 11, schedule=schedule)) == [factorial(n) for n in range(11)]


def test_progress_ends_at_one_and_cancel_stops_before_the_rest():
    seen, done = [], []
    list(in_order(square, 4, schedule=Schedule(), progress=lambda share, label: seen.append((share, label)), label="x"))
    assert seen == [(0.25, "x"), (0.5, "x"), (0.75, "x"), (1.0, "x")]
    parts = in_order(square, 100, schedule=Schedule(workers=1), cancel=lambda: len(done) == 3)
    with pytest.raises(Cancelled):
        done.extend(parts)
    assert done == [0, 1, 4]


def test_few_tiles_wait_however_many_there_are():
    begun, lock = [], threading.Lock()

    def count(number):
        with lock:
            begun.append(number)
        return number

    results = in_order(count, 1000, schedule=Schedule(workers=2))
    next(results)
    time.sleep(0.05)
    assert len(begun) <= 8
    results.close()


def test_what_a_tile_refuses_reaches_the_caller():
    def refuse(number):
        raise SettingsError("no", mend="x")

    with pytest.raises(SettingsError, match="no"):
        list(in_order(refuse, 3, schedule=Schedule()))


@pytest.mark.parametrize("wrong", [{"kind": "slurm"}, {"workers": -1}, {"batch": 0}])
def test_a_schedule_that_does_not_exist_is_refused(wrong):
    with pytest.raises(SettingsError):
        Schedule(**wrong)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    monkeypatch.setattr(tiling, "MOST_SITES", 7)
    hazard, city = made.drawn_city(7, events=30, sites_count=60, count=80)
    write_hazard(tmp_path / "h", hazard)
    return read_hazard(tmp_path / "h"), city


def run(stored, **settings):
    return impact(*stored, made.functions(), max_distance_m=150.0, **settings)


def same(one, other):
    return one.by_event.tobytes() == other.by_event.tobytes() and (
        one.expected_by_asset.tobytes() == other.expected_by_asset.tobytes()
    )


@pytest.mark.parametrize("schedule", [Schedule(workers=3), Schedule(workers=2, batch=3)])
def test_the_bytes_do_not_depend_on_who_computes(stored, schedule):
    assert same(run(stored, schedule=Schedule(workers=1)), run(stored, schedule=schedule))


def test_a_run_that_was_cancelled_goes_on_from_its_finished_tiles(stored, tmp_path, monkeypatch):
    memory = Memory(tmp_path / "memory")
    taken = []
    with pytest.raises(Cancelled):
        run(
            stored,
            keep=memory,
            schedule=Schedule(workers=1),
            progress=lambda share, _: taken.append(share),
            cancel=lambda: len(taken) == 4,
        )
    finished = list((tmp_path / "memory").rglob("*.npz"))
    assert 4 <= len(finished) < len(stored[0].tiles)
    finished[0].write_bytes(b"half a tile")
    passed, over = [], TilePass.over
    monkeypatch.setattr(TilePass, "over", lambda self, tile: passed.append(tile) or over(self, tile))
    assert same(run(stored, keep=memory), run(stored))
    assert len(passed) == 2 * len(stored[0].tiles) - len(finished) + 1


def test_a_memory_of_other_assets_is_not_used(stored, tmp_path):
    memory = Memory(tmp_path / "memory")
    run(stored, keep=memory)
    hazard, city = stored
    other = made.assets(
        len(city), x=city.x, value=city.value * 2, asset_class=city.asset_class, territory=city.territory
    )
    np.testing.assert_allclose(run((hazard, other), keep=memory).by_event, 2 * run(stored).by_event)
    assert len(list((tmp_path / "memory").iterdir())) == 2


def test_a_memory_of_another_intensity_or_precision_is_not_used(tmp_path):
    depth = np.array([[0.5, 0.0, 1.0, 0.25], [1.5, 1.0, 0.0, 2.0]])
    memory = Memory(tmp_path / "memory")
    for dense in (depth, 2 * depth, depth.astype(np.float32) * np.float32(1.1), depth * 1.1):
        pair = made.hazard(dense), made.assets()
        assert same(run(pair, keep=memory), run(pair))
        assert same(run(pair, keep=memory), run(pair))
    assert len(list((tmp_path / "memory").rglob("*.npz"))) == 4
