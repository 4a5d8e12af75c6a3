"""Agreements at the desk: written down as a draft, put in force with their parties, ended with a reason, found by part."""

import re

import pytest
from django.test import Client

from manglar.accounts.choices import Role
from manglar.agreements.models import Agreement
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
LIST = "/desk/panama/acuerdos/"


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR).user)
    return client


@pytest.fixture
def pair(panama):
    return make.institution(panama), make.institution(panama, "agua", "Aguas")


def written(desk, who, **told):
    given = {"title": "Limpiar el río juntos", "parties": [each.public_id for each in who], "mark": "estimacion"}
    return desk.post(f"{LIST}nuevo/", given | told)


def test_an_agreement_is_a_draft_until_it_is_put_in_force_and_then_may_be_ended(panama, desk, pair):
    assert written(desk, pair, made_on="04/2026").status_code == 302
    made = Agreement.objects.get()
    assert (made.state, str(made.made_on), made.party_rows.count()) == ("draft", "2026-04", 2)
    here = f"{LIST}{made.public_id}/"
    assert "Obras; Aguas" in desk.get(here).content.decode()
    assert desk.post(f"{here}vigor/", {"made_on": "2026-04"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "in_force"
    make.commitment(panama, pair[0], agreement=made)
    page = desk.get(here).content.decode()
    assert "Lo que se prometió en él" in page and "Limpiar 5 km de cauce" in page
    assert "Escriba" in desk.post(f"{here}terminar/", {"reason": ""}).content.decode()
    assert desk.post(f"{here}terminar/", {"reason": "Se cumplió lo acordado"}).status_code == 302
    assert "Se cumplió lo acordado" in desk.get(here).content.decode()


def test_with_one_party_it_says_what_it_lacks_and_is_not_put_in_force(panama, desk, pair):
    made = make.agreement(panama, pair[0], in_force=False)
    here = f"{LIST}{made.public_id}/"
    assert "le falta una parte" in desk.get(here).content.decode()
    assert "al menos dos partes" in desk.post(f"{here}vigor/", {"made_on": "2026-04"}).content.decode()
    made.refresh_from_db()
    assert made.state == "draft"


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("made_on", "el martes"), ("parties", ["de_nadie"]), ("parties", []), ("mark", "")]
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(desk, pair, field, value):
    page = written(desk, pair, **{field: value}).content.decode()
    assert re.findall(r'id="id_(\w+)_error"', page) == [field]
    assert not Agreement.objects.exists()


def test_who_only_reads_may_not_write_one(panama, someone_with, pair):
    client = Client()
    client.force_login(someone_with(panama, Role.READER).user)
    assert client.get(LIST).status_code == 200
    assert written(client, pair).status_code == 403


def test_the_list_is_narrowed_by_part_and_says_how_much_of_each_was_kept(panama, desk, pair):
    made = make.agreement(panama, *pair)
    make.commitment(panama, pair[0], agreement=made)
    other = make.agreement(panama, make.institution(panama, "luz", "Luz"), pair[0])
    shown = desk.get(f"{LIST}?parte={pair[1].public_id}").content.decode()
    assert made.public_id in shown and other.public_id not in shown
    assert "0 de 1" in shown


def test_the_list_asks_the_database_as_much_for_one_as_for_many(panama, desk, pair, django_assert_max_num_queries):
    for _place in range(6):
        make.commitment(panama, pair[0], agreement=make.agreement(panama, *pair))
    with django_assert_max_num_queries(30):
        assert desk.get(LIST).status_code == 200
