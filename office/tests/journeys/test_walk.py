"""The first walk, in a real browser: from a corregimiento to the page that shows the whole chain, and the log that proves it."""

import re

import pytest

pytestmark = pytest.mark.browser


def first_link(page, pattern):
    hrefs = [a.get_attribute("href") or "" for a in page.locator("main a").all()]
    return next(href for href in hrefs if re.search(pattern, href))


def test_a_citizen_follows_the_chain_on_the_portal(visitor):
    page = visitor.page
    visitor.go("/")
    assert page.locator("html").get_attribute("lang") == ("en" if visitor.prefix else "es")
    codes = {m.group(1) for a in page.locator("a").all() if (m := re.search(r"/territorio/(08\d{4}|\d{6})/", a.get_attribute("href") or ""))}
    assert len(codes) == 35
    visitor.look("portal-home")
    for name, path in (("territory", "/territorio/"), ("risk", "/riesgo/"), ("strategy", "/estrategia/"),
                       ("commitments", "/compromisos/"), ("transparency", "/transparencia/"),
                       ("accessibility", "/accesibilidad/"), ("privacy", "/privacidad/"), ("source", "/codigo/")):
        visitor.go(path)
        visitor.look(f"portal-{name}")
    visitor.go("/territorio/080804/")
    visitor.look("portal-division")
    visitor.go("/compromisos/")
    page.goto(visitor.address + first_link(page, r"/compromisos/compromiso-"))
    visitor.look("portal-commitment")
    text = page.locator("main").inner_text().casefold()
    words = ("Finding", "Initiative", "Decision", "Milestone") if visitor.prefix else ("Hallazgo", "Iniciativa", "Decisión", "Hito")
    for word in words:
        assert word.casefold() in text, f"the chain lacks {word}"
    for name, pattern in (("finding", r"/hallazgos/hallazgo-"), ("initiative", r"/estrategia/iniciativa-"), ("note", r"/notas/nota-"),
                          ("decision", r"/decisiones/decision-"), ("milestone", r"/hitos/hito-")):
        visitor.go("/compromisos/")
        page.goto(visitor.address + first_link(page, r"/compromisos/compromiso-"))
        page.goto(visitor.address + first_link(page, pattern))
        visitor.look(f"portal-{name}")


def test_a_visitor_checks_the_log_without_an_account(visitor, tmp_path):
    page = visitor.page
    visitor.go("/transparencia/")
    content = page.request.get(visitor.address + visitor.prefix + "/transparencia/bitacora.jsonl").text()
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(content)
    bad.write_text(content.replace("founded", "founder", 1))
    page.set_input_files("input[type=file] >> nth=0", good)
    page.locator("main form", has=page.locator("input[type=file]")).first.locator("button[type=submit]").click()
    page.wait_for_selector("[role=status]")
    visitor.look("portal-log-sound")
    page.set_input_files("input[type=file] >> nth=0", bad)
    page.locator("main form", has=page.locator("input[type=file]")).first.locator("button[type=submit]").click()
    page.wait_for_selector("main [role=alert]")
    visitor.look("portal-log-altered")


def test_the_office_takes_a_decision_and_a_focal_point_reports_through_a_link(visitor, browser):
    page = visitor.page
    visitor.enter_as("Directora de Resiliencia")
    visitor.look("desk-home")
    for slug in ("hallazgos", "corridas", "activos", "territorio", "instituciones", "iniciativas", "compromisos", "notas",
                 "decisiones", "hitos", "reportes", "publicaciones", "permisos", "trabajos", "usuarios", "bitacora"):
        visitor.go(f"/desk/panama/{slug}/")
        visitor.look(f"desk-{slug}")
    visitor.go("/desk/panama/hitos/")
    page.goto(visitor.address + first_link(page, r"/hitos/hito-"))
    visitor.look("desk-milestone")
    page.goto(visitor.address + first_link(page, r"/hitos/hito-\w+/pedir/"))
    visitor.look("desk-ask")
    page.locator("main select").select_option(index=0)
    page.locator("main form button[type=submit]").click()
    link = page.locator("#enlace").inner_text().strip()
    visitor.look("desk-link-once")
    phone = browser.new_context(viewport={"width": 390, "height": 844})
    other = phone.new_page()
    assert other.goto(link).status == 200
    other.goto(link)
    other.locator("textarea").fill("Se hicieron dos visitas más.")
    other.locator("main form button[type=submit]").click()
    assert "Gracias" in other.locator("main").inner_text()
    assert other.goto(link).status == 410
    phone.close()
    visitor.go("/desk/panama/reportes/")
    page.goto(visitor.address + first_link(page, r"/reportes/reporte-"))
    visitor.look("desk-report")
    page.goto(visitor.address + first_link(page, r"/reportes/reporte-\w+/aprobar/"))
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("main")
    visitor.look("desk-report-approved")


def test_the_mayors_office_sees_what_waits_for_it(visitor):
    visitor.enter_as("Despacho de la Alcaldía")
    visitor.look("desk-mayor")


def test_another_government_sees_only_what_is_shared(visitor):
    page = visitor.page
    visitor.enter_as("Planificadora de San Miguelito")
    visitor.go("/desk/san-miguelito/iniciativas/")
    own = {m.group(0) for a in page.locator("main table a").all() if (m := re.search("iniciativa-[0-9a-z]{10}", a.get_attribute("href") or ""))}
    assert len(own) == 1
    visitor.look("desk-shared")
    response = page.goto(visitor.address + visitor.prefix + "/desk/panama/")
    assert response.status == 403
