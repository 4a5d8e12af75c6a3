"""Assets summed to groups that feel the same: one site, one function, one territory."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from manglar_engine.exposure.assets import Assets, positions

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class Groups(NamedTuple):
    """Groups in the order of their sites.

    ``site``, ``kind``, ``territory (groups,)``: positions; ``amount (groups,)``: sum over the assets;
    ``of_asset (assets,)``: the group of each asset.
    """

    site: Indices
    kind: Indices
    territory: Indices
    amount: Floats
    of_asset: Indices

    def within(self, first: int, last: int) -> slice:
        """Return where the groups of sites ``first <= site < last`` stand."""
        low, high = np.searchsorted(self.site, [first, last])
        return slice(int(low), int(high))


def groups_of(assets: Assets, site: NDArray[np.intp], *, amount: str) -> Groups:
    """Group ``assets``; kinds are their classes sorted, territories are sorted by code."""
    _, kind = positions(assets.asset_class)
    _, territory = positions(assets.territory)
    kinds, territories = int(kind.max()) + 1, int(territory.max()) + 1
    key = (site.astype(np.int64) * kinds + kind) * territories + territory
    keys, of_asset = np.unique(key, return_inverse=True)
    return Groups(
        site=keys // (kinds * territories),
        kind=keys // territories % kinds,
        territory=keys % territories,
        amount=np.bincount(of_asset.ravel(), weights=assets.amount(amount), minlength=len(keys)).astype(np.float64),
        of_asset=of_asset.ravel().astype(np.int64),
    )
