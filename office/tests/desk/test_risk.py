"""The risk desk as pages and as JSON: register with a look, ask, stop, ask again, compare, tell."""


import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.decisions.models import AdviceNote
from manglar.risk import services
from manglar.risk.choices import RunState
from manglar.risk.models import Dataset, Run
from tests.risk import layers
from tests.risk.conftest import city, dataset, divisions, faults_file, run, spec  # noqa: F401  # fixtures of the tiny city

NOW = timezone.now


@pytest.fixture
def analyst(someone_with, city):  # the fixture
    return signed_in(someone_with(city, Role.ADMINISTRATOR))


def signed_in(actor):
    client = Client()
    client.force_login(actor.user)
    return client


@pytest.fixture
def impact(city, office):  # the fixture
    hazard, table = layers.flood_maps(office, city), layers.functions(office, city)
    measure = {"id": "alerta-temprana", "quantity": 1, "price_factor": 0.9, "price_source": "índice"}
    asked = layers.impact_spec(hazard, table, measures=[measure], horizon={"years": 20})
    return services.run_now(by=office, government=city, spec=asked, at=NOW())


MAPS = {
    "name": "Agua", "source": "inventado", "licence": "CC0", "hazard": "flood", "scenario": "histórico", "year": "2025",
    "periods": "10 = t10.tif\n100 = t100.tif", "nodata": "nothing", "falls": "refuse",
}  # fmt: skip


def test_a_file_is_looked_at_before_it_is_registered(analyst):
    file = SimpleUploadedFile("agua.zip", layers.maps())
    services_page = "/desk/panama/importar/mapas/"
    analyst.get(services_page)
    seen = analyst.post(services_page, {**MAPS, "file": file})
    text = seen.content.decode()
    assert seen.status_code == 200 and "EPSG:4326" in text and "<svg" in text and not Dataset.objects.exists()
    kept = seen.context["kept"]
    done = analyst.post(services_page, {**MAPS, "kept": kept, "apply": "1"})
    assert done.status_code == 302 and Dataset.objects.get().name == "Agua"
    page = analyst.get(f"/desk/panama/datos-de-riesgo/{Dataset.objects.get().public_id}/").content.decode()
    assert "CC0" in page and "Una vez cada 100 años" in page


def test_a_bad_file_is_said_on_the_page_and_nothing_is_kept(analyst):
    wrong = {**MAPS, "periods": "cien = t10.tif"}
    assert "no se entiende" in analyst.post("/desk/panama/importar/mapas/", {**wrong, "file": SimpleUploadedFile("a.zip", layers.maps())}).content.decode()
    refused = analyst.post("/desk/panama/importar/mapas/", {**MAPS, "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
    assert refused.status_code == 422 and "es CSV" in refused.content.decode() and not Dataset.objects.exists()


def test_a_run_is_asked_from_the_form_without_toml(analyst, city, office):  # the fixture
    hazard, table = layers.flood_maps(office, city), layers.functions(office, city)
    told = {
        "title": "Escuelas", "hazards": [hazard.public_id], "functions": table.public_id, "class_school": "escuela",
        "price_year": 2010, "horizon_years": 50, "discount_rate": 0.05, "value_sigma": 0.3, "samples": 200, "seed": 1,
        "measure_1": "alerta-temprana", "quantity_1": 1, "factor_1": 0.9, "index_1": "índice",
    }  # fmt: skip
    done = analyst.post("/desk/panama/corridas/nuevo/", told)
    made = Run.objects.get()
    assert done.status_code == 302 and made.public_id in done.headers["Location"] and made.state == RunState.QUEUED
    assert made.spec["assets"]["classes"] == {"school": "escuela"} and made.spec["measures"][0]["price_factor"] == 0.9
    page = analyst.get(done.headers["Location"]).content.decode()
    assert "manglar-progress" in page and "/parar/" in page
    services.perform_run(by=office, run=made, at=NOW())
    assert Run.objects.get().state == RunState.DONE


def test_the_form_says_what_is_missing(analyst):
    page = analyst.get("/desk/panama/corridas/nuevo/").content.decode()
    assert "Todavía no hay mapas ni sucesos" in page
    none = analyst.post("/desk/panama/corridas/nuevo/", {"title": "x"}).content.decode()
    assert "Elija la función de daño" in none and not Run.objects.exists()


def test_prices_of_another_year_are_refused_before_the_run_waits(analyst, city, office):  # the fixture
    hazard, table = layers.flood_maps(office, city), layers.functions(office, city)
    told = {
        "title": "Escuelas", "hazards": [hazard.public_id], "functions": table.public_id, "class_school": "escuela",
        "price_year": 2010, "horizon_years": 50, "discount_rate": 0.05, "value_sigma": 0.3, "samples": 200, "seed": 1,
        "measure_1": "alerta-temprana",
    }  # fmt: skip
    page = analyst.post("/desk/panama/corridas/nuevo/", told).content.decode()
    assert "quién lo dice" in page and not Run.objects.exists()


def test_a_run_that_waits_is_stopped(analyst, city, office, spec):  # the fixture
    waiting = services.ask_run(by=office, government=city, spec=spec, at=NOW())
    analyst.post(f"/desk/panama/corridas/{waiting.public_id}/parar/", {})
    waiting.refresh_from_db()
    assert waiting.state == RunState.CANCELLED


def test_a_run_is_asked_again_with_its_answers_in_the_form(analyst, impact):
    form = analyst.get(f"/desk/panama/corridas/{impact.public_id}/de-nuevo/").context["form"]
    assert form.initial["class_school"] == "escuela" and form.initial["measure_1"] == "alerta-temprana"
    told = {name: value for name, value in form.initial.items() if value is not None} | {"title": "Otra", "seed": 9}
    done = analyst.post(f"/desk/panama/corridas/{impact.public_id}/de-nuevo/", told)
    other = Run.objects.exclude(pk=impact.pk).get()
    assert other.public_id in done.headers["Location"]
    changed = {"title": "Otra", "seed": 9}
    assert {**other.spec, **changed} == {**impact.spec, **changed, "horizon": other.spec["horizon"]}


def test_the_page_of_a_run_shows_its_curve_its_measure_and_its_basis(analyst, impact, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        page = analyst.get(f"/desk/panama/corridas/{impact.public_id}/").content.decode()
    for words in ("Cada cuánto, cuánto daño", "Antes y después", "Alerta temprana", "En qué descansa", "Por corregimiento", "Límites y notas"):
        assert words in page
    assert page.index("Antes y después") < page.index("<h2>Datos</h2>"), "what it found before how it was asked"
    assert page.count("<svg xmlns") >= 2
    assert "Costaría B/." in page and "la probabilidad de que se pague es" in page and "e+0" not in page


def test_what_a_run_says_becomes_an_option_of_a_new_note_and_of_an_old_one(analyst, impact):
    url = f"/desk/panama/corridas/{impact.public_id}/nota/"
    without = analyst.post(url, {"note": "nueva", "title": "Alerta"})
    assert "necesita su pregunta" in without.content.decode() and not AdviceNote.objects.exists()
    analyst.post(url, {"note": "nueva", "title": "Alerta", "question": "¿Se adopta?"})
    note = AdviceNote.objects.get()
    option = note.options.get()
    assert note.risk_run_id == impact.public_id and note.risk_summary["manifest"] == impact.manifest_digest
    assert option.avoided_damage_low_pab < option.avoided_damage_pab < option.avoided_damage_high_pab
    assert "Costaría" in option.text["es"] and "It would cost" in option.text["en"]
    assert 0 <= note.risk_summary["worth"]["probability"] <= 1
    assert option.cost_pab > 0 and option.cost_mark == "estimacion"
    analyst.post(url, {"note": note.public_id, "title": "La misma"})
    note.refresh_from_db()
    assert note.options.count() == 2 and len(note.risk_summary["by_option"]) == 2


def test_two_runs_are_compared_on_a_page(analyst, city, office, impact):  # the fixture
    other = services.run_now(by=office, government=city, spec={**impact.spec, "title": "Otra semilla", "measures": []}, at=NOW())
    empty = analyst.get("/desk/panama/corridas/comparar/")
    assert empty.status_code == 200
    page = analyst.get("/desk/panama/corridas/comparar/", {"una": impact.public_id, "otra": other.public_id}).content.decode()
    assert "Los totales" in page and "Las medidas" in page
    same = analyst.get("/desk/panama/corridas/comparar/", {"una": impact.public_id, "otra": impact.public_id}).content.decode()
    assert "misma corrida" in same
    assert analyst.get("/desk/panama/corridas/comparar/", {"una": "corrida-no", "otra": other.public_id}).status_code == 404


def test_nobody_compares_the_runs_of_another_government(analyst, san_miguelito, someone_with, impact):
    neighbour = signed_in(someone_with(san_miguelito, Role.ADMINISTRATOR))
    asked = {"una": impact.public_id, "otra": impact.public_id}
    assert neighbour.get("/desk/san-miguelito/corridas/comparar/", asked).status_code == 404


def test_a_file_is_registered_over_the_api_after_a_look(city, office, someone_with):  # the fixture
    user = someone_with(city, Role.ANALYST).user
    token = accounts.issue_api_token(by=office, government=city, user=user, at=NOW())
    headers = {"Authorization": f"Bearer {token}"}
    url = "/api/v1/desk/panama/imports/funciones"

    def send(**more):
        sent = SimpleUploadedFile("f.csv", layers.FUNCTIONS.encode())
        return Client().post(url, {"file": sent, "source": "x", "licence": "CC0", **more}, headers=headers)

    seen = send()
    assert seen.status_code == 200, seen.content
    assert seen.json()["applied"] is False
    assert seen.json()["facts"]
    assert not Dataset.objects.exists()
    done = send(apply="true").json()
    assert done["applied"]
    assert Dataset.objects.get().kind == "functions"
    again = send().json()
    assert again["facts"] == seen.json()["facts"]
    Client().post(f"/api/v1/desk/panama/importaciones/{done['import']}/deshacer", "{}", content_type="application/json", headers=headers)
    assert not Dataset.objects.exists()
    wrong = Client().post(url, {"source": "x", "licence": "CC0"}, headers=headers)
    assert wrong.status_code == 422
    assert "Falta el archivo" in wrong.json()["detail"]


def test_only_runs_of_the_same_question_are_offered_and_alone_it_says_how_to_get_another(analyst, impact, city, office, spec):  # the fixtures
    address = "/desk/panama/corridas/comparar/"
    quake = services.run_now(by=office, government=city, spec=spec, at=NOW())
    page = analyst.get(address, {"una": impact.public_id})
    text = page.content.decode()
    assert page.context["seconds"] == []
    assert text.index("No hay otra con qué compararla") < text.index('name="una"'), "what cannot be done is said before it is offered"
    assert "es la única corrida terminada de su amenaza" in text and f"/corridas/{impact.public_id}/de-nuevo/" in text
    other = services.run_now(by=office, government=city, spec={**impact.spec, "seed": 9, "title": "Otra"}, at=NOW())
    offered = analyst.get(address, {"una": impact.public_id}).context
    assert [value for value, _label in offered["seconds"]] == [other.public_id]
    assert quake.public_id not in dict(offered["firsts"])
