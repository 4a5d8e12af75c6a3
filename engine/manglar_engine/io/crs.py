"""Coordinate systems by name: whether coordinates are degrees or metres, and nothing guessed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pyproj

from manglar_engine.errors import FormatError

DEGREES = "degree"
METRES = "metre"


@lru_cache(maxsize=64)
def _known(name: str) -> pyproj.CRS:
    if not name.strip():
        raise FormatError(
            "the coordinate system is not stated",
            mend="Say its code, as EPSG:4326 (longitude and latitude) or EPSG:32617 (UTM 17 north).",
        )
    try:
        return pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError as error:
        raise FormatError(
            f"the coordinate system {name!r} is not known", mend="Use an authority and a code, as EPSG:4326."
        ) from error


def unit_of(name: str) -> str:
    """Return ``degree`` for longitude and latitude, ``metre`` for a plane in metres.

    Raises:
        FormatError: no name, an unknown one, or a system in any other unit.
    """
    crs = _known(name)
    units = {axis.unit_name for axis in crs.axis_info[:2]}
    if units == {DEGREES} and crs.is_geographic:
        return DEGREES
    if units == {METRES} and crs.is_projected:
        return METRES
    raise FormatError(
        f"the coordinate system {name!r} is neither in degrees nor a plane in metres: {', '.join(sorted(units))}",
        mend="Project the layer to a UTM zone or to EPSG:4326.",
    )


def same_crs(one: str, other: str) -> bool:
    """Return whether two names mean the same system, the order of the axes aside."""
    return one == other or bool(_known(one).equals(_known(other), ignore_axis_order=True))


def projjson(name: str) -> dict[str, Any]:
    """Return the system as PROJJSON, as GeoParquet stores it."""
    return _known(name).to_json_dict()
