from __future__ import annotations

import made
import made_impact
import numpy as np
import pytest

from manglar_engine import ExposureError, FormatError, assets_of


@pytest.mark.parametrize(
    ("changes", "refusal", "said"),
    [
        ({"ids": ["a", "a", "b", "c"]}, ExposureError, "repeated.*rows: a"),
        ({"value": [1, 2, 3]}, ExposureError, "value.*3"),
        ({"value": [1, 2, -3, 4]}, ExposureError, "a2: -3.0"),
        ({"people": [1, 2, np.nan, 4]}, ExposureError, "a2: nan"),
        ({"crs": ""}, FormatError, "not stated"),
        ({"crs": "EPSG:4326"}, ExposureError, "x is not finite or lies outside"),
        ({"currency": ""}, ExposureError, "currency"),
        ({"price_year": None}, ExposureError, "price_year None"),
        ({"price_year": 24}, ExposureError, "not a year"),
        ({"territory": ["a", "", "b", "c"]}, ExposureError, "territory is blank.*a1"),
    ],
)
def test_assets_that_disagree_are_refused_by_row(changes, refusal, said):
    with pytest.raises(refusal, match=said):
        made_impact.assets(**changes)


def test_no_assets_are_refused():
    with pytest.raises(ExposureError, match="no assets"):
        made_impact.assets(0, territory=[])


def test_amounts_are_value_or_people():
    held = made_impact.assets()
    assert held.amount("people").tolist() == [1, 2, 3, 4]
    with pytest.raises(ExposureError, match="'colour'"):
        held.amount("colour")


def test_a_seismic_exposure_is_seen_as_assets_by_building_class():
    held = assets_of(made.exposure(3))
    assert held.asset_class == ("RM1.L.PC", "C1.L.LC", "S3.LC")
    assert (held.currency, held.price_year, held.crs) == ("PAB", 2010, "EPSG:4326")
