"""L2, sweeps: every sample of every set of measures in every scenario, as one matrix product per set.

What is uncertain enters where it is linear: functions through their values at the edges of the moments,
amounts through the same values times a factor, frequencies through the scenarios or a factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import VulnerabilityError
from manglar_engine.risk.moments import Moments, values_on
from manglar_engine.vulnerability.impact_function import ImpactFunction

Floats = NDArray[np.float64]
Z95 = NormalDist().inv_cdf(0.95)
"""Normal deviate of the 95% bound of a function."""


def sweep(moments: Moments, sets: Iterable[Floats]) -> Iterator[Floats]:
    """Yield the expected annual impact ``(samples, territories, scenarios)`` of each set of measures.

    ``sets``: for each, values of the functions at the edges ``(samples, zones, classes, edges)``, those
    of a zone as the measures of the set leave them, times the factor of the amount where it is drawn.

    Raises:
        VulnerabilityError: values of another shape than the moments.
    """
    nodes = moments.on_nodes()
    territories, zones, classes, edges, scenarios = nodes.shape
    weights = nodes.transpose(1, 2, 3, 0, 4).reshape(zones * classes * edges, territories * scenarios)
    used = np.flatnonzero(weights.any(axis=1))
    kept = np.ascontiguousarray(weights[used])
    for values in sets:
        if values.shape[1:] != (zones, classes, edges):
            raise VulnerabilityError(
                f"values have shape {values.shape} where (samples, {zones}, {classes}, {edges}) are needed",
                mend="Give them by zone, class and edge of the moments, sorted as there.",
            )
        flat = values.reshape(len(values), -1)
        chosen = flat if len(used) == flat.shape[1] else flat[:, used]
        yield (chosen @ kept).reshape(len(values), territories, scenarios)


def drawn_values(edges: Floats, functions: Sequence[ImpactFunction], deviates: Floats) -> Floats:
    """Return values of uncertain functions at the edges ``(samples, functions, edges)``.

    ``deviates (samples, functions)`` are standard normal; one moves all the nodes of a function
    together, so that -1.645 gives its 5% bound, 0 its mean and 1.645 its 95% bound. Values stay within
    0..1 and do not fall where the function does not. A function without bounds stays at its mean.

    Raises:
        VulnerabilityError: a node that is not an edge, or deviates of another shape.
    """
    mean = values_on(edges, functions)
    if deviates.ndim != 2 or deviates.shape[1] != len(functions):
        raise VulnerabilityError(
            f"deviates have shape {deviates.shape} for {len(functions)} functions", mend="Give (samples, functions)."
        )
    low, high = (np.array([_bound(f, name, edges) for f in functions]) for name in ("low", "high"))
    share = deviates[:, :, None] / Z95
    drawn = mean + np.where(share < 0, share * (mean - low), share * (high - mean))
    drawn = np.clip(drawn, 0.0, 1.0)
    for i, function in enumerate(functions):
        if not function.may_fall:
            drawn[:, i] = np.maximum.accumulate(drawn[:, i], axis=1)
    return np.asarray(drawn)


def _bound(function: ImpactFunction, name: str, edges: Floats) -> Floats:
    bound = getattr(function, name)
    return function(edges) if bound is None else np.asarray(np.interp(edges, function.intensity, bound))
