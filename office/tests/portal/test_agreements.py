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
    assert "Published agreements" in page and "1 commitment: 1 overdue" in page


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
