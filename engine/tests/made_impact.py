"""Small hazards, assets and functions that every test of impact may use."""

from __future__ import annotations

from typing import Any

import numpy as np

from manglar_engine import Assets, EventSet, Hazard, ImpactFunction, ImpactFunctionSet, Sites, footprints_of

FLOOD = "flood"


def sites(count: int = 4, **changes: Any) -> Sites:
    """Sites every 100 m along a line of UTM 17 north."""
    n = np.arange(count)
    return Sites(**{"x": 660_000.0 + 100 * n, "y": np.full(count, 990_000.0), "crs": "EPSG:32617", **changes})


def hazard(intensity: Any, *, frequency: Any = 0.01, peril: str = FLOOD, ids: Any = None, **changes: Any) -> Hazard:
    """A hazard from a dense table of intensities ``(events, sites)``; zeros are left out."""
    dense = np.asarray(intensity)
    events = EventSet(
        ids=ids or [f"e{i}" for i in range(len(dense))],
        frequency=np.broadcast_to(frequency, len(dense)),
        year=2025,
        peril=peril,
        scenario="historical",
    )
    rows, columns = np.nonzero(dense)
    prints = footprints_of(
        rows,
        columns,
        dense[rows, columns],
        events=len(dense),
        sites=changes.pop("sites", None) or sites(dense.shape[1]),
        unit="m",
        **changes,
    )
    return Hazard(events, prints)


def function(**changes: Any) -> ImpactFunction:
    """Depth in metres to damage: nothing at zero, all at 2 m."""
    values: dict[str, Any] = {
        "id": "f",
        "peril": FLOOD,
        "asset_class": "house",
        "unit": "m",
        "intensity": [0.0, 1.0, 2.0],
        "ratio": [0.0, 0.4, 1.0],
        "source": "prueba",
        "mark": "estimación",
    }
    return ImpactFunction(**{**values, **changes})


def functions(*more: ImpactFunction) -> ImpactFunctionSet:
    """Houses and schools for floods, and whatever is added."""
    return ImpactFunctionSet([function(), function(id="g", asset_class="school", ratio=[0.0, 0.1, 0.3]), *more])


def assets(count: int = 4, **changes: Any) -> Assets:
    """Assets 10 m from the sites, alternating class and territory."""
    n = np.arange(count)
    values: dict[str, Any] = {
        "ids": [f"a{i}" for i in n],
        "x": 660_010.0 + 100 * n,
        "y": np.full(count, 990_000.0),
        "crs": "EPSG:32617",
        "value": 1000.0 * (1 + n),
        "currency": "PAB",
        "price_year": 2024,
        "people": 1.0 + n,
        "asset_class": [("house", "school")[i % 2] for i in n],
        "territory": [("080801", "080819")[i // 2 % 2] for i in n],
    }
    return Assets(**{**values, **changes})


def drawn_city(seed: int, *, events: int, sites_count: int, count: int) -> tuple[Hazard, Assets]:
    """A hazard and a city drawn from a seed: a third of the pairs wet, several assets at some sites."""
    rng = np.random.default_rng(seed)
    depth = np.where(rng.random((events, sites_count)) < 0.3, rng.gamma(1.5, 0.5, (events, sites_count)), 0.0)
    made = hazard(depth.astype(np.float32), frequency=rng.random(events) / 50)
    at = rng.integers(0, sites_count, count)
    city = assets(
        count,
        x=660_000.0 + 100 * at + 20 * rng.random(count),
        value=1e5 * rng.random(count),
        people=10 * rng.random(count),
        asset_class=[("house", "school")[i] for i in rng.integers(0, 2, count)],
        territory=[f"t{i}" for i in rng.integers(0, 3, count)],
    )
    return made, city


ODD = {
    "plain": functions(),
    "zero": ImpactFunctionSet([function(ratio=[0.05, 0.5, 0.9]), function(id="g", asset_class="school")]),
    "falls": ImpactFunctionSet(
        [
            function(ratio=[0.0, 0.8, 0.2], may_fall=True),
            function(id="g", asset_class="school", intensity=[0.3], ratio=[0.0]),
        ]
    ),
    "close": ImpactFunctionSet(
        [
            function(intensity=[0, 0.7, 0.7000001, 900], ratio=[0, 0.1, 0.6, 1.0]),
            function(id="g", asset_class="school", intensity=[-2, 0.1], ratio=[0.0, 1.0]),
        ]
    ),
}
"""Functions with damage at zero, that fall, with one node, with nodes close together or below zero."""
