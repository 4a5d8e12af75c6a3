from __future__ import annotations

import numpy as np
import pytest
from measures.city import assets, measure

from manglar_engine import MeasureError, ScaleDamage
from manglar_engine.measures.reach import reach

CLASS = np.array([0, 0, 0, 1, 2])


def test_kinds_are_told_apart_by_class_and_by_what_reaches_them():
    measures = [measure("a", ScaleDamage(0.5), territories=("T1",)), measure("b", ScaleDamage(0.5), classes=("home",))]
    of_class, reached, place = reach(measures, assets(), {}, CLASS)
    told = [(int(of_class[k]), *reached[k].tolist()) for k in place]
    assert told == [(0, True, True), (0, True, True), (0, False, True), (1, False, False), (2, False, False)]
    assert len(of_class) == 4


def test_no_measures_leave_the_classes():
    of_class, reached, place = reach([], assets(), {}, CLASS)
    assert of_class[place].tolist() == CLASS.tolist()
    assert reached.shape == (3, 0)


def test_hundreds_of_measures_are_told_apart():
    zones = {f"z{i}": np.array([i % (k + 2) == 0 for k in range(5)]) | (np.arange(5) == i % 5) for i in range(200)}
    measures = [measure(f"m{i}", ScaleDamage(0.5), zone=f"z{i}") for i in range(200)]
    _, reached, place = reach(measures, assets(), zones, np.zeros(5, dtype=np.intp))
    for asset in range(5):
        assert reached[place[asset]].tolist() == [bool(zones[f"z{i}"][asset]) for i in range(200)]


def test_a_selection_that_does_not_exist_is_refused():
    with pytest.raises(MeasureError, match="T9"):
        reach([measure("a", ScaleDamage(0.5), territories=("T9",))], assets(), {}, CLASS)
