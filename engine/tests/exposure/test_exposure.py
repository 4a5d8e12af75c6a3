from __future__ import annotations

import numpy as np
import pytest
from made import exposure

from manglar_engine import ExposureError


def test_columns_are_frozen_copies():
    value = np.array([1.0, 2.0])
    one = exposure(2, value_pab=value)
    value[0] = 9.0
    assert one.value_pab[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        one.value_pab[0] = 5.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ids": ["a", "a"]}, "repeated"),
        ({"territory": ["x", ""]}, "territory is blank"),
        ({"lon": [0.0, 181.0]}, "lon"),
        ({"lat": [0.0, np.nan]}, "lat"),
        ({"value_pab": [1.0, -1.0]}, "a1: "),
        ({"people": [np.inf, 1.0]}, "people"),
        ({"vs30": [0.0, 300.0]}, "vs30"),
        ({"value_pab": [1.0]}, "2 entries"),
        ({"building_class": ["S3.LC"]}, "building_class"),
        ({"defaulted": {"value_pab": [True]}}, "defaulted"),
        ({"defaulted": {"colour": [True, False]}}, "colour"),
        ({"price_year": 10}, "price_year"),
        ({"people": ["many", 1.0]}, "people"),
        ({"people": [None, 1.0]}, "people"),
    ],
)
def test_what_disagrees_is_refused_and_named(changes, words):
    with pytest.raises(ExposureError, match=words):
        exposure(2, **changes)


def test_no_assets_at_all_are_refused():
    with pytest.raises(ExposureError, match="no assets"):
        exposure(0)


def test_ground_that_nobody_measured_counts_as_a_default_of_every_asset():
    assert exposure(3).defaulted_rows("vs30").all()
    assert not exposure(3, vs30=np.full(3, 300.0)).defaulted_rows("vs30").any()
    assert exposure(2, defaulted={"people": [True, False]}).defaulted_rows("people").tolist() == [True, False]


def test_long_lists_of_rows_are_cut_but_counted():
    with pytest.raises(ExposureError, match="and 12 more"):
        exposure(20, value_pab=np.full(20, -1.0))
