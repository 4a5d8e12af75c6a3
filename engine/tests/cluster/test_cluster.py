"""Processes, and a real scheduler with two workers spoken to over TCP. Lane: ``pytest -m cluster``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import made_impact as made
import pytest
from made_slow import Slow

from manglar_engine import Schedule, SettingsError, impact, read_hazard, write_hazard
from manglar_engine.hazard import tiling
from manglar_engine.risk.finished import Memory

pytestmark = pytest.mark.cluster
ROOT = Path(__file__).parents[2]


@pytest.fixture
def cluster(tmp_path):
    """Return the address of a scheduler and its two workers as processes; all are stopped at the end."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    file = tmp_path / "scheduler.json"
    started = []

    def start(program, *more):
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--scheduler-file", str(file), *more]
        with (tmp_path / f"{len(started)}.log").open("wb") as log:
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=tmp_path))
        return started[-1]

    try:
        start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        workers = [
            start("dask_worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
            for _ in range(2)
        ]
        limit = time.monotonic() + 60
        while not file.exists():
            assert time.monotonic() < limit, (tmp_path / "0.log").read_text()
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        assert address.startswith("tcp://127.0.0.1:")
        yield address, workers
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=30)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    monkeypatch.setattr(tiling, "MOST_SITES", 3)
    hazard, city = made.drawn_city(7, events=30, sites_count=150, count=200)
    write_hazard(tmp_path / "h", hazard)
    return read_hazard(tmp_path / "h"), city


def run(stored, **settings):
    return impact(*stored, made.functions(), max_distance_m=150.0, **settings)


def same(one, other):
    return one.by_event.tobytes() == other.by_event.tobytes() and (
        one.expected_by_asset.tobytes() == other.expected_by_asset.tobytes()
    )


def test_a_cluster_gives_the_bytes_of_one_thread_though_a_worker_is_killed_in_the_middle(cluster, stored):
    address, workers = cluster
    alone = run(stored, schedule=Schedule(workers=1))
    assert len(stored[0].tiles) == 50
    killed = []

    def kill_one(share, _):
        if share > 0.3 and not killed:
            workers[0].kill()
            killed.append(share)

    found = run(stored, schedule=Schedule(address, batch=2), keep=Slow, progress=kill_one)
    assert killed
    assert killed[0] < 0.5
    assert workers[0].wait(timeout=30) != 0
    assert workers[1].poll() is None
    assert same(found, alone)
    assert same(run(stored, schedule=Schedule(address)), alone)


KILLED = """
import sys
from pathlib import Path
import made_impact as made
from made_slow import Slow
from manglar_engine import Schedule, impact, read_hazard
from manglar_engine.risk.finished import Memory, Remembered

hazard, city = read_hazard(sys.argv[1]), made.drawn_city(7, events=30, sites_count=150, count=200)[1]
memory = Memory(Path(sys.argv[2]))
keep = lambda work: Remembered(Slow(work, 0.2), memory(work).folder)
impact(hazard, city, made.functions(), max_distance_m=150.0, keep=keep, schedule=Schedule(workers=1))
"""


def test_a_run_that_was_killed_goes_on_from_its_finished_tiles(stored, tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    memory = tmp_path / "memory"
    command = [sys.executable, "-c", KILLED, str(tmp_path / "h"), str(memory)]
    process = subprocess.Popen(command, env=environment)
    limit = time.monotonic() + 60
    while len(list(memory.rglob("*.npz"))) < 3 and process.poll() is None:
        assert time.monotonic() < limit
        time.sleep(0.05)
    process.kill()
    assert process.wait(timeout=30) < 0
    finished = {path.name: path.stat().st_mtime_ns for path in memory.rglob("[0-9]*.npz")}
    assert 3 <= len(finished) < 50
    found = run(stored, keep=Memory(memory))
    assert same(found, run(stored))
    after = {path.name: path.stat().st_mtime_ns for path in memory.rglob("[0-9]*.npz")}
    assert len(after) == 50
    assert {name: after[name] for name in finished} == finished


def test_processes_give_the_bytes_of_one_thread(stored):
    assert same(run(stored, schedule=Schedule("processes", 2, 5)), run(stored, schedule=Schedule(workers=1)))


def test_a_cluster_that_does_not_answer_is_said_in_words(stored, monkeypatch):
    monkeypatch.setattr("manglar_engine.risk.cluster.PATIENCE_S", 1)
    with pytest.raises(SettingsError, match=r"no cluster answers at tcp://127\.0\.0\.1:1"):
        run(stored, schedule=Schedule("tcp://127.0.0.1:1"))
