from __future__ import annotations

import json

import numpy as np
import pytest
from made import dipping, fault

from manglar_engine import Fault, FaultError, Triple
from manglar_engine.hazard.fault import check_faults


def test_a_fault_survives_json_to_the_last_bit():
    one = dipping(trace_lonlat=np.array([[-79.1 + 1 / 3, 9.0], [-79.0, 9.1 + 1 / 7]]), assumptions=("dip_deg",))
    again = Fault.from_values(json.loads(json.dumps(one.to_json())))
    assert np.array_equal(again.trace_lonlat, one.trace_lonlat)
    assert again.to_json() == one.to_json()


def test_area_is_length_times_depth_over_the_sine_of_the_dip():
    one = dipping(dip_deg=30.0, upper_km=2.0, lower_km=12.0)
    assert one.width_km == pytest.approx(20.0)
    assert one.area_km2 == pytest.approx(20.0 * one.length_km)


@pytest.mark.parametrize(
    "changes",
    [
        {"trace_lonlat": np.array([[0.0, 0.0]])},
        {"trace_lonlat": np.array([[0.0, 0.0], [0.0, 0.0]])},
        {"trace_lonlat": np.array([[0.0, 0.0], [np.nan, 1.0]])},
        {"trace_lonlat": np.array([[660000.0, 990000.0], [660001.0, 990000.0]])},
        {"dip_deg": 0.0},
        {"dip_deg": 91.0},
        {"rake_deg": 270.0},
        {"upper_km": 15.0},
        {"upper_km": -1.0},
        {"slip_mm_yr": Triple(0.0, 0.0, 0.0)},
        {"slip_mm_yr": Triple(1.0, 2.0, 3.0)},
        {"slip_mm_yr": Triple(float("nan"), 1.0, 3.0)},
        {"assumptions": ("something",)},
    ],
)
def test_an_impossible_fault_is_refused_by_its_id(changes):
    with pytest.raises(FaultError, match="F1"):
        fault(**changes)


@pytest.mark.parametrize("drop", ["id", "slip_mm_yr", "dip_deg"])
def test_a_record_that_lacks_a_value_says_which(drop):
    record = fault().to_json()
    del record[drop]
    with pytest.raises(FaultError, match=drop):
        Fault.from_values(record)


def test_a_record_with_a_word_for_a_number_is_refused():
    with pytest.raises(FaultError, match="unreadable"):
        Fault.from_values({**fault().to_json(), "dip_deg": "steep"})


def test_no_faults_and_repeated_ids_are_refused():
    with pytest.raises(FaultError, match="no fault"):
        check_faults([])
    with pytest.raises(FaultError, match="repeated"):
        check_faults([fault(), fault()])
