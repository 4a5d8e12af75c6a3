"""The API of the desk obeys the same forms and says no in the same words."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.evidence.models import Finding
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(panama, someone_with):
    actor = someone_with(panama, Role.EDITOR)
    token = accounts.issue_api_token(by=make.OFFICE, government=panama, user=actor.user, at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


def post(api, address, told):
    return api.post(f"/api/v1/desk/panama/{address}", json.dumps(told), content_type="application/json")


def test_a_record_is_made_and_read_back(api):
    made = post(api, "hallazgos/nuevo", {"title": "Uno", "mark": "estimacion"})
    assert made.status_code == 200, made.content
    found = api.get("/api/v1/desk/panama/hallazgos").json()
    assert [each["title"] for each in found["items"]] == ["Uno"]


@pytest.mark.parametrize("title", ["\ud800", "a\x00b", "x\udfff"])
def test_half_a_character_is_refused_before_it_spoils_a_page(api, title):
    answer = post(api, "hallazgos/nuevo", {"title": title, "mark": "estimacion"})
    assert answer.status_code in {400, 422}
    assert "caracteres que no son texto" in answer.content.decode()
    assert not Finding.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '"x"', "[" * 100_000])
def test_a_body_that_is_no_object_is_refused_in_words(api, body):
    answer = api.post("/api/v1/desk/panama/hallazgos/nuevo", body, content_type="application/json")
    assert answer.status_code in {400, 422}


def test_fuente_without_a_source_is_refused(api):
    answer = post(api, "hallazgos/nuevo", {"title": "Uno", "mark": "fuente"})
    assert answer.status_code in {400, 422}


def test_the_list_is_narrowed_by_the_same_words_as_the_page(api, panama):
    for place, title in enumerate(("El río", "La ladera", "El viento")):
        make.finding(panama, title=title, reviewed=place == 0)
    drafts = api.get("/api/v1/desk/panama/hallazgos?estado=draft&orden=nombre").json()
    assert [each["title"] for each in drafts["items"]] == ["El viento", "La ladera"]
    assert api.get("/api/v1/desk/panama/hallazgos?q=rio&limit=1").json()["count"] == 1


def test_what_is_not_told_of_a_record_stays_as_it_was(api, panama):
    place = make.division(panama)
    finding = make.finding(panama, reviewed=False, divisions=[place])
    finding.text = {"es": "Tres veces en diez años."}
    finding.save()
    told = post(api, f"hallazgos/{finding.public_id}/cambiar", {"title": "Otro título"})
    assert told.status_code == 200, told.content
    finding.refresh_from_db()
    assert (finding.title["es"], finding.text["es"], finding.mark) == ("Otro título", "Tres veces en diez años.", "estimacion")
    assert [each.code for each in finding.divisions.all()] == ["080811"]


@pytest.mark.parametrize("way", ["body", "header"])
def test_a_record_that_changed_after_it_was_read_is_not_overwritten(api, panama, way):
    finding = make.finding(panama, reviewed=False)
    place = f"hallazgos/{finding.public_id}/cambiar"
    read = api.get(f"/api/v1/desk/panama/hallazgos/{finding.public_id}")
    version = read.json()["version"]
    assert read.headers["ETag"] == f'"{version}"'
    post(api, place, {"title": "De otra persona"})
    told, headers = {"title": "Mío"}, {}
    if way == "body":
        told["version"] = version
    else:
        headers = {"If-Match": f'"{version}"'}
    late = api.post(f"/api/v1/desk/panama/{place}", json.dumps(told), content_type="application/json", headers=headers)
    assert late.status_code == 409
    assert "cambió después" in late.json()["detail"]
    finding.refresh_from_db()
    assert finding.title["es"] == "De otra persona"


@pytest.mark.parametrize(
    ("told", "word"), [({"titulo": "x"}, "titulo"), ({"title": ["a", "b"]}, "un solo valor"), ({"title": ""}, "title")]
)
def test_a_name_or_a_value_that_a_form_does_not_know_is_refused(api, panama, told, word):
    finding = make.finding(panama, reviewed=False)
    answer = post(api, f"hallazgos/{finding.public_id}/cambiar", told)
    assert answer.status_code == 422
    assert word in answer.json()["detail"]


@pytest.mark.parametrize("asked", ["estado=nada", "stado=draft", "orden=volumen", "amenaza=dragon"])
def test_a_list_refuses_what_it_does_not_know_instead_of_giving_everything(api, panama, asked):
    make.finding(panama)
    assert api.get(f"/api/v1/desk/panama/hallazgos?{asked}").status_code == 422


def test_the_document_says_the_filters_the_version_and_that_a_place_is_no_whole_number(api):
    paths = api.get("/api/v1/openapi.json").json()["paths"]
    names = {each["name"] for each in paths["/api/v1/desk/{government}/hallazgos"]["get"]["parameters"]}
    assert {"q", "orden", "estado", "government"} <= names
    body = paths["/api/v1/desk/{government}/activos/{public_id}/cambiar"]["post"]["requestBody"]["content"]
    fields = body["application/json"]["schema"]
    assert fields["properties"]["lon"]["type"] == "number"
    assert "version" in fields["properties"]
    assert "required" not in fields
