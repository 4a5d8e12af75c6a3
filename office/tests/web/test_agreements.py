"""Agreements at the desk: written down as a draft, put in force with their parties, ended with a reason, found by part."""

import re

import pytest
from django.test import Client

from manglar.accounts.choices import Role
from manglar.agreements.models import Agreement, Commitment
from manglar.audit.services import seal
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


def test_a_draft_is_written_again_with_its_parties_and_once_in_force_it_is_not(panama, desk, pair):
    written(desk, pair)
    made, third = Agreement.objects.get(), make.institution(panama, "salud", "Salud")
    here = f"{LIST}{made.public_id}/"
    form = desk.get(f"{here}cambiar/").context["form"]
    assert sorted(form["parties"].value()) == sorted(each.public_id for each in pair)
    told = {"title": "Limpiar y medir", "parties": [pair[0].public_id, third.public_id], "mark": "estimacion"}
    assert desk.post(f"{here}cambiar/", told).status_code == 302
    made.refresh_from_db()
    assert made.title["es"] == "Limpiar y medir"
    assert {each.institution.code for each in made.party_rows.all()} == {pair[0].code, "salud"}
    desk.post("/desk/panama/deshacer/")
    assert {each.institution.code for each in made.party_rows.all()} == {each.code for each in pair}
    desk.post(f"{here}vigor/", {"made_on": "2026-04"})
    assert desk.post(f"{here}cambiar/", told).status_code == 409
    made.refresh_from_db()
    assert made.title["es"] == "Limpiar el río juntos"


def test_a_party_that_promised_in_it_stays(panama, desk, pair):
    made = make.agreement(panama, *pair, in_force=False)
    make.commitment(panama, pair[0], agreement=made)
    third = make.institution(panama, "salud", "Salud")
    told = {"title": "x", "parties": [pair[1].public_id, third.public_id], "mark": "estimacion"}
    page = desk.post(f"{LIST}{made.public_id}/cambiar/", told)
    assert "tiene un compromiso en este acuerdo" in page.content.decode()
    assert made.party_rows.count() == 2


def test_one_party_is_refused_beside_its_field(desk, pair):
    form = written(desk, pair[:1]).context["form"]
    assert form.errors["parties"] == ["Un acuerdo es entre dos instituciones o más: elija otra."]


def test_a_promise_is_written_down_inside_the_agreement_by_one_of_its_parties(panama, desk, pair):
    made = make.agreement(panama, *pair)
    outsider = make.institution(panama, "salud", "Salud")
    here = f"{LIST}{made.public_id}/compromiso/"
    offered = dict(desk.get(here).context["form"].fields["institution"].choices)
    assert outsider.public_id not in offered and pair[0].public_id in offered
    told = {"institution": pair[0].public_id, "text": "Sacar la basura del cauce", "mark": "estimacion"}
    page = desk.post(here, told, follow=True)
    promise = Commitment.objects.get()
    assert promise.agreement == made
    assert page.redirect_chain[-1][0] == f"/desk/panama/compromisos/{promise.public_id}/"
    assert "Dentro del acuerdo" in page.content.decode()


def test_a_promise_says_its_agreement_and_one_of_no_party_is_refused(panama, desk, pair):
    made, outsider = make.agreement(panama, *pair), make.institution(panama, "salud", "Salud")
    told = {"institution": outsider.public_id, "text": "Medir", "mark": "estimacion", "agreement": made.public_id}
    assert "no es parte del acuerdo" in desk.post("/desk/panama/compromisos/nuevo/", told).content.decode()
    assert desk.post("/desk/panama/compromisos/nuevo/", {**told, "institution": pair[1].public_id}).status_code == 302
    assert Commitment.objects.get().agreement == made


def test_a_promise_is_put_right_with_its_reason_and_undone(panama, desk, pair):
    first = {"institution": pair[0].public_id, "text": "Lo prometido", "mark": "estimacion"}
    desk.post("/desk/panama/compromisos/nuevo/", first)
    promise = Commitment.objects.get()
    here = f"/desk/panama/compromisos/{promise.public_id}/"
    told = {"institution": pair[1].public_id, "text": "Otra cosa", "made_on": "2026-01-05", "due_on": "2027", "mark": "estimacion"}
    assert desk.post(f"{here}cambiar/", told).context["form"].errors.keys() == {"reason"}
    assert desk.post(f"{here}cambiar/", {**told, "reason": "Se anotó mal la institución"}).status_code == 302
    promise.refresh_from_db()
    assert (promise.institution, promise.text["es"], str(promise.due_on)) == (pair[1], "Otra cosa", "2027")
    seal()
    assert "Se anotó mal la institución" in desk.get(here).content.decode()
    page = desk.post("/desk/panama/deshacer/", follow=True).content.decode()
    assert "Se deshizo" in page
    promise.refresh_from_db()
    assert promise.institution == pair[0]


def test_a_promise_that_is_over_is_not_put_right(panama, desk, pair):
    promise = make.commitment(panama, pair[0])
    make.agreements.report_commitment(by=make.OFFICE, commitment=promise, state="fulfilled", on=make.ON)
    told = {"institution": pair[1].public_id, "text": "x", "mark": "estimacion", "reason": "y"}
    desk.post(f"/desk/panama/compromisos/{promise.public_id}/cambiar/", told)
    promise.refresh_from_db()
    assert promise.institution == pair[0]
