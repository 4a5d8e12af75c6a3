"""Which site of a hazard speaks for each asset: the nearest, and never one too far away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from manglar_engine.errors import ExposureError
from manglar_engine.exposure.assets import Assets
from manglar_engine.hazard.events import Sites
from manglar_engine.hazard.sphere import EARTH_RADIUS_KM
from manglar_engine.io.crs import DEGREES, same_crs, unit_of

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
METRES_A_KM = 1000.0


def nearest_sites(assets: Assets, sites: Sites, *, max_distance_m: float) -> Indices:
    """Return the position of the nearest site of every asset ``(assets,)``.

    Distances are great circles on the mean sphere where coordinates are degrees (within 0.6% of the
    ellipsoid), straight lines on the plane otherwise.

    Raises:
        ExposureError: another coordinate system than the hazard's, a distance that is not positive,
            or assets farther than ``max_distance_m`` from every site, named with their distance.
    """
    if not same_crs(assets.crs, sites.crs):
        raise ExposureError(
            f"the assets are in {assets.crs} and the hazard in {sites.crs}", mend="Project one of them to the other."
        )
    if not max_distance_m > 0:
        raise ExposureError(
            f"max_distance_m is {max_distance_m!r}",
            mend="Say how far a site may stand from an asset, in metres: half a diagonal of the hazard's cell.",
        )
    degrees = unit_of(sites.crs) == DEGREES
    place = _on_sphere if degrees else _on_plane
    distance, found = cKDTree(place(sites.x, sites.y)).query(place(assets.x, assets.y), workers=-1)
    if degrees:
        distance = 2 * EARTH_RADIUS_KM * METRES_A_KM * np.arcsin(np.minimum(distance / 2, 1.0))
    far = np.flatnonzero(distance > max_distance_m)
    if far.size:
        raise ExposureError(
            f"assets stand farther than {max_distance_m:g} m from every site of the hazard",
            rows=[f"{assets.ids[i]}: {distance[i]:.0f} m" for i in far.tolist()],
            mend="Leave them out, extend the hazard, or say a larger max_distance_m.",
        )
    return np.asarray(found, dtype=np.intp)


def _on_sphere(lon: Floats, lat: Floats) -> Floats:
    """Return unit vectors ``(points, 3)``."""
    across, up = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(up) * np.cos(across), np.cos(up) * np.sin(across), np.sin(up)])


def _on_plane(x: Floats, y: Floats) -> Floats:
    return np.column_stack([x, y])
