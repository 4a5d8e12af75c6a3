"""Two runs side by side, or why they may not stand so."""

import pytest
from django.utils import timezone

from manglar.risk import selectors, services
from tests.risk import layers
from tests.risk.test_studies import RATES


def ask(office, city, spec):
    return services.run_now(by=office, government=city, spec=spec, at=timezone.now())


@pytest.fixture
def pair(city, office):
    """Today and a wetter future, over the same schools."""
    table = layers.functions(office, city)
    maps = (layers.flood_maps(office, city), layers.flood_maps(office, city, depth=1.4, scenario="2050"))
    return tuple(ask(office, city, {**layers.impact_spec(each, table), "title": title}) for each, title in zip(maps, ("Hoy", "2050"), strict=True))


def test_the_change_is_told_in_total_and_by_division(pair):
    found = selectors.compare(*pair)
    assert found.why_not is None and found.people is None
    assert found.total.change == pytest.approx(sum(row.change for row in found.rows), abs=0.05) and found.total.change > 0
    assert [abs(row.change) for row in found.rows] == sorted((abs(row.change) for row in found.rows), reverse=True)
    assert any("2050" in str(line) and "histórico" in str(line) for line in found.differs)


def test_comparing_backwards_changes_only_the_sign(pair):
    there, back = selectors.compare(*pair), selectors.compare(*reversed(pair))
    assert back.total.change == pytest.approx(-there.total.change)
    assert back.total.is_apart is there.total.is_apart


def test_intervals_that_overlap_do_not_make_a_change_firm(pair):
    assert selectors.compare(*pair).total.is_apart is False
    apart = selectors.Pair("", "", selectors.Interval(1, 0, 2), selectors.Interval(5, 4, 6))
    unknown = selectors.Pair("", "", selectors.Interval.of(1, None, None), selectors.Interval(5, 4, 6))
    assert apart.is_apart and not unknown.is_apart


def test_the_chart_says_its_figures_and_holds_no_style(pair):
    found = selectors.compare(*pair)
    drawn = selectors.differences_svg(found.rows, title="Cambio", money=True)
    assert drawn.startswith("<svg") and "style=" not in drawn and "Corregimiento 0" in drawn
    same = tuple(selectors.Pair(row.code, row.name, row.one, row.one) for row in found.rows)
    assert selectors.differences_svg(same, title="Cambio", money=True) == ""


def test_what_answers_another_question_is_refused_in_words(city, office, pair, run):
    rates = ask(office, city, {**RATES, "records": {"dataset": layers.records(office, city).public_id}})
    assert "La misma corrida" in (said := str(selectors.compare(pair[0], pair[0]).why_not)) or "misma corrida" in said
    assert "otro estudio" in str(selectors.compare(pair[0], rates).why_not) or "de un estudio" in str(selectors.compare(pair[0], rates).why_not)
    assert "de un estudio" in str(selectors.compare(pair[0], run).why_not)


def test_other_hazards_and_other_price_years_are_refused(city, office, pair):
    table = layers.register(office, city, "functions", "d.csv", layers.FUNCTIONS.replace(",flood,", ",landslide,").encode())
    slide = layers.flood_maps(office, city, hazard="landslide")
    other = ask(office, city, layers.impact_spec(slide, table))
    assert "amenazas distintas" in str(selectors.compare(pair[0], other).why_not)
    spec = dict(pair[0].spec) | {"assets": {**pair[0].spec["assets"], "price_year": 2020}}
    assert "2010 y 2020" in str(selectors.compare(pair[0], ask(office, city, spec)).why_not)


def test_a_run_that_is_not_done_is_not_compared(city, office, pair):
    waiting = services.ask_run(by=office, government=city, spec={**pair[0].spec, "title": "En cola"}, at=timezone.now())
    assert "«En cola» no ha terminado" in str(selectors.compare(pair[0], waiting).why_not)


def test_today_and_later_are_two_runs_of_other_years_that_ask_for_the_same(city, office, pair):
    table = layers.functions(office, city)
    later = ask(office, city, layers.impact_spec(layers.flood_maps(office, city, depth=1.2, scenario="alto", year=2050), table))
    assert selectors.today_and_later([pair[1], pair[0]]) is None, "both are of 2025"
    assert selectors.climates_of([later]) == {later.pk: selectors.Climate("alto", 2050)}
    assert selectors.today_and_later([later, pair[1], pair[0]])[1] == later
    assert selectors.today_and_later([pair[0], later]) == (pair[0], later), "whatever was asked last"
    fewer = ask(office, city, {**later.spec, "title": "Menos", "assets": {**later.spec["assets"], "territories": ["9900"]}})
    assert selectors.today_and_later([fewer, pair[0]]) is None, "other assets are no change of climate"
