from __future__ import annotations

import pytest

from manglar_engine.bench.cost_benefit import ten_measures
from manglar_engine.bench.made_city import Size, made_city


def test_ten_measures_are_worth_the_same_on_histograms_and_one_by_one():
    ten = ten_measures(made_city(Size(60, 900, 900, 8_000)))
    plain = ten.plain()
    assert len(plain) == 10
    assert (plain > 0).all()
    assert ten.on_moments() == pytest.approx(plain, rel=1e-9)
