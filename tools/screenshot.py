"""The picture of the README: the example's home page, made by the journeys' own installation.

    just screenshot
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Load the example beside, serve it, photograph it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        env = {**os.environ, "MANGLAR_DATA_DIR": data, "MANGLAR_EXAMPLE": "1", "MANGLAR_PUBLIC_URL": address}
        subprocess.run([sys.executable, "-m", "manglar", "example", "load"], env=env, check=True)
        server = subprocess.Popen([sys.executable, "-m", "manglar", "serve", "--port", str(port)], env=env)
        try:
            wait_for(port)
            photograph(address)
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def photograph(address: str) -> None:
    """The home page as a person sees it first, with its map."""
    chromium = os.environ.get("MANGLAR_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.goto(address)
        page.wait_for_selector("manglar-map[data-idle], manglar-map[data-failed]", timeout=30_000)
        page.screenshot(path=ROOT / "docs" / "portal.png")
        browser.close()


if __name__ == "__main__":
    main()
