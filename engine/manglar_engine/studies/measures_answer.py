"""What measures change in a run of impact: each alone, and all together as one combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from manglar_engine.errors import MeasureError
from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.store import whole
from manglar_engine.hazard.tiling import TiledHazard
from manglar_engine.measures.measure import Measure
from manglar_engine.measures.operations import ChangeClass
from manglar_engine.measures.situation import Situation
from manglar_engine.measures.worth import Horizon, Worth, worth
from manglar_engine.risk.impact import APART, SUM
from manglar_engine.risk.matching import match
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet


@dataclass(frozen=True, slots=True)
class MeasuresAnswer:
    """Expected annual impact with ``measures`` in place, and what they avoid by territory.

    ``worth`` is none without a horizon, or where a measure has no cost.
    """

    measures: tuple[str, ...]
    assets: int
    expected_before: float
    expected_after: float
    avoided_by_territory: Mapping[str, float]
    worth: Worth | None


def measures_answers(
    hazards: Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: ImpactFunctionSet,
    measures: Sequence[Measure],
    *,
    max_distance_m: float,
    horizon: Horizon | None = None,
) -> tuple[MeasuresAnswer, ...]:
    """Return one answer for each measure and, where there are several, one for all together.

    They are evaluated over the value of the assets, hazards in memory.

    Raises:
        MeasureError: hazards that hit together, or measures that disagree.
        EngineError: anything else that disagrees, named.
    """
    if match([hazard.events for hazard in hazards], SUM).combined != APART:
        raise MeasureError(
            "measures are not evaluated over hazards that hit together",
            mend="Give the hazards events of their own, or leave the measures out.",
        )
    _refuse_unreached(hazards, assets, measures)
    held = [hazard if isinstance(hazard, Hazard) else whole(hazard) for hazard in hazards]
    situations = [Situation(hazard, assets, functions, max_distance_m) for hazard in held]
    year = held[0].events.year[0]
    sets = [(measure,) for measure in measures] + ([tuple(measures)] if len(measures) > 1 else [])
    codes, _ = positions(assets.territory)
    before = np.sum([one.expected() for one in situations], axis=0)
    answers = []
    for chosen in sets:
        after = np.sum([one.expected(chosen) for one in situations], axis=0)
        reached = np.any([measure.selected(assets, {}) for measure in chosen], axis=0)
        priced = horizon is not None and all(measure.cost is not None for measure in chosen)
        answers.append(
            MeasuresAnswer(
                measures=tuple(measure.id for measure in chosen),
                assets=int(reached.sum()),
                expected_before=float(before.sum()),
                expected_after=float(after.sum()),
                avoided_by_territory=dict(zip(codes, (before - after).tolist(), strict=True)),
                worth=worth({year: situations}, chosen, horizon) if horizon is not None and priced else None,
            )
        )
    return tuple(answers)


def _refuse_unreached(hazards: Sequence[Hazard | TiledHazard], assets: Assets, measures: Sequence[Measure]) -> None:
    """Refuse operations on a peril that no hazard has, or on a class that no asset has."""
    perils, classes = {hazard.peril for hazard in hazards}, set(assets.asset_class)
    for measure in measures:
        for operation in measure.operations:
            if operation.peril and operation.peril not in perils:
                raise MeasureError(
                    f"{measure.id}: an operation on peril {operation.peril!r}, which no hazard of the run has",
                    mend=f"There are: {', '.join(sorted(perils))}; leave peril out for all of them.",
                )
            unknown = sorted(set(operation.classes) - classes) if isinstance(operation, ChangeClass) else []
            if unknown:
                raise MeasureError(
                    f"{measure.id}: it changes classes that no asset has",
                    rows=unknown,
                    mend=f"There are: {', '.join(sorted(classes))}.",
                )
