"""The act on several, from the API and the command line: seen first, then all or none, with the same refusals."""

import io
import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/desk/panama/hallazgos/varios/revisar"


@pytest.fixture
def findings(panama):
    return [make.finding(panama, title=title, reviewed=False) for title in ("El río", "La ladera")]


@pytest.fixture
def api(panama, someone_with):
    token = accounts.issue_api_token(by=make.OFFICE, government=panama, user=someone_with(panama, Role.APPROVER).user, at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


def post(api, **told):
    return api.post(ADDRESS, json.dumps(told), content_type="application/json")


def run(*words):
    """How a command ends, and what it prints."""
    out, code = io.StringIO(), 0
    try:
        call_command("records", *words, stdout=out, stderr=out)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue()


def states(findings):
    for each in findings:
        each.refresh_from_db()
    return [each.state for each in findings]


def test_the_api_tells_what_would_change_and_does_it_when_asked(api, findings):
    ids = [each.public_id for each in findings]
    seen = post(api, ids=ids).json()
    assert not seen["applied"]
    assert seen["changes"][0]["changes"][0] == {"label": "Estado", "before": "borrador", "after": "revisado"}
    assert states(findings) == ["draft", "draft"]
    done = post(api, ids=ids, apply=True, seen=seen["stamp"]).json()
    assert (done["applied"], done["done"]) == (True, "Hecho en 2 registros.")
    assert states(findings) == ["reviewed", "reviewed"]


def test_what_was_seen_and_is_no_longer_so_is_not_done(api, findings):
    ids = [each.public_id for each in findings]
    stamp = post(api, ids=ids).json()["stamp"]
    make.evidence.review_finding(by=make.OFFICE, finding=findings[0], on=make.ON)
    assert post(api, ids=ids, apply=True, seen=stamp).status_code == 409
    assert states(findings) == ["reviewed", "draft"]


@pytest.mark.parametrize(
    "told",
    [
        {}, {"ids": []}, {"ids": "uno"}, {"ids": ["no-hay"]}, {"ids": ["a\x00b"]}, {"ids": ["x"] * 2, "told": []},
        {"ids": [str(n) for n in range(201)]}, {"ids": ["x"], "state": "y"}, {"ids": ["x"], "apply": "true"}, {"ids": ["x"], "apply": 1},
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_words(api, findings, told):
    answer = post(api, **told)
    assert answer.status_code in {400, 422}, answer.content
    assert answer.json()["detail"]


def test_an_act_without_a_form_takes_no_data_and_none_is_lost_in_silence(api, findings):
    answer = post(api, ids=[findings[0].public_id], told={"state": "reviewed"}, apply=True)
    assert answer.status_code == 422
    assert "state" in answer.json()["detail"]
    assert states(findings) == ["draft", "draft"]


def test_the_command_looks_and_with_apply_does(findings):
    ids = [each.public_id for each in findings]
    code, said = run("many", "hallazgos", "revisar", *ids)
    assert code == 0
    assert "Estado: borrador → revisado" in said
    assert "no se ha hecho nada" in said
    assert states(findings) == ["draft", "draft"]
    assert "Hecho en 2 registros." in run("many", "hallazgos", "revisar", *ids, "--apply")[1]
    assert states(findings) == ["reviewed", "reviewed"]
    code, said = run("many", "hallazgos", "revisar", *ids)
    assert code == 2
    assert "Ninguno de los elegidos" in said


@pytest.mark.parametrize("words", [("many", "hallazgos", "cambiar", "x"), ("many", "hallazgos", "revisar", "a=b"), ("many", "nada", "revisar", "x")])
def test_the_command_says_what_is_wrong(panama, words):
    code, said = run(*words)
    assert code == 2
    assert said
