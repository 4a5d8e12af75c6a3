from __future__ import annotations

import numpy as np
import pytest
from measures.city import assets, cost, measure

from manglar_engine import MeasureError, ScaleDamage

HALF = ScaleDamage(0.5)
ZONES = {"river": np.array([True, True, False, False, False]), "dry": np.zeros(5, dtype=bool)}


def test_selections_meet():
    one = measure("m", HALF, territories=("T1",), classes=("home",), zone="river")
    assert one.selected(assets(), ZONES).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"territories": ("T9",)}, "T9"),
        ({"classes": ("castle",)}, "castle"),
        ({"zone": "moon"}, "unknown zone 'moon'. There are: dry, river"),
        ({"zone": "dry"}, "'dry' holds no asset"),
        ({"territories": ("T2",), "zone": "river"}, "no asset"),
        ({"id": " "}, "no id"),
    ],
)
def test_selections_of_what_does_not_exist_are_refused(changes, words):
    told = {"id": "m", "es": "m", "en": "m", "operations": (HALF,), **changes}
    with pytest.raises(MeasureError, match=words):
        type(measure("m", HALF))(**told).selected(assets(), ZONES)


def test_the_parts_of_a_cost_add_up():
    one = cost(fixed=10.0, per_asset=3.0, share_of_value=0.1)
    assert one.capital(assets(), np.array([True, True, False, False, False])) == pytest.approx(10 + 6 + 30)


@pytest.mark.parametrize(
    "changes",
    [
        {"fixed": 0.0},
        {"fixed": -1.0},
        {"source": " "},
        {"currency": ""},
        {"mark": "cierto"},
        {"per_asset": float("nan")},
    ],
)
def test_impossible_costs_are_refused(changes):
    with pytest.raises(MeasureError, match="cost"):
        cost(**changes)


def test_a_cost_in_another_currency_or_year_is_refused():
    with pytest.raises(MeasureError, match="2010"):
        cost(price_year=2010).capital(assets(), np.ones(5, dtype=bool))
    with pytest.raises(MeasureError, match="EUR"):
        cost(currency="EUR").capital(assets(), np.ones(5, dtype=bool))
