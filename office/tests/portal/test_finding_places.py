"""A place is found by its name, gives its figures as a file, and the list says what it does not have."""

import csv
import io
import json

import pytest
from django.test import Client

from manglar.accounts.actors import program
from manglar.design.shapes import Cell, Column, Row, Table
from manglar.evidence import services as evidence
from manglar.evidence.selectors import hazard_by_code
from manglar.foundation.translated import translated
from manglar.portal.place_figures import _safe, hazard_sentences
from manglar.portal.places_named import pages_named, places_named
from manglar.publication import services as publication
from tests import chain_factories as made

pytestmark = pytest.mark.django_db
OFFICE = program("prueba")


@pytest.fixture
def city(panama):
    """Three places and a flood finding that is public."""
    evidence.ensure_hazards(by=OFFICE)
    here = made.division(panama)
    made.division(panama, "080826", "Don Bosco")
    made.division(panama, "080801", "Ancón")
    said = evidence.FindingText(
        title=translated("El agua llegó"), found_on=made.ON, mark="estimacion", divisions=[here], hazard=hazard_by_code("flood")
    )
    flood = evidence.review_finding(by=OFFICE, finding=evidence.record_finding(by=OFFICE, government=panama, said=said), on=made.ON)
    publication.release_record(by=OFFICE, government=panama, public_id=flood.public_id, at=made.AT)


def told(address):
    return Client().get(address).content.decode()


@pytest.mark.parametrize("typed", ["Juan Díaz", "juan diaz", "JUAN DIAS", "juan dìaz"])
def test_a_name_goes_to_its_place_whatever_its_accents_and_errors(city, typed):
    response = Client().get("/territorio/", {"nombre": typed})
    assert response.status_code == 302
    assert response.headers["Location"] == "/territorio/080811/"


def test_a_name_that_says_part_of_several_lists_them_and_a_name_of_none_says_so(city, panama):
    made.division(panama, "080830", "Juan Demóstenes")
    both = told("/territorio/?nombre=juan")
    assert "Juan Díaz</a>" in both
    assert "Juan Demóstenes</a>" in both
    assert "Ancón</a>" not in both
    assert "Ningún lugar de la ciudad se llama «Narnia»" in told("/territorio/?nombre=Narnia")
    assert Client().get("/territorio/", {"nombre": "<script>" * 50}).status_code == 200


def test_the_list_of_places_is_alphabetical(city):
    page = told("/territorio/")
    assert page.index("Ancón</a>") < page.index("Don Bosco</a>") < page.index("Juan Díaz</a>")


def test_the_search_names_places_and_hazards_first_in_both_languages(city):
    for question in ("inundación en Juan Díaz", "inundasion juan dias"):
        assert [each.title for each in pages_named(question)] == ["Juan Díaz", "Inundación"], question
    assert [each.url for each in pages_named("flood")] == ["/riesgo/inundacion/"]
    assert pages_named("terremoto") == []  # nothing of it is public: it has no page
    assert pages_named("de la") == []
    assert not [each for each in places_named("juan") if each.is_sure]
    page = told("/buscar/?q=inundacion")
    assert page.index("Lugares y amenazas") < page.index('href="/riesgo/inundacion/"')


def test_a_place_opens_with_a_sentence_for_each_hazard_that_leads_to_its_section(city):
    page = told("/territorio/080811/")
    assert '<a href="#hallazgos"><strong>Inundación</strong></a>: 1 hallazgo: «El agua llegó».' in page
    assert '<a href="#que-se-hace">' in page
    assert 'id="que-se-hace"' in page
    assert "Sobre Juan Díaz no hay ningún compromiso publicado." in page


def test_a_hazard_with_figures_says_them_and_leads_to_the_table_or_to_the_first_section():
    rows = [
        Row([Cell("Inundación", url="/riesgo/inundacion/#lugar-1"), Cell("0.02 sucesos al año"), Cell("")]),
        Row([Cell("Terremoto"), Cell("B/. 5 de daño al año"), Cell("")]),
    ]
    table = Table("", [Column("a"), Column("b"), Column("c")], rows)
    flood, quake = hazard_sentences(table, [])
    assert flood == '<a href="/riesgo/inundacion/#lugar-1"><strong>Inundación</strong></a>: 0.02 sucesos al año.'
    assert quake.startswith('<a href="#amenazas">')


def test_the_figures_of_a_place_come_as_a_file_also_when_there_are_none(city):
    answer = Client().get("/territorio/080811/datos.csv")
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["código", "lugar"]
    assert json.loads(Client().get("/territorio/080811/datos.json").content)["name"] == "Juan Díaz"
    assert Client().get("/territorio/no-hay/datos.csv").status_code == 404


def test_no_cell_of_a_file_is_taken_for_a_formula():
    assert _safe(["=1+1", "B/. 5"]) == ["'=1+1", "B/. 5"]
