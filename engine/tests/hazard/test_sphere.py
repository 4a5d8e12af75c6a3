from __future__ import annotations

import numpy as np
import pytest

from manglar_engine.hazard.sphere import EARTH_RADIUS_KM, LocalPlane, line_length_km


def test_a_degree_of_meridian_has_the_length_of_the_sphere():
    degree = np.pi / 180 * EARTH_RADIUS_KM
    assert line_length_km(np.array([[10.0, 3.0], [10.0, 4.0]])) == pytest.approx(degree, rel=1e-12)


def test_distances_on_the_plane_agree_with_the_sphere_within_a_thousandth_at_200_km():
    rng = np.random.default_rng(3)
    lon, lat = -79.5 + rng.uniform(-1.8, 1.8, 60), 9.0 + rng.uniform(-1.8, 1.8, 60)
    points = LocalPlane(-79.5, 9.0).project(lon, lat)
    for i in range(0, 60, 2):
        pair = np.array([[lon[i], lat[i]], [lon[i + 1], lat[i + 1]]])
        assert np.hypot(*(points[i + 1] - points[i])) == pytest.approx(line_length_km(pair), rel=1e-3)


def test_the_centre_does_not_move_when_sites_are_reordered_or_repeated():
    lon, lat = np.array([-79.61, -79.42, -79.3]), np.array([8.91, 9.1, 9.2])
    plane = LocalPlane.around(lon, lat)
    assert plane == LocalPlane.around(lon[::-1], lat[::-1])
    assert plane == LocalPlane.around(np.append(lon, lon[1]), np.append(lat, lat[1]))
    assert np.allclose(plane.project(np.array([plane.lon]), np.array([plane.lat])), 0.0)
