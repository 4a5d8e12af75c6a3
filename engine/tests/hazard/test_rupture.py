from __future__ import annotations

import numpy as np
import pytest
from made import dipping, fault

from manglar_engine.hazard.rupture import fault_distances
from manglar_engine.hazard.sphere import LocalPlane

PLANE = LocalPlane(-79.6, 9.0)


def distances(one, *lonlat):
    points = PLANE.project(*np.array(lonlat).T)
    return fault_distances(one, points, PLANE)


def test_a_whole_rupture_of_a_vertical_fault_is_as_far_as_its_line():
    found = distances(fault(), (-79.5, 9.1), (-79.6, 9.1))
    near = found.rjb_km(found.placement(8.0))
    east = PLANE.project(np.array([-79.5]), np.array([9.1]))[0, 0]
    assert near.shape == (1, 2)
    assert near[0] == pytest.approx([east, 0.0], abs=0.02)


def test_above_a_dipping_fault_the_distance_is_zero_and_on_the_other_side_it_is_not():
    one = dipping(trace_lonlat=np.array([[-79.6, 8.9], [-79.6, 9.2]]))
    found = distances(one, (-79.55, 9.05), (-79.65, 9.05))
    near = found.rjb_km(found.placement(8.0))[0]
    assert near[0] == 0.0
    assert near[1] > 5.0


def test_small_ruptures_float_along_the_fault_and_large_ones_do_not():
    found = distances(fault(), (-79.5, 9.1))
    counts = [len(found.placement(m).starts) for m in (5.0, 6.0, 6.5, 7.0, 8.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 10
    assert counts[-1] == 1


def test_a_floating_rupture_is_never_nearer_than_the_whole_fault():
    found = distances(dipping(), (-79.5, 9.1), (-79.8, 9.0), (-79.95, 8.8))
    whole = found.rjb_km(found.placement(8.4))
    for magnitude in (5.05, 5.95, 6.55):
        part = found.rjb_km(found.placement(magnitude))
        assert (part >= whole - 1e-12).all()
        assert np.allclose(part.min(axis=0), whole[0], atol=2.5)
