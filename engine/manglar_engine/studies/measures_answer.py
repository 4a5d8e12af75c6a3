"""What measures change in a run of impact: each alone, and all together as one combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import MeasureError, SettingsError
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
from manglar_engine.studies.uncertain_worth import UncertainWorth, check_worth_doubts, uncertain_worth
from manglar_engine.uncertainty.distributions import Doubt
from manglar_engine.vocabulary import Cancel, Progress
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet

APART_FROM_JSON = {"plain", "notes", "manifest"}
"""Of an uncertain worth, what the answer tells elsewhere: the plain worth, the notes, the manifest."""


@dataclass(frozen=True, slots=True)
class MeasuresAsked:
    """What is asked of measures.

    Attributes:
        measures: each is evaluated alone, and all together. ``horizon``: of their worth.
        zones: that they may select, as which assets lie in each ``(assets,)``.
        doubts: of what they are worth; empty where nobody gave any, ``None`` where they are weighed elsewhere.
    """

    measures: tuple[Measure, ...] = ()
    horizon: Horizon | None = None
    zones: Mapping[str, NDArray[np.bool_]] | None = None
    doubts: tuple[Doubt, ...] | None = None


@dataclass(frozen=True, slots=True)
class Draws:
    """From which seed, and how many samples, the doubts are drawn."""

    seed: int
    samples: int


@dataclass(frozen=True, slots=True)
class MeasuresAnswer:
    """Expected annual impact with ``measures`` in place, and what they avoid by territory.

    ``worth`` is none without a horizon, or where a measure has no cost. ``uncertain``: the same with its
    intervals, none without doubts.
    """

    measures: tuple[str, ...]
    assets: int
    expected_before: float
    expected_after: float
    avoided_by_territory: Mapping[str, float]
    worth: Worth | None
    uncertain: UncertainWorth | None = None

    def told(self) -> Mapping[str, object]:
        """Return what the JSON holds: of the uncertain worth, what stands nowhere else."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.uncertain is not None:
            names = [field.name for field in fields(self.uncertain) if field.name not in APART_FROM_JSON]
            held["uncertain"] = {name: getattr(self.uncertain, name) for name in names}
        return held


def refuse_pointless(asked: MeasuresAsked) -> None:
    """Refuse with :class:`SettingsError` doubts that cannot be, or that there is no worth to weigh with."""
    doubts = asked.doubts or ()
    check_worth_doubts(doubts)
    lacking = (
        ("no measure", not asked.measures),
        ("no horizon", asked.horizon is None),
        ("no measure with a cost", bool(asked.measures) and all(one.cost is None for one in asked.measures)),
    )
    missing = [text for text, lacks in lacking if lacks]
    if doubts and missing:
        raise SettingsError(
            f"doubts are of what measures are worth, and there is {', '.join(missing)}",
            rows=[doubt.name for doubt in doubts],
            mend="Give measures with their cost and a horizon, or leave the doubts out.",
        )


def measures_answers(
    hazards: Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: ImpactFunctionSet,
    asked: MeasuresAsked,
    *,
    max_distance_m: float,
    draws: Draws,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> tuple[MeasuresAnswer, ...]:
    """Return one answer for each measure and, where there are several, one for all together.

    They are evaluated over the value of the assets, hazards in memory. All are priced on the same draws.

    Raises:
        MeasureError: hazards that hit together, or measures that disagree. Cancelled: ``cancel()`` said so.
        EngineError: anything else that disagrees, named.
    """
    if match([hazard.events for hazard in hazards], SUM).combined != APART:
        raise MeasureError(
            "measures are not evaluated over hazards that hit together",
            mend="Give the hazards events of their own, or leave the measures out.",
        )
    measures, horizon = asked.measures, asked.horizon
    _refuse_unreached(hazards, assets, measures)
    held = [hazard if isinstance(hazard, Hazard) else whole(hazard) for hazard in hazards]
    situations = [Situation(hazard, assets, functions, max_distance_m, asked.zones) for hazard in held]
    year = held[0].events.year[0]
    sets = [(measure,) for measure in measures] + ([measures] if len(measures) > 1 else [])
    codes, _ = positions(assets.territory)
    before = np.sum([one.expected() for one in situations], axis=0)
    answers = []
    for number, chosen in enumerate(sets):
        after = np.sum([one.expected(chosen) for one in situations], axis=0)
        reached = np.any([measure.selected(assets, situations[0].zones or {}) for measure in chosen], axis=0)
        priced = horizon is not None and all(measure.cost is not None for measure in chosen)
        answers.append(
            MeasuresAnswer(
                measures=tuple(measure.id for measure in chosen),
                assets=int(reached.sum()),
                expected_before=float(before.sum()),
                expected_after=float(after.sum()),
                avoided_by_territory=dict(zip(codes, (before - after).tolist(), strict=True)),
                worth=worth({year: situations}, chosen, horizon) if horizon is not None and priced else None,
                uncertain=uncertain_worth(
                    {year: situations},
                    chosen,
                    horizon,
                    asked.doubts,
                    seed=draws.seed,
                    samples=draws.samples,
                    progress=share_of(progress, number, len(sets)),
                    cancel=cancel,
                )
                if horizon is not None and priced and asked.doubts
                else None,
            )
        )
    return tuple(answers)


def share_of(progress: Progress | None, step: int, steps: int) -> Progress | None:
    """Return the progress of one step out of ``steps``, counted from 0."""
    if progress is None:
        return None
    return lambda fraction, label: progress((step + fraction) / steps, label)


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
