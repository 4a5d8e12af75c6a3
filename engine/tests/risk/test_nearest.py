from __future__ import annotations

import made_impact as made
import numpy as np
import pytest

from manglar_engine import ExposureError, Sites
from manglar_engine.risk.nearest import nearest_sites


def test_each_asset_takes_its_nearest_site_on_a_plane():
    held = made.assets(2, x=[660_149.0, 660_051.0])
    assert nearest_sites(held, made.sites(), max_distance_m=60).tolist() == [1, 1]


def test_distances_in_degrees_are_metres_on_the_sphere():
    place = Sites(x=[-79.5, 179.999], y=[9.0, 0.0], crs="EPSG:4326")
    held = made.assets(2, x=[-79.5, -179.999], y=[9.001, 0.0], crs="EPSG:4326")
    assert nearest_sites(held, place, max_distance_m=223).tolist() == [0, 1]
    with pytest.raises(ExposureError, match=r"a0: 111 m.*a1: 222 m"):
        nearest_sites(held, place, max_distance_m=100)


def test_another_coordinate_system_is_refused():
    with pytest.raises(ExposureError, match="EPSG:32617 and the hazard in EPSG:4326"):
        nearest_sites(made.assets(), Sites(x=[0.0], y=[0.0], crs="EPSG:4326"), max_distance_m=10)


@pytest.mark.parametrize("limit", [0, -1, np.nan])
def test_a_largest_distance_must_be_said(limit):
    with pytest.raises(ExposureError, match="max_distance_m"):
        nearest_sites(made.assets(), made.sites(), max_distance_m=limit)
