"""Coordinate systems: whether two names mean the same, whether one is in degrees, and points from one to another."""

from typing import Any

import lazy_loader

pyproj = lazy_loader.load("pyproj")
np = lazy_loader.load("numpy")

DEGREES = "EPSG:4326"


def same_crs(one: str, other: str) -> bool:
    """Whether two names mean the same system, the order of the axes aside; a name that is none is no system's."""
    if one == other:
        return True
    try:
        known = [pyproj.CRS.from_user_input(name) for name in (one, other)]
    except pyproj.exceptions.CRSError:
        return False
    return bool(known[0].equals(known[1], ignore_axis_order=True))


def is_degrees(name: str) -> bool:
    """Whether a system counts in degrees of longitude and latitude."""
    return bool(pyproj.CRS.from_user_input(name).is_geographic)


def projected(x: Any, y: Any, given: str, wanted: str) -> tuple[Any, Any]:
    """Points of one system in another, x (longitude) first in both."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if same_crs(given, wanted):
        return x, y
    moved = pyproj.Transformer.from_crs(given, wanted, always_xy=True).transform(x, y)
    return np.asarray(moved[0]), np.asarray(moved[1])
