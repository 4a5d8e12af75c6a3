"""The bench measures what it says: the same input, results that agree, and no row without a rival."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from manglar_engine import SettingsError
from manglar_engine.bench import rows
from manglar_engine.bench.made_city import Size
from manglar_engine.bench.measure import measure
from manglar_engine.bench.rows import Bench
from manglar_engine.cli import main as command

TINY = {
    "sparse": Size(6, 20, 20, 40),
    "dense": Size(3, 12, 12),
    "file": Size(6, 20, 25, 40),
    "map": Size(5, 6, 6),
    "zero": Size(4, 20, 20, 30),
    "sweep": Size(4, 16, 16, 30),
}


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    monkeypatch.setattr(rows, "SIZES", {"small": TINY})
    monkeypatch.setattr(rows, "SAMPLES", {"uncertainty": 3, "robust": 2})
    monkeypatch.setattr(rows, "bandwidth", lambda threads: 1e9 * threads)
    monkeypatch.setattr(rows, "RUNS", 1)
    monkeypatch.setattr("manglar_engine.bench.measure.gc.collect", lambda: 0)  # a second each in a full suite


def test_every_row_names_its_rival_and_agrees_with_it(capsys):
    assert command.main(["bench", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["work"] for row in found] == [
        "impact, float32",
        "impact, float64",
        "impact, every pair",
        "file to expected annual impact",
        "exceedance map by asset",
        "damage at zero intensity",
        "cost-benefit, ten measures",
        "uncertainty",
        "robust sweep",
    ]
    for row in found:
        assert row["agreement"] < 1e-12, row
        assert row["ratio"] > 0
        assert row["rival"].startswith("numpy and scipy")
        assert set(row) == {
            "work",
            "rival",
            "ratio",
            "processor_ratio",
            "extra_memory_ratio",
            "agreement",
            "bandwidth_share",
            "size",
        }
    assert found[-1]["rival"].endswith(f"times {2 * 10 * 21}")
    assert found[3]["size"]["file_bytes_ratio"] > 0


def test_rows_may_be_chosen_and_are_told_in_words(capsys):
    assert command.main(["bench", "--only", "zero"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert "times" in lines[0]


@pytest.mark.skipif(find_spec("climada") is not None, reason="CLIMADA is installed here: it can be a rival")
def test_a_peer_that_is_not_installed_is_said_in_words(capsys):
    assert command.main(["bench", "--peer"]) == 2
    assert "CLIMADA cannot be imported" in capsys.readouterr().err


def test_a_size_that_does_not_exist_is_refused():
    with pytest.raises(SettingsError, match="'huge'"):
        Bench("huge")


def test_the_shortest_run_counts_and_its_result_is_kept():
    calls = []
    found = measure(lambda: calls.append(1) or len(calls), runs=3)
    assert found.result == 3
    assert found.seconds >= 0
