"""The options of an advice note say how sure they are, on its page and in the form that makes them."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from manglar.accounts.choices import Role
from manglar.decisions.models import Decision
from manglar.publication import services as publication
from manglar.risk import selectors as risk
from manglar.risk import services as risk_services
from tests import chain_factories as make
from tests.risk import layers
from tests.risk.conftest import city, divisions  # noqa: F401  # fixtures of the tiny city

NOW = timezone.now
OPTION = {"title": "Alertar", "text": "", "run": "", "cost_pab": "", "avoided_damage_pab": "", "mark": ""}


def signed_in(actor):
    client = Client()
    client.force_login(actor.user)
    return client


@pytest.fixture
def editor(city, someone_with):  # the fixture
    return signed_in(someone_with(city, Role.EDITOR, Role.ANALYST))


@pytest.fixture
def measured(city, office):  # the fixture
    hazard, table = layers.flood_maps(office, city), layers.functions(office, city)
    measure = {"id": "alerta-temprana", "quantity": 1, "price_factor": 0.9, "price_source": "índice"}
    asked = layers.impact_spec(hazard, table, measures=[measure], horizon={"years": 20})
    return risk_services.run_now(by=office, government=city, spec=asked, at=NOW())


def draft(city):  # the fixture
    return make.note(city, options=0, submitted=False)


@pytest.mark.django_db
def test_an_option_takes_its_figures_and_its_doubt_from_the_run_and_keeps_them(editor, city, measured):
    note = draft(city)
    done = editor.post(f"/desk/panama/notas/{note.public_id}/opcion/", {**OPTION, "run": measured.public_id})
    assert done.status_code == 302, done.context["form"].errors
    option = note.options.get()
    saved = risk.run_page(measured).retrofit.total.avoided_pab
    assert float(option.avoided_damage_pab) == pytest.approx(saved.mean, abs=0.01)
    assert float(option.avoided_damage_low_pab) == pytest.approx(saved.low, abs=0.01)
    note.refresh_from_db()
    held = note.risk_summary["by_option"][option.public_id]
    assert held["run"] == measured.public_id
    assert held["worth"]["probability"] == risk.run_page(measured).retrofit.probability_worth_it
    page = editor.get(f"/desk/panama/notas/{note.public_id}/").content.decode()
    assert f"/corridas/{measured.public_id}/" in page
    assert "de cada 100" in page


@pytest.mark.django_db
def test_figures_typed_beside_a_run_are_refused_on_their_field(editor, city, measured):
    note = draft(city)
    told = {**OPTION, "run": measured.public_id, "cost_pab": "5", "mark": "estimacion"}
    answer = editor.post(f"/desk/panama/notas/{note.public_id}/opcion/", told)
    assert "sale de la corrida" in str(answer.context["form"].errors["cost_pab"])
    assert not note.options.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"cost_pab": "5"}, "mark", "procedencia"),
        ({"avoided_damage_pab": "5", "avoided_damage_low_pab": "2", "mark": "estimacion"}, "avoided_damage_low_pab", "dos extremos"),
        ({"avoided_damage_pab": "50", "avoided_damage_low_pab": "2", "avoided_damage_high_pab": "9", "mark": "estimacion"}, "avoided_damage_pab", "entre"),
    ],
)  # fmt: skip
def test_a_figure_without_its_mark_or_half_an_interval_is_refused(editor, city, told, field, words):
    note = draft(city)
    answer = editor.post(f"/desk/panama/notas/{note.public_id}/opcion/", {**OPTION, **told})
    assert words in str(answer.context["form"].errors[field])
    assert not note.options.exists()


@pytest.mark.django_db
def test_the_note_says_beforehand_that_an_option_is_missing_and_the_refusal_stays_in_the_desk(panama, someone_with):
    client = signed_in(someone_with(panama, Role.APPROVER))
    note = make.note(panama, options=1, submitted=False)
    address = f"/desk/panama/notas/{note.public_id}/"
    page = client.get(address).content.decode()
    assert "Falta una opción para presentarla" in page
    assert f'href="{address}presentar/"' not in page
    refused = client.post(f"{address}presentar/", {"once": "a"})
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "al menos 2 opciones" in text
    assert f'href="{address}"' in text  # back to the note, not to the public site
    assert "m-desk" in text
    make.decisions.add_option(by=make.OFFICE, note=note, title=make.translated("Otra"))
    assert client.post(f"{address}presentar/", {"once": "a"}).status_code == 302  # the same number: nothing was done before


@pytest.fixture
def waiting(panama):
    note = make.note(panama, submitted=False)
    make.decisions.recommend_option(by=make.OFFICE, note=note, option=note.options.first())
    return make.decisions.submit_note(by=make.OFFICE, note=note, on=make.ON)


@pytest.mark.django_db
def test_who_decides_sees_the_figures_chooses_for_themselves_and_goes_on_to_the_decision(panama, someone_with, waiting):
    client = signed_in(someone_with(panama, Role.MAYOR_OFFICE))
    address = f"/desk/panama/notas/{waiting.public_id}/decidir/"
    page = client.get(address).content.decode()
    assert "cuesta B/.\xa01,000" in page and "(recomendada)" in page and "No es seguro" in page
    assert 'value="Despacho de la Alcaldía"' in page
    assert not re.search(r'name="option"[^>]*checked', page)
    nothing = client.post(address, {"reason": "Sí", "post": "Alcaldía"})
    assert "option" in nothing.context["form"].errors
    other = client.post(address, {"option": "otra", "reason": "Sí", "post": "Alcaldía"})
    assert "title" in other.context["form"].errors
    chosen = waiting.options.first()
    done = client.post(address, {"option": chosen.public_id, "reason": "Conviene", "post": "Alcaldía"}, follow=True)
    made = Decision.objects.get()
    assert (made.title, made.option) == (chosen.title, chosen)
    assert made.public_id in done.request["PATH_INFO"]


@pytest.mark.django_db
def test_the_public_copy_of_a_note_says_how_sure_its_options_are(panama):
    note = make.note(panama, submitted=False)
    run = {"title": "Sismos", "worth": {"ratio": 0.43, "ratio_low": 0.094, "ratio_high": 1.1, "probability": 0.07}}
    figures = {"avoided_damage_pab": "580202.11", "avoided_damage_low_pab": "128000", "avoided_damage_high_pab": "1500000"}
    make.decisions.take_risk_to_note(
        by=make.OFFICE, government=panama, note=note, question={}, on=make.ON, run_id="corrida-x", summary=run,
        title=make.translated("Reforzar"), avoided_damage_mark="estimacion", **figures,
    )  # fmt: skip
    make.decisions.recommend_option(by=make.OFFICE, note=note, option=note.options.get(title__es="Reforzar"))
    make.decision(make.decisions.submit_note(by=make.OFFICE, note=note, on=make.ON))
    publication.release_record(by=make.OFFICE, government=panama, public_id=note.public_id, at=make.AT)
    page = Client().get(f"/notas/{note.public_id}/", follow=True).content.decode()
    assert "La opción recomendada es «Reforzar». No es seguro: vale lo que cuesta en 7 de cada 100 cálculos" in page
    assert "0.43 (entre 0.094 y 1.1)" in page
    assert "no se calculó cuánto daño evita" in page  # of the two others
