"""Use cases of the territory, by noun."""

from manglar.territory.rules.geometry import box_around
from manglar.territory.services.asking import asked_columns, asked_day, asked_file, owner_named
from manglar.territory.services.divisions import (
    Outline,
    Population,
    add_alias,
    end_division,
    record_boundary,
    record_division,
    record_origin,
    revise_division,
    split_division,
)
from manglar.territory.services.geofiles import bundled, choose_columns, headings_of, is_blank, read_table, texts_of
from manglar.territory.services.importing import import_territory, look_at_divisions
from manglar.territory.services.layers import LayerText, layer_from_bytes, load_layer, look_at_layer
from manglar.territory.services.previews import ImportOptions, RowNote, TerritoryPreview
from manglar.territory.services.systems import ASK_CRS, SWAPPED, place_of_file, to_degrees
from manglar.territory.services.tables import ASK_COLUMNS, ASK_HEADINGS, Row, Table
from manglar.territory.services.tiles import refresh_division_tiles, write_division_tiles, write_tiles

__all__ = [
    "ASK_COLUMNS",
    "ASK_CRS",
    "ASK_HEADINGS",
    "SWAPPED",
    "ImportOptions",
    "LayerText",
    "Outline",
    "Population",
    "Row",
    "RowNote",
    "Table",
    "TerritoryPreview",
    "add_alias",
    "asked_columns",
    "asked_day",
    "asked_file",
    "box_around",
    "bundled",
    "choose_columns",
    "end_division",
    "headings_of",
    "import_territory",
    "is_blank",
    "layer_from_bytes",
    "load_layer",
    "look_at_divisions",
    "look_at_layer",
    "owner_named",
    "place_of_file",
    "read_table",
    "record_boundary",
    "record_division",
    "record_origin",
    "refresh_division_tiles",
    "revise_division",
    "split_division",
    "texts_of",
    "to_degrees",
    "write_division_tiles",
    "write_tiles",
]
