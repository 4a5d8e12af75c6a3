from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manglar_engine import Assets, EventSet, HazardError, ImpactFunction, ImpactFunctionSet, direct_impact
from manglar_engine.hazard.layers import (
    MapReading,
    hazard_of_event_maps,
    hazard_of_return_period_maps,
    occurrence_frequencies,
)
from manglar_engine.io.rasters import Grid, Raster
from manglar_engine.io.stacks import Stack

GRID = Grid(660_000 + 30.0 * np.arange(3), 1_000_000 - 30.0 * np.arange(2), "EPSG:32617")
HOW = MapReading(peril="flood", scenario="historical", year=2020, nodata="nothing")
DEPTHS = {
    10.0: np.array([[0.0, 0.5, np.nan], [0.0, 1.0, 0.0]]),
    100.0: np.array([[0.2, 1.0, np.nan], [0.0, 2.0, 0.0]]),
}


def maps(**changes):
    return {t: Raster(f"T{t:g}", GRID, v, "m") for t, v in {**DEPTHS, **changes}.items()}


def test_each_map_is_reached_or_passed_as_often_as_it_says():
    hazard = hazard_of_return_period_maps(maps(), HOW)
    depth = hazard.footprints.intensity.toarray()
    for i, period in enumerate((10.0, 100.0)):
        for cell in np.flatnonzero(depth[i] > 0):
            passed = hazard.events.frequency[depth[:, cell] >= depth[i, cell]].sum()
            assert passed == pytest.approx(1 / period)
    assert hazard.events.frequency.tolist() == pytest.approx([0.09, 0.01])
    assert hazard.events.ids[1] == "flood historical 2020 T100"


def test_expected_impact_is_the_one_worked_by_hand():
    hazard = hazard_of_return_period_maps(maps(), HOW)
    assets = Assets(
        ids=["a"],
        x=[660_030.0],
        y=[999_970.0],
        crs="EPSG:32617",
        value=[1000.0],
        currency="PAB",
        price_year=2020,
        people=[0.0],
        asset_class=["home"],
        territory=["080801"],
    )
    function = ImpactFunction("f", "flood", "home", "m", [0.0, 2.0], [0.0, 1.0], "a mano", "estimación")
    result = direct_impact(hazard, assets, ImpactFunctionSet([function]), max_distance_m=20)
    assert result.expected == pytest.approx(1000 * (0.09 * 0.5 + 0.01 * 1.0))


def test_what_a_cell_without_datum_means_must_be_said():
    dry = hazard_of_return_period_maps(maps(), HOW)
    known = hazard_of_return_period_maps(maps(), MapReading("flood", "historical", 2020, nodata="unknown"))
    assert (len(dry.footprints.sites), len(known.footprints.sites)) == (6, 5)
    assert dry.footprints.sites.x[2] == 660_060
    assert 660_060 not in known.footprints.sites.x[known.footprints.sites.y == 1_000_000]
    with pytest.raises(HazardError, match="nodata"):
        MapReading("flood", "historical", 2020, nodata="zero")
    nowhere = {10.0: Raster("T10", GRID, np.full((2, 3), np.nan), "m")}
    with pytest.raises(HazardError, match="no cell"):
        hazard_of_return_period_maps(nowhere, MapReading("flood", "historical", 2020, nodata="unknown"))


def test_a_longer_period_with_less_is_named_or_lifted():
    falling = {**maps(), 1000.0: Raster("T1000", GRID, np.zeros((2, 3)), "m")}
    with pytest.raises(HazardError, match="T100 to T1000: 3 cells"):
        hazard_of_return_period_maps(falling, HOW)
    lifted = hazard_of_return_period_maps(falling, MapReading("flood", "historical", 2020, "nothing", falls="lift"))
    assert np.array_equal(lifted.footprints.intensity.toarray()[1], lifted.footprints.intensity.toarray()[2])


def test_only_the_cells_that_hold_points_become_sites():
    x, y = np.array([660_031.0, 660_033.0]), np.array([999_971.0, 999_969.0])
    hazard = hazard_of_return_period_maps(maps(), HOW, near=(x, y))
    assert len(hazard.footprints.sites) == 1
    assert hazard.footprints.intensity.toarray()[:, 0].tolist() == [1.0, 2.0]
    with pytest.raises(HazardError, match="1: 0, 0"):
        hazard_of_return_period_maps(maps(), HOW, near=(np.array([660_031.0, 0.0]), np.array([999_971.0, 0.0])))


def test_maps_of_other_cells_or_units_are_named():
    other = Grid(GRID.x + 5, GRID.y, GRID.crs)
    with pytest.raises(HazardError, match="T100"):
        hazard_of_return_period_maps({**maps(), 100.0: Raster("T100", other, DEPTHS[100.0], "m")}, HOW)
    with pytest.raises(HazardError, match="T100"):
        hazard_of_return_period_maps({**maps(), 100.0: Raster("T100", GRID, DEPTHS[100.0], "cm")}, HOW)
    with pytest.raises(HazardError, match="no maps"):
        hazard_of_event_maps([], events("a"), HOW)


def events(*ids, peril="flood"):
    return EventSet(ids=ids, frequency=[0.1] * len(ids), year=2020, peril=peril, scenario="historical")


def stack(labels, along="event"):
    return Stack("s", along, labels, GRID, np.stack(list(DEPTHS.values())), "m")


def test_a_stack_of_periods_is_the_same_hazard_as_its_maps():
    one = hazard_of_return_period_maps(maps(), HOW)
    two = hazard_of_return_period_maps(stack(("10", "100"), "return_period"), HOW)
    assert np.array_equal(one.footprints.intensity.toarray(), two.footprints.intensity.toarray())
    assert np.array_equal(one.events.frequency, two.events.frequency)
    with pytest.raises(HazardError, match="'wet'"):
        hazard_of_return_period_maps(stack(("10", "wet")), HOW)


def test_event_maps_follow_their_table():
    hazard = hazard_of_event_maps(stack(("a", "b")), events("a", "b"), HOW)
    assert hazard.footprints.intensity.toarray()[1, 4] == 2.0
    with pytest.raises(HazardError, match="a / b"):
        hazard_of_event_maps(stack(("a", "b")), events("b", "a"), HOW)
    with pytest.raises(HazardError, match="2 maps for 1"):
        hazard_of_event_maps(stack(("a", "b")), events("a"), HOW)
    with pytest.raises(HazardError, match="storm"):
        hazard_of_event_maps(stack(("a", "b")), events("a", "b", peril="storm"), HOW)


@pytest.mark.parametrize("periods", [[], [0.0, 10.0], [10.0, 10.0], [100.0, 10.0], [10.0, float("inf")]])
def test_periods_that_do_not_rise_are_refused(periods):
    with pytest.raises(HazardError, match="periods"):
        occurrence_frequencies(periods)


def test_a_frequency_in_place_of_a_period_is_asked_about():
    with pytest.raises(HazardError, match=r"Write years, as 10 and not 0.1"):
        occurrence_frequencies([0.1, 0.2])
    assert occurrence_frequencies([1, 10]).tolist() == pytest.approx([0.9, 0.1])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(1.01, 1e5), min_size=1, max_size=8, unique=True))
def test_frequencies_add_up_to_that_of_the_shortest_period(periods):
    held = sorted(periods)
    frequency = occurrence_frequencies(held)
    assert (frequency > 0).all()
    assert frequency.sum() == pytest.approx(1 / held[0])
    assert np.cumsum(frequency[::-1])[::-1] == pytest.approx(1 / np.array(held))


@pytest.mark.parametrize("rule", ["step", "linear", "log"])
def test_maps_weigh_all_that_is_rarer_than_the_first_in_every_rule(rule):
    found = occurrence_frequencies([2, 5, 10, 25], rule)
    assert found.sum() == pytest.approx(0.5)
    assert (found > 0).all()
    assert occurrence_frequencies([50], rule).tolist() == [0.02]


def test_the_rules_between_maps_are_those_worked_by_hand():
    # linear, 1/2 and 1/4: the first (1/2 - 1/4)/2, the last the rest; log: 1/2 - (1/4)/ln 2
    assert occurrence_frequencies([2, 4], "linear").tolist() == [0.125, 0.375]
    assert occurrence_frequencies([2, 4], "log") == pytest.approx([0.5 - 0.25 / np.log(2), 0.25 / np.log(2)])


def test_another_rule_between_maps_is_refused():
    with pytest.raises(HazardError, match="between='spline' is not known"):
        occurrence_frequencies([2, 4], "spline")
