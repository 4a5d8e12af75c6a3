"""Asking for a report by link from the desk: whom, what was asked before, taking a link back, and what comes of it."""

import re

import pytest
from django.test import Client

from manglar.accounts.choices import Role
from manglar.delivery.models import UpdateRequest
from manglar.margin.models import Notification
from manglar.margin.services import tell_followers
from manglar.network.models import Person
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def milestone(panama):
    obras = make.institution(panama)
    return make.milestone(panama, commitment=make.commitment(panama, obras))


@pytest.fixture
def asker(panama, someone_with):
    return someone_with(panama, Role.EDITOR, Role.APPROVER)


@pytest.fixture
def desk(asker):
    client = Client()
    client.force_login(asker.user)
    return client


def seat(government, institution, name, email, title="Jefa de Drenajes"):
    post = make.network.record_post(
        by=make.OFFICE, institution=institution, title=make.translated(title), rank="focal_point"
    )
    person = make.person(government, name=name, email=email)
    make.network.appoint(by=make.OFFICE, person=person, post=post, on=make.ON)
    return person


def address(milestone, action="pedir"):
    return f"/desk/panama/hitos/{milestone.public_id}/{action}/"


def link_in(answer):
    return "/" + re.search(r'id="enlace">([^<]+)</code>', answer.content.decode()).group(1).split("/", 3)[-1]


def test_everyone_who_holds_a_post_may_be_asked_the_institutions_own_first(panama, milestone, desk):
    agua = make.institution(panama, "agua", "Aguas")
    seat(panama, agua, "Enlace de Aguas", "aguas@example.org")
    seat(panama, milestone.commitment.institution, "Punto focal de Obras", "obras@example.org")
    make.person(panama, name="Sin cargo", email="")
    page = desk.get(address(milestone)).content.decode()
    groups = re.findall(r'<optgroup label="([^"]+)"', page)
    assert groups == ["Obras", "Aguas", "Sin cargo hoy", "¿No está?"]
    assert "Punto focal de Obras · Jefa de Drenajes" in page and "Sin cargo · sin correo" in page


def test_another_person_is_written_down_once_and_asked(panama, milestone, desk):
    page = desk.get(address(milestone)).content.decode()
    assert "Nadie aparece porque" in page
    empty = desk.post(address(milestone), {"person": "otra"}).content.decode()
    assert "Escriba el nombre de la persona." in empty and "ahí le llega el enlace" in empty
    told = {"person": "otra", "name": "Inspectora de Obras", "email": "inspectora@example.org"}
    assert desk.post(address(milestone), told).status_code == 200
    desk.post(address(milestone), told)
    assert Person.objects.get(email="inspectora@example.org").name == "Inspectora de Obras"
    assert UpdateRequest.objects.count() == 2


def test_a_link_that_is_open_is_warned_of_and_may_be_taken_back(panama, milestone, desk):
    person = make.person(panama)
    opened = link_in(desk.post(address(milestone), {"person": person.public_id}))
    assert "ya tiene un enlace abierto hasta el" in desk.get(address(milestone)).content.decode()
    record = desk.get(f"/desk/panama/hitos/{milestone.public_id}/").content.decode()
    assert "Enlaces mandados" in record and "abierto hasta el" in record
    request = UpdateRequest.objects.get()
    told = {"request": request.public_id, "reason": "Se mandó a quien no era"}
    assert desk.post(address(milestone, "anular-enlace"), told).status_code == 302
    assert "anulado" in Client().get(opened).content.decode()
    assert "anulado el" in desk.get(f"/desk/panama/hitos/{milestone.public_id}/").content.decode()


def test_the_page_of_a_new_link_says_what_happens_with_the_mail(panama, milestone, desk, settings):
    person = make.person(panama)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    without = desk.post(address(milestone), {"person": person.public_id}).content.decode()
    assert "no tiene correo" in without and "Primer kilómetro" in without and "<manglar-copy" in without
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert "Sale por correo a" in desk.post(address(milestone), {"person": person.public_id}).content.decode()


def test_who_asked_is_told_that_the_report_arrived(
    panama, milestone, desk, asker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        link = link_in(desk.post(address(milestone), {"person": make.person(panama).public_id}))
        Client().post(link, {"state": "in_progress", "percent": "40", "text": "Medio kilómetro."})
    tell_followers(by=make.OFFICE, at=make.AT)
    notice = Notification.objects.get(event="milestone.reported")
    assert (notice.recipient, notice.subject) == (asker.user, milestone.public_id)


def test_reports_tell_themselves_apart_and_approving_says_what_it_does(panama, milestone, desk):
    link = link_in(desk.post(address(milestone), {"person": make.person(panama).public_id}))
    Client().post(link, {"state": "in_progress", "percent": "40", "text": "Medio kilómetro limpio."})
    update = milestone.updates.get()
    listed = desk.get("/desk/panama/reportes/").content.decode()
    assert "40%" in listed and "Medio kilómetro limpio." in listed and re.search(r", \d\d:\d\d", listed)
    home = desk.get("/desk/panama/").content.decode()
    assert "40% · Punto focal de Obras" in home
    asked = desk.get(f"/desk/panama/reportes/{update.public_id}/aprobar/").content.decode()
    assert "Medio kilómetro limpio." in asked and "previsto, 0%" in asked and "en marcha, 40%" in asked
    done = desk.post(f"/desk/panama/reportes/{update.public_id}/aprobar/", {}, follow=True).content.decode()
    assert "Falta publicar" in done and f"/desk/panama/hitos/{milestone.public_id}/" in done


def test_a_report_of_the_desk_that_is_sent_back_is_corrected_by_its_author(panama, milestone, desk, someone_with):
    author = Client()
    author.force_login(someone_with(panama, Role.EDITOR).user)
    told = {"reported_state": "in_progress", "percent": "40", "text": "Medio kilómetro."}
    author.post(address(milestone, "reportar"), told)
    report = f"/desk/panama/reportes/{milestone.updates.get().public_id}/"
    assert desk.post(f"{report}corregir/", {"reason": "¿Dónde?"}).status_code == 302
    assert "Corregir y enviar" in author.get(report).content.decode()
    form = author.get(f"{report}enviar-corregido/").content.decode()
    assert "¿Dónde?" in form and "Medio kilómetro." in form
    refused = desk.post(f"{report}enviar-corregido/", told).content.decode()
    assert "Solo quien escribió el reporte" in refused
    author.post(f"{report}enviar-corregido/", {**told, "text": "Medio kilómetro, en Juan Díaz."})
    assert milestone.updates.get().text["es"] == "Medio kilómetro, en Juan Díaz."
