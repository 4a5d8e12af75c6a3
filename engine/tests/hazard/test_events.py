from __future__ import annotations

import made_impact as made
import numpy as np
import pytest
from scipy import sparse

from manglar_engine import EventSet, Footprints, FormatError, Hazard, HazardError, Sites, footprints_of


def events(**changes):
    values = {"ids": ["a", "b"], "frequency": [0.1, 0.01], "year": 2025, "peril": "flood", "scenario": "historical"}
    return EventSet(**{**values, **changes})


def test_one_year_peril_and_scenario_stand_for_all_events():
    held = events()
    assert held.year == (2025, 2025)
    assert held.peril == ("flood", "flood")
    assert not held.frequency.flags.writeable


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ids": []}, "no events"),
        ({"ids": ["a", "a"]}, "repeated.*rows: a"),
        ({"ids": ["a", " "]}, "blank.*rows: 2"),
        ({"frequency": [0.1, np.nan]}, "frequency.*b: nan"),
        ({"frequency": [0.1, -1]}, "b: -1.0"),
        ({"frequency": [0.1, 500]}, "once in 50 years has 0.02"),
        ({"frequency": [0.1]}, "2 entries"),
        ({"frequency": ["x", 1]}, "not a number"),
        ({"year": [2025, 20]}, "b: 20"),
        ({"peril": ["flood", ""]}, "peril is blank"),
        ({"scenario": ["x"]}, "2 entries"),
    ],
)
def test_events_that_disagree_are_refused_by_name(changes, said):
    with pytest.raises(HazardError, match=said):
        events(**changes)


@pytest.mark.parametrize(
    ("changes", "refusal", "said"),
    [
        ({"crs": ""}, FormatError, "not stated"),
        ({"crs": "EPSG:999999"}, FormatError, "not known"),
        ({"crs": "EPSG:2263"}, FormatError, "neither in degrees nor a plane in metres"),
        ({"crs": "EPSG:4326"}, HazardError, "x of the sites is not finite or lies outside"),
        ({"x": []}, HazardError, "no sites"),
        ({"y": [1.0]}, HazardError, "y"),
        ({"x": [1.0, np.inf, 2.0, 3.0]}, HazardError, "x of the sites.*rows: 1: inf"),
    ],
)
def test_sites_without_a_sound_coordinate_system_are_refused(changes, refusal, said):
    with pytest.raises(refusal, match=said):
        made.sites(**changes)


def prints(pairs, **changes):
    event, site, value = zip(*pairs, strict=True)
    settings = {"events": 2, "sites": made.sites(3), "unit": "m", **changes}
    return footprints_of(event, site, np.array(value, dtype=float), **settings)


def test_triples_in_any_order_make_the_same_footprints():
    pairs = [(0, 2, 1.5), (1, 0, 0.5), (0, 1, 0.25)]
    one, other = prints(pairs), prints(pairs[::-1])
    assert (one.intensity.toarray() == other.intensity.toarray()).all()
    assert one.intensity.toarray().tolist() == [[0, 0.25, 1.5], [0.5, 0, 0]]


def test_stored_zeros_are_dropped_and_float32_stays():
    held = footprints_of([0, 1], [0, 1], np.array([0, 1], np.float32), events=2, sites=made.sites(2), unit="m")
    assert held.intensity.nnz == 1
    assert held.intensity.dtype == np.float32


@pytest.mark.parametrize(
    ("pairs", "changes", "said"),
    [
        ([(0, 0, np.nan)], {}, "event 0, site 0: nan"),
        ([(1, 2, -0.5)], {}, "event 1, site 2: -0.5"),
        ([(0, 0, 1), (1, 1, 2), (0, 0, 3)], {}, "two intensities at one site.*event 0, site 0"),
        ([(2, 0, 1)], {}, "event positions lie outside 0..1.*pair 0: 2"),
        ([(0, -1, 1)], {}, "site positions.*pair 0: -1"),
        ([(0, 0, 1)], {"unit": " "}, "unit"),
    ],
)
def test_footprints_that_disagree_are_refused_by_event_and_site(pairs, changes, said):
    with pytest.raises(HazardError, match=said):
        prints(pairs, **changes)


def test_a_negative_temperature_is_kept_when_it_may_be():
    assert prints([(0, 0, -3.0)], may_be_negative=True).intensity[0, 0] == -3.0


def test_columns_of_triples_have_one_length():
    with pytest.raises(HazardError, match="one length"):
        footprints_of([0], [0, 1], [1.0], events=1, sites=made.sites(2), unit="m")


def test_a_matrix_has_one_column_per_site_and_one_row_per_event():
    with pytest.raises(HazardError, match="3 columns and there are 2 sites"):
        Footprints(sparse.csr_array((2, 3)), made.sites(2), "m")
    with pytest.raises(HazardError, match="3 rows and there are 2 events"):
        Hazard(events(), Footprints(sparse.csr_array((3, 2)), made.sites(2), "m"))


def test_a_hazard_is_of_one_peril():
    with pytest.raises(HazardError, match="several perils"):
        Hazard(events(peril=["flood", "wind"]), Footprints(sparse.csr_array((2, 2)), made.sites(2), "m"))


def test_the_events_of_one_scenario_keep_their_footprints():
    table = events(scenario=["now", "later"], year=[2025, 2050])
    whole = Hazard(table, prints([(0, 0, 1.0), (1, 1, 2.0)]))
    later = whole.chosen(scenario="later")
    assert later.events.ids == ("b",)
    assert later.footprints.intensity.toarray().tolist() == [[0, 2.0, 0]]
    assert whole.chosen() is whole
    with pytest.raises(HazardError, match=r"later.*2050"):
        whole.chosen(scenario="never")


def test_sites_are_held_as_given():
    assert len(Sites(x=[-79.5, -79.4], y=[9, 9], crs="EPSG:4326")) == 2


@pytest.mark.parametrize("frequency", [[10.0, 100.0], [2.0, 5.0], [50.0, 50.0], [475.0, 2475.0]])
def test_return_periods_written_as_frequencies_are_asked_about(frequency):
    with pytest.raises(HazardError, match=r"look like return periods.*Which are they"):
        EventSet(ids=["a", "b"], frequency=frequency, year=2025, peril="flood", scenario="now")


def test_events_of_several_times_a_year_are_events():
    for frequency in ([2.0, 2.0], [12.0, 0.5], [10.0, 0.01]):
        EventSet(ids=["a", "b"], frequency=frequency, year=2025, peril="flood", scenario="now")
