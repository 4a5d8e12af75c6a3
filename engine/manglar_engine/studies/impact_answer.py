"""What a run of impact answers, frozen, and its canonical bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import SettingsError
from manglar_engine.io.canonical import canonical_bytes, digest
from manglar_engine.risk.curve import checked_periods
from manglar_engine.risk.impact import MAX, SUM, Impact
from manglar_engine.studies.measures_answer import MeasuresAnswer
from manglar_engine.vocabulary import Interval, Note

SCHEMA = "manglar-impact-answer-1"
FEWEST_SAMPLES = 100
"""With fewer, the 5th and 95th percentiles rest on a handful."""
PERIODS = (2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0)


@dataclass(frozen=True, slots=True)
class ImpactSettings:
    """How a run is made.

    Attributes:
        max_distance_m: how far a site may stand from an asset.
        return_periods: years, of the curves.
        together: ``sum`` or ``max``, for hazards that hit together.
        samples, seed: of the intervals.
        map_periods: years, of the impact of each asset under each hazard alone; no maps where there are none.
        curve_interval: whether the points of the curves carry 90% intervals, for two more passes over the hazards.
    """

    max_distance_m: float
    return_periods: Sequence[float] = PERIODS
    together: str = SUM
    samples: int = 10_000
    seed: int = 2026
    map_periods: Sequence[float] = ()
    curve_interval: bool = False

    def __post_init__(self) -> None:
        """Refuse with :class:`SettingsError` periods or words that do not exist."""
        for name in ("return_periods", "map_periods"):
            object.__setattr__(self, name, tuple(float(x) for x in checked_periods(getattr(self, name))))
        if self.samples < FEWEST_SAMPLES or self.seed < 0:
            raise SettingsError(
                f"samples is {self.samples} and seed {self.seed}",
                mend=f"Give samples >= {FEWEST_SAMPLES} and a seed >= 0.",
            )
        if not self.return_periods:
            raise SettingsError(
                "return_periods is empty", mend="Give one period or more, as [10, 100], or leave it out."
            )
        if self.together not in {SUM, MAX}:
            raise SettingsError(f"together is {self.together!r}", mend=f"Use {SUM!r} or {MAX!r}.")


@dataclass(frozen=True, slots=True)
class CurveInterval:
    """5% and 95% quantiles of a point of a curve, every function moved together between its bounds."""

    p05: float
    p95: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The impact reached once in ``return_period_years``; ``is_lower_bound`` where no event is that rare.

    ``interval``: none where nobody asked, or where no function in use has bounds.
    """

    return_period_years: float
    impact: float
    is_lower_bound: bool
    interval: CurveInterval | None = None


@dataclass(frozen=True, slots=True)
class TerritoryImpact:
    """One territory: what stands there, its expected annual impact and its own exceedance curve."""

    code: str
    assets: int
    exposed: float
    expected: float
    interval: Interval | None
    curve: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class ClassImpact:
    """One class: its expected annual impact and what its functions rest on; marks and sources are of all perils."""

    asset_class: str
    exposed: float
    expected: float
    functions: tuple[str, ...]
    marks: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmountAnswer:
    """The answer for the value or for the people.

    ``expected`` is that of the mean functions. ``interval`` is of the samples, none where no function has
    bounds or hazards hit together. ``estimate_share``: of the expected impact, in classes with a function
    marked as an estimate; ``unbounded_share``: in classes with a function without bounds, which do not
    widen the interval.
    """

    amount: str
    unit: str
    combined: str
    exposed: float
    expected: float
    interval: Interval | None
    estimate_share: float
    unbounded_share: float
    curve: tuple[CurvePoint, ...]
    by_territory: tuple[TerritoryImpact, ...]
    by_class: tuple[ClassImpact, ...]


@dataclass(frozen=True, slots=True)
class ImpactAnswer:
    """A whole run. ``impacts`` by amount, and ``maps``, stay out of the JSON.

    ``maps``: by amount and peril, the impact of each asset at each of ``map_periods (assets, periods)``, each hazard
    alone.
    """

    price_year: int
    events: int
    amounts: tuple[AmountAnswer, ...]
    measures: tuple[MeasuresAnswer, ...]
    notes: tuple[Note, ...]
    manifest: Mapping[str, Any]
    impacts: Mapping[str, Impact] = field(repr=False)
    maps: Mapping[tuple[str, str], NDArray[np.float64]] = field(repr=False, default_factory=dict)
    map_periods: tuple[float, ...] = ()

    @property
    def manifest_digest(self) -> str:
        """Return the digest of the manifest, which names the run."""
        return digest(self.manifest)

    def told(self) -> Mapping[str, Any]:
        """Return what the JSON holds."""
        return {
            "schema": SCHEMA,
            "price_year": self.price_year,
            "events": self.events,
            "amounts": self.amounts,
            "measures": [row.told() for row in self.measures],
            "notes": self.notes,
            "manifest_digest": self.manifest_digest,
        }

    def to_json(self) -> bytes:
        """Return the canonical bytes of the answer."""
        return canonical_bytes(self.told())
