"""Lighthouse on the ten main pages: accessibility, best practices and SEO are gated, performance is printed.

``MANGLAR_LIGHTHOUSE_RUNS=5`` (``just lighthouse``) prints the median of five. The desk and the results of a search are
kept out of search engines on purpose: of their SEO that one fault is expected, and no other is let pass.
"""

import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, Visitor

pytestmark = pytest.mark.browser
LEAST = 95
UNLISTED, KEPT_OUT = {"escritorio", "buscar"}, "Page is blocked from indexing"
RUNS = int(os.environ.get("MANGLAR_LIGHTHOUSE_RUNS", "1"))
FOLDER = ROOT / "tools" / "lighthouse"
PUBLIC = {
    "portal": "/", "estrategia": "/estrategia/", "riesgo": "/riesgo/", "compromisos": "/compromisos/",
    "transparencia": "/transparencia/", "buscar": "/buscar/?q=agua", "accesibilidad": "/accesibilidad/",
    "corregimiento": "/territorio/080812/",
}  # fmt: skip
DESK = "/desk/panama/hallazgos/"


@pytest.fixture(scope="module")
def auditor():
    """The folder with Lighthouse installed from its lock; says so where Node is absent."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no hay node y npm: instálelos para pasar Lighthouse")
    if not (FOLDER / "node_modules" / "lighthouse").is_dir():
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-progress"], cwd=FOLDER, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-1_000:]
    return FOLDER


def test_the_main_pages_pass_lighthouse(auditor, browser, example):
    context = browser.new_context(locale="es-PA")
    visitor = Visitor(context.new_page(), example, "", "1280")
    visitor.go("/estrategia/")
    initiative = visitor.page.locator("a[href^='/estrategia/iniciativa-']").first.get_attribute("href")
    visitor.enter_as("Directora de Resiliencia")
    cookie = "; ".join(f"{each['name']}={each['value']}" for each in context.cookies() if each["name"] != "csrftoken")
    context.close()
    pages = [{"name": name, "url": example + path} for name, path in {**PUBLIC, "iniciativa": initiative}.items()]
    pages.append({"name": "escritorio", "url": example + DESK, "headers": {"Cookie": cookie}})
    chrome = os.environ.get("MANGLAR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    asked = {"chrome": chrome, "runs": RUNS, "pages": pages}
    done = subprocess.run(["node", "audit.mjs", json.dumps(asked)], cwd=auditor, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    wrong = judge(json.loads(done.stdout))
    assert not wrong, "\n".join(wrong)


def judge(told):
    """Print each page in a line; return what is under the gate, with what Lighthouse says of it."""
    assert len(told) == 10
    wrong = []
    for page in told:
        is_unlisted = page["name"] in UNLISTED
        gated = {name: score for name, score in page["scores"].items() if name != "seo" or not is_unlisted}
        wrong += [f"{page['name']}: {each}" for each in page["faults"] if is_unlisted and each.startswith("seo") and KEPT_OUT not in each]
        print(f"{page['name']:>14}: {gated} · {performance(page['performance'])}")
        low = [name for name, score in gated.items() if score < LEAST]
        wrong += [f"{page['name']}: {name} {gated[name]}: {page['faults']}" for name in low]
    return wrong


def performance(runs):
    """The median of what was measured, in words: never a reason to fail."""
    if not runs:
        return "rendimiento sin medir"
    score, lcp, size = (statistics.median(run[key] for run in runs) for key in ("score", "lcp_ms", "bytes"))
    return f"rendimiento {score:.0f}, LCP {lcp:.0f} ms, {size:,.0f} bytes ({len(runs)} de {RUNS})"


def test_the_gate_can_fail():
    good = {"name": "a", "scores": {"accessibility": 100, "seo": 100}, "performance": [], "faults": []}
    bad = {**good, "scores": {"accessibility": 94, "seo": 100}, "faults": ["sin texto"]}
    assert judge([good] * 9 + [bad]) == ["a: accessibility 94: ['sin texto']"]
    unlisted = {**good, "name": "escritorio", "scores": {"accessibility": 100, "seo": 60}}
    assert judge([good] * 9 + [{**unlisted, "faults": [f"seo: {KEPT_OUT} []"]}]) == []
    assert judge([good] * 9 + [{**unlisted, "faults": ["seo: otra []"]}]) == ["escritorio: seo: otra []"]


def test_the_lock_names_no_host():
    lock = json.loads(Path(FOLDER / "package-lock.json").read_text())
    assert [name for name, told in lock["packages"].items() if "resolved" in told] == []
    assert lock["packages"]["node_modules/lighthouse"]["version"].startswith("12.")
