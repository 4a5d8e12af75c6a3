from __future__ import annotations

import math

import pytest

from manglar_engine.hazard.scaling import NORMAL, REVERSE, STRIKE_SLIP, scaling_of


@pytest.mark.parametrize(
    ("rake", "scaling"),
    [(0, STRIKE_SLIP), (180, STRIKE_SLIP), (-135, STRIKE_SLIP), (90, REVERSE), (-90, NORMAL), (60, REVERSE)],
)
def test_the_rake_tells_the_style(rake, scaling):
    assert scaling_of(rake) is scaling


def test_figures_by_hand():
    assert STRIKE_SLIP.magnitude_from_length(40.0) == pytest.approx(5.16 + 1.12 * math.log10(40))
    assert REVERSE.magnitude_from_area(1000.0) == pytest.approx(4.33 + 2.70)
    assert NORMAL.area_from_magnitude(7.0) == pytest.approx(10 ** (-2.87 + 5.74))
