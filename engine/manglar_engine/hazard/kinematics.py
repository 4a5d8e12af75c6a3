"""What is assumed of a fault by its style when its file does not say.

Dips and rakes are the defaults of the GEM fault modeller (oq-mbtk, fault_modeling_utils.py, tables
``dip_map`` and ``rake_map``). Depths are *estimación*: no published value for the isthmus was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """Dip, rake (degrees) and seismogenic depths (km) assumed of one style of faulting."""

    dip_deg: float
    rake_deg: float
    upper_km: float = 0.0
    lower_km: float = 15.0


SUBDUCTION = "Subduction Thrust"
"""The style of a plate interface: the ground-motion model of shallow crust does not apply to it."""

STYLES: Mapping[str, Style] = {
    "Normal": Style(60.0, -90.0),
    "Normal-Dextral": Style(65.0, -135.0),
    "Normal-Sinistral": Style(65.0, -45.0),
    "Reverse": Style(40.0, 90.0),
    "Reverse-Dextral": Style(65.0, 135.0),
    "Reverse-Sinistral": Style(65.0, 45.0),
    "Sinistral": Style(90.0, 0.0),
    "Sinistral-Normal": Style(65.0, -45.0),
    "Sinistral-Reverse": Style(65.0, 45.0),
    "Dextral": Style(90.0, 180.0),
    "Dextral-Normal": Style(65.0, -135.0),
    "Dextral-Reverse": Style(65.0, 135.0),
    "Strike-Slip": Style(90.0, 0.0),
    "Thrust": Style(40.0, 90.0),
    "Blind-Thrust": Style(40.0, 90.0),
    "Spreading-Ridge": Style(60.0, -90.0),
    SUBDUCTION: Style(20.0, 90.0, 0.0, 40.0),
}
"""Styles as GEM names them, compared without regard to case, blanks, hyphens or underscores."""

SLIP_RANGE = (0.5, 1.5)
"""Limits of a rate given without them, as shares of it: *estimación*."""

COMPASS: Mapping[str, float] = {
    "N": 0.0,
    "NNE": 22.5,
    "NE": 45.0,
    "ENE": 67.5,
    "E": 90.0,
    "ESE": 112.5,
    "SE": 135.0,
    "SSE": 157.5,
    "S": 180.0,
    "SSW": 202.5,
    "SW": 225.0,
    "WSW": 247.5,
    "W": 270.0,
    "WNW": 292.5,
    "NW": 315.0,
    "NNW": 337.5,
}  # fmt: skip - sixteen winds read better in three lines
"""Degrees clockwise from north of the sixteen winds."""


def style_name(text: object) -> str | None:
    """Return the style that ``text`` names, or ``None`` when it names none we know."""
    key = "".join(character for character in str(text or "").lower() if character.isalpha())
    names = {"".join(c for c in name.lower() if c.isalpha()): name for name in STYLES}
    return names.get(key)
