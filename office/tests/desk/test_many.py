"""An act on several records: what each would say is seen first, then all change or none, and there is a way back."""

import re

import pytest
from django.test import Client

from manglar.accounts.choices import Role
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.desk import many as many_page
from manglar.evidence.choices import FindingState
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
REVIEW, PROMISES, NODES = (f"/desk/panama/{each}/varios/{act}/" for each, act in (
    ("hallazgos", "revisar"), ("compromisos", "estado"), ("iniciativas", "estado"),
))  # fmt: skip


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR, Role.APPROVER).user)
    return client


@pytest.fixture
def findings(panama):
    titles = ("Árbol caído en la vía", "El río se desborda", "=cmd|calc", "Ladera inestable")
    return [make.finding(panama, title=title, reviewed=place % 2 == 0) for place, title in enumerate(titles)]


@pytest.fixture
def promises(panama):
    return [make.commitment(panama, make.institution(panama, code=f"i{n}", name=f"Institución {n}")) for n in range(2)]


@pytest.fixture
def nodes(panama):
    made = make.adopted(panama)
    return list(made.nodes.order_by("code"))[-2:]


def ids(records):
    return [each.public_id for each in records]


def confirm(client, url, records, **told):
    """Look, then do what was looked at, as a person does."""
    seen = client.post(url, {"id": ids(records), "look": "1", **told}).context["seen"]
    return client.post(url, {"id": ids(records), "apply": "1", "seen": seen, **told}, follow=True)


def states(records):
    for each in records:
        each.refresh_from_db()
    return [each.state for each in records]


def test_what_would_change_is_seen_with_what_it_said_and_nothing_is_done(desk, findings):
    page = desk.get(REVIEW + "?" + "&".join(f"id={each}" for each in ids(findings)))
    assert [each.chosen.key for each in page.context["fitting"]] == [findings[1].public_id, findings[3].public_id]
    assert len(page.context["left"]) == 2
    words = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())
    assert re.search(r"Estado: +antes +borrador +→ +ahora +revisado", words)
    assert states(findings[1::2]) == [FindingState.DRAFT] * 2
    seal()
    assert not Entry.objects.filter(event="records.changed_together").exists()


def test_what_was_seen_is_done_to_those_it_fits_in_one_event(desk, findings):
    confirm(desk, REVIEW, findings)
    assert set(states(findings)) == {FindingState.REVIEWED}
    seal()
    assert Entry.objects.filter(event="records.changed_together", operation="event").count() == 1


def test_a_form_shows_what_it_would_leave_before_it_is_done(desk, nodes):
    blank = desk.get(NODES + "?" + "&".join(f"id={each}" for each in ids(nodes)))
    assert not blank.context["is_tried"]
    assert 'name="apply"' not in blank.content.decode()
    page = desk.post(NODES, {"id": ids(nodes), "look": "1", "state": "suspended", "reason": "Sin fondos"})
    assert [next(c.label for c in each.chosen.changes) for each in page.context["fitting"]] == ["Estado", "Estado"]
    assert 'name="apply"' in page.content.decode()
    assert "suspended" not in states(nodes)


def test_nothing_is_done_unseen(desk, nodes):
    told = {"id": ids(nodes), "apply": "1", "state": "suspended", "reason": "Sin fondos"}
    page = desk.post(NODES, told)
    assert "No se ha hecho nada" in page.content.decode()
    assert "suspended" not in states(nodes)


def test_what_changed_since_it_was_seen_is_shown_again_and_not_done(desk, nodes):
    told = {"id": ids(nodes), "state": "suspended", "reason": "Sin fondos"}
    seen = desk.post(NODES, {**told, "look": "1"}).context["seen"]
    make.strategy.set_node_state(by=make.OFFICE, node=nodes[0], state="done", reason="Otra persona")
    page = desk.post(NODES, {**told, "apply": "1", "seen": seen})
    assert "Algo cambió desde que lo vio" in page.content.decode()
    assert states(nodes)[0] == "done"
    other = desk.post(NODES, {**told, "state": "in_progress", "apply": "1", "seen": page.context["seen"]})
    assert "No se ha hecho nada" in other.content.decode(), "what was told changed as well"


def test_going_back_and_sending_again_does_not_do_it_twice(desk, findings):
    seen = desk.post(REVIEW, {"id": ids(findings), "look": "1"}).context["seen"]
    told = {"id": ids(findings), "apply": "1", "seen": seen}
    desk.post(REVIEW, told)
    again = desk.post(REVIEW, told)
    assert "Ninguno de los elegidos admite esto" in again.content.decode()
    seal()
    assert Entry.objects.filter(event="records.changed_together", operation="event").count() == 1


def test_one_that_would_stay_as_it_is_says_so_and_alone_it_cannot_be_done(desk, nodes):
    make.strategy.set_node_state(by=make.OFFICE, node=nodes[0], state="suspended", reason="Sin fondos")
    page = desk.post(NODES, {"id": ids(nodes[:1]), "look": "1", "state": "suspended", "reason": "Sin fondos"})
    assert "Queda como está." in page.content.decode()
    assert 'name="apply"' not in page.content.decode()


def test_several_are_put_as_they_were_with_one_click(desk, nodes):
    was = states(nodes)
    page = confirm(desk, NODES, nodes, state="suspended", reason="Sin fondos")
    assert states(nodes) == ["suspended", "suspended"]
    assert "Usted acaba de cambiar 2 registros." in page.content.decode()
    assert "Se deshizo: 2 registros" in desk.post("/desk/panama/deshacer/", follow=True).content.decode()
    assert states(nodes) == was
    assert desk.post("/desk/panama/deshacer/").status_code == 404
    seal()
    assert Entry.objects.filter(event="records.put_back", operation="event").count() == 1


def test_when_one_of_several_changed_meanwhile_none_is_put_back(desk, nodes):
    confirm(desk, NODES, nodes, state="suspended", reason="Sin fondos")
    nodes[1].refresh_from_db()
    make.strategy.set_node_state(by=make.OFFICE, node=nodes[1], state="done", reason="Otra persona")
    page = desk.post("/desk/panama/deshacer/", follow=True)
    assert "Ya no se deshace ninguno" in page.content.decode()
    assert states(nodes) == ["suspended", "done"]


def test_when_one_of_several_is_refused_none_changes_and_the_page_says_which(desk, promises):
    make.agreements.report_commitment(by=make.OFFICE, commitment=promises[1], state="fulfilled", on=make.ON, reason="x")
    answer = desk.post(PROMISES, {"id": ids(promises), "look": "1", "state": "broken", "reason": ""})
    assert answer.status_code == 200
    assert "No se cambió ninguno." in answer.content.decode()
    assert states(promises) == ["open", "fulfilled"]


def test_nobody_acts_on_several_records_of_another_government(desk, san_miguelito):
    other = make.finding(san_miguelito, title="De otro", reviewed=False)
    answer = desk.post(REVIEW, {"id": [other.public_id], "apply": "1", "seen": ""})
    assert answer.context["fitting"] == []
    assert states([other]) == [FindingState.DRAFT]


def test_a_refusal_of_an_act_without_a_form_stays_on_its_page_with_what_was_chosen(panama, desk):
    desk.post("/desk/panama/hallazgos/nuevo/", {"title": "Mío", "mark": "estimacion"})
    mine = desk.get("/desk/panama/hallazgos/?q=mío").context["table"].rows[0].code
    page = desk.get(REVIEW, {"id": [mine]})
    assert page.status_code == 200
    assert "Lo revisa otra persona" in page.content.decode()
    assert [each.chosen.key for each in page.context["fitting"]] == [mine]
    assert 'name="apply"' not in page.content.decode()


def test_a_reader_cannot_look_or_do(panama, someone_with, findings):
    client = Client()
    client.force_login(someone_with(panama, Role.READER).user)
    for answer in (client.get(REVIEW, {"id": ids(findings)}), client.post(REVIEW, {"id": ids(findings), "look": "1"})):
        assert answer.status_code == 403


def test_more_than_fit_are_cut_at_the_page(desk, findings, monkeypatch):
    monkeypatch.setattr(many_page, "MOST", 2)
    page = desk.get(REVIEW, {"id": ids(findings)})
    assert len(page.context["fitting"]) + len(page.context["left"]) == 2
