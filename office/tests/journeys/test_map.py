"""A hundred thousand buildings on the map of the desk, in a real browser: seen, switched, read; the frames are printed."""

import subprocess
import sys

import numpy as np
import pytest

from tests.journeys.conftest import WIDTHS, Visitor
from tests.territory.test_layers import geoparquet

pytestmark = pytest.mark.browser
MANY = 120_000
PAN = """async () => {
  const gaps = [];
  let last = performance.now();
  const end = last + 3000;
  await new Promise((done) => {
    const step = (now) => { gaps.push(now - last); last = now; now < end ? requestAnimationFrame(step) : done(); };
    requestAnimationFrame(step);
  });
  return { frames: gaps.length / 3, longest: Math.max(...gaps) };
}"""


@pytest.fixture(scope="module")
def layer(installation, tmp_path_factory):
    """A layer of points around the city, loaded by the command while the city is served."""
    dice = np.random.default_rng(11)
    path = tmp_path_factory.mktemp("layer") / "edificios.parquet"
    geoparquet(path, dice.normal(-79.5, 0.03, MANY), dice.normal(9.03, 0.02, MANY))
    told = ["--slug", "edificios", "--title", "Edificios", "--class-column", "clase", "--mark", "ilustrativo", "--source", "Prueba"]
    subprocess.run([sys.executable, "-m", "manglar", "territory", "layer", str(path), *told], env=installation[1], check=True, capture_output=True)
    return "edificios"


@pytest.mark.parametrize("width", ["1280", "390"])
def test_a_layer_of_a_hundred_thousand_is_switched_on_panned_and_read_in_the_table(browser, example, layer, width):
    context = browser.new_context(viewport=WIDTHS[width], locale="es-PA")
    visitor = Visitor(context.new_page(), example, "", width)
    page = visitor.page
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/mapa/")
    visitor.look("map-plain")
    page.locator("#capa-edificios").check()
    page.wait_for_url("**capa=edificios**")
    page.wait_for_selector("manglar-map[data-idle]", timeout=30_000)
    assert page.locator(".m-map__legend", has_text="Edificios por km²").count() == 1
    page.locator("select[name=corregimiento]").select_option(label="Juan Díaz")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**corregimiento=**")
    visitor.look("map-layer")
    assert "Edificios:" in page.locator("main [role=status]").inner_text()
    assert page.locator("#capa-edificios").is_checked()
    page.locator("manglar-map canvas").focus()
    for _ in range(3):
        page.keyboard.press("+")
        page.wait_for_timeout(350)
    page.keyboard.down("ArrowRight")
    told = page.evaluate(PAN)
    page.keyboard.up("ArrowRight")
    print(f"{width}: {told['frames']:.0f} frames a second while panning, the longest {told['longest']:.0f} ms (software rendering)")
    page.wait_for_selector("manglar-map[data-idle]", timeout=30_000)
    assert not visitor.wrong
    context.close()
