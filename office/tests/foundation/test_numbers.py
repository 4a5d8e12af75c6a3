"""Cells that hold a number, as people write it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manglar.foundation.numbers import read_count, read_number, says_nothing, writes_decimal_comma


@pytest.mark.parametrize(("cell", "value", "odd"), [
    ("1756", 1756, False), ("1,234", 1234, False), ("1,234.5", 1234.5, False), ("B/. 20", 20, False), (7, 7, False),
    ("1.234,5", 1234.5, True), ("1.234.567", 1234567, True), ("12,5", 12.5, True), ("N/D", None, False), ("", None, False),
    (None, None, False), (float("nan"), None, False), ("muchos", None, True), (float("inf"), None, True), (True, None, True),
    ("1e999", None, True), ("=1+1", None, True), ("1 234", 1234, False),
])
def test_numbers_as_people_write_them(cell, value, odd):
    number = read_number(cell)
    assert number.value == value
    assert bool(number.sentence) is odd


@pytest.mark.parametrize(("cell", "value", "odd"), [
    ("1.234", 1234, True), ("203.0", 203, False), ("12.5", 12, True), ("-3", None, True), (1756.0, 1756, False), ("9" * 30, None, True),
])
def test_people_are_whole(cell, value, odd):
    count = read_count(cell)
    assert count.value == value
    assert bool(count.sentence) is odd


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.none(), st.booleans()))
def test_no_cell_breaks_the_reading(cell):
    for read in (read_number(cell), read_count(cell)):
        assert read.value is None or math.isfinite(read.value)


def test_a_number_of_hundreds_of_digits_is_none():
    assert read_number(10**400).value is None


def test_cells_that_say_in_words_that_they_say_nothing():
    assert says_nothing("S/D")
    assert not says_nothing("0")


def test_a_column_with_one_decimal_comma_has_only_decimal_commas():
    assert writes_decimal_comma(["12,5", "3,250"])
    assert writes_decimal_comma(["1.234,567"])
    assert not writes_decimal_comma(["1,234", "3,250", "12.5", 7, None])
    number = read_number("3,250", decimal_comma=True)
    assert number.value == 3.25
    assert "coma decimal" in number.sentence
    assert read_number("3,250").value == 3250
