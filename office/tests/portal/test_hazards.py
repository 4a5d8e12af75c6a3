"""The page of a hazard: today and later side by side, and what makes them no pair."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from manglar_engine.hazard import flood_rates

from manglar.portal import hazards, risk_times
from manglar.risk import selectors, services
from tests.risk import layers
from tests.risk.conftest import city, divisions  # noqa: F401  # fixtures of the risk desk, asked for by name

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(city, office):
    """Schools under the water of today, and under that of 2050."""
    table = layers.functions(office, city)
    maps = (layers.flood_maps(office, city), layers.flood_maps(office, city, depth=1.4, scenario="alto", year=2050))
    made = [
        services.run_now(by=office, government=city, spec={**layers.impact_spec(each, table), "title": title}, at=timezone.now())
        for each, title in zip(maps, ("Hoy", "2050"), strict=True)
    ]
    return tuple(selectors.run_by_id(each.public_id) for each in made)


def test_the_sentence_says_both_figures_and_that_the_difference_is_not_sure(pair):
    told = risk_times.times_parts(list(reversed(pair)))
    found = selectors.compare(*pair)
    sentence = told["times"].sentence
    assert sentence.startswith("De 2025 (histórico) a 2050 (alto) el daño anual esperado pasa de B/.")
    assert "los intervalos se montan" in sentence and not found.total.is_apart
    assert told["times"].table.rows[0].cells[0].text == "Toda la ciudad"
    assert len(told["times"].table.rows) == 1 + len(found.rows)
    assert "2050 (alto)" in told["times"].svg and "style=" not in told["times"].svg
    assert any("Los datos" in str(line) for line in told["times_differ"])
    with translation.override("en"):
        assert "the intervals overlap" in risk_times.times_parts(list(pair))["times"].sentence


def test_one_run_or_two_of_one_year_are_no_pair(pair):
    assert risk_times.times_parts([pair[0]]) == {} == risk_times.times_parts([])
    assert risk_times.times_parts([pair[0], pair[0]]) == {}


@pytest.mark.parametrize(
    ("other", "words"),
    [((9e6, 8e6, 1e7), "no se tocan"), ((9e6, 1e5, 1e7), "se montan"), ((9e6, None, None), "sin intervalo")],
)
def test_how_sure_the_difference_is(pair, monkeypatch, other, words):
    class Found:
        why_not, rows, differs = None, (), ()
        total = selectors.Pair("", "", selectors.Interval(1e6, 5e5, 2e6), selectors.Interval.of(*other))

    monkeypatch.setattr("manglar.portal.risk_times.risk.compare", lambda *_pair, **_told: Found)
    assert words in risk_times.times_parts(list(pair))["times"].sentence


def test_the_public_page_shows_them_within_its_queries(client, pair, monkeypatch):
    monkeypatch.setattr(hazards, "public_runs", lambda: list(reversed(pair)))
    client.get("/riesgo/inundacion/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/riesgo/inundacion/").content.decode()
    assert "Hoy y más adelante" in page and "los intervalos se montan" in page and "<manglar-chart" in page
    assert len(asked) <= 30, len(asked)


def test_the_limits_of_the_study_of_floods_are_said_in_everyday_words():
    for es, en in flood_rates.LIMITS:
        told = hazards.plain(es), hazards.plain(en)
        assert not [word for word in ("tamizaje", "integridad", "screening", "completeness") if word in " ".join(told)]
    assert hazards.plain("los sucesos se toman independientes") == "los sucesos se toman independientes"


@pytest.mark.parametrize(("prior", "words"), [({}, "acerca cada lugar a lo que pasa en toda la ciudad"), ({"prior": "jeffreys"}, "se calculó solo")])
def test_why_a_rate_is_not_the_count_depends_on_how_it_was_computed(prior, words):
    class Answer:
        class run:  # noqa: N801  # stands for the attribute
            spec = prior

    assert words in hazards._why_not_the_count(Answer)
