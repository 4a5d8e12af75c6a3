"""A small city by the water that the tests of measures share: four homes and a school, three floods."""

from __future__ import annotations

import numpy as np

from manglar_engine import Assets, Cost, EventSet, Hazard, ImpactFunction, ImpactFunctionSet, Measure, Sites, Situation
from manglar_engine.hazard.events import footprints_of

DEPTHS = np.array([[0.5, 0.0, 0.2, 0.0, 0.0], [1.5, 0.6, 1.0, 0.3, 0.0], [2.5, 1.6, 2.0, 1.3, 0.8]])
FREQUENCY = [0.2, 0.04, 0.01]


def assets(**changes):
    told = {
        "ids": ["a", "b", "c", "d", "e"],
        "x": [0.0, 100.0, 200.0, 300.0, 400.0],
        "y": [0.0] * 5,
        "crs": "EPSG:32617",
        "value": [100.0, 200.0, 150.0, 250.0, 500.0],
        "currency": "PAB",
        "price_year": 2020,
        "people": [4.0, 5.0, 3.0, 4.0, 200.0],
        "asset_class": ["home", "home", "home", "strong home", "school"],
        "territory": ["T1", "T1", "T2", "T2", "T2"],
    }
    return Assets(**{**told, **changes})


def functions(extra=()):
    def one(name, top, zero=0.0):
        return ImpactFunction(
            f"f {name}", "flood", name, "m", [0.0, 1.0, 3.0], [zero, top / 2, top], "prueba", "estimación"
        )

    return ImpactFunctionSet([one("home", 0.9), one("strong home", 0.4), one("school", 0.6), *extra])


def hazard(depths=DEPTHS, frequency=FREQUENCY, year=2020):
    events = EventSet(
        ids=[f"e{i}" for i in range(len(frequency))],
        frequency=frequency,
        year=year,
        peril="flood",
        scenario="historical",
    )
    sites = Sites([0.0, 100.0, 200.0, 300.0, 400.0], [0.0] * 5, "EPSG:32617")
    rows, columns = np.indices(depths.shape)
    prints = footprints_of(rows.ravel(), columns.ravel(), depths.ravel(), events=len(depths), sites=sites, unit="m")
    return Hazard(events, prints)


def situation(**changes):
    told = {
        "hazard": hazard(),
        "assets": assets(),
        "functions": functions(),
        "max_distance_m": 10.0,
        "zones": {"river": [True, True, False, False, False], "east": [False, False, False, True, True]},
    }
    return Situation(**{**told, **changes})


def cost(**changes):
    told = {"currency": "PAB", "price_year": 2020, "source": "prueba", "mark": "estimación", "fixed": 10.0}
    return Cost(**{**told, **changes})


def measure(name, *operations, **changes):
    return Measure(id=name, es=name, en=name, operations=operations, **{"cost": cost(), **changes})
