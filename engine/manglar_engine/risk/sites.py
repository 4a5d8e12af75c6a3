"""Assets as the tiles see them: places on a plane, groups that share territory and functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.exposure.exposure import Exposure
from manglar_engine.hazard.sphere import LocalPlane
from manglar_engine.risk.damage import Kind
from manglar_engine.vulnerability.vulnerability import Vulnerability

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sites:
    """Assets in a fixed order with their groups.

    ``group (assets,)`` numbers triples (territory, kind before, kind after); ``group_territory``,
    ``group_kind`` and ``group_after (groups,)`` say what each is. Territories are sorted by code.
    """

    plane: LocalPlane
    km: Floats
    vs30: Floats
    value: Floats
    people: Floats
    territories: tuple[str, ...]
    kinds: tuple[Kind, ...]
    kind: Indices
    group: Indices
    group_territory: Indices
    group_kind: Indices
    group_after: Indices

    @property
    def territory_values(self) -> Floats:
        """Return the value of each territory, and the total as the last entry."""
        sums = np.bincount(self.group_territory[self.group], weights=self.value, minlength=len(self.territories))
        return np.append(sums, sums.sum())


def sites_of(
    exposure: Exposure,
    vulnerability: Vulnerability,
    *,
    vs30_default: float,
    classes_after: Sequence[str] | None = None,
) -> Sites:
    """Group the assets; ``classes_after`` are the building classes once a measure is done."""
    after = tuple(classes_after) if classes_after is not None else tuple(exposure.building_class)
    vulnerability.check(classes={*exposure.building_class, *after}, occupancies=set(exposure.occupancy))
    pairs = [*zip(exposure.building_class, exposure.occupancy, strict=True)]
    pairs_after = [*zip(after, exposure.occupancy, strict=True)]
    names = sorted({*pairs, *pairs_after})
    number = {name: i for i, name in enumerate(names)}
    territories = sorted(set(exposure.territory))
    code = {name: i for i, name in enumerate(territories)}
    triples = np.array(
        [(code[t], number[a], number[b]) for t, a, b in zip(exposure.territory, pairs, pairs_after, strict=True)],
        dtype=np.intp,
    )
    groups, group = np.unique(triples, axis=0, return_inverse=True)
    plane = LocalPlane.around(exposure.lon, exposure.lat)
    ground = exposure.vs30 if exposure.vs30 is not None else np.full(len(exposure), vs30_default)
    return Sites(
        plane=plane,
        km=plane.project(exposure.lon, exposure.lat),
        vs30=ground,
        value=exposure.value_pab,
        people=exposure.people,
        territories=tuple(territories),
        kinds=tuple(Kind(vulnerability.fragilities[a], vulnerability.repairs[b]) for a, b in names),
        kind=triples[:, 1],
        group=group.ravel(),
        group_territory=groups[:, 0],
        group_kind=groups[:, 1],
        group_after=groups[:, 2],
    )
