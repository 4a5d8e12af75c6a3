"""The search pages, the palette and the API: the same answers, for whom they are, whatever is asked."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.foundation.translated import translated
from manglar.publication import services as publication
from manglar.publication.selectors import release_by_subject
from manglar.search.models import Document
from manglar.search.services import rebuild
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
HOSTILE = [
    "", " ", "¿?!…", "%", "_", "*", "\\", "'", "\"", "' OR '1'='1", "<script>alert(1)</script>", "😀🌊", "a" * 10_000, "río " * 2_500,
    "\u202e", "{{ 7 }}", "AND OR NOT NEAR()", "de la",
]  # fmt: skip


def made(rows):
    rebuild(lambda *_: None)
    return rows


@pytest.fixture
def whole(panama):
    return make.WholeChain(panama)


@pytest.fixture
def reader(panama, office):
    user = accounts.create_user(
        by=office, government=panama, email="lectora@example.org", display_name="Lectora", roles=[Role.READER]
    )
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def publish(whole):
    publication.release_chain(by=make.OFFICE, government=whole.government, public_id=whole.commitment.public_id, at=make.AT)


def pages(client):
    yield "/buscar/"
    yield "/en/buscar/"
    yield "/desk/panama/buscar/"
    yield "/en/desk/panama/buscar/"


def test_the_portal_finds_what_is_public_and_marks_it(client, whole):
    publish(whole)
    made(whole)
    text = client.get("/buscar/", {"q": "desbordan"}).content.decode()
    assert "El río se <mark>desborda</mark>" in text.replace("</mark>\n", "</mark>")
    assert f"/hallazgos/{whole.finding.public_id}/" in text
    english = client.get("/en/buscar/", {"q": "rivers"}).content.decode()
    assert "<mark>river</mark>" in english
    assert '<html lang="en"' in english


def test_the_portal_finds_nothing_internal(client, whole):
    made(whole)
    for word in ("desborda", "humedal", "obras", whole.finding.public_id):
        page = client.get("/buscar/", {"q": word})
        assert page.context["found"].total == 0
        assert "<mark>" not in page.content.decode()
        assert page.context["found"].suggestion == ""


def test_a_withdrawn_copy_is_not_found_even_before_the_index_learns_of_it(client, whole):
    publish(whole)
    made(whole)
    assert client.get("/buscar/", {"q": "desborda"}).context["found"].total >= 1
    publication.withdraw_release(by=make.OFFICE, release=release_by_subject(whole.finding.public_id), at=make.AT, reason="Error")
    assert Document.objects.filter(face="portal", kind="finding").exists()
    found = client.get("/buscar/", {"q": "desborda"}).context["found"]
    assert (found.total, found.counts, found.hits) == (0, (), ())
    assert client.get("/buscar/", {"q": "desvorda"}).context["found"].suggestion == ""


def test_the_desk_finds_drafts_of_its_own_and_leads_to_them(reader, panama):
    draft = make.finding(panama, "Cocodrilos en la quebrada", reviewed=False)
    made(draft)
    text = reader.get("/desk/panama/buscar/", {"q": "cocodrilo"}).content.decode()
    assert f"/desk/panama/hallazgos/{draft.public_id}/" in text
    assert reader.get(f"/desk/panama/hallazgos/{draft.public_id}/").status_code == 200


def test_a_desk_finds_nothing_of_another_government(reader, san_miguelito):
    secret = make.finding(san_miguelito, "Villalobos confidencial", reviewed=False)
    made(secret)
    for word in ("villalobos", "villalovos", "confidencial", "confidensial", "villa", secret.public_id):
        page = reader.get("/desk/panama/buscar/", {"q": word})
        assert page.context["found"].total == 0
        assert page.context["found"].suggestion == ""
        assert word == secret.public_id or secret.public_id not in page.content.decode()
        assert reader.get("/desk/panama/buscar/paleta/", {"q": word}).json() == {"total": 0, "items": []}
        answer = reader.get("/api/v1/desk/panama/search", {"q": word}).json()
        assert (answer["count"], answer["kinds"], answer["items"], answer["suggestion"]) == (0, {}, [], "")
    assert reader.get("/desk/san-miguelito/buscar/", {"q": "villalobos"}).status_code == 403


def test_every_result_of_the_desk_can_be_opened(reader, whole):
    made(whole)
    links = []
    for word in ("rio", "obras", "humedal", "juan", "reporte", "hito", "institución", "1.1"):
        found = reader.get("/desk/panama/buscar/paleta/", {"q": word}).json()["items"]
        assert found, word
        links += [item["url"] for item in found]
    for link in set(links):
        assert reader.get(link).status_code == 200, link


def test_what_is_shared_is_found_by_the_other_desk_with_its_owner(panama, san_miguelito, office, whole):
    user = accounts.create_user(
        by=office, government=san_miguelito, email="sm@example.org", display_name="SM", roles=[Role.READER]
    )
    client = Client()
    client.force_login(user)
    accounts.share_record(
        by=office, government=panama, to=san_miguelito, record_id=whole.node.identity, scope="read", reason="Cuenca",
        from_on=timezone.localdate(),
    )  # fmt: skip
    made(whole)
    found = client.get("/desk/san-miguelito/buscar/paleta/", {"q": "limpiar rio"}).json()
    assert found["total"] == 1
    assert found["items"][0]["url"] == f"/desk/san-miguelito/iniciativas/{whole.node.identity}/"
    assert found["items"][0]["government"] == "Municipio de Panamá"
    assert client.get(found["items"][0]["url"]).status_code == 200


@pytest.mark.parametrize("query", HOSTILE)
def test_whatever_is_asked_is_answered_and_never_becomes_markup(reader, whole, query):
    publish(whole)
    made(whole)
    for address in pages(reader):
        page = reader.get(address, {"q": query})
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "{{ 7 }}" in query or "49" not in page.context["query"]
        if not page.context["groups"]:
            assert 'class="m-empty"' in page.content.decode()
    for address in ("/api/v1/public/search", "/api/v1/desk/panama/search", "/desk/panama/buscar/paleta/"):
        assert reader.get(address, {"q": query}).status_code == 200


def test_hostile_text_in_a_record_is_shown_as_text(reader, panama):
    make.finding(panama, "<img src=x onerror=alert(1)> manglares <b>")
    made(panama)
    text = reader.get("/desk/panama/buscar/", {"q": "manglar"}).content.decode()
    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(1)&gt; <mark>manglares</mark>" in text.replace("</mark>\n", "</mark>")
    for word in ("img", "onerror", "b"):
        assert "<img src=x" not in reader.get("/desk/panama/buscar/", {"q": word}).content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "2", "99999999999", "x", "٣", "1e9", ""])
def test_any_page_number_is_answered(reader, whole, number):
    made(whole)
    page = reader.get("/desk/panama/buscar/", {"q": "rio", "clase": "iniciativas", "pagina": number})
    assert page.status_code == 200


@pytest.mark.parametrize("kind", ["no-hay", "<b>", "trabajos", "finding"])
def test_a_kind_that_has_nothing_says_so(reader, whole, kind):
    made(whole)
    page = reader.get("/desk/panama/buscar/", {"q": "rio", "clase": kind})
    assert page.status_code == 200
    assert page.context["found"].hits == ()


def test_many_results_of_a_kind_are_turned_in_pages_that_miss_none(reader, panama):
    for number in range(23):
        make.finding(panama, f"Puente {number}", reviewed=False)
    made(panama)
    first = reader.get("/desk/panama/buscar/", {"q": "puente", "clase": "hallazgos"})
    second = reader.get("/desk/panama/buscar/", {"q": "puente", "clase": "hallazgos", "pagina": "2"})
    ids = [hit.document.record_id for page in (first, second) for hit in page.context["found"].hits]
    assert len(ids) == len(set(ids)) == 23


def test_a_typing_error_leads_to_the_right_question(client, whole):
    publish(whole)
    made(whole)
    page = client.get("/buscar/", {"q": "desvorda"})
    assert 'href="?q=desborda"' in page.content.decode()
    assert page.context["groups"]


def test_before_the_index_is_made_the_page_says_so(client, panama):
    from manglar.search.models import Bookmark

    Bookmark.objects.all().delete()
    text = client.get("/buscar/", {"q": "agua"}).content.decode()
    assert "todavía se está haciendo" in text


def test_the_api_says_the_same_as_the_page(reader, whole):
    publish(whole)
    made(whole)
    page = reader.get("/desk/panama/buscar/", {"q": "rio", "clase": "iniciativas"}).context["found"]
    answer = reader.get("/api/v1/desk/panama/search", {"q": "rio", "kind": "iniciativas"}).json()
    assert [item["id"] for item in answer["items"]] == [hit.document.record_id for hit in page.hits]
    assert answer["count"] == page.total
    public = Client().get("/api/v1/public/search", {"q": "desborda"}).json()
    assert public["items"][0]["id"] == whole.finding.public_id
    assert public["items"][0]["release"] == release_by_subject(whole.finding.public_id).public_id
    assert Client().get("/api/v1/desk/panama/search", {"q": "rio"}).status_code == 401
    assert Client().get("/api/v1/public/search", {"q": "x", "limit": 0}).status_code == 422


def test_the_palette_is_for_who_may_enter_and_is_not_kept_by_browsers(reader, whole):
    assert Client().get("/desk/panama/buscar/paleta/", {"q": "rio"}).status_code == 302
    response = reader.get("/desk/panama/buscar/paleta/", {"q": "rio"})
    assert "no-store" in response.headers["Cache-Control"]
    assert json.loads(response.content)["total"] >= 0


def test_every_page_of_the_desk_leads_to_search_and_has_the_palette(reader, panama):
    text = reader.get("/desk/panama/").content.decode()
    assert 'action="/desk/panama/buscar/"' in text
    assert 'src="/desk/panama/buscar/paleta/"' in text
    portal = reader.get("/").content.decode()
    assert 'action="/buscar/"' in portal
    assert "manglar-palette" not in portal


def test_the_pages_ask_the_database_little(client, reader, whole):
    publish(whole)
    made(whole)
    for who, address in ((client, "/buscar/"), (reader, "/desk/panama/buscar/"), (reader, "/desk/panama/buscar/paleta/")):
        with CaptureQueriesContext(connection) as captured:
            who.get(address, {"q": "rio humedal desvorda obras juam"})
        assert len(captured) <= 20, address


def test_a_record_that_changes_is_found_by_its_new_words(reader, whole):
    made(whole)
    type(whole.finding).objects.filter(pk=whole.finding.pk).update(title=translated("Mapaches"))
    made(whole)
    assert reader.get("/desk/panama/buscar/", {"q": "mapache"}).context["found"].total >= 1
