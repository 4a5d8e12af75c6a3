"""Which doubt matters: variance-based sensitivity, Sobol' indices.

Saltelli et al. (2010), Variance based sensitivity analysis of model output. Design and estimator for the
total sensitivity index, Computer Physics Communications 181(2), 259-270, doi 10.1016/j.cpc.2009.09.018,
table 2: first order by (b), ``mean(f(B) (f(AB_i) - f(A))) / V``, total by (f), Jansen's
``mean((f(A) - f(AB_i))²) / (2 V)``. ``AB_i`` is A with its column i from B. Points are a scrambled Sobol'
sequence in twice as many dimensions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from manglar_engine.errors import SettingsError
from manglar_engine.uncertainty.distributions import Doubt, check_doubts

Floats = NDArray[np.float64]

BASE = 1024
RESAMPLES = 200
MOST = 2**20


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Shares of the variance that come from one doubt, with 90% bootstrap intervals.

    ``first``: alone. ``total``: alone and together with others. A first order near the total means that
    it does not interact; a total near zero, that it could be fixed. Estimates may fall slightly below zero.
    """

    name: str
    first: float
    first_p05: float
    first_p95: float
    total: float
    total_p05: float
    total_p95: float


def sobol_indices(
    model: Callable[[Floats], Floats], doubts: Sequence[Doubt], *, seed: int, base: int = BASE
) -> tuple[Sensitivity, ...]:
    """Return the sensitivity of ``model`` to each doubt, in their order.

    Args:
        model: takes ``(points, doubts)`` and returns ``(points,)``.
        doubts: independent of each other.
        seed: of the scrambling and the resampling.
        base: points, a power of two; the model sees ``base * (doubts + 2)``.

    Raises:
        SettingsError: no doubts, repeated names, a base that is no power of two, or a model that is not
            finite or does not vary.
    """
    check_doubts(doubts)
    if not doubts or base < 64 or base > MOST or base & (base - 1):
        raise SettingsError(
            f"{len(doubts)} doubts and a base of {base}", mend="Give one doubt or more, and a power of two from 64."
        )
    count = len(doubts)
    points = qmc.Sobol(2 * count, scramble=True, rng=np.random.default_rng(seed)).random(base)
    # The scrambled sequence may hold an exact zero, whose normal quantile is infinite: the draws are cut anyway.
    first, second = (_placed(doubts, part) for part in (points[:, :count], points[:, count:]))
    f_a, f_b = _checked(model, first), _checked(model, second)
    centre = float(np.concatenate([f_a, f_b]).mean())
    f_a, f_b = f_a - centre, f_b - centre
    mixed = np.empty((count, base))
    for i in range(count):
        swapped = first.copy()
        swapped[:, i] = second[:, i]
        mixed[i] = _checked(model, swapped) - centre
    if np.concatenate([f_a, f_b]).var() <= 1e-24 * max(centre**2, 1e-300):
        raise SettingsError("the answer does not vary with any doubt", mend="Leave the sensitivity out.")
    best = _estimates(f_a, f_b, mixed)
    stream = np.random.default_rng([seed, 1])
    rows = stream.integers(0, base, size=(RESAMPLES, base))
    resampled = np.array([_estimates(f_a[r], f_b[r], mixed[:, r]) for r in rows])
    low, high = np.quantile(resampled, [0.05, 0.95], axis=0)
    return tuple(
        Sensitivity(d.name, *(float(x[k, i]) for k in range(2) for x in (best, low, high)))
        for i, d in enumerate(doubts)
    )


def _placed(doubts: Sequence[Doubt], unit: Floats) -> Floats:
    return np.column_stack([d.distribution.quantile(unit[:, i]) for i, d in enumerate(doubts)])


def _checked(model: Callable[[Floats], Floats], points: Floats) -> Floats:
    values = np.asarray(model(points), dtype=np.float64)
    if values.shape != (len(points),) or not np.isfinite(values).all():
        raise SettingsError("the model does not give one finite number per point", mend="Check it at the extremes.")
    return values


def _estimates(f_a: Floats, f_b: Floats, mixed: Floats) -> Floats:
    """Return first orders and totals ``(2, doubts)``."""
    variance = float(np.concatenate([f_a, f_b]).var())
    return np.array([(f_b * (mixed - f_a)).mean(axis=1), ((f_a - mixed) ** 2).mean(axis=1) / 2]) / variance
