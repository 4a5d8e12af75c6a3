"""A report by signed link: asked from the desk, answered by someone without an account, once."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from manglar.accounts.choices import Role
from manglar.delivery.choices import UpdateState
from manglar.design.templatetags.design import tappable
from manglar.identity import services as identity
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n0000"


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


def test_a_used_link_tells_what_was_reported_and_gives_back_what_could_not_be_sent(link, milestone):
    phone = Client()
    photo = SimpleUploadedFile("foto.png", PNG, "image/png")
    first = {"state": "in_progress", "percent": "40", "text": "Dos visitas.", "file": photo}
    thanks = phone.post(path_of(link), first).content.decode()
    assert "foto.png" in thanks and milestone.updates.get().public_id in thanks
    again = phone.get(path_of(link))
    page = again.content.decode()
    assert again.status_code == 410 and "no-store" in again["Cache-Control"]
    assert "Ya reportó con este enlace el" in page and "no se abre" not in page
    assert all(said in page for said in ("en marcha", "40%", "Dos visitas.", "foto.png", "Espera la aprobación"))
    other_tab = phone.post(path_of(link), {"state": "done", "text": "Lo que escribí en la otra pestaña"})
    assert other_tab.status_code == 410
    assert "Lo que escribí en la otra pestaña" in other_tab.content.decode()
    assert milestone.updates.count() == 1


def test_the_chosen_photo_survives_a_fault_of_another_field(link, milestone):
    phone = Client()
    faulty = {"state": "in_progress", "percent": "400", "text": "Dos.", "file": SimpleUploadedFile("foto.png", PNG)}
    page = phone.post(path_of(link), faulty).content.decode()
    note = re.search(r'name="file-kept" value="([^"]+)"', page).group(1)
    assert "foto.png" in page and "Va de 0 a 100." in page
    phone.post(path_of(link), {"state": "in_progress", "percent": "40", "text": "Dos.", "file-kept": note})
    assert milestone.updates.get().file.name == "foto.png"


def test_a_kept_photo_may_be_taken_away_and_is_of_one_link_only(link, milestone, desk, panama):
    phone = Client()
    faulty = {"state": "in_progress", "text": "", "file": SimpleUploadedFile("foto.png", PNG)}
    page = phone.post(path_of(link), faulty).content.decode()
    note = re.search(r'name="file-kept" value="([^"]+)"', page).group(1)
    assert "Escriba qué se hizo." in page
    other = make.person(panama, name="Otra", email="otra@example.org")
    asked = desk.post(f"/desk/panama/hitos/{milestone.public_id}/pedir/", {"person": other.public_id})
    second = re.search(r'id="enlace">([^<]+)</code>', asked.content.decode()).group(1)
    told = {"state": "in_progress", "text": "Dos.", "file-kept": note}
    phone.post(path_of(second), told)
    phone.post(path_of(link), {**told, "file-drop": "1"})
    assert [update.file for update in milestone.updates.all()] == [None, None]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("prog.exe", b"MZ\x00\x00", "mande PDF, PNG o JPEG"), ("falsa.jpg", b"no soy una foto", "está dañado o no es una imagen"),
     ("lista.csv", b"a,b\n1,2\n", "mande PDF, PNG o JPEG"), ("acta.pdf", b"hola", "no es un archivo PDF")],
)
def test_a_file_that_does_not_serve_is_refused_beside_its_field(link, milestone, name, content, said):
    told = {"state": "in_progress", "text": "Dos.", "file": SimpleUploadedFile(name, content)}
    answer = Client().post(path_of(link), told)
    assert said in answer.content.decode() and "GeoPackage" not in answer.content.decode()
    assert "file" in answer.context["form"].errors
    assert milestone.updates.count() == 0


def test_a_text_that_is_too_long_is_never_cut(link, milestone):
    long = "palabra\r\n" * 700
    page = Client().post(path_of(link), {"state": "in_progress", "text": long}).content.decode()
    assert "le sobran 599" in page and page.count("palabra") >= 700
    assert 'maxlength="' not in page and "<manglar-count" in page
    assert milestone.updates.count() == 0
    fits = "palabra\r\n" * 625
    Client().post(path_of(link), {"state": "in_progress", "text": fits})
    assert len(milestone.updates.get().text["es"]) == 4_999


def test_only_the_office_gives_a_milestone_up(link, milestone):
    page = Client().get(path_of(link)).content.decode()
    assert "anulado" not in page
    assert Client().post(path_of(link), {"state": "cancelled", "text": "Ya no."}).status_code == 200
    assert milestone.updates.count() == 0


def test_a_report_sent_back_is_corrected_with_a_new_link(link, milestone, desk, panama):
    phone = Client()
    phone.post(path_of(link), {"state": "in_progress", "percent": "40", "text": "Dos visitas."})
    update = milestone.updates.get()
    sent_back = desk.post(f"/desk/panama/reportes/{update.public_id}/corregir/", {"reason": "¿Cuáles escuelas?"})
    correcting = re.search(r'id="enlace">([^<]+)</code>', sent_back.content.decode()).group(1)
    assert correcting != link
    old = phone.get(path_of(link)).content.decode()
    assert "La oficina pide corregir" in old and "¿Cuáles escuelas?" in old and "enlace nuevo para que lo corrija" in old
    form = phone.get(path_of(correcting)).content.decode()
    assert "¿Cuáles escuelas?" in form and "Dos visitas." in form
    phone.post(path_of(correcting), {"state": "in_progress", "percent": "45", "text": "Dos visitas: A y B."})
    update.refresh_from_db()
    assert (milestone.updates.count(), update.state, update.percent) == (1, "pending", 45)
    assert "Dos visitas: A y B." in phone.get(path_of(correcting)).content.decode()
    desk.post(f"/desk/panama/reportes/{update.public_id}/aprobar/", {})
    assert "Aprobado el" in phone.get(path_of(link)).content.decode()


def test_the_form_says_who_asks_and_the_contact_may_be_tapped(link, panama):
    page = Client().get(path_of(link)).content.decode()
    before_the_form = page[: page.index("<form")]
    assert "Lo pide" in before_the_form and "Puede enviarlo hasta el" in before_the_form
    assert "Lo último que se aprobó" in before_the_form
    assert str(tappable("a@b.org o 500-1234", "Diez <informes>")) == (
        '<a href="mailto:a@b.org?subject=Diez%20%3Cinformes%3E">a@b.org</a> o <a href="tel:5001234">500-1234</a>'
    )


@pytest.mark.parametrize("path", ["/enlace/inventado/", "/en/enlace/YceoxiAaY1Xx/", "/enlace/invitacion/nada/"])
def test_a_link_copied_badly_is_told_with_whom_to_write_to(panama, path):
    identity.change_identity(by=make.OFFICE, government=panama, contact=make.translated("resiliencia@example.org"))
    page = Client().get(path)
    assert page.status_code == 404
    assert "resiliencia@example.org" in page.content.decode()
