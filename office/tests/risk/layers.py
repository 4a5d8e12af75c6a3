"""Small files of layers, made by the tests: maps of water, a gauge, a record, functions, assets."""

import io
import tempfile
import zipfile
from pathlib import Path

import manglar_engine as engine
import numpy as np

from manglar.risk import services
from manglar.risk.choices import DatasetKind
from tests.risk.conftest import SIDE, SOUTH, WEST

ABOUT = services.About(source="inventado para las pruebas", licence="CC0")
MAP_TERMS = {"hazard": "flood", "scenario": "histórico", "year": 2025, "nodata": "nothing"}
FUNCTIONS = "id,peril,asset_class,unit,intensity,ratio,source,mark\n" + "".join(
    f"{name},{peril},{name},m,{depth},{ratio},inventada,estimación\n"
    for peril in ("flood",)
    for name, top in (("vivienda", 1.0), ("escuela", 0.5))
    for depth, ratio in ((0, 0), (1, 0.4 * top), (2, top))
)


def tif(depth, *, columns=25, rows=10, crs="EPSG:4326", unit="m"):
    """A map over the five divisions whose water falls from west to east."""
    step = 5 * SIDE / columns
    grid = engine.Grid(
        WEST + step * (np.arange(columns) + 0.5), SOUTH + SIDE - SIDE / rows * (np.arange(rows) + 0.5), crs
    )
    values = np.tile(np.linspace(depth, 0, columns), (rows, 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapa.tif"
        engine.write_raster(path, engine.Raster("mapa", grid, values, unit), cog=False)
        return path.read_bytes()


def packed(**files):
    """Files in a .zip, by name with «__» for the dot."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as target:
        for name, content in files.items():
            target.writestr(name.replace("__", "."), content)
    return held.getvalue()


def maps(depth=1.0):
    """Maps once in 10 and in 100 years."""
    return packed(t10__tif=tif(depth), t100__tif=tif(2 * depth))


def register(office, city, kind, name, content, **terms):
    return services.register_dataset(
        by=office, government=city, kind=DatasetKind(kind), name=name, content=content, about=ABOUT,
        terms=services.FileTerms(**terms),
    )  # fmt: skip


def flood_maps(office, city, depth=1.0, **terms):
    periods = {"t10.tif": 10.0, "t100.tif": 100.0}
    return register(office, city, "maps", "agua.zip", maps(depth), **{**MAP_TERMS, "periods": periods, **terms})


def functions(office, city):
    return register(office, city, "functions", "funciones.csv", FUNCTIONS.encode())


def gauge(office, city):
    """Sixty invented maxima around three metres, and one year with few days."""
    rng = np.random.default_rng(3)
    levels = 3000 + 80 * rng.gumbel(size=60)
    rows = "".join(f"{1950 + i},365,{level:.1f}\n" for i, level in enumerate(levels)) + "2010,100,2000\n"
    return register(
        office, city, "gauge", "mareografo.csv", ("year,observed_days,max_mm\n" + rows).encode(),
        extremes="maxima", value_column="max_mm", unit="mm", datum="cero del puerto",
    )  # fmt: skip


def records(office, city):
    head = "date,date_precision,hazard,place,corregimiento_codes,source_url,confidence\n"
    rows = "".join(
        f"{2000 + n}-10-0{n + 1},day,flood,Lugar {n},990{n % 2},https://ejemplo.org/{n},sourced\n" for n in range(6)
    )
    return register(
        office,
        city,
        "records",
        "sucesos.csv",
        (head + rows + "2004-05,month,heat,Aquí,9900,https://e.org,sourced\n").encode(),
    )


def impact_spec(hazard, table, **more):
    return {
        "study": "impact",
        "title": "Inundación de escuelas",
        "seed": 5,
        "samples": 200,
        "hazards": [{"dataset": hazard.public_id}],
        "assets": {"kinds": ["school"], "classes": {"school": "escuela"}},
        "functions": {"value": {"dataset": table.public_id}},
        **more,
    }
