"""A run of impact whole: hazards, assets and functions in, an answer with its manifest out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import SettingsError, VulnerabilityError
from manglar_engine.exposure.assets import Assets, positions
from manglar_engine.exposure.places import ZonesRead
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.tiling import TiledHazard
from manglar_engine.io.canonical import array_digest
from manglar_engine.measures.measure import Measure
from manglar_engine.measures.worth import Horizon
from manglar_engine.risk.exceedance_map import exceedance_by_asset
from manglar_engine.risk.impact import APART, Impact
from manglar_engine.risk.schedule import Schedule
from manglar_engine.risk.tiled_impact import Keep, impact
from manglar_engine.studies.curve_interval import Ends, impacts_at_bounds
from manglar_engine.studies.impact_answer import (
    SCHEMA,
    AmountAnswer,
    ClassImpact,
    CurveInterval,
    CurvePoint,
    ImpactAnswer,
    ImpactSettings,
    TerritoryImpact,
)
from manglar_engine.studies.impact_interval import expected_samples, interval_of
from manglar_engine.studies.impact_notes import NOTES, notes_of_curves, notes_of_doubts, notes_of_run, refuse_twice
from manglar_engine.studies.measures_answer import (
    Draws,
    MeasuresAnswer,
    MeasuresAsked,
    measures_answers,
    refuse_pointless,
    share_of,
)
from manglar_engine.uncertainty.distributions import Doubt
from manglar_engine.vocabulary import ENGINE_VERSION, ESTIMATE, Cancel, Progress
from manglar_engine.vulnerability.impact_function import ImpactFunction, ImpactFunctionSet

ADDED = {"map_periods", "curve_interval"}
"""Settings of later versions: a run that does not use them keeps the name that it had."""


def impact_study(
    hazards: Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: Mapping[str, ImpactFunctionSet],
    settings: ImpactSettings,
    *,
    measures: Sequence[Measure] = (),
    horizon: Horizon | None = None,
    zones: Mapping[str, NDArray[np.bool_]] | None = None,
    doubts: Sequence[Doubt] | None = None,
    inputs: Mapping[str, str] | None = None,
    schedule: Schedule | None = None,
    keep: Keep | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> ImpactAnswer:
    """Return the answer for each amount of ``functions``: ``value``, ``people`` or both.

    ``measures`` are evaluated over the value, each alone and all together; ``horizon`` gives their worth.
    ``zones``: that measures may select, flags ``(assets,)`` by name. ``doubts``: what is not known of the worth, which
    then carries intervals (:func:`~manglar_engine.studies.uncertain_worth.uncertain_worth`); with none given a note
    says that it has no interval, and ``None`` leaves them to the caller.
    ``inputs``: digest of each file read, for the manifest. Functions with bounds are drawn from the seed.

    Raises:
        EngineError: anything that disagrees, named. Cancelled: ``cancel()`` said so.
    """
    if not functions:
        raise VulnerabilityError("no functions were given", mend="Give those of value, of people, or both.")
    asked = MeasuresAsked(tuple(measures), horizon, zones, None if doubts is None else tuple(doubts))
    refuse_pointless(asked)
    refuse_twice(hazards)
    steps = len(functions) + bool(doubts)
    impacts: dict[str, Impact] = {}
    for step, (amount, held) in enumerate(functions.items()):
        impacts[amount] = impact(
            hazards,
            assets,
            held,
            max_distance_m=settings.max_distance_m,
            amount=amount,
            together=settings.together,
            schedule=schedule,
            keep=keep,
            progress=share_of(progress, step, steps),
            cancel=cancel,
        )
    drawn = {
        name: _drawn(
            found,
            hazards,
            assets,
            (name, functions[name]),
            settings,
            schedule=schedule or Schedule(),
            cancel=cancel,
        )
        for name, found in impacts.items()
    }
    ends = {
        name: impacts_at_bounds(
            hazards,
            assets,
            held,
            max_distance_m=settings.max_distance_m,
            amount=name,
            together=settings.together,
            schedule=schedule,
            keep=keep,
            cancel=cancel,
        )
        if settings.curve_interval
        else None
        for name, held in functions.items()
    }
    measured = _measured(
        hazards, assets, functions, (asked, settings), watch=(share_of(progress, len(functions), steps), cancel)
    )
    return ImpactAnswer(
        price_year=assets.price_year,
        events=len(next(iter(impacts.values())).event_ids),
        amounts=tuple(
            _amount(
                found, assets, settings, _Basis(name, _used(hazards, assets, functions[name]), drawn[name], ends[name])
            )
            for name, found in impacts.items()
        ),
        measures=measured,
        notes=(
            *NOTES,
            *notes_of_run(hazards, assets, functions, impacts, measured),
            *notes_of_doubts(asked.doubts, measured),
            *notes_of_curves(settings.curve_interval, ends),
        ),
        manifest={
            "schema": SCHEMA,
            "engine_version": ENGINE_VERSION,
            "parameters": {k: v for k, v in asdict(settings).items() if k not in ADDED or v},
            "amounts": list(functions),
            "measures": [_told(measure) for measure in measures],
            "horizon": None if horizon is None else asdict(horizon),
            "inputs": dict(inputs or {}),
            "seed": settings.seed,
            **_told_more(asked),
        },
        impacts=impacts,
        maps=_maps(hazards, assets, functions, settings, schedule=schedule, cancel=cancel),
        map_periods=tuple(settings.map_periods),
    )


def _maps(
    hazards: Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: Mapping[str, ImpactFunctionSet],
    settings: ImpactSettings,
    *,
    schedule: Schedule | None,
    cancel: Cancel | None,
) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Return the maps of every amount and peril; two hazards of one peril have no map of their own each."""
    if not settings.map_periods:
        return {}
    perils = [hazard.peril for hazard in hazards]
    repeated = sorted({peril for peril in perils if perils.count(peril) > 1})
    if repeated:
        raise SettingsError("maps of two hazards of one peril", rows=repeated, mend="Run them apart, or without maps.")
    return {
        (amount, hazard.peril): exceedance_by_asset(
            hazard,
            assets,
            held,
            max_distance_m=settings.max_distance_m,
            periods=settings.map_periods,
            amount=amount,
            schedule=schedule,
            cancel=cancel,
        )
        for amount, held in functions.items()
        for hazard in hazards
    }


def _told(measure: Measure) -> dict[str, object]:
    """Return a measure as data, each operation with its kind: two kinds may hold the same figures."""
    kinds = [type(operation).__name__ for operation in measure.operations]
    return {**asdict(measure), "kinds": kinds}


def _told_more(asked: MeasuresAsked) -> dict[str, object]:
    """Return zones and doubts as data, nothing of what was not given: a run without them keeps its name."""
    told: dict[str, object] = {}
    if asked.doubts:
        told["doubts"] = [{**asdict(one), "kind": type(one.distribution).__name__} for one in asked.doubts]
    if asked.zones:
        wanted = sorted({measure.zone for measure in asked.measures if measure.zone})
        place = ("file", "column", "layer") if isinstance(asked.zones, ZonesRead) else ()
        told["zones"] = {
            **{name: getattr(asked.zones, name) for name in place},
            "asked": {name: array_digest(np.asarray(asked.zones[name])) for name in wanted},
        }
    return told


def _measured(
    hazards: Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: Mapping[str, ImpactFunctionSet],
    asked: tuple[MeasuresAsked, ImpactSettings],
    *,
    watch: tuple[Progress | None, Cancel | None],
) -> tuple[MeasuresAnswer, ...]:
    wanted, settings = asked
    if not wanted.measures:
        return ()
    if "value" not in functions:
        raise VulnerabilityError("measures need functions of value", mend="Give [functions] value.")
    return measures_answers(
        hazards,
        assets,
        functions["value"],
        wanted,
        max_distance_m=settings.max_distance_m,
        draws=Draws(settings.seed, settings.samples),
        progress=watch[0],
        cancel=watch[1],
    )


def _used(
    hazards: Sequence[Hazard | TiledHazard], assets: Assets, functions: ImpactFunctionSet
) -> Mapping[str, tuple[ImpactFunction, ...]]:
    """Return the functions of each class, one for each peril of the run."""
    perils = sorted({hazard.peril for hazard in hazards})
    return {name: tuple(functions[peril, name] for peril in perils) for name in sorted(set(assets.asset_class))}


def _points(
    found: Impact, ends: Ends | None, periods: Sequence[float], territory: str | None = None
) -> tuple[CurvePoint, ...]:
    """Return the curve of the city or of a territory at ``periods``, with its intervals where ``ends`` are known."""
    curve = found.curve(territory)
    longest = curve.longest_period
    low, high = (None, None) if ends is None else (end.curve(territory).at(periods).tolist() for end in ends)
    return tuple(
        CurvePoint(
            period,
            float(impact),
            bool(period > longest * (1 + 1e-9)),
            None if low is None or high is None else CurveInterval(low[i], high[i]),
        )
        for i, (period, impact) in enumerate(zip(periods, curve.at(periods), strict=True))
    )


@dataclass(frozen=True, slots=True)
class _Basis:
    """What the answer for one amount rests on.

    Functions by class, samples ``(samples, territories)``, and the impacts at the bounds of the functions.
    """

    amount: str
    used: Mapping[str, tuple[ImpactFunction, ...]]
    samples: NDArray[np.float64] | None
    ends: Ends | None


def _drawn(
    found: Impact,
    hazards: Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: tuple[str, ImpactFunctionSet],
    settings: ImpactSettings,
    *,
    schedule: Schedule,
    cancel: Cancel | None,
) -> NDArray[np.float64] | None:
    """Return samples where some function in use has bounds and no event is shared, else none."""
    amount, held = functions
    used = _used(hazards, assets, held).values()
    if found.combined != APART or all(f.low is None for some in used for f in some):
        return None
    return expected_samples(
        hazards,
        assets,
        held,
        samples=settings.samples,
        seed=settings.seed,
        max_distance_m=settings.max_distance_m,
        amount=amount,
        schedule=schedule,
        cancel=cancel,
    )


def _amount(found: Impact, assets: Assets, settings: ImpactSettings, basis: _Basis) -> AmountAnswer:
    amounts, used, samples = assets.amount(basis.amount), basis.used, basis.samples
    codes, place = positions(assets.territory)
    expected = found.expected_by_territory
    exposed = np.bincount(place, weights=amounts, minlength=len(codes))
    count = np.bincount(place, minlength=len(codes))
    classes, kind = positions(assets.asset_class)
    by_class = np.bincount(kind, weights=found.expected_by_asset, minlength=len(classes))
    of_class = np.bincount(kind, weights=amounts, minlength=len(classes))
    guessed = np.array([any(f.mark == ESTIMATE for f in used[c]) for c in classes])
    unbounded = np.array([any(f.low is None for f in used[c]) for c in classes])
    total = float(by_class.sum()) or 1.0
    return AmountAnswer(
        amount=basis.amount,
        unit=found.unit,
        combined=found.combined,
        exposed=float(amounts.sum()),
        expected=found.expected,
        interval=None if samples is None else interval_of(samples.sum(axis=1)),
        estimate_share=float(by_class[guessed].sum()) / total,
        unbounded_share=float(by_class[unbounded].sum()) / total,
        curve=_points(found, basis.ends, settings.return_periods),
        by_territory=tuple(
            TerritoryImpact(
                code,
                int(count[i]),
                float(exposed[i]),
                float(expected[i]),
                None if samples is None else interval_of(samples[:, i]),
                _points(found, basis.ends, settings.return_periods, code),
            )
            for i, code in enumerate(codes)
        ),
        by_class=tuple(
            ClassImpact(
                c,
                float(of_class[i]),
                float(by_class[i]),
                tuple(f.id for f in used[c]),
                tuple(f.mark for f in used[c]),
                tuple(f.source for f in used[c]),
            )
            for i, c in enumerate(classes)
        ),
    )
