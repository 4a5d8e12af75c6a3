"""What is not known of one figure: a distribution by its quantiles, with its source and its mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from manglar_engine.errors import SettingsError
from manglar_engine.uncertainty.draws import NORMAL_LIMIT, uniform
from manglar_engine.vocabulary import ESTIMATE, SOURCE, Interval

Floats = NDArray[np.float64]

SAMPLES = 10_000
"""Samples of a run unless another number is asked for."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A figure taken as known."""

    value: float

    def quantile(self, probability: Floats) -> Floats:
        """Return the value for every probability."""
        return np.full(np.shape(probability), self.value)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything between ``low`` and ``high``, equally likely."""

    low: float
    high: float

    def quantile(self, probability: Floats) -> Floats:
        """Return the inverse of the distribution."""
        return np.asarray(self.low + (self.high - self.low) * probability)


@dataclass(frozen=True, slots=True)
class Triangular:
    """Between ``low`` and ``high``, ``best`` the most likely."""

    low: float
    best: float
    high: float

    def quantile(self, probability: Floats) -> Floats:
        """Return the inverse of the distribution."""
        width, left, right = self.high - self.low, self.best - self.low, self.high - self.best
        if width <= 0:
            return np.full(np.shape(probability), self.best)
        return np.where(
            probability * width < left,
            self.low + np.sqrt(probability * width * left),
            self.high - np.sqrt((1 - probability) * width * right),
        )


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal of ``mean`` and ``deviation``, cut at 2.5 deviations."""

    mean: float
    deviation: float

    def quantile(self, probability: Floats) -> Floats:
        """Return the inverse of the distribution."""
        return np.asarray(self.mean + self.deviation * np.clip(ndtri(probability), -NORMAL_LIMIT, NORMAL_LIMIT))


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Lognormal of ``median`` and deviation ``sigma`` of its logarithm, cut at 2.5 deviations."""

    median: float
    sigma: float

    def quantile(self, probability: Floats) -> Floats:
        """Return the inverse of the distribution."""
        return np.asarray(self.median * np.exp(self.sigma * np.clip(ndtri(probability), -NORMAL_LIMIT, NORMAL_LIMIT)))


Distribution = Fixed | Uniform | Triangular | Normal | LogNormal


@dataclass(frozen=True, slots=True)
class Doubt:
    """One figure that is not known: its name, its distribution, who says so."""

    name: str
    distribution: Distribution
    source: str
    mark: str

    def __post_init__(self) -> None:
        """Raise :class:`SettingsError` for no name or source, an unknown mark, or an impossible distribution."""
        fault = _fault(self.distribution)
        wrong = [
            text
            for text, holds in {
                "it has no name": bool(self.name.strip()),
                "its source is blank": bool(self.source.strip()),
                f"its mark must be {SOURCE!r} or {ESTIMATE!r}": self.mark in {SOURCE, ESTIMATE},
                fault: not fault,
            }.items()
            if not holds
        ]
        if wrong:
            raise SettingsError(f"doubt {self.name!r}: {'; '.join(wrong)}", mend="Correct it.")

    @property
    def is_open(self) -> bool:
        """Return whether the figure varies at all."""
        low, high = self.distribution.quantile(np.array([0.01, 0.99])).tolist()
        return bool(high > low)


def _fault(distribution: Distribution) -> str:
    match distribution:
        case Fixed(value):
            return "" if np.isfinite(value) else "its value is not finite"
        case Uniform(low, high):
            return "" if np.isfinite([low, high]).all() and low <= high else "its limits are not in order"
        case Triangular(low, best, high):
            return "" if np.isfinite([low, best, high]).all() and low <= best <= high else "its limits are not in order"
        case Normal(mean, deviation):
            return "" if np.isfinite([mean, deviation]).all() and deviation >= 0 else "its deviation is negative"
        case LogNormal(median, sigma):
            good = np.isfinite([median, sigma]).all() and median > 0 and sigma >= 0
            return "" if good else "its median must be above zero and its sigma not negative"


def check_doubts(doubts: Sequence[Doubt]) -> None:
    """Refuse with :class:`SettingsError` names that repeat."""
    names = [doubt.name for doubt in doubts]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise SettingsError("doubts repeat a name", rows=repeated, mend="Give each figure one distribution.")


def draw(doubts: Sequence[Doubt], *, seed: int, count: int = SAMPLES) -> Mapping[str, Floats]:
    """Return ``(count,)`` stratified draws of each figure, each from its own named stream.

    Raises:
        SettingsError: repeated names, or fewer than 100 samples, too few for a 90% interval.
    """
    check_doubts(doubts)
    if count < 100:
        raise SettingsError(f"{count} samples are too few for a 90% interval", mend="Ask for 100 or more.")
    return {d.name: d.distribution.quantile(uniform(d.name, seed=seed, count=count)) for d in doubts}


def interval_of(values: Floats) -> Interval:
    """Return mean and 90% interval of ``values (samples,)``; refuse with :class:`SettingsError` what is not finite."""
    wrong = int((~np.isfinite(values)).sum())
    if wrong or not values.size:
        raise SettingsError(f"{wrong} of {values.size} samples are not finite", mend="Check the distributions.")
    low, high = np.quantile(values, [0.05, 0.95]).tolist()
    return Interval(float(values.mean()), low, high)
