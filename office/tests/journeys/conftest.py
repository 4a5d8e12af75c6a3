"""A real installation with the example, served for real, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / "build" / "journeys"
WIDTHS = {"1280": {"width": 1280, "height": 900}, "390": {"width": 390, "height": 844}}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def example(installation):
    """Address of the served example."""
    return installation[0]


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    """Address and environment of the served example; its folder is thrown away."""
    if not (os.environ.get("MANGLAR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")):
        pytest.skip("no hay chromium: instálelo para probar en un navegador")
    data, port = tmp_path_factory.mktemp("example"), free_port()
    address = f"http://127.0.0.1:{port}"
    clean = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "MANGLAR_SECRET_KEY"}}
    env = {**clean, "MANGLAR_DATA_DIR": str(data), "MANGLAR_EXAMPLE": "1", "MANGLAR_PUBLIC_URL": address}
    subprocess.run([sys.executable, "-m", "manglar", "example", "load"], env=env, check=True, capture_output=True)
    server = subprocess.Popen([sys.executable, "-m", "manglar", "serve", "--port", str(port)], env=env)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield address, env
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = os.environ.get("MANGLAR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    return {**browser_type_launch_args, "executable_path": found, "args": ["--no-sandbox", "--disable-gpu"]}


class Visitor:
    """Someone with a browser: looks at a page, photographs it, and minds its faults."""

    def __init__(self, page, address, prefix, width):
        self.page, self.address, self.prefix, self.width = page, address, prefix, width
        self.wrong = []
        page.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.wrong.append(str(e)))
        page.on("request", lambda r: self.wrong.append(f"foreign: {r.url}") if not r.url.startswith((address, "data:")) else None)

    def go(self, path):
        response = self.page.goto(self.address + self.prefix + path)
        assert response.status == 200, f"{path}: {response.status}"

    def look(self, name):
        """Photograph the page; it has no fault that axe or the console can see, and nothing sticks out sideways."""
        page = self.page
        if page.locator("manglar-map").count():
            page.wait_for_selector("manglar-map[data-idle], manglar-map[data-failed]", timeout=30_000)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1, f"{name} sticks out at {self.width}"
        PICTURES.mkdir(parents=True, exist_ok=True)
        language = "en" if self.prefix else "es"
        page.screenshot(path=PICTURES / f"{name}-{language}-{self.width}.png", full_page=True)
        found = Axe().run(page)
        assert not found.response["violations"], f"{name}: " + "; ".join(
            f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found.response["violations"]
        )
        assert not self.wrong, f"{name}: {self.wrong}"

    def enter_as(self, role):
        self.go("/desk/ejemplo/")
        self.page.locator("li", has=self.page.get_by_role("heading", name=role)).get_by_role("button").click()
        self.page.wait_for_url("**/desk/*/")


@pytest.fixture(params=["es", "en"])
def prefix(request):
    return "" if request.param == "es" else "/en"


@pytest.fixture(params=["1280", "390"])
def visitor(request, browser, example, prefix):
    context = browser.new_context(viewport=WIDTHS[request.param], locale="es-PA" if not prefix else "en-US")
    yield Visitor(context.new_page(), example, prefix, request.param)
    context.close()
