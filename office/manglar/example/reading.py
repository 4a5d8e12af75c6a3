"""The facts of the example, read from their files."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FACTS = Path(__file__).resolve().parent / "facts"


@cache
def facts(name: str) -> dict[str, Any]:
    """One file of facts, by its name."""
    return tomllib.loads((FACTS / f"{name}.toml").read_text(encoding="utf-8"))


def faults_geojson() -> dict[str, Any]:
    """The simplified faults as the GeoJSON that the register of data sets reads."""
    held = facts("faults")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "name": fault["name"],
                    "slip_type": fault["slip_type"],
                    "strike_slip_rate": fault["slip_rate_mm_yr"],
                    "average_dip": fault["dip"],
                    "reference": held["source"],
                },
                "geometry": {"type": "LineString", "coordinates": fault["trace"]},
            }
            for fault in held["faults"]
        ],
    }
