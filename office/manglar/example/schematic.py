"""A schematic map from approximate centres: cells around each one, cut to a rounded hull. Not limits."""

import shapely
from shapely.geometry import MultiPoint, Point, Polygon

REACH_DEG = 0.045
SEA_SIDE = Polygon(
    [
        (-79.70, 8.40),
        (-79.565, 8.935),
        (-79.548, 8.942),
        (-79.532, 8.946),
        (-79.52, 8.968),
        (-79.50, 8.985),
        (-79.46, 9.005),
        (-79.40, 9.018),
        (-79.33, 9.03),
        (-79.20, 9.02),
        (-79.0, 8.40),
    ]
)


def cells(centres: dict[str, tuple[float, float]]) -> dict[str, Polygon]:
    """Code → cell. The cells touch, do not overlap, and stay out of the sea as far as a sketch can."""
    points = {code: Point(*place) for code, place in centres.items()}
    everything = MultiPoint(list(points.values()))
    land = everything.convex_hull.buffer(REACH_DEG).difference(SEA_SIDE)
    regions = shapely.voronoi_polygons(everything, extend_to=land.envelope)
    found = {}
    for code, point in points.items():
        region = next(each for each in regions.geoms if each.contains(point))
        found[code] = _largest(shapely.set_precision(region.intersection(land), 0.0001))
    return found


def _largest(geometry: shapely.Geometry) -> Polygon:
    parts = [part for part in getattr(geometry, "geoms", [geometry]) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area)
