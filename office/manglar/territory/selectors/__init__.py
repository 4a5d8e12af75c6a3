"""Reads of the territory, by noun."""

from manglar.territory.rules.geometry import Box
from manglar.territory.selectors.boundaries import (
    Located,
    Locator,
    Outlined,
    boundaries_geojson,
    boundaries_stamp,
    box_of,
    box_of_level,
    current_outlines,
    division_at,
    has_boundaries,
    locator,
    outline_of,
)
from manglar.territory.selectors.divisions import (
    TreeNode,
    all_divisions,
    children_of,
    division_by_code,
    division_by_id,
    division_by_name,
    divisions_in_box,
    divisions_on,
    find_divisions,
    finest_level,
    history_of,
    name_index,
    tree,
)
from manglar.territory.selectors.tiles import (
    TileInfo,
    layer_by_slug,
    layer_folder,
    layer_tile,
    layers_of,
    tile,
    tile_info,
    tile_path,
)

__all__ = [
    "Box",
    "Located", "Locator", "Outlined", "TileInfo", "TreeNode", "all_divisions", "boundaries_geojson",
    "boundaries_stamp", "box_of", "box_of_level", "children_of", "current_outlines", "division_at",
    "division_by_code", "division_by_id", "division_by_name", "divisions_in_box", "divisions_on", "find_divisions",
    "finest_level", "has_boundaries", "history_of", "layer_by_slug", "layer_folder", "layer_tile", "layers_of", "locator", "name_index", "outline_of", "tile", "tile_info",
    "tile_path", "tree",
]
