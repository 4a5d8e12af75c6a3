from __future__ import annotations

import numpy as np
import pytest

from manglar_engine import FaultError, read_faults_geojson

LINE = {"type": "LineString", "coordinates": [[-79.6, 8.9], [-79.6, 9.2]]}


def feature(geometry=LINE, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def read(*features):
    return read_faults_geojson({"type": "FeatureCollection", "features": list(features)})


GOOD = {"id": "g", "slip_type": "Dextral", "slip_rate_mm_yr": 2.0, "dip": 80, "lower_depth_km": 12}


def kinds(reading, field):
    return [note.kind for note in reading.notes if note.field == field]


def test_simple_numeric_fields_are_read():
    reading = read(feature(**{**GOOD, "rake": 170, "upper_depth_km": 1, "dip_dir": "E"}))
    (one,) = reading.faults
    assert (one.dip_deg, one.rake_deg, one.upper_km, one.lower_km) == (80, 170, 1, 12)
    assert one.slip_mm_yr.best == 2.0
    assert one.assumptions == ("slip_range",)


def test_every_assumption_leaves_a_note_in_both_languages():
    reading = read(feature(name="X", slip_type="Sinistral Normal", net_slip_rate="(1,0.5,2)"))
    (one,) = reading.faults
    assert one.assumptions == ("dip_deg", "rake_deg", "lower_km", "dip_side")
    assert [note.field for note in reading.notes] == list(one.assumptions)
    assert all(note.es and note.en and note.row == "1 (X)" for note in reading.notes)


@pytest.mark.parametrize("word", ["E", "W"])
def test_the_trace_is_turned_so_that_the_fault_dips_to_its_right(word):
    (one,) = read(feature(**{**GOOD, "dip_dir": word})).faults
    north = one.trace_lonlat[-1, 1] > one.trace_lonlat[0, 1]
    assert north == (word == "E")


@pytest.mark.parametrize(
    ("geometry", "properties", "field"),
    [
        (LINE, {"slip_type": "Dextral"}, "slip_rate"),
        (LINE, {"slip_type": "Dextral", "net_slip_rate": "(0,0,0)"}, "slip_rate"),
        (LINE, {"net_slip_rate": "(1,0.5,2)"}, "slip_type"),
        (LINE, {**GOOD, "slip_type": "Sideways"}, "slip_type"),
        (LINE, {**GOOD, "slip_rate_mm_yr": "(1,1,1,2)"}, "slip_rate_mm_yr"),
        (LINE, {**GOOD, "dip": 120}, "dip"),
        (LINE, {**GOOD, "rake": 400}, "rake"),
        (LINE, {**GOOD, "rake": "up"}, "rake"),
        (LINE, {**GOOD, "upper_depth_km": 20}, "depth"),
        (LINE, {"id": "x", "slip_type": "Thrust", "strike_slip_rate": 3}, "slip_rate"),
        (None, GOOD, "geometry"),
        ({"type": "Polygon", "coordinates": []}, GOOD, "geometry"),
        ({"type": "LineString", "coordinates": [[0, 0], [0, 0]]}, GOOD, "geometry"),
        ({"type": "LineString", "coordinates": [[0, 0], [None, 1]]}, GOOD, "geometry"),
        ({"type": "LineString", "coordinates": [[0, 0], [1]]}, GOOD, "geometry"),
        ({"type": "MultiLineString", "coordinates": None}, GOOD, "geometry"),
    ],
)
def test_a_fault_that_cannot_be_used_is_set_aside_with_its_reason(geometry, properties, field):
    reading = read(feature(**{**GOOD, "id": "ok"}), feature(geometry, **properties))
    assert [one.id for one in reading.faults] == ["ok"]
    assert kinds(reading, field)[-1] == "set_aside"


def test_separate_lines_become_faults_with_the_same_rate():
    parts = {"type": "MultiLineString", "coordinates": [[[0, 0, 5], [0, 1, 5]], [[1, 0, 5], [1, 1, 5]]]}
    reading = read(feature(parts, **GOOD))
    assert [one.id for one in reading.faults] == ["g.1", "g.2"]
    assert reading.faults[0].slip_mm_yr == reading.faults[1].slip_mm_yr
    assert "interpreted" in kinds(reading, "geometry")


def test_a_fault_without_id_takes_the_number_of_its_row_and_repeated_points_go():
    twice = {"type": "LineString", "coordinates": [[0, 0], [0, 0], [0, 1]]}
    (one,) = read(feature(twice, **{k: v for k, v in GOOD.items() if k != "id"})).faults
    assert one.id == "row-1"
    assert np.array_equal(one.trace_lonlat, [[0, 0], [0, 1]])


def test_projected_coordinates_repeated_ids_and_no_fault_at_all_are_errors():
    metres = {"type": "LineString", "coordinates": [[660000, 990000], [661000, 991000]]}
    with pytest.raises(FaultError, match="1 \\(falla 1\\)"):
        read(feature(metres, **GOOD))
    with pytest.raises(FaultError, match="repeated"):
        read(feature(**GOOD), feature(**GOOD))
    with pytest.raises(FaultError, match="no fault"):
        read(feature(slip_type="Dextral"))
