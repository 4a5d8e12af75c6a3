"""A report by signed link: asked from the desk, answered by someone without an account, once."""

import re

import pytest
from django.test import Client

from manglar.accounts.choices import Role
from manglar.delivery.choices import UpdateState
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def milestone(panama):
    return make.delivery.plan_milestone(
        by=make.OFFICE, government=panama, title=make.translated("Lista de escuelas"), on=make.ON,
        commitment=make.agreements.record_commitment(
            by=make.OFFICE, government=panama, institution=make.institution(panama), made_on=make.ON,
            text=make.translated("Inspeccionar diez escuelas"),
        ),
    )


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR, Role.APPROVER).user)
    return client


@pytest.fixture
def link(desk, panama, milestone):
    person = make.person(panama)
    response = desk.post(f"/desk/panama/hitos/{milestone.public_id}/pedir/", {"person": person.public_id})
    assert response.status_code == 200
    return re.search(r'id="enlace">([^<]+)</code>', response.content.decode()).group(1)


def path_of(link):
    return "/" + link.split("/", 3)[-1]


def test_the_desk_shows_the_link_once_and_never_again(desk, link, milestone):
    assert link
    again = desk.get(f"/desk/panama/hitos/{milestone.public_id}/").content.decode()
    assert link not in again


def test_looking_at_the_link_changes_nothing_and_sending_the_form_reports_once(link, milestone):
    phone = Client()
    for _ in range(3):
        assert phone.get(path_of(link)).status_code == 200
    assert milestone.updates.count() == 0
    told = {"state": "in_progress", "percent": "40", "text": "Dos visitas hechas."}
    answer = phone.post(path_of(link), told, follow=True)
    assert answer.status_code == 200
    assert "Dos visitas hechas." in answer.content.decode()
    update = milestone.updates.get()
    assert update.state == UpdateState.PENDING
    assert phone.post(path_of(link), told).status_code == 410
    assert milestone.updates.count() == 1


def test_a_form_with_faults_says_them_beside_the_fields_and_keeps_what_was_written(link, milestone):
    answer = Client().post(path_of(link), {"state": "in_progress", "percent": "400", "text": "Texto que no se pierde"})
    assert answer.status_code in {200, 422}
    assert "Texto que no se pierde" in answer.content.decode()
    assert milestone.updates.count() == 0


def test_a_made_up_link_is_closed_without_saying_what_it_was_for(link):
    answer = Client().get(path_of(link)[:-4] + "zzzz/")
    assert answer.status_code in {404, 410}
    assert "escuelas" not in answer.content.decode()
