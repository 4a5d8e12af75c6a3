"""Cells, duplicates and places: no database."""

import math

from hypothesis import given
from hypothesis import strategies as st

from manglar.assets.rules import (
    Neighbourhood,
    is_unique,
    metres_apart,
    mostly,
    read_coordinate,
    read_yes,
    repeated,
)


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.none(), st.booleans()))
def test_no_cell_breaks_the_reading(cell):
    assert read_coordinate(cell) is None or math.isfinite(read_coordinate(cell))


def test_coordinates_have_no_thousands():
    assert read_coordinate("9,0734") == 9.0734
    assert read_coordinate(" -79.5 ") == -79.5
    assert read_coordinate("9°04'") is None
    assert read_yes("Sí")
    assert not read_yes("no")


def test_identical_rows_are_copies_and_others_only_look_alike():
    rows = [("torre", (0.0, 0.0), "a"), ("torre", (0.0, 0.000005), "a"), ("torre", (0.0, 0.0), "b"), ("torre", (0.0, 0.001), "a"),
            ("otra", (0.0, 0.0), "a"), ("torre", None, "a"), ("torre", None, "a")]
    found = repeated(len(rows), name=lambda n: rows[n][0], place=lambda n: rows[n][1], content=lambda n: rows[n][2])
    assert found.copies == {1: 0, 6: 5}
    assert found.lookalikes == [[0, 2]]


@given(st.floats(-79.6, -79.3), st.floats(8.9, 9.2), st.floats(-0.9, 0.9), st.floats(-0.4, 0.4))
def test_what_is_within_a_metre_is_found_whatever_the_cell(lon, lat, east, north):
    near: Neighbourhood[int] = Neighbourhood()
    near.add(1, "x", (lon, lat))
    other = (lon + east / 111_320, lat + north / 111_320)
    assert list(near.near("x", other)) == ([1] if metres_apart((lon, lat), other) <= 1 else [])


def test_small_words():
    assert mostly(2, 3)
    assert not mostly(1, 1)
    assert not mostly(1, 2)
    assert is_unique(["a", "b", ""])
    assert not is_unique(["a", "a"])
    assert not is_unique(["a", "", "", ""])
