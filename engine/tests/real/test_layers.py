"""The real layers of Panama, where they are: read as they stand, and their dirt named."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from manglar_engine import ExposureError, read_vectors, territories_at


@pytest.fixture(scope="module")
def division(real_data):
    return read_vectors(real_data / "territory" / "corregimientos_2023.geojson", required=("CODIGO",))


def test_thirty_seven_polygons_in_longitude_and_latitude(division):
    assert (len(division), division.crs) == (37, "EPSG:4326")
    assert len(set(division.column("CODIGO").tolist())) == 37


def test_the_two_towers_outside_every_polygon_are_named_and_the_rest_have_their_territory(real_data, division):
    towers = read_vectors(real_data / "assets" / "telecom_towers.geojson")
    ids = [f"tower {row}" for row in range(1, len(towers) + 1)]
    x, y = shapely.get_x(towers.geometry), shapely.get_y(towers.geometry)
    with pytest.raises(ExposureError, match="outside every polygon") as refused:
        territories_at(division, "CODIGO", ids=ids, x=x, y=y, crs="EPSG:4326")
    assert len(refused.value.rows) == 2
    keep = ~np.isin(np.array(ids), refused.value.rows)
    told = territories_at(division, "CODIGO", ids=np.array(ids)[keep].tolist(), x=x[keep], y=y[keep], crs="EPSG:4326")
    assert len(told) == 1362
    assert {code[:4] for code in told} >= {"0808", "0810"}
