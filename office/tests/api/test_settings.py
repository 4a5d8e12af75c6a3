"""The settings through the API: the keys, permissions and sentences of the page."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.foundation.translated import translated
from manglar.strategy import services as strategy
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/desk/panama/settings"


@pytest.fixture(autouse=True)
def _files_are_thrown_away(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def key_of(government, actor):
    token = accounts.issue_api_token(by=make.OFFICE, government=government, user=actor.user, at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


@pytest.fixture
def api(panama, someone_with):
    return key_of(panama, someone_with(panama, Role.ADMINISTRATOR))


def patch(api, told):
    return api.patch(ADDRESS, json.dumps(told), content_type="application/json")


def test_settings_are_read_and_changed_under_the_same_keys(api, panama):
    plan = strategy.create_strategy(
        by=make.OFFICE, government=panama, title=translated("Plan"), levels=[(translated("pilar"), translated("pilares"))]
    )
    read = api.get(ADDRESS).json()
    assert read["values"]["name.es"] == "Municipio de Panamá"
    word = f"strategy.{plan.public_id}.level.1.singular.es"
    told = {"accent": "#0b5c4a", "office_name.en": "Resilience Office", word: "eje"}
    changed = patch(api, {"values": told, "version": read["version"]})
    assert changed.status_code == 200, changed.content
    assert {key: changed.json()["values"][key] for key in told} == told
    assert patch(api, {"values": {"accent": ""}, "version": read["version"]}).status_code == 409


def test_all_or_none_are_changed(api):
    answer = patch(api, {"values": {"name.es": "Otro", "accent": "#ffcc00"}})
    assert answer.status_code == 422
    assert "contrasta" in answer.json()["detail"]
    assert api.get(ADDRESS).json()["values"]["name.es"] == "Municipio de Panamá"


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({}, "values"),
        ({"values": []}, "values"),
        ({"values": {"accent": 3}}, "values"),
        ({"values": {"accnt": "#0b5c4a"}}, "accent"),
        ({"values": {"currency": "USD"}}, "No hay un ajuste"),
        ({"values": {"accent": ""}, "version": 3}, "version"),
        ({"values": {"name.es": "a\x00b"}}, "caracteres"),
    ],
)
def test_what_cannot_be_is_refused_in_words(api, told, word):
    answer = patch(api, told)
    assert answer.status_code == 422
    assert word in answer.json()["detail"]


def test_the_refusal_is_in_the_language_of_whoever_asks(api):
    answer = api.patch(ADDRESS, json.dumps({"values": {"accent": "#ffcc00"}}), content_type="application/json", headers={"Accept-Language": "en"})
    assert "nearest shade" in answer.json()["detail"]


def test_the_logo_is_sent_and_taken_away(api):
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, format="PNG")
    sent = api.post(f"{ADDRESS}/logo", {"file": SimpleUploadedFile("l.png", out.getvalue()), "description": "Escudo"})
    assert sent.status_code == 200, sent.content
    assert sent.json()["logo"].endswith(".png")
    assert api.delete(f"{ADDRESS}/logo").json()["logo"] == ""
    assert api.delete(f"{ADDRESS}/logo").status_code == 409
    assert api.post(f"{ADDRESS}/logo", {"description": "Escudo"}).status_code == 422
    svg = SimpleUploadedFile("l.svg", b"<svg/>")
    assert "SVG" in api.post(f"{ADDRESS}/logo", {"file": svg, "description": "Escudo"}).json()["detail"]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER, Role.READER])
def test_nobody_but_the_administration_reads_or_changes_them(panama, someone_with, role):
    api = key_of(panama, someone_with(panama, role))
    assert api.get(ADDRESS).status_code == 403
    assert patch(api, {"values": {"accent": "#0b5c4a"}}).status_code == 403
    assert api.post(f"{ADDRESS}/logo", {}).status_code == 403
    assert api.delete(f"{ADDRESS}/logo").status_code == 403


def test_without_a_key_nothing_is_written(panama):
    assert patch(Client(), {"values": {"accent": "#0b5c4a"}}).status_code == 401
