"""The shell in a real browser: lists, records and forms with the keyboard, a phone and a lost connection."""

import csv
import io
import re

import pytest

pytestmark = pytest.mark.browser
#: The main pages of the portal, to be read by night.
DARK = {
    "home": "/", "strategy": "/estrategia/", "risk": "/riesgo/", "place": "/territorio/080812/", "promises": "/compromisos/",
    "transparency": "/transparencia/", "search": "/buscar/?q=agua", "accessibility": "/accesibilidad/", "gallery": "/desk/gallery/",
}  # fmt: skip


def rows(page):
    return page.locator("tbody tr").count()


def test_the_gallery_shows_every_component_without_a_fault(visitor):
    visitor.go("/desk/gallery/")
    visitor.look("shell-gallery")


def test_a_list_is_narrowed_ordered_exported_and_seen_as_a_board(visitor):
    page = visitor.page
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/activos/")
    visitor.look("shell-list")
    everything = rows(page)
    if visitor.width == "390":
        page.locator(".m-filters > summary").click()
    page.locator("select[name=clase]").select_option("school")
    page.wait_for_url("**clase=school**")
    fewer = rows(page)
    assert 0 < fewer < everything
    if visitor.width == "1280":
        page.locator("thead a").first.click()
        page.wait_for_url("**orden=nombre**")
        assert page.locator("th[aria-sort=ascending]").count() == 1
    page.locator(".m-listbar__tools summary").first.click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="CSV").click()
    text = caught.value.path().read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == fewer + 1
    visitor.go("/desk/panama/hitos/?vista=tablero")
    visitor.look("shell-board")


def test_a_list_is_seen_as_a_map_with_the_same_filters_by_the_keyboard_too(visitor):
    page = visitor.page
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/activos/?clase=school")
    fewer = rows(page)
    page.locator(".m-tabs a", has_text=re.compile("Mapa|Map")).click()
    page.wait_for_url("**clase=school**vista=mapa**")
    visitor.look("shell-map-points")
    assert rows(page) == fewer
    face = page.locator("manglar-map canvas")
    face.focus()
    page.keyboard.press("+")
    page.wait_for_selector("manglar-map[data-idle]")
    page.locator("tbody th a").first.focus()
    assert page.locator("tbody tr.is-current").count() == 1
    visitor.go("/desk/panama/hallazgos/?vista=mapa")
    visitor.look("shell-map-areas")
    page.locator("tbody th a").first.click()
    page.wait_for_url("**corregimiento=**")
    assert rows(page) >= 1


def test_the_main_pages_are_read_in_the_dark_too(visitor):
    page = visitor.page
    page.emulate_media(color_scheme="dark")
    for name, path in DARK.items():
        visitor.go(path)
        visitor.look(f"dark-{name}")
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/hallazgos/?vista=mapa")
    visitor.look("dark-desk")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", ground)[:3])) < 60


def test_a_map_on_paper_is_the_picture_drawn_on_the_server(visitor):
    page = visitor.page
    visitor.go("/territorio/")
    page.wait_for_selector("manglar-map[data-idle]", timeout=30_000)
    picture = page.locator(".m-map__print")
    assert not picture.is_visible()
    page.emulate_media(media="print")
    picture.evaluate("each => each.scrollIntoView()")  # it is fetched when it is seen, or when the page is printed
    assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") > 300
    assert picture.is_visible()
    assert not page.locator(".m-map__frame").is_visible()
    page.emulate_media(media="screen")


def test_the_keyboard_reaches_the_search_and_the_rows(visitor):
    page = visitor.page
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/hallazgos/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.href") != first
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/hallazgos/hallazgo-"))


def test_what_was_written_survives_a_lost_connection_and_is_forgotten_once_saved(visitor):
    page, words = visitor.page, f"Lo que no se debe perder {visitor.prefix}{visitor.width}"  # the same words twice are asked about
    visitor.enter_as("Especialista de la oficina")
    visitor.go("/desk/panama/hallazgos/nuevo/")
    page.locator("input[name=title]").fill(words)
    page.context.set_offline(True)
    page.locator("main form button[type=submit]").click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    visitor.wrong.clear()  # the browser says that it had no network, which is what we did
    visitor.go("/desk/panama/hallazgos/nuevo/")
    assert page.locator("input[name=title]").input_value() == words
    assert page.locator("manglar-draft > [role=status]").count() == 1
    visitor.look("shell-draft")
    page.locator("select[name=mark]").select_option("estimacion")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/hallazgos/hallazgo-"))
    visitor.go("/desk/panama/hallazgos/nuevo/")
    assert page.locator("input[name=title]").input_value() == ""


def test_a_second_person_sees_what_the_first_changed(visitor, browser):
    page = visitor.page
    visitor.enter_as("Especialista de la oficina")
    visitor.go("/desk/panama/hallazgos/?estado=draft")
    if not rows(page):
        visitor.go("/desk/panama/hallazgos/nuevo/")
        page.locator("input[name=title]").fill("Borrador para dos personas")
        page.locator("select[name=mark]").select_option("estimacion")
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(re.compile(r"/hallazgos/hallazgo-"))
    else:
        page.locator("tbody th a").first.click()
    page.locator("a[href$='/cambiar/']").click()
    address = page.url
    other = page.context.new_page()
    other.goto(address)
    other.locator("input[name=title]").fill("Lo cambió la otra persona")
    other.locator("main form button[type=submit]").click()
    other.wait_for_url(re.compile(r"/hallazgos/hallazgo-\w+/$"))
    other.close()
    page.locator("input[name=title]").fill("Lo mío")
    visitor.wrong.clear()
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("main [role=alert]")
    assert page.locator("input[name=title]").input_value() == "Lo mío"
    visitor.wrong.clear()  # the answer 409 is a console line of the browser, and is what we want
    visitor.look("shell-conflict")
