from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import manglar_engine

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "manglar_engine").rglob("*.py"))


def test_every_public_name_can_be_loaded():
    for name in manglar_engine.__all__:
        assert getattr(manglar_engine, name) is not None
    assert dir(manglar_engine) == sorted(manglar_engine.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing"):
        _ = manglar_engine.nothing


def test_importing_the_package_loads_no_science_and_takes_less_than_half_a_second():
    code = (
        "import time, sys; start = time.perf_counter(); import manglar_engine;"
        "print(time.perf_counter() - start, 'scipy' in sys.modules, 'shapely' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, scipy, shapely = found.stdout.split()
    assert float(seconds) <= 0.5
    assert (scipy, shapely) == ("False", "False")


def test_the_version_in_manifests_is_the_version_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == manglar_engine.ENGINE_VERSION


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_file_passes_400_lines_nor_imports_inside_functions(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 400
    inner = [line for line in lines if line.startswith(" ") and line.lstrip().startswith(("import ", "from "))]
    allowed = path == ROOT / "manglar_engine" / "__init__.py"  # only for type checkers
    assert allowed or not inner
