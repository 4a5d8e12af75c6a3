"""A city in one TOML file that the tests of the command line share: two floods, two sites, three assets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from manglar_engine.cli import main as command

FILES = {
    "events.csv": "id,frequency,year,peril,scenario\noften,0.1,2025,flood,now\nrare,0.01,2025,flood,now\n",
    "sites.csv": "id,x,y\ns1,660000,990000\ns2,660100,990000\n",
    "pairs.csv": "event,site,intensity\nrare,s2,1.0\noften,s1,0.5\nrare,s1,1.5\n",
    "assets.csv": "id,x,y,value,people,asset_class,territory\n"
    "h1,660000,990000,1000,4,house,A\nh2,660100,990000,2000,6,house,B\ns1,660000,990000,5000,100,school,B\n",
    "value.csv": "id,peril,asset_class,unit,intensity,ratio,source,mark\n"
    "f,flood,house,m,0,0,S,fuente\nf,flood,house,m,1,0.4,S,fuente\nf,flood,house,m,2,1,S,fuente\n"
    "g,flood,school,m,0,0,T,estimación\ng,flood,school,m,1,0.1,T,estimación\ng,flood,school,m,2,0.3,T,estimación\n",
}
TABLES = """events = "events.csv"
sites = "sites.csv"
footprints = "pairs.csv"
crs = "EPSG:32617"
unit = "m"
frequency_unit = "1/year"
"""
REST = """
[assets]
file = "assets.csv"
crs = "EPSG:32617"
currency = "PAB"
price_year = 2024
[functions]
value = "value.csv"
[settings]
max_distance_m = 50
return_periods = [5, 100, 1000]
[names]
B = "Bella Vista"
"""


MEASURES = """
[[measure]]
id = "raise"
es = "Elevar casas"
en = "Raise houses"
classes = ["house"]
sources = ["test"]
[[measure.operation]]
kind = "shift_intensity"
by = 0.5
[measure.cost]
fixed = 100
currency = "PAB"
price_year = 2024
source = "test"
mark = "estimación"
[[measure]]
id = "warn"
es = "Avisar"
en = "Warn"
[[measure.operation]]
kind = "scale_damage"
factor = 0.9
[horizon]
first_year = 2026
years = 2
discount_rate = 0.0
"""


def answer(capsys: pytest.CaptureFixture[str], path: str, *more: str) -> Any:
    """What a run of the file at ``path`` answers."""
    assert command.main(["run", path, "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)
