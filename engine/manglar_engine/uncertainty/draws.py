"""Stratified draws: one value in each of n equal slices of probability, in a random order.

Latin hypercube sampling, McKay, Beckman and Conover (1979), Technometrics 21(2), 239-245. Every
parameter has its own stream, made from the seed and the name of the parameter, so that adding or
reordering faults leaves the draws of the others as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from manglar_engine.vocabulary import Triple

Floats = NDArray[np.float64]
NORMAL_LIMIT = 2.5
"""Normal draws stop at 2.5 deviations."""


def uniform(name: str, *, seed: int, count: int) -> Floats:
    """Return ``(count,)`` stratified uniform draws in (0, 1) for the parameter ``name``."""
    words = np.frombuffer(hashlib.sha256(name.encode("utf-8")).digest(), dtype="<u4")
    stream = np.random.Generator(np.random.PCG64([seed, *words.tolist()]))
    return np.asarray((stream.permutation(count) + stream.random(count)) / count)


def normal(name: str, *, seed: int, count: int) -> Floats:
    """Return standard normal draws cut at :data:`NORMAL_LIMIT`."""
    drawn = ndtri(uniform(name, seed=seed, count=count))
    return np.asarray(np.clip(drawn, -NORMAL_LIMIT, NORMAL_LIMIT))


def triangular(name: str, limits: Triple, *, seed: int, count: int) -> Floats:
    """Return triangular draws with mode ``best`` between ``min`` and ``max`` (inverse of its CDF)."""
    u = uniform(name, seed=seed, count=count)
    width = limits.max - limits.min
    if width <= 0:
        return np.full(count, limits.best)
    left, right = limits.best - limits.min, limits.max - limits.best
    return np.where(
        u * width < left,
        limits.min + np.sqrt(u * width * left),
        limits.max - np.sqrt((1 - u) * width * right),
    )


def branch(name: str, weighted: Sequence[tuple[float, float]], *, seed: int, count: int) -> Floats:
    """Return draws of a logic tree: values of ``(value, weight)`` pairs whose weights add up to 1."""
    values = np.array([value for value, _ in weighted])
    edges = np.cumsum([weight for _, weight in weighted])[:-1]
    return values[np.searchsorted(edges, uniform(name, seed=seed, count=count), side="right")]


def lognormal_mean_one(name: str, sigma: float, *, seed: int, count: int) -> Floats:
    """Return lognormal factors with mean 1 and logarithmic deviation ``sigma``."""
    return np.exp(sigma * normal(name, seed=seed, count=count) - sigma**2 / 2)
