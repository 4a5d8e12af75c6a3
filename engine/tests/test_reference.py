"""The reference is what the docstrings say, and the docstrings say what a caller needs."""

from __future__ import annotations

import inspect
import re
import runpy
from pathlib import Path

import pytest

import manglar_engine as me

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools" / "engine_reference.py"
REFUSES = re.compile(r"Raises:|[Rr]aise|[Rr]efuse")


def test_the_page_is_what_the_docstrings_say():
    if not TOOL.exists():
        pytest.skip("the engine is tested without the documents of the repository")
    held = runpy.run_path(str(TOOL))
    assert held["PAGE"].read_text(encoding="utf-8") == held["page"](), "run python tools/engine_reference.py"


@pytest.mark.parametrize("name", [name for name in me.__all__ if callable(getattr(me, name))])
def test_every_public_name_says_what_it_is_and_what_it_refuses(name):
    held = getattr(me, name)
    doc = inspect.getdoc(held) or ""
    assert len(doc) > 20
    if inspect.isfunction(held):
        assert REFUSES.search(doc), "say the errors"
        if "NDArray" in str(inspect.signature(held)) or "Floats" in str(inspect.signature(held)):
            assert re.search(r"``[^`]*\(\w+", doc), "say the shapes"


@pytest.mark.parametrize("name", [name for name in me.__all__ if inspect.isclass(getattr(me, name))])
def test_every_public_method_says_what_it_does(name):
    for member, value in vars(getattr(me, name)).items():
        inner = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        if not member.startswith("_") and inspect.isfunction(inner):
            assert inspect.getdoc(inner), member
