"""``just bench pages --size small --check``: every page of portal and desk within the budget of queries. Never a time."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.trust.test_every_page import MOST_QUERIES

ROOT = Path(__file__).resolve().parents[3]


def test_every_page_of_the_small_city_is_measured_and_within_the_budget():
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    asked = [sys.executable, str(ROOT / "tools" / "bench_pages.py"), "--size", "small", "--database", "sqlite", "--repeat", "1"]
    done = subprocess.run([*asked, "--check"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    (result,) = json.loads(done.stdout)
    pages = {page["route"]: page for page in result["pages"]}
    assert result["entries"] > 500
    assert len(pages) > 60
    assert {"portal:home", "portal:strategy", "portal:division", "desk:home", "desk:iniciativas", "desk:hitos-record"} <= set(pages)
    assert max(page["queries"] for page in pages.values()) <= MOST_QUERIES
    assert all(page["bytes"] > 100 and page["gzipped"] > 0 for page in pages.values())
