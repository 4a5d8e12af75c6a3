"""The figures of a place: on what they rest, how they compare, in one unit, and as numbers in a file."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from manglar.assets.models import Asset
from manglar.portal import division as place_page
from manglar.portal import hazards
from manglar.risk import selectors, services
from manglar.risk.models import TerritoryRisk
from manglar.risk.selectors import Counted, Interval, Rank, counted_in, division_places
from manglar.territory.models import Division
from tests.risk import layers
from tests.risk.conftest import city, divisions  # noqa: F401  # fixtures of the risk desk, asked for by name

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(city, office, monkeypatch):
    table, maps = layers.functions(office, city), layers.flood_maps(office, city)
    made = services.run_now(by=office, government=city, spec=layers.impact_spec(maps, table), at=timezone.now())
    run = selectors.run_by_id(made.public_id)
    monkeypatch.setattr(hazards, "public_runs", lambda: [run])
    monkeypatch.setattr(place_page, "public_answer", lambda _runs: selectors.run_page(run))
    return run


@pytest.fixture
def place(run):
    worst = TerritoryRisk.objects.filter(run=run).order_by("-ead_mean_pab").first()
    return Division.objects.get(pk=worst.division_id)


def test_a_range_of_rates_is_told_in_the_unit_of_its_value():
    assert hazards.how_often_between(Interval(1 / 48, 1 / 160, 1 / 18)) == "entre 1 de cada 18 años y 1 de cada 160 años"
    assert hazards.how_often_between(Interval(0.1, 0.0, 1 / 5)) == "entre 1 de cada 5 años y casi nunca"
    assert hazards.how_often_between(Interval(0.0, 0.0, 0.0)) == "sin dato"


def test_the_damage_says_on_how_many_assets_of_which_kinds_it_rests():
    names = {"school": "Escuela", "home": "Vivienda"}
    alone = hazards.rests_on(Counted({"school": 1}, has_homes=False), names)
    assert alone == "solo cuenta 1 activo registrado (escuela: 1), ninguna vivienda"
    with_homes = hazards.rests_on(Counted({"school": 2, "home": 1200}, has_homes=True), names)
    assert with_homes == "solo cuenta 1,202 activos registrados (escuela: 2; vivienda: 1,200)"


def test_a_place_is_compared_only_where_there_are_others():
    assert hazards.compared(None) == "" == hazards.compared(Rank(1, 0, 1))
    assert hazards.compared(Rank(1, 0, 26)) == "es el que más de los 26 lugares con dato"
    assert hazards.compared(Rank(9, 0, 26)) == "es el 9.º de los 26 lugares con dato, de más a menos"


def test_a_place_that_ties_is_not_told_as_the_first():
    tied = hazards.compared(Rank(1, 25, 26))
    assert hazards.compared(Rank(2, 1, 26)).startswith("comparte con otro el 2.º puesto")
    assert tied == "comparte con otros 25 el 1.º puesto entre los 26 lugares con dato, de más a menos"


def test_a_home_is_one_by_its_use_whatever_its_kind_is_called(run, place):
    counted = counted_in(place, [run])[run.pk]
    assert counted.assets == TerritoryRisk.objects.get(run=run, division=place).assets and not counted.has_homes
    Asset.objects.filter(division=place).update(occupancy="RES1")
    assert counted_in(place, [run])[run.pk].has_homes


def test_the_place_among_the_others_is_that_of_the_published_run(run, place):
    rows = list(TerritoryRisk.objects.filter(run=run).order_by("-ead_mean_pab"))
    assert len(rows) > 1
    for row in rows:
        more = sum(other.ead_mean_pab > row.ead_mean_pab for other in rows)
        sharing = sum(each.ead_mean_pab == row.ead_mean_pab for each in rows) - 1
        assert division_places(row.division, [run]) == {run.pk: Rank(more + 1, sharing, len(rows))}


def test_the_page_says_it_and_its_first_word_leads_to_this_place_in_the_page_of_the_hazard(client, run, place):
    page = client.get(f"/territorio/{place.code}/").content.decode()
    target = f'/riesgo/inundacion/#lugar-{place.code}"'
    first = page[page.index('class="m-plain p-hazards"') : page.index('class="p-index')]
    assert target in first
    assert "registrado" in first and "ninguna vivienda" in first and "es el que más de los" in first
    assert f'id="lugar-{place.code}"' in client.get("/riesgo/inundacion/").content.decode()
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/territorio/{place.code}/")
    assert len(asked) <= 30, len(asked)


def test_the_file_is_called_by_its_place_and_its_numbers_can_be_added_up(client, run, place):
    answer = client.get(f"/territorio/{place.code}/datos.csv")
    assert place.code in answer["Content-Disposition"]
    assert answer["Content-Disposition"].split('"')[1] != f"{place.code}.csv"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    damage = next(row for row in rows if row["columna"] == "Qué se espera")
    own = float(TerritoryRisk.objects.get(run=run, division=place).ead_mean_pab)
    assert (float(damage["número"]), damage["unidad"]) == (own, "balboas al año")
    assert damage["como se dice"].startswith("B/.")
    whole = json.loads(client.get(f"/territorio/{place.code}/datos.json").content)
    held = whole["tables"][0]["rows"][0]["Qué se espera"]
    assert (held["number"], held["unit"]) == (own, "balboas al año")
    assert whole["keys"][0]["number"] == own


def test_it_is_in_english_too(run, place):
    with translation.override("en"):
        told = str(hazards.division_hazards(place, [run], hazards.grounds(place, [run])).rows[0].cells[1].text)
    assert "no home among them" in told and "the highest of the" in told
