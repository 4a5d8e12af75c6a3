from __future__ import annotations

import made_impact as made
import numpy as np
import pytest

from manglar_engine import SettingsError, direct_exceedance_by_asset, exceedance_by_asset
from manglar_engine.hazard import tiling

RUN = {"max_distance_m": 150.0, "periods": [100, 2, 10, 500, 1e6]}


@pytest.mark.parametrize("functions", list(made.ODD.values()), ids=list(made.ODD))
def test_the_map_says_what_the_direct_kernel_says(functions, monkeypatch):
    monkeypatch.setattr(tiling, "MOST_SITES", 9)
    hazard, city = made.drawn_city(1, events=60, sites_count=20, count=40)
    found = exceedance_by_asset(hazard, city, functions, **RUN)
    np.testing.assert_allclose(found, direct_exceedance_by_asset(hazard, city, functions, **RUN), rtol=1e-12)


def test_temperatures_below_zero_are_ranked_by_what_they_do():
    cold = made.hazard([[-5.0, 0.0], [-1.0, 3.0]], may_be_negative=True)
    city = made.assets(2, asset_class=["house"] * 2)
    functions = made.functions(made.function(id="x", peril="cold", intensity=[-5, 0], ratio=[0.0, 0.5]))
    run = {**RUN, "periods": [50, 100]}
    found = exceedance_by_asset(cold, city, functions, **run)
    np.testing.assert_allclose(found, direct_exceedance_by_asset(cold, city, functions, **run), rtol=1e-12)


def test_many_events_of_one_intensity_are_told_apart_by_their_rates_only():
    hazard = made.hazard(np.ones((200, 1)), frequency=0.001)
    found = exceedance_by_asset(hazard, made.assets(1), made.functions(), **{**RUN, "periods": [4.9, 5, 1000]})
    assert found[0].tolist() == pytest.approx([0, 400, 400])


def test_a_period_that_is_no_period_is_refused():
    with pytest.raises(SettingsError, match="return periods"):
        exceedance_by_asset(made.hazard([[1.0]]), made.assets(1), made.functions(), **{**RUN, "periods": [0]})
