"""The facts of the example, read from their files."""

import csv
import io
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


def floods_csv() -> bytes:
    """The recorded floods as the table that the register of data sets reads."""
    sheet = io.StringIO()
    rows = csv.writer(sheet)
    rows.writerow(["date", "date_precision", "hazard", "place", "corregimiento_codes", "source_url", "confidence"])
    for each in facts("floods")["events"]:
        codes = ";".join(each["codes"])
        rows.writerow([each["date"], each["precision"], each["hazard"], each["place"], codes, each["url"], each["confidence"]])
    return sheet.getvalue().encode()
