"""Beside a record and above a list: comments, mentions, following and saved views, from the page."""

import re

import pytest
from django.test import Client

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.margin.models import Comment, Follow, SavedView
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


def person(government, name, role=Role.EDITOR):
    user = accounts.create_user(
        by=make.OFFICE, government=government, email=f"{name}@example.org", display_name=name, roles=[role]
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ana(panama):
    return person(panama, "ana")


@pytest.fixture
def finding(panama):
    return make.finding(panama)


def page_of(finding):
    return f"/desk/panama/hallazgos/{finding.public_id}/"


def write(client, finding, text, key="k1"):
    address = f"/desk/panama/al-margen/hallazgos/{finding.public_id}/comentar/"
    return client.post(address, {"text": text, "form_key": key}, follow=True)


def test_a_comment_is_written_once_answered_and_told_to_whom_it_names(panama, ana, finding):
    beto = person(panama, "beto")
    assert "Revise esto @beto" in re.sub(r"<[^>]+>", "", write(ana, finding, "Revise esto @beto").content.decode())
    write(ana, finding, "Revise esto @beto")
    assert Comment.objects.count() == 1
    told = beto.get("/desk/panama/avisos/").content.decode()
    assert "1 aviso sin leer" in told
    assert Comment.objects.get().public_id in told
    beto.post(f"/desk/panama/comentarios/{Comment.objects.get().public_id}/responder/", {"text": "Hecho", "form_key": "z"})
    assert "Hecho" in ana.get(page_of(finding)).content.decode()
    beto.post("/desk/panama/avisos/leidos/")
    assert "No tiene avisos sin leer" in beto.get("/desk/panama/avisos/").content.decode()


def test_what_cannot_be_kept_comes_back_in_its_box_with_the_reason(ana, finding):
    page = write(ana, finding, "x" * 5_500).content.decode()
    assert "x" * 5_400 in page
    assert 'id="comentario-nuevo_error"' in page
    assert Comment.objects.count() == 0
    assert "x" * 100 not in ana.get(page_of(finding)).content.decode()


def test_only_who_wrote_a_comment_changes_it(panama, ana, finding):
    write(ana, finding, "Mío")
    comment = Comment.objects.get()
    other = person(panama, "otra")
    other.post(f"/desk/panama/comentarios/{comment.public_id}/corregir/", {"text": "Suyo"})
    comment.refresh_from_db()
    assert comment.text == "Mío"
    ana.post(f"/desk/panama/comentarios/{comment.public_id}/retirar/")
    assert "Mío" not in re.sub(r"(?s)<aside.*?</aside>", "", ana.get(page_of(finding)).content.decode())


def test_hostile_words_show_as_words(ana, finding):
    page = write(ana, finding, "<script>alert(1)</script> @nadie").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_nobody_comments_beside_a_record_of_another_government(san_miguelito, ana, finding):
    stranger = person(san_miguelito, "zoe")
    assert write(stranger, finding, "Hola").status_code == 403
    address = f"/desk/san-miguelito/al-margen/hallazgos/{finding.public_id}/comentar/"
    assert stranger.post(address, {"text": "Hola", "form_key": "k"}).status_code == 404
    assert ana.post("/desk/panama/al-margen/nada/x/comentar/", {"text": "Hola"}).status_code == 404
    assert Comment.objects.count() == 0


def test_following_starts_and_stops(ana, finding):
    address = f"/desk/panama/al-margen/hallazgos/{finding.public_id}/seguir/"
    assert "Dejar de seguir" in ana.post(address, {"follow": "yes"}, follow=True).content.decode()
    assert Follow.objects.count() == 1
    ana.post(address, {"follow": "no"})
    assert Follow.objects.count() == 0


def test_a_list_is_kept_under_a_name_shared_and_forgotten(panama, ana, finding):
    assert "Guardar esta vista" not in ana.get("/desk/panama/hallazgos/").content.decode()
    page = ana.get("/desk/panama/hallazgos/?estado=reviewed&orden=nombre")
    assert "Guardar esta vista" in page.content.decode()
    query = page.context["saved"].query
    ana.post("/desk/panama/vistas/hallazgos/guardar/", {"name": "Revisados", "query": query, "shared": "yes"})
    other = person(panama, "otra")
    seen = other.get("/desk/panama/hallazgos/")
    assert [(view.name, view.shared) for view in seen.context["saved"].items] == [("Revisados", True)]
    there = other.get(seen.context["saved"].items[0].url)
    assert there.context["held"].chosen == {"estado": "reviewed"}
    assert there.context["saved"].items[0].current
    view = SavedView.objects.get()
    other.post(f"/desk/panama/vistas/{view.public_id}/borrar/")
    assert SavedView.objects.exists()
    ana.post(f"/desk/panama/vistas/{view.public_id}/borrar/")
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_in_words(ana, finding):
    page = ana.post("/desk/panama/vistas/hallazgos/guardar/", {"name": " ", "query": "estado=draft"}, follow=True)
    assert "Escriba un nombre para la vista" in page.content.decode()


def section(page, start):
    return page[page.index(start):]


def test_what_became_of_a_comment_is_said_beside_it_and_not_at_the_top(ana, finding):
    page = write(ana, finding, "Revise esto @Nadie").content.decode()
    anchor = Comment.objects.get().public_id
    before, after = page.split(f'id="{anchor}"', 1)
    assert "@Nadie" not in before and "Comentario guardado" not in before
    assert "Comentario guardado" in after and "quedó como texto" in after.split("</article>", 1)[0]


def test_what_became_of_a_file_is_said_beside_the_files(ana, finding):
    page = ana.post(f"/desk/panama/al-margen/hallazgos/{finding.public_id}/adjuntar/", {}, follow=True).content.decode()
    before, after = page.split('id="archivos"', 1)
    assert "Elija el archivo" not in before and "Elija el archivo" in after


def test_unread_notices_are_counted_in_the_menu_and_a_mention_waits_on_the_desk(panama, ana, finding):
    beto = person(panama, "beto")
    assert "m-side__count" not in beto.get("/desk/panama/hallazgos/").content.decode()
    write(ana, finding, "Revise esto @beto")
    desk = beto.get("/desk/panama/").content.decode()
    assert "Le hablaron" in desk and f"{page_of(finding)}#{Comment.objects.get().public_id}" in desk
    for address in ("/desk/panama/hallazgos/", page_of(finding)):
        assert re.search(r'avisos/"[^>]*>Avisos<span class="m-side__count">1<', beto.get(address).content.decode()), address
    beto.post("/desk/panama/avisos/leidos/")
    assert "m-side__count" not in beto.get(page_of(finding)).content.decode()


def test_the_names_after_an_at_are_those_of_this_government(panama, san_miguelito, ana):
    person(panama, "beto")
    person(san_miguelito, "carla")
    assert ana.get("/desk/panama/personas.json").json() == {"people": ["ana", "beto"]}
    assert person(panama, "lectora", Role.AUDITOR).get("/desk/san-miguelito/personas.json").status_code == 403
