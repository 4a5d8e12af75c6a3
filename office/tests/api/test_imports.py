"""Imports over the API: preview, apply what was seen, list and undo."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.audit.services import seal
from manglar.network.models import Institution
from manglar.operations.models import FileImport

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/desk/panama"
TEXT = "siglas,nombre,tipo\nMOP,Obras,ministerio\n"


@pytest.fixture
def key(panama, office):
    def of(*roles):
        email = f"{'-'.join(roles)}@example.org"
        user = accounts.create_user(by=office, government=panama, email=email, display_name="K", roles=roles)
        token = accounts.issue_api_token(by=office, government=panama, user=user, at=timezone.now())
        return Client(headers={"Authorization": f"Bearer {token}"})

    return of


def post(client, kind="instituciones", text=TEXT, **more):
    return client.post(f"{ROOT}/imports/{kind}", {"file": SimpleUploadedFile("red.csv", text.encode()), **more})


def test_an_import_is_previewed_applied_listed_and_undone(key):
    client = key(Role.APPROVER)
    seen = post(client).json()
    assert (seen["ok"], seen["applied"], seen["counts"]) == (True, False, {"created": 1})
    assert seen["rows"][0] == {
        "row": 2, "outcome": "created", "record": "MOP Obras", "column": "", "changes": [], "remarks": [],
    }
    assert not Institution.objects.exists()
    done = post(client, apply="true", seen=seen["seen"]).json()
    assert done["import"] == FileImport.objects.get().public_id
    assert post(client, apply="true", seen=seen["seen"]).status_code == 409, "what was seen is no longer so"
    assert post(client, apply="true").json()["applied"] is False
    seal(limit=1_000)
    assert client.get(f"{ROOT}/importaciones").json()["items"][0]["id"] == done["import"]
    undone = client.post(f"{ROOT}/importaciones/{done['import']}/deshacer", "{}", content_type="application/json")
    assert undone.status_code == 200
    assert not Institution.objects.exists()


def test_columns_are_said_as_the_command_says_them(key):
    client = key(Role.APPROVER)
    unknown = post(client, text="a,b,c\nMOP,Obras,ministerio\n")
    assert unknown.status_code == 422
    assert "columna es el nombre" in unknown.json()["detail"]
    told = post(client, text="a,b,c\nMOP,Obras,ministerio\n", map=["code=a", "name=b", "kind=c"]).json()
    assert told["columns"] == {"code": "a", "name": "b", "kind": "c"}
    assert post(client, map=["inventado=a"]).status_code == 422


def test_a_list_goes_back_in(key, panama):
    Institution.objects.create(government=panama, code="mop", name={"es": "Obras"}, kind="ministry")
    client = key(Role.APPROVER)
    held = Institution.objects.get().public_id
    done = post(client, "lista-instituciones", f"id,Nombre\n{held},Obras Públicas\n", apply="true").json()
    assert done["counts"] == {"changed": 1}
    assert Institution.objects.get().name["es"] == "Obras Públicas"


@pytest.mark.parametrize("body", [{}, {"file": "no es un archivo"}])
def test_without_a_file_it_is_asked_for(key, body):
    answer = key(Role.APPROVER).post(f"{ROOT}/imports/instituciones", body)
    assert answer.status_code == 422
    assert "file" in answer.json()["detail"]


def test_what_the_form_wants_is_named(key):
    answer = post(key(Role.ANALYST), "activos")
    assert answer.status_code == 422
    assert "kind" in answer.json()["detail"]


def test_a_reader_and_a_session_without_key_import_nothing(key, panama, someone_with):
    assert post(key(Role.READER)).status_code == 403
    client = Client()
    client.force_login(someone_with(panama, Role.APPROVER).user)
    assert post(client).status_code == 401
    assert not FileImport.objects.exists()
