"""The page of the tutorial and the front page of the engine do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from manglar_engine.cli import main as command

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "engine-impact.md"
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
    ]
    for name, text in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert command.main(["run", "city.toml"]) == 0
    assert "Daño anual esperado: 70 PAB (estimación: 100%)" in capsys.readouterr().out
    blocks = CODE.findall(page)
    assert len(blocks) == 3
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "tutorial", "exec"), names)  # noqa: S102 - our own page, as a reader would run it
