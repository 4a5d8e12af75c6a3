"""Build the wheel of the engine, install it alone in a new environment and run its tutorial: ``just engine-wheel``.

Prints how long ``import manglar_engine`` takes there, and fails above half a second, where Django came along, or
where the city file of docs/how-to/engine-impact.md does not run. Needs the package index.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "how-to" / "engine-impact.md"
FILE = re.compile(r"^`([\w.-]+)`[^\n]*\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
MOST_SECONDS = 0.5
TIMED = "import time; t = time.perf_counter(); import manglar_engine; print(time.perf_counter() - t)"


def main() -> int:
    """Build, install, run; return the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", name, str(ROOT / "engine"))
        (wheel,) = folder.glob("*.whl")
        venv.create(folder / "clean", with_pip=True)
        scripts = folder / "clean" / ("Scripts" if sys.platform == "win32" else "bin")
        _run(str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel))
        _run(str(scripts / "python"), "-c", "import importlib.util as u; assert u.find_spec('django') is None")
        for file, text in FILE.findall(PAGE.read_text(encoding="utf-8")):
            (folder / file).write_text(text, encoding="utf-8")
        told = _run(str(scripts / "manglar-engine"), "run", "whole.toml", "--out", "answer", cwd=folder)
        seconds = min(float(_run(str(scripts / "python"), "-c", TIMED)) for _ in range(3))
    sys.stdout.write(f"{told.splitlines()[0]}: the tutorial runs; import manglar_engine takes {seconds:.3f} s\n")
    return 0 if seconds <= MOST_SECONDS else 1


def _run(*command: str, cwd: Path | None = None) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd or Path.home()).stdout


if __name__ == "__main__":
    sys.exit(main())
