"""Impact, sea levels and rates: asked, stored with their intervals, repeated to the byte, told."""

import datetime as dt
import json
import tomllib

import pytest
from django.utils import timezone

from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.operations.selectors import file_bytes
from manglar.risk import selectors, services
from manglar.risk.choices import RunState, Study
from manglar.risk.engine_bridge import RunCancelled
from manglar.risk.engine_bridge.impact import impact_study
from manglar.risk.models import AssetRisk, Run, TerritoryRate, TerritoryRisk
from manglar.risk.rules.specs import parse_spec, read_spec
from manglar.risk.services.datasets import dataset_files
from tests.risk import layers

NOW = timezone.now
DAY = dt.date(2026, 11, 24)
MEASURE = {"id": "alerta-temprana", "quantity": 1, "price_factor": 0.9, "price_source": "índice inventado"}

BOUGHT = {**MEASURE, "id": "adquirir-y-retirar", "quantity": 0}


def ask(office, city, spec, **more):
    return services.run_now(by=office, government=city, spec=spec, at=NOW(), **more)


@pytest.fixture
def flood(city, office):
    return layers.flood_maps(office, city)


@pytest.fixture
def table(city, office):
    return layers.functions(office, city)


@pytest.fixture
def spec(flood, table):
    return layers.impact_spec(flood, table)


def test_the_impact_of_maps_is_what_a_hand_computes(city, office, spec):
    """A school half a metre deep in the map of ten years loses a tenth of its value: 0.5 × 0.4 × 0.5."""
    run = ask(office, city, spec)
    page = selectors.run_page(run)
    assert (run.study, run.hazard.code, run.intensity_unit) == (Study.IMPACT, "flood", "m")
    assert (run.often_years, run.rare_years) == (10.0, 100.0)
    risk = AssetRisk.objects.get(run=run, asset_name="Escuela 0")
    value = next(
        v
        for v, k in zip(*(json.loads(file_bytes(run.inputs))["assets"][c] for c in ("value_pab", "ids")), strict=True)
        if k == "school:0"
    )
    often, rare = risk.intensity_often, risk.intensity_rare
    assert rare == pytest.approx(2 * often, rel=1e-6) and 0 < often < 1

    def ratio(depth):
        return 0.2 * depth if depth <= 1 else 0.2 + 0.3 * (depth - 1)

    expected = value * (ratio(often) * (1 / 10 - 1 / 100) + ratio(rare) / 100)
    assert float(risk.ead_pab) == pytest.approx(expected, rel=1e-5)
    assert page.total.ead_pab.mean == pytest.approx(sum(r.ead_pab.mean for r in page.territories), abs=0.05)
    assert page.total.affected is None and page.total.ead_pab.low < page.total.ead_pab.mean < page.total.ead_pab.high
    assert "inundación" in run.sentence["es"] and "una vez cada 100 años" in run.sentence["es"]
    assert any("valores" in note.text for note in page.limits)
    assert {row.id for row in page.defaults} >= {"value_pab", "functions"}


def test_a_run_of_impact_repeats_to_the_byte_and_says_what_the_city_changed(city, office, spec):
    run = ask(office, city, spec)
    again = services.repeat_run(by=office, run=run)
    assert again.is_equal and again.city_changes == ()
    assert read_spec(run.spec).to_json() == run.spec


def test_a_measure_is_told_before_and_after_with_its_worth(city, office, spec):
    run = ask(office, city, {**spec, "measures": [MEASURE], "horizon": {"first_year": 2026, "years": 30}})
    page = selectors.run_page(run)
    measure = page.retrofit
    assert measure.name == "Alerta temprana con 24 horas"
    assert 0.65 < measure.total.after_pab.mean / measure.total.before_pab.mean < 0.9
    total = selectors.run_page(run).total.ead_pab
    avoided = measure.total.avoided_pab
    # The library's 0.65 to 0.9 is wider than what values alone may err.
    assert avoided.high / avoided.low > 1.2 * total.high / total.low
    assert measure.total.avoided_pab.low < measure.total.avoided_pab.mean < measure.total.avoided_pab.high
    cost, ratio, net = measure.present_cost_pab, measure.benefit_cost, measure.net_present_value_pab
    assert cost.low < measure.cost_pab < cost.high and measure.cost_pab > 9_000_000
    for told in (ratio, net, measure.present_benefit_pab):
        assert told.low < told.mean < told.high
    # The middle sample never says other than the share of samples that pays.
    assert (ratio.mean >= 1) == (net.mean >= 0) == (measure.probability_worth_it >= 0.5)
    assert measure.break_even_year is None
    told = [note.text for note in page.limits if "intervalo" in note.text.lower()]
    assert sum("valores" in text for text in told) == 1
    assert {each.mark for each in measure.basis} <= {"fuente", "estimacion"}
    held = TerritoryRisk.objects.filter(run=run)
    assert float(sum(row.avoided_mean_pab for row in held)) == pytest.approx(measure.total.avoided_pab.mean, abs=0.05)


def test_several_measures_are_evaluated_together_last(city, office, spec):
    both = [MEASURE, {**MEASURE, "id": "impermeabilizar-comercio", "quantity": 0, "any_class": "yes"}]
    page = selectors.run_page(ask(office, city, {**spec, "measures": both, "horizon": {"years": 30}}))
    assert [len(m.id.split("+")) for m in page.measures] == [1, 1, 2]
    assert page.retrofit.total.avoided_pab.mean < sum(m.total.avoided_pab.mean for m in page.measures[:2])


def test_a_measure_without_a_quantity_costs_as_many_units_as_assets_it_reaches(city, office, spec):
    asked = {**spec, "measures": [{**BOUGHT, "any_class": "yes"}], "horizon": {"years": 30}}
    run = ask(office, city, asked)
    reached = selectors.run_page(run).retrofit.assets_changed
    assert reached > 1
    told = json.loads(file_bytes(run.result))["result"]["measures"][0]
    assert told["worth"]["capital_pab"] == pytest.approx(reached * 180_000 * 0.9)
    assert services.repeat_run(by=office, run=run).is_equal


def test_several_hazards_add_up_in_one_run(city, office, flood, table, spec):
    rows = (
        layers.FUNCTIONS.replace(",flood,", ",landslide,")
        .replace("vivienda,landslide", "d-vivienda,landslide")
        .replace("escuela,landslide", "d-escuela,landslide")
    )
    both = layers.register(office, city, "functions", "dos.csv", (layers.FUNCTIONS + rows.split("\n", 1)[1]).encode())
    slide = layers.flood_maps(office, city, depth=0.5, hazard="landslide")
    alone = selectors.run_page(ask(office, city, spec)).total.ead_pab.mean
    asked = {**layers.impact_spec(flood, both), "hazards": [{"dataset": flood.public_id}, {"dataset": slide.public_id}]}
    run = ask(office, city, asked)
    assert selectors.run_page(run).total.ead_pab.mean > alone
    assert "inundación y deslizamiento" in run.sentence["es"] and run.intensity_unit == ""


def test_assets_of_a_file_stand_for_the_register(city, office, flood, table, spec):
    content = b"id,x,y,value,people,asset_class,territory\na,-79.59,9.01,1000,4,vivienda,9900\nb,-79.0,9.01,1000,4,vivienda,9900\n"
    file = layers.register(office, city, "exposure", "e.csv", content, crs="EPSG:4326", currency="PAB", year=2020)
    run = ask(office, city, {**spec, "assets": {"dataset": file.public_id}})
    page = selectors.run_page(run)
    assert page.total.assets == 1
    assert [note.row for note in page.notes if note.kind == "set_aside"] == ["b"]
    assert AssetRisk.objects.get(run=run).asset is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"assets": {"kinds": ["school"]}}, "escuela, vivienda"),
        ({"hazards": []}, "[[hazards]]"),
        ({"hazards": [{"dataset": "datos-no"}]}, "hazards.1.dataset"),
        ({"functions": {}}, "[value]"),
        ({"seed": "uno", "samples": 5}, "2 errores"),
        (
            {"measures": [{**MEASURE, "price_factor": 1.0, "price_source": ""}]},
            "diga cuánto vale en 2010 un balboa de 2017",
        ),
        ({"measures": [{**BOUGHT, "quantity": 1, "any_class": "yes"}]}, "activos y se pide 1"),
        ({"measures": [BOUGHT]}, "está hecha para otra clase"),
        ({"measures": [{**MEASURE, "id": "techo-fresco"}]}, "contra «heat»"),
        ({"measures": [{**MEASURE, "id": "dique", "quantity": 0}]}, "Diga cuántas unidades (m de dique)"),
        ({"measures": [{"id": "no-hay", "quantity": 1}]}, "no-hay"),
        ({"measures": [{**MEASURE, "territories": ["9904"]}]}, "no alcanza ningún activo"),
        ({"settings": {"often_years": 100, "rare_years": 10}}, "often_years"),
        ({"sed": 7}, "¿quiso decir «seed»?"),
    ],
)
def test_what_is_wrong_with_a_run_of_impact_is_said(city, office, spec, change, words):
    with pytest.raises(InvalidInput) as caught:
        ask(office, city, {**spec, **change})
    assert words in str(caught.value.sentence)
    assert not Run.objects.exists()


def test_stopping_leaves_nothing(city, office, spec):
    with pytest.raises(RunCancelled):
        ask(office, city, spec, cancelled=lambda: True)
    assert not Run.objects.exists()


def test_a_run_of_impact_waits_for_the_worker_and_ends(city, office, spec):
    run = services.ask_run(by=office, government=city, spec=spec, at=NOW())
    seen = []
    done = services.perform_run(by=office, run=run, at=NOW(), progress=lambda f, s: seen.append((f, s)))
    assert done.state == RunState.DONE and seen[-1][0] == 1.0 and "Daño de cada activo" in {s for _, s in seen}


SEA = """
study = "sea_level"
title = "Balboa"
samples = 1000
gauge = {{ dataset = "{gauge}" }}
[[scenarios]]
id = "medio"
name = "2050, escenario medio"
base_year = 2005
year = 2050
best_m = 0.25
min_m = 0.15
max_m = 0.4
source = "inventada"
"""


def test_levels_of_the_sea_have_intervals_and_scenarios(city, office):
    text = SEA.format(gauge=layers.gauge(office, city).public_id)
    run = ask(office, city, parse_spec(text))
    page = selectors.run_page(run)
    today = [row for row in page.levels if not row.scenario]
    future = [row for row in page.levels if row.scenario == "medio"]
    assert [row.years for row in today] == [2, 5, 10, 25, 50, 100]
    assert all(row.level_m.low < row.level_m.mean < row.level_m.high for row in today)
    assert future[0].level_m.mean == pytest.approx(today[0].level_m.mean + 0.25)
    assert future[0].scenario_name == "2050, escenario medio"
    assert run.hazard.code == "extreme_sea_level" and "cero del puerto" in run.sentence["es"]
    assert not TerritoryRisk.objects.filter(run=run).exists() and page.total is None
    assert services.repeat_run(by=office, run=run).is_equal


def test_a_rise_of_the_sea_is_never_supposed(city, office):
    document = tomllib.loads(SEA.format(gauge=layers.gauge(office, city).public_id))
    del document["scenarios"][0]["best_m"], document["scenarios"][0]["source"]
    with pytest.raises(InvalidInput) as caught:
        read_spec(document)
    assert "best_m" in str(caught.value.sentence) and "source" in str(caught.value.sentence)


RATES = {
    "study": "flood_rates",
    "title": "Inundaciones anotadas",
    "peril": "flood",
    "windows": [{"first": "2000-01-01", "last": "2009-12-31", "reason": "prensa revisada"}],
}


def test_rates_of_recorded_events_by_division(city, office):
    records = layers.records(office, city)
    run = ask(office, city, {**RATES, "records": {"dataset": records.public_id}})
    page = selectors.run_page(run)
    assert [row.code for row in page.rates][:2] == ["9900", "9901"] and len(page.rates) == 5
    assert page.rates[0].events == 3 and page.rates[-1].events == 0
    assert all(row.rate.low < row.rate.mean < row.rate.high for row in page.rates)
    assert TerritoryRate.objects.filter(run=run).count() == 5
    assert "toda la ciudad" in run.sentence["es"]
    assert any("no es flood" in note.text for note in page.notes)
    assert services.repeat_run(by=office, run=run).is_equal


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"windows": []}, "[[windows]]"),
        ({"windows": [{"first": "2010-01-01", "last": "2000-01-01", "reason": "x"}]}, "antes de empezar"),
        ({"windows": [{"first": "ayer", "last": "2000-01-01", "reason": "x"}]}, "windows.1.first"),
        ({"peril": "tsunami"}, "flood, heat"),
        ({"territories": ["77"]}, "77"),
    ],
)
def test_what_is_wrong_with_rates_is_said(city, office, change, words):
    records = layers.records(office, city)
    with pytest.raises(InvalidInput) as caught:
        ask(office, city, {**RATES, "records": {"dataset": records.public_id}, **change})
    assert words in str(caught.value.sentence)


def test_every_study_becomes_a_finding(city, office, spec, divisions):
    impact = ask(office, city, spec)
    found = services.make_finding_from_run(by=office, run=impact, division=divisions[0], on=DAY)
    assert found.title["es"] == "Daño esperado por inundación en Corregimiento 0"
    assert "daño por inundación" in found.text["es"] and found.sources.count() == 2
    rates = ask(office, city, {**RATES, "records": {"dataset": layers.records(office, city).public_id}})
    told = services.make_finding_from_run(by=office, run=rates, division=divisions[1], on=DAY)
    assert "sucesos anotados al año" in told.text["es"]
    sea = ask(office, city, parse_spec(SEA.format(gauge=layers.gauge(office, city).public_id)))
    assert "niveles" in services.make_finding_from_run(by=office, run=sea, on=DAY).title["es"].lower()
    with pytest.raises(InvalidInput):
        services.make_finding_from_run(by=office, run=sea, division=divisions[1], on=DAY)


def test_few_samples_are_refused_before_anything_is_stored(city, office, spec):
    with pytest.raises((InvalidInput, Conflict)):
        ask(office, city, {**spec, "samples": 20})


def test_inputs_of_before_are_counted_as_they_were_then(city, office, spec):
    run = ask(office, city, {**spec, "measures": [MEASURE], "horizon": {"years": 30}})
    inputs = json.loads(file_bytes(run.inputs))
    files = {each.sha256: dataset_files(each) for each in selectors.datasets_named_by(run)}

    def answered(schema):
        return json.loads(impact_study(json.dumps({**inputs, "schema": schema}).encode(), files).content)

    first, now = answered("manglar-impact-inputs-1"), answered(inputs["schema"])
    assert (first["schema"], now["schema"]) == ("manglar-impact-result-1", "manglar-impact-result-2")
    before, today = first["result"]["measures"][0], now["result"]["measures"][0]
    assert before["after_pab"]["mean"] == pytest.approx(0.7 * before["before_pab"]["mean"])
    assert before["worth"]["cost_pab"] == pytest.approx(9_000_000)
    assert today["worth"]["cost_pab"] > 9_000_001
