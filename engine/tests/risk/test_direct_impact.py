from __future__ import annotations

import made_impact as made
import numpy as np
import pytest

from manglar_engine import Hazard, HazardError, SettingsError, VulnerabilityError, direct_impact
from manglar_engine.risk.curve import curve_of

NEAR = 50.0


def run(hazards, **settings):
    return direct_impact(
        hazards, settings.pop("assets", made.assets(2)), made.functions(), max_distance_m=NEAR, **settings
    )


def test_people_are_counted_as_people():
    found = run(made.hazard([[1.0, 1.0]]), amount="people")
    assert found.unit == "person"
    assert found.total_by_event.tolist() == pytest.approx([0.4 * 1 + 0.1 * 2])


def test_damage_at_zero_intensity_is_in_every_event():
    heat = made.functions(made.function(id="h", peril="heat", ratio=[0.1, 0.2, 0.3]))
    found = direct_impact(
        made.hazard([[1.0], [0.0]], peril="heat", sites=made.sites(1)),
        made.assets(1),
        heat,
        max_distance_m=NEAR,
    )
    assert found.total_by_event.tolist() == pytest.approx([200, 100])


def test_events_of_hazards_that_share_none_stand_apart():
    found = run([made.hazard([[1.0, 0]]), made.hazard([[2.0, 0]], ids=["other"])])
    assert found.event_ids == ("e0", "other")
    assert found.combined == "apart"
    assert found.total_by_event.tolist() == pytest.approx([400, 1000])


def test_one_event_has_one_frequency():
    with pytest.raises(HazardError, match=r"different frequencies.*e0: 0.1 and 0.2"):
        run([made.hazard([[1.0, 0]], frequency=0.1), made.hazard([[1.0, 0]], frequency=0.2)])


def test_futures_are_never_added_up():
    one = made.hazard([[1.0, 0], [1.0, 0]])
    table = one.events.take(np.arange(2))
    object.__setattr__(table, "scenario", ("now", "later"))
    with pytest.raises(HazardError, match="several scenarios"):
        run(Hazard(table, one.footprints))


def test_a_way_to_combine_that_does_not_exist_is_refused():
    with pytest.raises(SettingsError, match="'mean'"):
        run(made.hazard([[1.0, 0]]), together="mean")
    with pytest.raises(HazardError, match="no hazards"):
        run([])


def test_a_class_without_function_is_named():
    with pytest.raises(VulnerabilityError, match="rows: tower"):
        run(made.hazard([[1.0, 0]]), assets=made.assets(2, asset_class=["tower", "house"]))


def test_unknown_events_and_territories_are_named():
    found = run(made.hazard([[1.0, 0]]))
    with pytest.raises(HazardError, match="rows: x"):
        found.at_events(["x"])
    with pytest.raises(HazardError, match="'x'"):
        found.curve("x")
    assert found.curve("080801").impact.tolist() == pytest.approx([400])


def test_a_return_period_counts_the_rates_of_all_larger_events():
    curve = curve_of(np.array([1.0, 5.0, 3.0]), np.array([0.1, 0.002, 0.008]))
    assert curve.impact.tolist() == [5, 3, 1]
    assert curve.at([100, 99, 500, 9, 1e6]).tolist() == [3, 1, 5, 0, 5]
    assert curve.longest_period == pytest.approx(500)


def test_the_last_bit_of_a_sum_of_rates_decides_nothing():
    curve = curve_of(np.arange(10, 0, -1.0), np.full(10, 0.001))
    assert curve.at([100.0]).tolist() == [1.0]


@pytest.mark.parametrize("period", [0, -5, np.nan, np.inf])
def test_a_return_period_that_is_no_period_is_refused(period):
    with pytest.raises(SettingsError, match="return periods"):
        curve_of(np.ones(1), np.ones(1)).at([period])
