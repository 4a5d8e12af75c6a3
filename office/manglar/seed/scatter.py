"""Places inside the corregimientos, more where they are smaller: the old city is dense, the far ones are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.seed.city import City
from manglar.territory.choices import Level
from manglar.territory.selectors import current_outlines

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scatter:
    """Outlines with their codes and how likely a place is to be in each."""

    codes: tuple[str, ...]
    shapes: tuple[shapely.Geometry, ...]
    chances: Points

    @classmethod
    def of(cls, city: City) -> Scatter:
        """For a city whose territory is recorded."""
        held = sorted(current_outlines(level=Level.CORREGIMIENTO), key=lambda each: each.division.code)
        if not held:
            raise Conflict(say("{city} no tiene límites de corregimientos: no hay dónde poner nada.", city=city.home))
        shapes = tuple(each.geometry for each in held)
        weights = np.sqrt(np.array([shape.area for shape in shapes]))
        return cls(tuple(each.division.code for each in held), shapes, weights / weights.sum())

    def placed(self, count: int, *, seed: int) -> tuple[Points, list[str]]:
        """``count`` longitudes and latitudes (EPSG:4326) with the codes of their corregimientos, in the order of these."""
        source = np.random.default_rng(seed)
        shares = source.multinomial(count, self.chances)
        points = [_inside(shape, int(share), source) for shape, share in zip(self.shapes, shares, strict=True)]
        codes = [code for code, share in zip(self.codes, shares, strict=True) for _ in range(int(share))]
        return np.concatenate(points), codes


def _inside(shape: shapely.Geometry, count: int, source: np.random.Generator) -> Points:
    """Places uniformly inside one outline, to a millionth of a degree."""
    west, south, east, north = shape.bounds
    found = np.empty((0, 2))
    shapely.prepare(shape)
    while len(found) < count:
        tried = source.random((max(64, 2 * count), 2)) * (east - west, north - south) + (west, south)
        tried = np.round(tried, 6)
        found = np.concatenate([found, tried[shapely.contains_xy(shape, tried[:, 0], tried[:, 1])]])
    return found[:count]
