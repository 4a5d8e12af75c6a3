"""Which measures reach which assets, and the distinct sets of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from manglar_engine.exposure.assets import Assets
from manglar_engine.measures.measure import Bools, Measure, Zones

Indices = NDArray[np.intp]
BLOCK = 31
"""Measures that one whole number of 64 bits can tell apart beside the kinds found before."""


def reach(measures: Sequence[Measure], assets: Assets, zones: Zones, within: Indices) -> tuple[Indices, Bools, Indices]:
    """Return the kinds of assets by what reaches them.

    Args:
        measures: in any order.
        assets: of the city.
        zones: that measures may select.
        within: a number per asset ``(assets,)`` that splits kinds further, as its class.

    Returns:
        Of each kind its number of ``within (kinds,)`` and which measures reach it ``(kinds, measures)``; and
        the kind of each asset ``(assets,)``.

    Raises:
        MeasureError: a selection that does not exist.
    """
    reached = np.array([m.selected(assets, zones) for m in measures], dtype=bool).reshape(len(measures), len(assets))
    first, place = np.unique(within, return_index=True, return_inverse=True)[1:]
    for start in range(0, len(measures), BLOCK):
        block = reached[start : start + BLOCK]
        bits = (1 << np.arange(len(block), dtype=np.int64)) @ block
        _, first, place = np.unique((place << BLOCK) + bits, return_index=True, return_inverse=True)
    return within[first], reached[:, first].T, place.ravel()
