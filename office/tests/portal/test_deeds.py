"""What a place and a list say when something is, or is not, being done about them."""

import pytest
from django.test import Client

from manglar.accounts.actors import program
from manglar.evidence import services as evidence
from manglar.evidence.selectors import hazard_by_code
from manglar.foundation.dates import PartialDate
from manglar.foundation.translated import translated
from manglar.publication import services as publication
from manglar.strategy import services as strategy
from manglar.territory.selectors import division_by_code
from tests import chain_factories as made

pytestmark = pytest.mark.django_db
OFFICE = program("prueba")


@pytest.fixture
def city(panama):
    """Two places; an objective placed in the first, with an initiative that names no place; a flood finding in the second."""
    evidence.ensure_hazards(by=OFFICE)
    here, there = made.division(panama), made.division(panama, "080826", "Don Bosco")
    draft = made.edition(panama)
    strategy.place_node(by=OFFICE, node=made.node(draft, "1.1"), divisions=[here])
    edition = strategy.adopt_edition(by=OFFICE, edition=draft, adopted_on=PartialDate(2026, 1), act_text="Acuerdo de prueba")
    said = evidence.FindingText(
        title=translated("El agua llegó a la escuela"), found_on=made.ON, mark="estimacion", divisions=[there], hazard=hazard_by_code("flood")
    )
    flood = evidence.review_finding(by=OFFICE, finding=evidence.record_finding(by=OFFICE, government=panama, said=said), on=made.ON)
    promise = made.commitment(panama, made.institution(panama), node=made.node(edition, "1.1"))
    for record in (edition.public_id, *(node.identity for node in edition.nodes.all()), flood.public_id, promise.public_id):
        publication.release_record(by=OFFICE, government=panama, public_id=record, at=made.AT)
    return edition


def told(address):
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_a_place_shows_what_names_it_and_says_why_what_names_no_place_is_there(city):
    page = told("/territorio/080811/")
    assert "Ríos sanos" in page
    assert "Nombra este lugar" in page
    assert "Limpiar el río" in page
    assert "es parte de «Ríos sanos», que nombra este lugar" in page
    assert "Limpiar 5 km de cauce" in page


def test_a_place_that_nothing_names_or_answers_to_says_so(city):
    page = told("/territorio/080826/")
    assert "Ríos sanos" not in page
    assert "Limpiar el río" not in page


def test_an_initiative_that_answers_to_a_finding_of_a_place_is_there_although_it_names_none(city, panama):
    there = division_by_code("080826")
    finding = made.finding(panama, "Otra crecida", divisions=[there])
    node = made.node(city, "1.1.1")
    strategy.link_findings(by=OFFICE, node=node, findings=[finding])
    publication.release_record(by=OFFICE, government=panama, public_id=finding.public_id, at=made.AT)
    publication.release_record(by=OFFICE, government=panama, public_id=node.identity, at=made.AT)
    page = told("/territorio/080826/")
    assert "Limpiar el río" in page
    assert "responde a un hallazgo de aquí" in page


def test_what_nobody_promised_is_said_in_words_with_what_there_is_instead(city):
    page = told("/compromisos/?amenaza=flood")
    assert "Sobre Inundación no hay ningún compromiso publicado" in page
    assert "El agua llegó a la escuela" in page
    both = told("/compromisos/?amenaza=flood&lugar=080811")
    assert "Sobre Inundación en Juan Díaz no hay ningún compromiso publicado" in both
    assert "Tampoco hay hallazgos ni iniciativas" in both
    assert "no hay ningún compromiso publicado" not in told("/compromisos/?lugar=080811")


def test_a_promise_says_its_state_and_its_date_in_one_wording(city):
    assert "abierto · " in told("/compromisos/")
