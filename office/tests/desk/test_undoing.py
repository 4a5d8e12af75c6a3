"""Going back: what a person just changed is put as it was, and what others did meanwhile is never undone."""

import pytest
from django.test import Client
from django.utils import timezone

from manglar.accounts.choices import Role
from manglar.audit.selectors import history_of
from manglar.audit.services import seal
from manglar.desk import undoing
from manglar.web.kinds import KINDS
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
UNDO = "/desk/panama/deshacer/"


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR, Role.APPROVER).user)
    return client


@pytest.fixture
def finding(panama):
    place = make.division(panama)
    return make.finding(panama, reviewed=False, divisions=[place])


def change(client, finding, title):
    told = {"title": title, "text": "Otro texto", "mark": "fuente", "source_text": "Informe", "divisions": []}
    return client.post(f"/desk/panama/hallazgos/{finding.public_id}/cambiar/", told, follow=True)


def test_a_change_is_undone_with_one_click_and_the_log_tells_both(desk, finding):
    assert "Deshacer" in change(desk, finding, "Otra cosa").content.decode()
    page = desk.post(UNDO, follow=True).content.decode()
    assert "Se deshizo" in page
    assert 'class="m-undo' not in page
    finding.refresh_from_db()
    assert (finding.title["es"], finding.text, finding.mark, finding.source_text) == (
        "El río se desborda", {}, "estimacion", "",
    )  # fmt: skip
    assert [each.code for each in finding.divisions.all()] == ["080811"]
    seal()
    assert [line.event for line in history_of(finding.public_id)].count("finding.revised") >= 2


def test_only_once_and_only_by_who_did_it(desk, finding, panama, someone_with):
    change(desk, finding, "Otra cosa")
    other = Client()
    other.force_login(someone_with(panama, Role.EDITOR).user)
    assert other.post(UNDO).status_code == 404
    assert 'class="m-undo' not in other.get(f"/desk/panama/hallazgos/{finding.public_id}/").content.decode()
    desk.post(UNDO)
    assert desk.post(UNDO).status_code == 404


def test_what_somebody_else_changed_meanwhile_stays(desk, finding, panama, someone_with):
    change(desk, finding, "Mío")
    other = Client()
    other.force_login(someone_with(panama, Role.EDITOR).user)
    change(other, finding, "De otra persona")
    assert "el registro cambió después" in desk.post(UNDO, follow=True).content.decode()
    finding.refresh_from_db()
    assert finding.title["es"] == "De otra persona"


def test_after_a_while_it_is_not_offered(desk, finding, monkeypatch):
    change(desk, finding, "Otra cosa")
    later = timezone.now() + timezone.timedelta(seconds=undoing.OPEN_S + 1)
    monkeypatch.setattr(undoing.timezone, "now", lambda: later)
    assert 'class="m-undo' not in desk.get(f"/desk/panama/hallazgos/{finding.public_id}/").content.decode()
    assert "Pasó el tiempo" in desk.post(UNDO, follow=True).content.decode()


def test_a_state_and_its_reason_go_back_together(desk, panama):
    chain = make.WholeChain(panama)
    address = f"/desk/panama/iniciativas/{chain.node.identity}/"
    desk.post(f"{address}estado/", {"state": "in_progress", "reason": "Empezó la obra"})
    desk.post(f"{address}estado/", {"state": "suspended", "reason": "Faltan permisos"})
    desk.post(UNDO)
    chain.node.refresh_from_db()
    assert (chain.node.state, chain.node.state_reason) == ("in_progress", "Empezó la obra")


def test_every_act_that_undoes_has_a_form_that_says_how_the_record_is(panama):
    undoable = [(kind, action) for kind in KINDS.values() for action in kind.actions if action.undoes]
    assert len(undoable) >= 5
    for kind, action in undoable:
        assert action.form is not None, (kind.slug, action.slug)
        assert not action.danger, (kind.slug, action.slug)
