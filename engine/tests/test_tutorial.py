"""The page of the tutorial and the front page of the engine do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from manglar_engine.cli import main as command

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "engine-impact.md"
VERBS = ROOT / "docs" / "how-to" / "engine-verbs.md"
FILE = re.compile(r"^`([\w.-]+)`[^\n]*\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def page():
    if not PAGE.exists():
        pytest.skip("the engine is tested without the documents of the repository")
    return PAGE.read_text(encoding="utf-8")


def test_the_tutorial_runs_from_the_first_block_to_the_last(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    files = FILE.findall(page)
    assert [name for name, _ in files] == [
        "events.csv",
        "sites.csv",
        "depths.csv",
        "assets.csv",
        "functions.csv",
        "city.toml",
        "gauge.csv",
        "past.csv",
        "ground.csv",
        "zones.geojson",
        "all-functions.csv",
        "whole.toml",
    ]
    for name, text in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert command.main(["run", "city.toml"]) == 0
    assert "Daño anual esperado: 70 PAB (estimación: 100%)" in capsys.readouterr().out
    assert command.main(["run", "whole.toml", "--out", "answer", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    for words in (
        "Sea level (high), once in 50 years",
        "Recorded floods a year",
        "raise + wall: avoids a year",
        "of every 100 samples",
    ):
        assert words in told
    blocks = CODE.findall(page)
    assert len(blocks) == 4
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "tutorial", "exec"), names)  # noqa: S102 - our own page, as a reader would run it


def test_every_verb_has_an_example_that_runs(capsys):
    if not VERBS.exists():
        pytest.skip("the engine is tested without the documents of the repository")
    page = VERBS.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in CODE.findall(page):
        exec(compile(block, "verbs", "exec"), names)  # noqa: S102 - our own page, as a reader would run it
    assert "step" in capsys.readouterr().out
    told = re.findall(r"`(\w+)`", " ".join(line for line in page.splitlines() if line.startswith("## ")))
    assert set(told) <= set(names["me"].__all__)  # type: ignore[attr-defined] # the engine, imported by the page
