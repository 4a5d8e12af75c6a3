"""Mi escritorio says what waits for this person by their role, and that nothing does where that is the news."""

import datetime as dt

import pytest
from django.test import Client

from manglar.accounts.choices import Role
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
HOME = "/desk/panama/"


@pytest.fixture
def as_role(panama, someone_with):
    def enter(*roles):
        client = Client()
        client.force_login(someone_with(panama, *roles).user)
        return client

    return enter


def groups(client):
    return {group.label: group.todo for group in client.get(HOME).context["groups"]}


def test_who_decides_is_told_what_waits_and_that_nothing_does(as_role, panama):
    mayor = as_role(Role.MAYOR_OFFICE)
    assert "Ninguna nota espera su decisión." in mayor.get(HOME).content.decode()
    make.note(panama)
    told = mayor.get(HOME).content.decode()
    assert "Ninguna nota espera su decisión." not in told
    assert "¿Dique o humedal?" in told


def test_the_office_is_told_which_decisions_nobody_has_promised_to_carry_out(as_role, panama):
    made = make.decision(make.note(panama))
    office = as_role(Role.EDITOR)
    label = "Decisiones sin un compromiso que siga"
    assert [todo.url for todo in groups(office)[label]] == [f"/desk/panama/decisiones/{made.public_id}/"]
    assert label not in groups(as_role(Role.READER))
    promise = make.commitment(panama, make.institution(panama))
    make.decisions.follow_decision(by=make.OFFICE, decision=made, commitment=promise)
    assert label not in groups(office)


def test_a_revoked_decision_waits_for_nothing(as_role, panama):
    made = make.decision(make.note(panama))
    make.decisions.revoke_decision(by=make.OFFICE, decision=made, reason="Se decidió otra cosa")
    assert "Decisiones sin un compromiso que siga" not in groups(as_role(Role.EDITOR))


def test_a_milestone_without_news_says_since_when(as_role, panama, monkeypatch):
    milestone = make.milestone(panama, commitment=make.commitment(panama, make.institution(panama)))
    milestone.created_on = make.ON - dt.timedelta(days=400)
    milestone.save(update_fields=["created_on"])
    (todo,) = groups(as_role(Role.EDITOR))["Hitos sin noticias"]
    assert "sin noticias desde el" in todo.text
    assert str(milestone.created_on.year) in todo.text
    page = as_role(Role.EDITOR).get(todo.url).content.decode()
    assert "dato viejo: sin noticias aprobadas desde el" in page


def test_the_chain_calls_each_level_as_its_strategy_does(as_role, panama):
    edition = make.adopted(panama)
    page = as_role(Role.EDITOR).get(f"/desk/panama/iniciativas/{make.node(edition).identity}/")
    called = {point.title.text if hasattr(point.title, "text") else str(point.title): point.kind_label for point in page.context["chain"]}
    words = {level.depth: level.singular["es"].capitalize() for level in edition.strategy.levels.all()}
    assert len(set(words.values())) > 1
    assert {word for word in called.values() if word in words.values()} == {words[n.depth] for n in edition.nodes.filter(code__in=["1", "1.1", "1.1.1"])}
