"""The buildings of the city as the engine's exposure: columns in a GeoParquet file, never rows of the database."""

import importlib
import json
from pathlib import Path
from typing import Any

import lazy_loader
import numpy as np
import shapely

from manglar.seed.city import SAID, City
from manglar.seed.knowledge import CLASSES
from manglar.seed.scatter import Scatter

pyarrow: Any = lazy_loader.load("pyarrow")
PRICE_YEAR = 2026
USES = ("RES1", "RES3", "COM1", "EDU1", "GOV1")
SHARES = (0.72, 0.16, 0.08, 0.02, 0.02)
#: GeoParquet 1.1.0, https://geoparquet.org/releases/v1.1.0/
VERSION = "1.1.0"


def write_buildings(city: City, place: Path) -> int:
    """Write the buildings to a file and return how many; the same city gives the same bytes.

    One row a building: ``id``, ``geometry`` (point, WKB, longitude and latitude on WGS 84), ``lon``, ``lat``,
    ``territory``, ``building_class``, ``occupancy``, ``value_pab`` (balboas of ``PRICE_YEAR``), ``people``.
    """
    count, seed = city.size.buildings, city.dice.getrandbits(32)
    points, codes = Scatter.of(city).placed(count, seed=seed)
    source = np.random.default_rng(seed + 1)
    kinds = source.choice(len(USES), size=count, p=SHARES)
    table = pyarrow.table({
        "id": [f"edificio-{number:06d}" for number in range(1, count + 1)],
        "geometry": shapely.to_wkb(shapely.points(points)),
        "lon": points[:, 0],
        "lat": points[:, 1],
        "territory": codes,
        "building_class": np.array(CLASSES)[source.integers(0, len(CLASSES), size=count)],
        "occupancy": np.array(USES)[kinds],
        "value_pab": np.round(source.lognormal(11.2, 0.7, size=count), 2),
        "people": np.round(source.gamma(2.0, 1.9, size=count), 2),
    })
    table = table.replace_schema_metadata({"geo": json.dumps(_geo(points)), "manglar": json.dumps(_said())})
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_suffix(".part")
    importlib.import_module("pyarrow.parquet").write_table(table, half, compression="zstd", row_group_size=65_536)
    half.replace(place)
    return count


def _geo(points: Any) -> dict[str, Any]:
    west, south = points.min(axis=0).tolist()
    east, north = points.max(axis=0).tolist()
    return {
        "version": VERSION,
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"], "bbox": [west, south, east, north]}},
    }


def _said() -> dict[str, Any]:
    return {"mark": "ilustrativo", "source": SAID, "price_year": PRICE_YEAR}
