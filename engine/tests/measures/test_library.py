from __future__ import annotations

import re

import pytest
from measures.city import assets, situation

from manglar_engine import Horizon, MeasureError, measure_library, measure_sources, worth

WANTED = 15
ADDRESS = re.compile(r"^https?://[^\s]+\.[^\s]+$")


def test_fifteen_measures_or_more_have_effect_and_cost_in_a_source(capsys):
    library = measure_library()
    sourced = [row.id for row in library.values() if row.is_sourced]
    judged = [row.id for row in library.values() if not row.is_sourced]
    with capsys.disabled():
        print(f"\n{len(sourced)} measures with effect and cost in a source; {len(judged)} rest on estimación")
    assert len(sourced) >= WANTED
    assert len(sourced) + len(judged) == len(library)


@pytest.mark.parametrize("row", measure_library().values(), ids=lambda row: row.id)
def test_every_figure_in_a_source_says_where_it_stands(row):
    for figure in (row.effect, row.cost):
        for key in figure.sources:
            source = measure_sources()[key]
            assert ADDRESS.match(source.address)
            assert source.page.strip()
            assert source.title.strip()
            assert re.search(r"\d|zero|none|median", source.figures), key
    assert row.es
    assert row.en
    assert row.intensity
    assert row.effect.es


def test_the_cost_in_a_source_can_be_found_in_its_figures():
    """Central costs stand in their source as written, or follow from it by the arithmetic told here."""
    square_foot = 10.7639104
    told = {
        "elevar-vivienda": 29_069,
        "elevar-un-piso": 40_000,
        "valvula-antirretorno": 397,
        "techo-fresco": 0.05 * square_foot,
        "alerta-temprana": 10e6,
        "adquirir-y-retirar": 180e9 / 1e6,
        "arrecife": 1_290,
        "techo-verde": (10 + 30) / 2 * square_foot,
        "arboles": (13 + 65) / 2,
        "manglar": 1_000,
        "jardin-de-lluvia": (3 + 15) / 2 * square_foot,
        "reforzar-instalacion-critica": 11e6,
        "muro-hospital": 7e6,
        "pavimento-permeable": (7 + 15) / 2 * square_foot,
        "drenaje-25": 265_000 / 260 / 2.70,
    }
    sourced = {row.id: row.cost.value.best for row in measure_library().values() if row.cost.mark == "fuente"}
    assert sourced.keys() == told.keys()
    for name, cost in told.items():
        assert sourced[name] == pytest.approx(cost, rel=5e-3), name


def test_the_effect_in_a_source_can_be_found_in_its_figures():
    """Central effects stand in their source as written, or follow from it by the arithmetic told here."""
    foot, fahrenheit = 0.3048, 5 / 9
    told = {
        "elevar-vivienda": (2 + 5) / 2 * foot,
        "elevar-un-piso": 16 * foot,
        "valvula-antirretorno": 0 / 89,
        "techo-fresco": 28,
        "alerta-temprana": 1 - 0.30,
        "adquirir-y-retirar": 0,
        "arrecife": 1 - 0.97,
        "techo-verde": 30 * fahrenheit,
        "arboles": 1,
        "manglar": 1 - (0.70 + 0.90) / 2,
        "jardin-de-lluvia": 0.5,
        "reforzar-instalacion-critica": 0,
        "muro-hospital": 500,
        "pavimento-permeable": 1 - 0.93,
        "drenaje-25": 25,
        "impermeabilizar-comercio": 2_080 / 13_834,
    }
    sourced = {row.id: row.effect.value.best for row in measure_library().values() if row.effect.mark == "fuente"}
    assert sourced.keys() == told.keys()
    for name, effect in told.items():
        assert sourced[name] == pytest.approx(effect, rel=5e-3), name


def test_trees_are_paid_every_year():
    made = measure_library()["arboles"].measure(quantity=100)
    assert (made.cost.fixed, made.cost.yearly) == (0.0, 3900.0)


def test_every_source_is_used_and_says_what_sort_it_is():
    used = {key for row in measure_library().values() for figure in (row.effect, row.cost) for key in figure.sources}
    assert used == set(measure_sources())
    assert {source.kind for source in measure_sources().values()} <= {
        "caso",
        "revisión",
        "norma",
        "prensa",
        "compilación",
    }


@pytest.mark.parametrize("row", measure_library().values(), ids=lambda row: row.id)
def test_every_measure_can_be_given_a_size(row):
    made = row.measure(quantity=3, zone="river")
    assert made.cost.mark == row.cost.mark
    assert made.operations[0].peril == row.peril


def test_a_measure_of_the_library_has_an_effect_and_a_worth():
    template = measure_library()["elevar-vivienda"]
    city = situation(assets=assets(value=[1e5] * 5, price_year=2024))
    made = template.measure(
        quantity=2, zone="river", price_year=2024, price_factor=1.5, price_source="índice de prueba"
    )
    assert made.cost.fixed == pytest.approx(2 * 29_069 * 1.5)
    result = worth({2025: city}, [made], Horizon(2026, 30, 0.05))
    assert result.present_benefit > 0
    assert result.present_cost == pytest.approx(2 * 29_069 * 1.5)


def test_other_prices_need_their_source_and_a_size_must_be_above_zero():
    template = measure_library()["elevar-vivienda"]
    with pytest.raises(MeasureError, match="2007 and 2024"):
        template.measure(quantity=1, price_year=2024)
    with pytest.raises(MeasureError, match="size"):
        template.measure(quantity=0)
