from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations

import pytest
from measures.city import DEPTHS, FREQUENCY, assets, functions, hazard, measure, situation

from manglar_engine import (
    ChangeClass,
    Hazard,
    ImpactFunction,
    ImpactFunctionSet,
    MeasureError,
    ProtectUpTo,
    ScaleAmount,
    ScaleDamage,
    ScaleIntensity,
    ShiftIntensity,
)
from manglar_engine.measures.on_moments import measured_edges, measured_values, zones_by_measures
from manglar_engine.risk.moments import moments

CLASSES = ["home", "school", "strong home"]
MEASURES = [
    measure("raise", ShiftIntensity(0.35), ScaleDamage(0.9), classes=("home",)),
    measure("reef", ScaleIntensity(0.7), zone="river"),
    measure("code", ChangeClass({"home": "strong home"}), territories=("T1",)),
    measure("move", ScaleAmount(0.4), zone="east"),
]
SETS = [list(chosen) for chosen in chain.from_iterable(combinations(MEASURES, k) for k in range(len(MEASURES) + 1))]


def test_every_combination_is_the_one_of_the_plain_evaluation():
    city = situation()
    zones = zones_by_measures(assets(), MEASURES, city.zones)
    edges = measured_edges(zones, CLASSES, SETS, functions(), peril="flood")
    held = moments(hazard(), assets(), edges=edges, max_distance_m=10.0, zones=zones)
    assert len(SETS) == 16
    for chosen in SETS:
        values = measured_values(held, chosen, functions(), peril="flood")
        assert held.expected(values)[:, 0] == pytest.approx(city.expected(chosen), rel=1e-12)


def test_a_defence_that_keeps_events_out_is_refused():
    with pytest.raises(MeasureError, match="dike"):
        zones_by_measures(assets(), [measure("dike", ProtectUpTo(50.0))])


def test_where_intensities_may_be_negative_a_shift_goes_below_zero():
    degrees = replace(hazard().footprints, unit="C", may_be_negative=True)
    heat = Hazard(hazard().events, degrees)
    curve = ImpactFunctionSet(
        [ImpactFunction(f"h {c}", "flood", c, "C", [-2.0, 3.0], [0.0, 0.5], "prueba", "estimación") for c in CLASSES]
    )
    cool = [measure("cool", ShiftIntensity(0.8))]
    city = situation(hazard=heat, functions=curve)
    zones = zones_by_measures(assets(), cool)
    edges = measured_edges(zones, CLASSES, [cool], curve, peril="flood", may_be_negative=True)
    held = moments(heat, assets(), edges=edges, max_distance_m=10.0, zones=zones)
    values = measured_values(held, cool, curve, peril="flood", may_be_negative=True)
    shifted = sum(
        rate * value * float(curve["flood", "home"](depth - 0.8))
        for e, rate in enumerate(FREQUENCY)
        for value, depth in zip(assets().value, DEPTHS[e], strict=True)
    )
    assert city.expected(cool).sum() == pytest.approx(shifted, rel=1e-12)
    assert held.expected(values).sum() == pytest.approx(shifted, rel=1e-12)
