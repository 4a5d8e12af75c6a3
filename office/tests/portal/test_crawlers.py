"""What machines ask of the portal: where its pages are, what is closed, how a page is shared."""

import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests import chain_factories as make

pytestmark = pytest.mark.django_db
SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_robots_opens_what_is_public_and_closes_the_desk():
    text = Client().get("/robots.txt").content.decode()
    assert "Disallow: /desk/" in text
    assert "Disallow: /en/desk/" in text
    assert "Disallow: /\n" not in text
    assert text.rstrip().endswith("/sitemap.xml")


def test_the_sitemap_names_every_page_in_both_languages_and_nothing_internal(panama):
    place = make.division(panama)
    hidden = make.finding(panama)
    text = Client().get("/sitemap.xml").content.decode()
    found = [each.text for each in ElementTree.fromstring(text).findall("s:url/s:loc", SPACE)]
    assert len(found) == len(set(found))
    for path in ("/", "/en/", "/estrategia/", f"/territorio/{place.code}/", f"/en/territorio/{place.code}/"):
        assert any(each.endswith(f"testserver{path}") for each in found), path
    assert hidden.public_id not in text
    assert "/desk/" not in text
    assert 'hreflang="x-default"' in text


def test_every_address_of_the_sitemap_answers(panama):
    make.division(panama)
    text = Client().get("/sitemap.xml").content.decode()
    for address in re.findall(r"<loc>https?://testserver([^<]+)</loc>", text):
        assert Client().get(address).status_code == 200, address


def test_the_icon_is_a_picture():
    answer = Client().get("/favicon.ico")
    assert (answer["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")


def test_a_page_says_its_one_address_its_other_language_and_how_it_is_shared(panama, settings):
    settings.PUBLIC_URL = "https://resiliencia.example"
    make.division(panama)
    text = Client().get("/compromisos/?plazo=late&pagina=2").content.decode()
    assert '<link rel="canonical" href="https://resiliencia.example/compromisos/?pagina=2">' in text
    assert re.search(r'hreflang="en" href="https://resiliencia\.example/en/compromisos/', text)
    assert '<meta property="og:image" content="https://resiliencia.example/territorio/mapa.png">' in text
    place = Client().get("/territorio/080811/").content.decode()
    assert "https://resiliencia.example/territorio/080811/mapa.png" in place
    assert 'name="description" content="Juan Díaz: lo que se sabe' in place


def test_without_outlines_there_is_no_drawing_but_there_is_a_picture_to_share(panama):
    make.division(panama)
    for address in ("/territorio/mapa", "/territorio/080811/mapa"):
        assert Client().get(f"{address}.svg").status_code == 404
        assert Client().get(f"{address}.png").content[:4] == b"\x89PNG"
    assert Client().get("/territorio/no-hay/mapa.svg").status_code == 404


def test_what_a_page_sends_is_compressed_for_whoever_can_read_it():
    plain, packed = Client().get("/accesibilidad/"), Client().get("/accesibilidad/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
