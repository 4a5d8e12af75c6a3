"""The risk desk in a real browser: data registered with a look, a run asked and watched, one stopped, two compared, told."""

import gzip
import re
from pathlib import Path

import manglar_engine as engine
import numpy as np
import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

from tests.risk import layers

pytestmark = pytest.mark.browser
#: The assets of the example stand within these degrees.
WEST, SOUTH, EAST, NORTH = -79.75, 8.85, -79.20, 9.35


def city_map(depth, tmp_path):
    """An invented map of water over the whole example, deeper to the south."""
    columns, rows = 110, 100
    grid = engine.Grid(
        np.linspace(WEST, EAST, columns), np.linspace(NORTH, SOUTH, rows), "EPSG:4326"
    )
    values = np.tile(np.linspace(0, depth, rows)[:, None], (1, columns))
    path = tmp_path / "agua.tif"
    engine.write_raster(path, engine.Raster("agua", grid, values, "m"), cog=False)
    return path.read_bytes()


def upload(page, name, content):
    page.locator("#file").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def fill(page, **values):
    for name, value in values.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def register(visitor, slug, file, content, **values):
    """Upload, look at what was read, register."""
    page = visitor.page
    visitor.go(f"/desk/panama/importar/{slug}/")
    fill(page, source="Inventado para la prueba", licence="CC0", **values)
    upload(page, file, content)
    page.locator("main form").get_by_role("button").last.click()
    expect(page.locator("main form")).to_contain_text(file)
    visitor.look(f"risk-look-{slug}")
    if page.locator("button[name=apply]").count():  # the same bytes read the same way are registered once
        page.locator("button[name=apply]").click()
        page.wait_for_url("**/datos-de-riesgo/")


def ask(visitor, title, hazard, *, measure=""):
    """Ask for a run of impact of the schools."""
    page = visitor.page
    visitor.go("/desk/panama/corridas/nuevo/")
    page.locator("#id_hazards").get_by_label(hazard, exact=True).check()
    fill(page, title=title, class_school="escuela", samples="200")
    page.locator("[name=functions]").select_option(index=0)
    if measure:
        fill(page, measure_1=measure, quantity_1="1", factor_1="0.9", index_1="índice inventado")
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url(re.compile(r"/corridas/corrida-\w+/"))


def until_done(page):
    """The page asks how far it is and comes back by itself when it is done."""
    expect(page.locator("main figure.m-figure").first).to_be_visible(timeout=120_000)


def explore(visitor, name):
    """Choose places and read the curve with the keyboard and with the pointer; the library comes only when asked for."""
    page, asked = visitor.page, []
    page.on("response", lambda answer: asked.append(answer.url) if "/vendor/vega-" in answer.url else None)
    page.reload()
    chart = page.locator("manglar-chart")
    expect(chart.get_by_role("button")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert not asked, "the library came without being asked for"
    assert chart.locator(".m-figure__picture svg").is_visible()
    chart.get_by_role("button").press("Enter")
    page.wait_for_selector("manglar-chart[data-idle]", timeout=20_000)
    assert len(asked) == 1 and not chart.locator(".m-figure__picture").is_visible()
    print(f"vega, on the line and only then: {gz(asked[0]):,} bytes gz")

    boxes = chart.get_by_role("checkbox")
    wanted = min(5, boxes.count())
    for place in range(1, wanted):
        boxes.nth(place).press("Space")
    told = chart.locator(".m-chart__told li")
    expect(told).to_have_count(1 + wanted)
    if boxes.count() > 5:
        expect(boxes.nth(5)).to_be_disabled()
    for place in range(2, wanted):
        boxes.nth(place).press("Space")
    slider = chart.get_by_role("slider")
    slider.press("Home")
    first = slider.get_attribute("aria-valuetext")
    slider.press("ArrowRight")
    expect(slider).not_to_have_attribute("aria-valuetext", first)
    assert "B/." in slider.get_attribute("aria-valuetext")
    canvas = chart.locator(".m-chart__canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + box["height"] / 2)
    expect(slider).to_have_value(slider.get_attribute("max"))
    visitor.look(name)
    page.emulate_media(media="print")
    assert chart.locator(".m-figure__picture svg").is_visible() and not canvas.is_visible()
    page.emulate_media(media="screen")
    chart.get_by_role("button").press("Enter")
    expect(chart.locator(".m-figure__picture svg")).to_be_visible()


def gz(address):
    """Bytes of a static file on the line."""
    found = finders.find(address.split("/static/")[1])
    return len(gzip.compress(Path(found).read_bytes(), 6))


def test_from_a_file_to_an_option_of_a_note_and_the_public_page(visitor, tmp_path):
    page, key = visitor.page, f"{visitor.prefix.strip('/') or 'es'}-{visitor.width}"
    visitor.enter_as("Directora de Resiliencia")
    today, future = f"Agua hoy {key}", f"Agua 2050 {key}"
    said = {"hazard": "flood", "nodata": "nothing"}
    maps = [layers.packed(a__tif=city_map(depth, tmp_path), b__tif=city_map(2 * depth, tmp_path)) for depth in (1.0, 1.5)]
    for name, content, scenario, year in ((today, maps[0], f"histórico {key}", "2025"), (future, maps[1], f"alto {key}", "2050")):
        register(visitor, "mapas", "agua.zip", content, name=name, scenario=scenario, year=year, periods="10 = a.tif\n100 = b.tif", **said)
    register(visitor, "funciones", "funciones.csv", layers.FUNCTIONS.encode(), name=f"Funciones {key}")
    visitor.look("risk-datasets")

    ask(visitor, f"Hoy {key}", f"{today} · histórico {key} · 2025", measure="alerta-temprana")
    until_done(page)
    visitor.look("risk-run")
    explore(visitor, "risk-run-explored")
    ask(visitor, f"2050 {key}", f"{future} · alto {key} · 2050")
    until_done(page)
    later = page.url

    visitor.go("/desk/panama/corridas/comparar/")
    for name, title in (("una", f"Hoy {key}"), ("otra", f"2050 {key}")):
        value = page.locator(f"#{name} option", has_text=title).first.get_attribute("value")
        page.locator(f"#{name}").select_option(value)
    page.locator("main form").get_by_role("button").click()
    expect(page.locator("main figure svg[role=img]")).to_be_visible()
    expect(page.locator("main")).to_contain_text("2050")
    visitor.look("risk-compare")

    visitor.go("/desk/panama/corridas/")
    page.get_by_role("link", name=f"Hoy {key}", exact=True).click()
    run = page.url
    page.locator("a[href$='/nota/']").click()
    fill(page, note="nueva", question=f"¿Se adopta la alerta temprana? {key}")
    visitor.look("risk-to-note")
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url(re.compile(r"/notas/nota-\w+/"))
    expect(page.locator("main")).to_contain_text("B/.")
    visitor.look("risk-note")
    publish_both(visitor, run, later)
    visitor.go("/riesgo/inundacion/")
    times = page.locator("figure.m-figure", has_text=re.compile(r"2025.*2050"))
    expect(times.locator("svg[role=img]")).to_be_visible()
    expect(times.locator(".m-figure__sentence")).to_contain_text("intervals overlap" if visitor.prefix else "los intervalos se montan")
    times.locator("summary").press("Enter")
    expect(times.locator("table")).to_contain_text("The whole city" if visitor.prefix else "Toda la ciudad")
    visitor.look("risk-public-times")
    explore(visitor, "risk-public-impact-explored")


def do(page, url, slug):
    """An action of a record that asks for nothing more than to be confirmed."""
    page.goto(url)
    page.locator(f"main a[href$='/{slug}/']").first.click()
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url(url)


def findings(visitor):
    """The addresses of the findings on the first page of their list."""
    visitor.go("/desk/panama/hallazgos/?por_pagina=100")
    return {visitor.address + each.get_attribute("href") for each in visitor.page.locator("main a[href*='/hallazgos/hallazgo-']").all()}


def publish_both(visitor, *runs):
    """One makes a finding of each run, another reviews it, a third makes it public."""
    page = visitor.page
    visitor.enter_as("Analista de riesgo")
    before = findings(visitor)
    for run in runs:
        do(page, run, "hallazgo")
    page.goto(runs[0])
    visitor.look("risk-told")
    made = findings(visitor) - before
    assert len(made) == len(runs)
    for role, slug in (("Directora de Resiliencia", "revisar"), ("Responsable de publicación", "publicar")):
        visitor.enter_as(role)
        for finding in sorted(made):
            do(page, finding, slug)


def ask_for_long(visitor, title):
    """Ask for a run of many samples over every asset; the page says how far it is."""
    page = visitor.page
    visitor.go("/desk/panama/corridas/nuevo/sismo/")
    fill(page, title=title, samples="10000")
    for box in page.locator("[name=kinds]").all()[:9]:
        box.check()
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url(re.compile(r"/corridas/corrida-\w+/"))
    expect(page.locator("manglar-progress")).to_be_visible()


def stop(page):
    """Stop the run of the page, and wait until it says that it ended."""
    page.locator("a[href$='/parar/']").click()
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url(re.compile(r"/corridas/corrida-\w+/$"))
    for _ in range(100):
        page.reload()
        if not page.locator("manglar-progress").count():
            break
        page.wait_for_timeout(300)
    expect(page.locator("main header, main .m-head, main").first).to_contain_text(re.compile("anulada|cancelled|stopped", re.I))
    assert not page.locator("main figure.m-figure").count()


def test_a_run_is_stopped_and_leaves_nothing(visitor):
    page = visitor.page
    visitor.enter_as("Directora de Resiliencia")
    ask_for_long(visitor, f"Para mirar {visitor.width} {visitor.prefix}")
    ask_for_long(visitor, f"Para parar {visitor.width} {visitor.prefix}")  # waits behind the other: it is still to be stopped
    stop(page)
    ask_for_long(visitor, f"Para parar en marcha {visitor.width} {visitor.prefix}")
    visitor.look("risk-running")


def test_the_public_pages_of_each_hazard(visitor):
    page = visitor.page
    visitor.go("/riesgo/")
    visitor.look("risk-public-index")
    for slug in ("terremoto", "inundacion"):
        page.locator(f"main a[href$='/riesgo/{slug}/']").first.click()
        page.wait_for_url(f"**/riesgo/{slug}/")
        assert page.locator("h1").count() == 1
        visitor.look(f"risk-public-{slug}")
        if slug == "terremoto":
            explore(visitor, "risk-public-explored")
        page.go_back()
    visitor.go("/territorio/080812/")
    assert page.locator("main a[href*='/riesgo/inundacion/#lugar-']").count()
    visitor.look("risk-public-division")
