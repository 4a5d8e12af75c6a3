"""What a person reads as the name of a record is a name, not an identifier."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.foundation.translated import translated
from manglar.governments.choices import Scope
from manglar.strategy import services as strategy
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def node(panama, office):
    made = strategy.create_strategy(by=office, government=panama, title=translated("Plan"))
    edition = strategy.start_edition(by=office, strategy=made, label="1")
    return strategy.add_node(
        by=office, edition=edition, parent=None, title=translated("Escuelas firmes", "Firm schools"), code="4.1", mark="estimacion"
    )


def share(office, panama, san_miguelito, record_id):
    return accounts.share_record(
        by=office, government=panama, to=san_miguelito, record_id=record_id, scope=Scope.READ, reason="Juntos",
        from_on=dt.date(2026, 1, 1),
    )  # fmt: skip


def test_a_grant_is_called_by_what_it_shares(panama, san_miguelito, office, someone_with, node):
    grant = share(office, panama, san_miguelito, node.identity)
    gone = share(office, panama, san_miguelito, "iniciativa-0000000000")
    client = Client()
    client.force_login(someone_with(panama, Role.APPROVER).user)
    text = client.get("/desk/panama/permisos/").content.decode()
    assert "4.1 Escuelas firmes → Municipio de San Miguelito" in text
    assert "4.1 Firm schools → " in client.get("/en/desk/panama/permisos/").content.decode()
    assert "Escuelas firmes" in client.get(f"/desk/panama/permisos/{grant.public_id}/").content.decode()
    assert "iniciativa-0000000000" in client.get(f"/desk/panama/permisos/{gone.public_id}/").content.decode()


def test_a_grant_made_through_the_api_is_told_back(panama, san_miguelito, someone_with, node):
    actor = someone_with(panama, Role.APPROVER)
    token = accounts.issue_api_token(by=make.OFFICE, government=panama, user=actor.user, at=timezone.now())
    api = Client(headers={"Authorization": f"Bearer {token}"})
    told = {"record_id": node.identity, "to": "san-miguelito", "scope": "read", "reason": "Juntos"}
    made = api.post("/api/v1/desk/panama/permisos/nuevo", json.dumps(told), content_type="application/json")
    assert made.status_code == 200, made.content
    assert made.json()["record"]["title"].startswith("4.1 Escuelas firmes")
