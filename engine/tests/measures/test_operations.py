from __future__ import annotations

import pytest

from manglar_engine import (
    ChangeClass,
    MeasureError,
    ProtectUpTo,
    ScaleAmount,
    ScaleDamage,
    ScaleIntensity,
    ShiftIntensity,
)
from manglar_engine.measures.operations import check_operations, effect_on


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (ScaleIntensity(1.2), "1.2"),
        (ScaleDamage(-0.1), "-0.1"),
        (ScaleAmount(float("nan")), "nan"),
        (ShiftIntensity(-1.0), "-1.0"),
        (ShiftIntensity(float("inf")), "inf"),
        (ProtectUpTo(0.0), "period"),
        (ChangeClass({}), "no class"),
    ],
)
def test_figures_that_mean_nothing_are_refused(operation, words):
    with pytest.raises(MeasureError, match=words):
        check_operations("m", [operation])


def test_a_measure_must_do_something():
    with pytest.raises(MeasureError, match="does nothing"):
        check_operations("m", [])


def test_operations_join_whatever_their_order():
    owned = [("b", ScaleDamage(0.5)), ("a", ShiftIntensity(0.3)), ("c", ScaleDamage(0.8)), ("d", ShiftIntensity(0.2))]
    one, two = effect_on("home", "flood", owned), effect_on("home", "flood", owned[::-1])
    assert one == two
    assert (one.damage, one.shift) == (pytest.approx(0.4), pytest.approx(0.5))


def test_an_operation_for_another_peril_does_not_reach():
    assert effect_on("home", "flood", [("a", ScaleDamage(0.5, peril="heat"))]).damage == 1.0


def test_two_classes_for_one_asset_are_refused_and_the_same_twice_is_not():
    up = ("a", ChangeClass({"home": "strong home"}))
    assert effect_on("home", "flood", [up, ("b", ChangeClass({"home": "strong home"}))]).asset_class == "strong home"
    with pytest.raises(MeasureError, match="a: strong home, b: school"):
        effect_on("home", "flood", [up, ("b", ChangeClass({"home": "school"}))])
