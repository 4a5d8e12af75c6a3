"""A record in a real browser: what is public of it, a file beside it, and the way back from a change."""

import pytest

pytestmark = pytest.mark.browser


def open_first(visitor, place):
    visitor.go(place)
    visitor.page.locator("main table a[href*='hallazgo-']").first.click()
    visitor.page.wait_for_url("**/hallazgos/hallazgo-*/")


def test_a_file_is_attached_a_change_is_undone_and_the_two_sides_are_seen(visitor, tmp_path):
    page, title = visitor.page, f"Acta {visitor.width} {visitor.prefix or 'es'}"
    visitor.enter_as("Directora de Resiliencia")
    open_first(visitor, "/desk/panama/hallazgos/")
    record = page.url
    visitor.look("record")
    acta = tmp_path / "acta.pdf"
    acta.write_bytes(b"%PDF-1.7\n" + title.encode())
    page.locator("#archivos ~ details > summary").last.click()
    page.locator("#adjunto-archivo").set_input_files(acta)
    page.locator("#adjunto-titulo").fill(title)
    page.locator("#adjunto-titulo").press("Enter")
    page.wait_for_selector(f"text={title}")
    visitor.look("record-file")
    held = page.locator("li", has=page.get_by_role("link", name=title))
    held.locator("summary").click()
    held.locator("input[name=reason]").fill("Era de muestra")
    held.locator("button").click()
    page.wait_for_selector(f"a:has-text('{title}')", state="detached")
    page.goto(record)
    page.get_by_role("link", name="Ver lo público" if not visitor.prefix else "See what is public").click()
    page.wait_for_url("**/lo-publico/")
    visitor.look("record-public")
    visitor.go("/desk/panama/hallazgos/nuevo/")
    page.locator("[name=title]").fill(f"Muestra {title}")
    page.locator("textarea[name=text]").fill("Lo que decía")
    page.locator("select[name=mark]").select_option("ilustrativo")
    page.locator("main form button[type=submit]").last.click()
    page.locator("a[href$='/cambiar/']").click()
    before = page.locator("textarea[name=text]").input_value()
    page.locator("textarea[name=text]").fill(f"{before} (otra vez)")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector(".m-undo")
    visitor.look("record-undo")
    page.locator(".m-undo button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".m-undo", state="detached")
    assert "(otra vez)" not in page.locator("main .m-lead").first.inner_text()
