"""A form of the desk: nothing written is lost, nothing is overwritten unseen, nothing is done twice."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.evidence import services as evidence
from manglar.evidence.models import Finding
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
TOLD = {"title": "Un hallazgo", "text": "Lo que se vio.", "mark": "estimacion"}


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR, Role.APPROVER).user)
    return client


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode()).group(1)


def test_a_form_sent_twice_makes_one_record(desk, panama):
    address = "/desk/panama/hallazgos/nuevo/"
    told = {**TOLD, "once": hidden(desk.get(address), "once")}
    first = desk.post(address, told, follow=True)
    again = desk.post(address, told, follow=True)
    assert "Hallazgo registrado" in first.content.decode()
    assert "no se hizo dos veces" in again.content.decode()
    assert Finding.objects.count() == 1
    back = desk.post(address, {**TOLD, "once": hidden(desk.get(address), "once")})
    assert back.status_code == 409  # the same words from a form opened anew: after going back, or on purpose
    assert "guardó uno igual" in back.content.decode()
    assert Finding.objects.count() == 1
    desk.post(address, {**TOLD, "once": hidden(back, "once"), "again": hidden(back, "again")})
    assert Finding.objects.count() == 2


def test_a_form_with_faults_may_be_sent_again_with_the_same_number(desk, panama):
    address = "/desk/panama/hallazgos/nuevo/"
    once = hidden(desk.get(address), "once")
    faulty = desk.post(address, {**TOLD, "title": "", "once": once})
    assert "Lo que se vio." in faulty.content.decode()
    assert "Hay algo que corregir" in faulty.content.decode()
    desk.post(address, {**TOLD, "once": once})
    assert Finding.objects.count() == 1


def test_a_change_by_someone_else_is_shown_before_it_is_overwritten(desk, panama):
    finding = make.finding(panama, reviewed=False)
    address = f"/desk/panama/hallazgos/{finding.public_id}/cambiar/"
    seen = hidden(desk.get(address), "version")
    said = evidence.FindingText(title=make.translated("Lo dijo otra persona"), found_on=make.ON, mark="estimacion")
    evidence.revise_finding(by=make.OFFICE, finding=finding, said=said, version=finding.version)
    mine = desk.post(address, {**TOLD, "version": seen})
    text = mine.content.decode()
    assert mine.status_code == 409
    assert "Otra persona cambió este registro" in text
    assert "Lo que se vio." in text  # mine is still in the form
    finding.refresh_from_db()
    assert finding.title["es"] == "Lo dijo otra persona"
    desk.post(address, {**TOLD, "version": hidden(mine, "version")})
    finding.refresh_from_db()
    assert finding.title["es"] == "Un hallazgo"


def test_what_can_no_longer_be_done_says_so_and_keeps_what_was_written(desk, panama):
    note = make.note(panama)
    address = f"/desk/panama/notas/{note.public_id}/devolver/"
    desk.force_login(
        accounts.create_user(
            by=make.OFFICE, government=panama, email="despacho@example.org", display_name="Despacho",
            roles=[Role.MAYOR_OFFICE],
        )
    )
    assert desk.get(address).status_code == 200
    make.decisions.withdraw_note(by=make.OFFICE, note=note, reason="Se repetirá")
    answer = desk.post(address, {"reason": "Mi motivo largo que no se pierde"})
    assert answer.status_code == 409
    assert "Mi motivo largo que no se pierde" in answer.content.decode()
    assert '<button class="usa-button" type="submit"' not in answer.content.decode()
    assert desk.get(address).status_code == 302


def test_the_page_after_saving_names_the_form_so_that_its_draft_is_forgotten(desk, panama):
    address = "/desk/panama/hallazgos/nuevo/"
    page = desk.post(address, {**TOLD, "once": "x"}, follow=True).content.decode()
    assert f'data-saved-form="{address}"' in page
    assert "manglar-draft.js" in page


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE x; --", "{{ 7*7 }}", "🌊" * 50, "a\u202eb"])
def test_hostile_text_shows_as_text(desk, panama, text):
    desk.post("/desk/panama/hallazgos/nuevo/", {**TOLD, "title": text})
    page = desk.get(f"/desk/panama/hallazgos/{Finding.objects.get().public_id}/").content.decode()
    assert "<script>alert(1)" not in page
    assert f"<h1>{escape(text)}</h1>" in page


def test_a_reviewed_finding_is_not_changed_but_superseded_and_names_its_successor(desk, panama):
    finding = make.finding(panama)
    page = f"/desk/panama/hallazgos/{finding.public_id}/"
    told = desk.get(page).content.decode()
    assert f"{page}cambiar/" not in told
    assert f"{page}sustituir/" in told
    desk.post(f"{page}sustituir/", {**TOLD, "title": "El río se desborda más"}, follow=True)
    successor = Finding.objects.exclude(pk=finding.pk).get()
    assert f"/hallazgos/{successor.public_id}/" in desk.get(page).content.decode()
    assert desk.get(f"{page}cambiar/").status_code == 302
