"""The settings in a real browser: an administrator changes a word and the colour, and sees both on the portal."""

import io

import pytest
from PIL import Image

pytestmark = pytest.mark.browser
COLOUR = "#6b2a5b"
SHOWN = "rgb(107, 42, 91)"


def save(page, section):
    page.locator(f"#{section} form").first.locator("button[type=submit]").first.click()
    page.wait_for_url(f"**/ajustes/#{section}")


def words_section(page):
    return page.locator("section[id^=palabras-]").first.get_attribute("id")


def put(page, section, word, colour):
    """Write the word of the third level, in the language of the page too, and the colour; save each."""
    box = page.locator(f"#{section} input[name*='__level__3__']")
    for place, text in enumerate(word):
        box.nth(place).fill(text)
    save(page, section)
    page.fill("[name=accent]", colour)
    save(page, "color")


def button_colour(page):
    return page.evaluate("getComputedStyle(document.querySelector('.m-search button')).backgroundColor")


def test_a_word_and_the_colour_change_on_the_portal_at_once(visitor):
    page = visitor.page
    visitor.go("/estrategia/")
    shown_before = button_colour(page)
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/ajustes/")
    visitor.look("settings")
    section = words_section(page)
    before = [page.locator(f"#{section} input[name*='__level__3__']").nth(n).input_value() for n in range(4)]
    try:
        put(page, section, ("proyecto", "proyectos", "project", "projects"), COLOUR)
        visitor.look("settings-changed")
        visitor.go("/estrategia/")
        assert button_colour(page) == SHOWN
        text = page.locator("main").inner_text().casefold()
        assert ("projects" if visitor.prefix else "proyectos") in text
        assert ("initiatives" if visitor.prefix else "iniciativas") in text  # what it said when it was adopted
        visitor.look("settings-portal")
        page.emulate_media(color_scheme="dark")
        assert button_colour(page) not in {SHOWN, shown_before}
        visitor.look("settings-portal-dark")
        page.emulate_media(media="print")
        visitor.look("settings-portal-print")
        page.emulate_media(media="screen", color_scheme="light")
        visitor.go("/desk/panama/iniciativas/")
        assert ("project" if visitor.prefix else "proyecto") in page.locator("main table").inner_text()
        visitor.look("settings-list")
    finally:
        visitor.go("/desk/panama/ajustes/")
        put(page, section, before, "")
    visitor.go("/estrategia/")
    assert button_colour(page) == shown_before


def test_a_colour_that_cannot_be_read_is_refused_in_words_and_its_nearest_is_shown(visitor):
    page = visitor.page
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/ajustes/")
    page.fill("[name=accent]", "#ffcc00")
    page.locator("#color button[name=look]").click()
    page.wait_for_url("**/ajustes/color/#color")
    assert ("nearest shade" if visitor.prefix else "tono más parecido") in page.locator("#color [role=alert], #color .m-field--error").first.inner_text()
    assert page.locator("[name=accent]").input_value() == "#ffcc00"
    light, dark = (
        page.evaluate(f"getComputedStyle(document.querySelector('.m-sample--{each} .m-sample__button')).backgroundColor")
        for each in ("light", "dark")
    )
    assert light != dark
    visitor.look("settings-refused")
    page.emulate_media(color_scheme="dark")
    visitor.look("settings-refused-dark")


def test_a_logo_is_put_with_the_keyboard_and_seen_in_every_header(visitor, tmp_path):
    page = visitor.page
    out = io.BytesIO()
    Image.new("RGB", (200, 80), "#ffffff").save(out, format="PNG")
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/ajustes/")
    page.set_input_files("[name=file]", {"name": "marca.png", "mimeType": "image/png", "buffer": out.getvalue()})
    page.locator("[name=logo_text__es]").focus()
    page.keyboard.type("Marca de muestra")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ajustes/#logo")
    try:
        visitor.look("settings-logo")
        visitor.go("/")
        assert page.locator("header img[alt='Marca de muestra']").is_visible()
        visitor.look("settings-logo-portal")
    finally:
        visitor.go("/desk/panama/ajustes/")
        page.locator("#logo manglar-confirm button").first.click()
        page.locator(".m-dialog button[value=yes]").click()
        page.locator("#logo manglar-confirm").wait_for(state="detached")  # the address stays the same: only the page says it
    visitor.go("/")
    assert page.locator("header .m-brand__logo").count() == 0
