"""Where the real data lies, when it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # small tests run the loops as Python; the compiled lane has its own


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; without it the test is skipped and says so."""
    folder = os.environ.get("MANGLAR_REAL_DATA")
    if not folder:
        pytest.skip("MANGLAR_REAL_DATA is not set: this test compares with the real files")
    return Path(folder)
