"""The public list of agreements: only what was published, with how its promises stand, in both languages."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from manglar.agreements import services as agreements
from manglar.portal.agreements import fulfilment
from manglar.publication import services as publication
from manglar.publication.selectors import promises_by_agreement
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(panama):
    obras = make.institution(panama)
    return make.agreement(panama, obras, make.institution(panama, "agua", "Aguas"))


def publish(government, *records):
    for each in records:
        publication.release_record(by=make.OFFICE, government=government, public_id=each.public_id, at=make.AT)


def promises(government, made, *dues):
    who = made.party_rows.first().institution
    return [make.commitment(government, who, agreement=made, due_on=make.PartialDate(*due)) for due in dues]


def test_before_anything_is_published_it_says_so(client, made):
    page = client.get("/acuerdos/").content.decode()
    assert "Todavía no hay acuerdos publicados" in page
    assert "Acuerdo por el río" not in page


def test_only_published_promises_count_and_the_late_and_kept_are_told(client, panama, made):
    late, kept, _unpublished = promises(panama, made, (2026, 6), (2099, 1), (2099, 2))
    publish(panama, made, late)
    agreements.report_commitment(by=make.OFFICE, commitment=kept, state="fulfilled", reason="", on=make.ON)
    kept.refresh_from_db()
    publish(panama, kept)
    page = client.get("/acuerdos/").content.decode()
    assert "2 compromisos: 1 cumplido, 1 vencido" in page
    assert "Obras; Aguas" in page or "Obras, Aguas" in page
    assert f"/acuerdos/{made.public_id}/" in page
    assert 'href="/acuerdos/"' in client.get(f"/acuerdos/{made.public_id}/").content.decode()


def test_an_agreement_of_which_nothing_was_promised_says_it(client, panama, made):
    publish(panama, made)
    assert "sin compromisos publicados" in client.get("/acuerdos/").content.decode()
    assert fulfilment([]) == "sin compromisos publicados"


def test_a_state_narrows_the_list_and_one_that_does_not_exist_shows_all(client, panama, made):
    publish(panama, made)
    assert "Ningún acuerdo publicado está en ese estado" in client.get("/acuerdos/?estado=ended").content.decode()
    for asked in ("in_force", "inventado", ""):
        assert made.public_id in client.get(f"/acuerdos/?estado={asked}&pagina=nueve").content.decode()


def test_the_page_is_in_english_too(client, panama, made):
    publish(panama, made, *promises(panama, made, (2026, 6)))
    page = client.get("/en/acuerdos/").content.decode()
    assert "Published agreements" in page and "1 commitment, overdue" in page


def test_a_page_of_many_agreements_asks_as_little_as_a_page_of_one(client, panama, made):
    publish(panama, made, *promises(panama, made, (2099, 1)))
    client.get("/acuerdos/")
    with CaptureQueriesContext(connection) as one:
        client.get("/acuerdos/")
    parties = [each.institution for each in made.party_rows.all()]
    for _each in range(4):
        more = make.agreement(panama, *parties)
        publish(panama, more, *promises(panama, more, (2099, 1)))
    with CaptureQueriesContext(connection) as many:
        client.get("/acuerdos/")
    assert len(many) <= len(one) <= 20


def test_a_promise_of_another_agreement_is_not_told_here(panama, made):
    other = make.agreement(panama, *[each.institution for each in made.party_rows.all()])
    publish(panama, made, other, *promises(panama, other, (2099, 1)))
    found = promises_by_agreement([made.public_id], dt.date(2026, 5, 1))
    assert found == {}
    assert len(promises_by_agreement([other.public_id, made.public_id], dt.date(2026, 5, 1))[other.public_id]) == 1
    assert promises_by_agreement([], dt.date(2026, 5, 1)) == {}


def test_one_promise_and_several_say_how_they_go(client, panama, made):
    one, *others = promises(panama, made, (2099, 1), (2099, 2), (2026, 6))
    publish(panama, made, one)
    assert "1 compromiso, a tiempo" in client.get("/acuerdos/").content.decode()
    agreements.report_commitment(by=make.OFFICE, commitment=others[0], state="broken", reason="Sin fondos", on=make.ON)
    others[0].refresh_from_db()
    publish(panama, *others)
    assert "3 compromisos: 1 vencido, 1 incumplido, 1 a tiempo" in client.get("/acuerdos/").content.decode()


def test_the_first_screen_of_an_agreement_says_parties_how_it_goes_and_what_was_promised(client, panama, made):
    publish(panama, made, *promises(panama, made, (2099, 1)))
    page = client.get(f"/acuerdos/{made.public_id}/").content.decode()
    chain = page.index('id="cadena"')
    for told in ("Obras, Aguas", "1 compromiso, a tiempo", "El texto del acuerdo no está publicado", "Limpiar 5 km de cauce"):
        assert page.index(told) < chain, told
    assert "De dónde viene" not in page


def test_the_text_of_an_agreement_stands_before_its_chain(client, panama, made):
    made.text = {"es": "Obras limpia el cauce; Aguas pone las máquinas."}
    made.save()
    publish(panama, made)
    page = client.get(f"/acuerdos/{made.public_id}/").content.decode()
    assert page.index("Aguas pone las máquinas") < page.index('id="cadena"')
    assert "no está publicado" not in page
    assert "sin compromisos publicados" in page


def test_agreements_are_in_the_menu(client, panama):
    menu = client.get("/").content.decode().split('id="menu"')[1].split("</nav>")[0]
    assert '<a href="/acuerdos/">Acuerdos</a>' in menu
