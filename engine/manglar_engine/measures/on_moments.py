"""Measures on moment histograms: the same answers as :class:`Situation`, thousands of sets a second.

An asset's zone is the set of measures that reach it. A measure changes the functions of its zones: after a
shift and a factor the function ``f`` of a class becomes ``x -> amount * damage * f(max(x * scale - shift, 0))``,
which bends where its argument meets a node of ``f`` or zero. With those places among the edges of the
moments nothing is lost. A defence that keeps whole events out changes rates, not functions: it is refused here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import MeasureError
from manglar_engine.exposure.assets import Assets
from manglar_engine.measures.measure import Measure, Zones
from manglar_engine.measures.operations import Effect, ProtectUpTo, effect_on
from manglar_engine.measures.reach import reach
from manglar_engine.risk.moments import Moments
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet

Floats = NDArray[np.float64]
JOINT = " + "
"""Between the ids of the measures that reach a zone."""


def zones_by_measures(assets: Assets, measures: Sequence[Measure], zones: Zones | None = None) -> tuple[str, ...]:
    """Return the zone of each asset: the ids of the measures that reach it, in order of id.

    Raises:
        MeasureError: selections that do not exist, ids that hold the joint, or a defence that keeps events out.
    """
    wrong = [m.id for m in measures if JOINT in m.id or any(isinstance(op, ProtectUpTo) for op in m.operations)]
    if wrong:
        raise MeasureError(
            "measures cannot be told by functions alone", rows=wrong, mend="Evaluate defences with Situation.impact."
        )
    ordered = sorted(measures, key=lambda m: m.id)
    _, kinds, place = reach(ordered, assets, zones or {}, np.zeros(len(assets), dtype=np.intp))
    names = [JOINT.join(m.id for m, flag in zip(ordered, kind, strict=True) if flag) for kind in kinds]
    return tuple(names[number] for number in place.tolist())


def measured_edges(
    zones: Iterable[str],
    classes: Sequence[str],
    sets: Iterable[Sequence[Measure]],
    functions: ImpactFunctionSet,
    *,
    peril: str,
    may_be_negative: bool = False,
    factors: Iterable[float] = (1.0,),
) -> Floats:
    """Return the edges on which all functions are straight, whichever of ``sets`` is in place.

    ``may_be_negative``: of the hazard, as its footprints say: then a shift may go below zero. ``factors``: by
    which every intensity may be multiplied.
    """
    nodes: set[float] = {0.0}
    labels, multiplied = sorted(set(zones)), list(factors)
    for chosen in sets:
        for effect in _effects(labels, classes, chosen, peril):
            held = functions[peril, effect.asset_class].intensity
            bends = held if may_be_negative else np.append(held, 0.0)
            for scale in (effect.scale * factor for factor in multiplied):
                if scale > 0:
                    places = (bends + effect.shift) / scale
                    nodes.update(places[may_be_negative | (places >= 0)].tolist())
            nodes.update(held.tolist())
    edges = np.array(sorted(nodes))
    return edges if len(edges) > 1 else np.append(edges, edges[0] + 1.0)


def measured_values(
    moments: Moments,
    measures: Sequence[Measure],
    functions: ImpactFunctionSet,
    *,
    peril: str,
    may_be_negative: bool = False,
    factor: float = 1.0,
) -> Floats:
    """Return values ``(zones, classes, edges)`` of the functions with ``measures`` in place.

    They go to :meth:`Moments.expected` or, for many sets and samples, to the sweep. ``may_be_negative``: as in
    :func:`measured_edges`. ``factor``: multiplies every intensity.
    """
    values = np.zeros((len(moments.zones), len(moments.classes), len(moments.edges)))
    effects = iter(_effects(moments.zones, moments.classes, measures, peril))
    for z in range(len(moments.zones)):
        for c in range(len(moments.classes)):
            effect = next(effects)
            felt = moments.edges * factor * effect.scale - effect.shift
            if not may_be_negative:
                felt = np.maximum(felt, 0.0)
            ratio = functions[peril, effect.asset_class](felt)
            values[z, c] = effect.amount * effect.damage * ratio
    return values


def _effects(zones: Sequence[str], classes: Sequence[str], measures: Sequence[Measure], peril: str) -> list[Effect]:
    """Return the effect on every zone and class, in that order."""
    effects = []
    for zone in zones:
        inside = set(zone.split(JOINT))
        owned = [(m.id, op) for m in measures if m.id in inside for op in m.operations]
        effects += [effect_on(name, peril, owned) for name in classes]
    return effects
