"""Importing in a real browser: say a column, see row by row, import, see it in the list, take it back."""

import csv
import io
import re

import pytest

pytestmark = pytest.mark.browser


def upload(page, name, text):
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})


def go_on(page, button):
    """Press a button of the form and wait for what it brings."""
    with page.expect_navigation():
        button.click()


def undo(visitor):
    """From the page of an import, take it back."""
    page = visitor.page
    page.locator("a[href$='/deshacer/']").click()
    page.wait_for_url("**/deshacer/")
    visitor.look("imports-undo")
    page.locator("textarea[name=reason]").fill("Archivo equivocado")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/importaciones/importacion-\w+/$"))
    assert not page.locator("a[href$='/deshacer/']").count()


def test_a_file_with_headings_of_its_own_is_read_imported_seen_and_taken_back(visitor):
    page, tag = visitor.page, f"{'en' if visitor.prefix else 'es'}{visitor.width}"
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/instituciones/")
    page.locator("a[href$='/importar/instituciones/']").click()
    page.wait_for_url("**/importar/instituciones/")
    visitor.look("imports-start")
    head = f"Abreviatura {tag},Cómo se llama,Qué es\n"
    rows = "".join(f"ensayo-{tag}-{n},Institución de ensayo {n},ministerio\n" for n in range(60))
    upload(page, "ensayo.csv", head + rows)
    go_on(page, page.locator("main form button[type=submit]").last)
    visitor.wrong.clear()  # the answer 422 is a console line of the browser: no column was understood yet
    visitor.look("imports-columns")
    for place, field in enumerate(("code", "name", "kind")):
        page.locator(f"select[name=column-{place}]").select_option(field)
    go_on(page, page.locator("main form button[type=submit]").last)
    assert page.locator("section:has(#previa) tbody tr").count() == 50
    visitor.look("imports-preview")
    go_on(page, page.locator("button[name=pagina]").last)
    assert page.locator("section:has(#previa) tbody tr").count() == 10
    page.locator("button[name=apply]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/importaciones/importacion-\w+/$"))
    visitor.look("imports-done")
    done = page.url
    visitor.go(f"/desk/panama/instituciones/?q=ensayo-{tag}-59")
    assert page.locator("tbody tr").count() == 1
    visitor.go("/desk/panama/importaciones/")
    visitor.look("imports-list")
    page.goto(done)
    undo(visitor)
    visitor.go(f"/desk/panama/instituciones/?q=ensayo-{tag}")
    assert not page.locator("tbody tr").count()


def test_an_exported_list_is_corrected_and_goes_back_in(visitor):
    page = visitor.page
    visitor.enter_as("Directora de Resiliencia")
    visitor.go("/desk/panama/instituciones/")
    page.locator(".m-listbar__tools summary").first.click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="CSV").click()
    text = caught.value.path().read_text(encoding="utf-8-sig")
    header, first, *rest = csv.reader(io.StringIO(text, newline=""))
    name = header.index("Nombre" if not visitor.prefix else "Name")
    was = first[name]
    first[name] = f"{was} (corregida)"
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, first, *rest])
    visitor.go("/desk/panama/importar/lista-instituciones/")
    upload(page, "corregida.csv", out.getvalue())
    go_on(page, page.locator("main form button[type=submit]").last)
    go_on(page, page.locator("button[name=ver][value=changed]"))
    assert page.locator("section:has(#previa) tbody tr").count() == 1
    assert page.locator("section:has(#previa) del").inner_text() == was
    assert page.locator("section:has(#previa) ins").inner_text() == f"{was} (corregida)"
    visitor.look("imports-changed")
    go_on(page, page.locator("button[name=apply]"))
    page.wait_for_url(re.compile(r"/importaciones/importacion-\w+/$"))
    undo(visitor)
    visitor.go("/desk/panama/instituciones/?q=corregida")
    assert not page.locator("tbody tr").count()
