"""Two short questions as studies: extreme sea level from a gauge, and flood rates from recorded events.

Each takes its settings, tells all that is wrong with them at once, and puts the digests of its inputs into
the manifest of the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from manglar_engine.errors import SettingsError
from manglar_engine.hazard.flood_rates import PRIORS, CompletenessWindow, FloodRates, flood_rates
from manglar_engine.hazard.recorded_events import EventReading
from manglar_engine.hazard.sea_level import (
    BOOTSTRAP,
    PERIODS,
    SAMPLES,
    SeaLevelResult,
    SeaLevelScenario,
    extreme_sea_level,
)
from manglar_engine.hazard.sea_level_series import ExtremeSeries, MeanSeries
from manglar_engine.vocabulary import Cancel, Progress

FEWEST_SAMPLES, FEWEST_BOOTSTRAP = 1000, 20


@dataclass(frozen=True, slots=True)
class SeaLevelSettings:
    """How return levels are asked for.

    Attributes:
        periods: years, above 1, rising.
        seed: of all draws, 0 or more.
        samples: draws for the sum of level and rise, 1,000 or more.
        bootstrap: series drawn to judge the fit, 20 or more.
        scenarios: rises of the mean sea level, each with its source.
    """

    periods: Sequence[float] = PERIODS
    seed: int = 2026
    samples: int = SAMPLES
    bootstrap: int = BOOTSTRAP
    scenarios: Sequence[SeaLevelScenario] = ()

    def __post_init__(self) -> None:
        """Raise :class:`SettingsError` naming every setting out of its range."""
        object.__setattr__(self, "periods", tuple(float(period) for period in self.periods))
        object.__setattr__(self, "scenarios", tuple(self.scenarios))
        ids = [scenario.id for scenario in self.scenarios]
        checks = {
            "periods: one or more, above 1 year, rising": bool(self.periods)
            and self.periods[0] > 1
            and list(self.periods) == sorted(set(self.periods)),
            "seed: a whole number, 0 or more": self.seed >= 0,
            f"samples: {FEWEST_SAMPLES:,} or more": self.samples >= FEWEST_SAMPLES,
            f"bootstrap: {FEWEST_BOOTSTRAP} or more": self.bootstrap >= FEWEST_BOOTSTRAP,
            "scenarios: each with an id of its own": len(set(ids)) == len(ids) and all(ids),
        }
        _refuse("sea level", checks)


@dataclass(frozen=True, slots=True)
class FloodRateSettings:
    """How rates are asked for.

    Attributes:
        territories: all codes of the area: one without events has a rate too.
        windows: in which years, and where, such events would have been recorded, each with its reason.
        peril: an event of several perils counts when it names this one.
        prior: ``shared`` or ``jeffreys``.
    """

    territories: Sequence[str]
    windows: Sequence[CompletenessWindow]
    peril: str = "flood"
    prior: str = PRIORS[0]

    def __post_init__(self) -> None:
        """Raise :class:`SettingsError` naming every setting out of its range."""
        object.__setattr__(self, "territories", tuple(self.territories))
        object.__setattr__(self, "windows", tuple(self.windows))
        checks = {
            "territories: one or more, each once": bool(self.territories)
            and len(set(self.territories)) == len(self.territories),
            "windows: one or more, each with its reason": bool(self.windows)
            and all(window.reason.strip() for window in self.windows),
            "windows: none runs backwards": all(window.first <= window.last for window in self.windows),
            "peril: not blank": bool(self.peril.strip()),
            f"prior: {' or '.join(PRIORS)}": self.prior in PRIORS,
        }
        _refuse("flood rates", checks)


def _refuse(what: str, checks: Mapping[str, bool]) -> None:
    wrong = [text for text, holds in checks.items() if not holds]
    if wrong:
        raise SettingsError(f"settings of {what} out of range: {'; '.join(wrong)}", mend="Correct them and run again.")


def sea_level_study(
    series: ExtremeSeries | MeanSeries,
    settings: SeaLevelSettings,
    *,
    inputs: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> SeaLevelResult:
    """Return :func:`~manglar_engine.hazard.sea_level.extreme_sea_level` of a gauge, metres above its datum.

    Args:
        series: extremes of one gauge; means are refused.
        settings: of the question.
        inputs: digest of every file by its name, for the manifest.
        progress: called with a fraction 0..1 and a label.
        cancel: asked between levels; true stops the run.

    Raises:
        SeriesError: means, or too few extremes. Cancelled: when asked to stop.
    """
    found = extreme_sea_level(
        series,
        seed=settings.seed,
        periods=settings.periods,
        scenarios=settings.scenarios,
        samples=settings.samples,
        bootstrap=settings.bootstrap,
        progress=progress,
        cancel=cancel,
    )
    return replace(found, manifest={**found.manifest, "inputs": dict(inputs or {})})


def flood_rate_study(
    reading: EventReading, settings: FloodRateSettings, *, inputs: Mapping[str, str] | None = None
) -> FloodRates:
    """Return :func:`~manglar_engine.hazard.flood_rates.flood_rates`, events a year, with the notes of the reading.

    Args:
        reading: recorded events and what was interpreted in them.
        settings: of the question.
        inputs: digest of every file by its name, for the manifest.

    Raises:
        SeriesError: windows that overlap or name unknown territories, a territory without any window.
    """
    found = flood_rates(
        reading.events, settings.windows, settings.territories, peril=settings.peril, prior=settings.prior
    )
    told = {**found.manifest, "inputs": dict(inputs or {})}
    return replace(found, notes=(*reading.notes, *found.notes), manifest=told)
