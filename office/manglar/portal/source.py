"""The program's own source, as it runs: what the AGPL gives to whoever uses it over a network."""

import io
import zipfile
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("office/manglar", "engine/manglar_engine", "requirements")
SINGLE = ("LICENSE", "README.md", "start.py", "office/pyproject.toml", "engine/pyproject.toml")
LEFT_OUT = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


@lru_cache(maxsize=1)
def source_archive() -> bytes:
    """The source as a zip, with the parts that are beside this installation."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        paths = [p for part in PARTS for p in sorted((ROOT / part).rglob("*"))] + [ROOT / name for name in SINGLE]
        for path in paths:
            if path.is_file() and not LEFT_OUT & set(path.parts) and path.suffix != ".pyc":
                archive.write(path, path.relative_to(ROOT).as_posix())
    return held.getvalue()
