"""Use cases of the territory, by noun."""

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
from manglar.territory.services.geofiles import (
    ASK_CRS,
    Row,
    Table,
    bundled,
    choose_columns,
    is_blank,
    read_table,
    texts_of,
    to_degrees,
)
from manglar.territory.services.importing import import_territory
from manglar.territory.services.previews import ImportOptions, RowNote, TerritoryPreview
from manglar.territory.services.tiles import refresh_division_tiles, write_division_tiles, write_tiles

__all__ = [
    "ASK_CRS",
    "ImportOptions",
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
    "bundled",
    "choose_columns",
    "end_division",
    "import_territory",
    "is_blank",
    "owner_named",
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
