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
