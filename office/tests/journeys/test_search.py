"""Search in a real browser: a citizen who types badly, and someone of the office who lives on the keyboard."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def results(page):
    """The titles of what was found."""
    return page.locator(".m-found__title").all_inner_texts()


@pytest.fixture
def indexed(visitor):
    """A visitor of an installation whose worker has read everything that the example wrote."""
    for _ in range(100):
        visitor.go("/buscar/?q=terremotos")
        if results(visitor.page):
            return visitor
        visitor.page.wait_for_timeout(300)
    raise AssertionError("the worker did not make the index")


def test_a_citizen_finds_what_was_published_though_misspelt_and_in_the_plural(indexed):
    visitor, page = indexed, indexed.page
    visitor.go("/")
    page.locator("#buscar").fill("terremotto")
    page.locator("#buscar").press("Enter")
    page.wait_for_url(re.compile(r"/buscar/\?q=terremotto"))
    assert results(page)
    visitor.look("search-typing-error")
    page.locator(".m-found__meant a").click()
    page.wait_for_url(re.compile(r"q=terremoto"))
    expect(page.locator(".m-found mark").first).to_be_visible()
    assert not page.locator(".m-found__meant").count()
    visitor.look("search-found")
    page.locator(".m-found__title a").first.click()
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1


def test_pages_without_results_say_what_to_do(indexed):
    visitor = indexed
    for name, path in (("empty", "/buscar/"), ("no-words", "/buscar/?q=%25"), ("nothing", "/buscar/?q=zzzzzzz")):
        visitor.go(path)
        expect(visitor.page.locator("main .m-empty")).to_be_visible()
        visitor.look(f"search-{name}")


def test_the_palette_goes_to_pages_and_records_by_keyboard_alone(indexed):
    visitor, page = indexed, indexed.page
    visitor.enter_as("Directora de Resiliencia")
    page.keyboard.press("Control+k")
    dialog = page.locator("dialog.m-palette")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("combobox")).to_be_focused()
    assert dialog.get_by_role("option").count() > 10
    visitor.look("palette-pages")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("sismo")
    expect(dialog.locator(".m-palette__kind").first).to_be_visible()
    expect(dialog.locator("[aria-selected=true]")).to_have_count(1)
    first = dialog.locator("[aria-selected=true]").inner_text()
    page.keyboard.press("ArrowDown")
    assert dialog.locator("[aria-selected=true]").inner_text() != first
    page.keyboard.press("ArrowUp")
    assert dialog.locator("[aria-selected=true]").inner_text() == first
    visitor.look("palette-records")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/panama/\w+/\w+-\w{10}/"))
    page.keyboard.press("Control+k")
    page.keyboard.type("bitácora" if not visitor.prefix else "log")
    expect(dialog.locator("[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/panama/bitacora/"))


def test_when_nothing_is_chosen_enter_opens_the_search_page(indexed):
    visitor, page = indexed, indexed.page
    visitor.enter_as("Directora de Resiliencia")
    page.keyboard.press("Control+k")
    page.keyboard.type("zzzzzzz")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/panama/buscar/\?q=zzzzzzz"))
    visitor.look("desk-search-nothing")
    visitor.go("/desk/panama/buscar/?q=escuela")
    assert results(page)
    visitor.look("desk-search-found")


def test_without_script_the_palette_is_a_link_to_the_search_page(indexed, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    address = indexed.address + indexed.prefix
    page.goto(address + "/desk/ejemplo/")
    page.locator("li", has=page.get_by_role("heading", name="Directora de Resiliencia")).get_by_role("button").click()
    page.locator(".m-palette__open").click()
    page.wait_for_url("**/desk/*/buscar/")
    page.locator("#q").fill("escuelas")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/buscar/?q=escuelas")
    assert results(page)
    context.close()
