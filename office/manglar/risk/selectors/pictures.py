"""A layer at a glance as SVG: a few thousand cells in five shades, with what it says in words."""

from collections.abc import Mapping
from html import escape
from itertools import groupby
from typing import Any

CELL = 8
#: From little to most; nothing is left blank, and what is not known is a light grey.
SHADES = {"1": "0.2", "2": "0.4", "3": "0.6", "4": "0.8", "5": "1"}
_INK, _UNKNOWN = "#2b6a9e", "#c9c9c9"


def picture_svg(picture: Mapping[str, Any], *, label: str) -> str:
    """The picture of a layer, north above; without inline styles, so that the page may hold it."""
    rows: list[str] = list(picture["rows"])
    wide, high = max((len(row) for row in rows), default=1) * CELL, max(len(rows), 1) * CELL
    cells = "".join(_row(row, place * CELL) for place, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" '
        f'aria-label="{escape(label)}"><rect width="{wide}" height="{high}" fill="none" stroke="currentColor" '
        f'stroke-opacity="0.4"/>{cells}</svg>'
    )


def _row(row: str, top: int) -> str:
    """The cells of one row; neighbours of one shade are one rectangle."""
    drawn, at = [], 0
    for shade, run in groupby(row):
        wide = len(list(run))
        if shade == "." or shade in SHADES:
            ink = f'fill="{_UNKNOWN}"' if shade == "." else f'fill="{_INK}" fill-opacity="{SHADES[shade]}"'
            drawn.append(f'<rect x="{at * CELL}" y="{top}" width="{wide * CELL}" height="{CELL}" {ink}/>')
        at += wide
    return "".join(drawn)
