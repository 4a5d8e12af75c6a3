from __future__ import annotations

import numpy as np
import pytest

from manglar_engine.risk.by_site import PGA_LEVELS_G, pga_at


def test_pga_at_a_return_period_is_read_off_a_power_law_exactly():
    shaking = 1e-4 * PGA_LEVELS_G[None, :] ** -2.0
    assert pga_at(shaking, [475.0])[0, 0] == pytest.approx((475 * 1e-4) ** 0.5, rel=1e-12)


def test_a_period_that_no_level_reaches_gives_zero():
    assert pga_at(np.full((1, len(PGA_LEVELS_G)), 1e-9), [475.0])[0, 0] == 0
    assert pga_at(np.zeros((1, len(PGA_LEVELS_G))), [475.0])[0, 0] == 0
