"""Settings of a seismic screening, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from manglar_engine.errors import SettingsError
from manglar_engine.hazard.ground_motion import RJB_LIMIT_KM, VS30_RANGE
from manglar_engine.hazard.kinematics import SUBDUCTION
from manglar_engine.uncertainty.beliefs import Spreads
from manglar_engine.vocabulary import Triple

MAGNITUDE_RANGE = (4.5, 7.0)
SAMPLE_RANGE = (20, 100_000)
B_VALUE = Triple(1.0, 0.8, 1.2)


@dataclass(frozen=True, slots=True)
class SeismicSettings:
    """How a screening is run. Figures without a source are *estimación* and widen the interval.

    Attributes:
        seed, samples: of the draws. ``workers``: threads; the result does not depend on it.
        vs30_default: m/s where the exposure has none (limit of NEHRP classes C and D; estimación).
        max_distance_km: a site farther than this from every fault is refused; ruptures farther than
            this from a site do not shake it. At most 300.
        minimum_magnitude: smaller earthquakes are left out (6.0, and b-value 1, as the fault modeller
            of GEM, oq-mbtk; the limits of b are estimación).
        characteristic_weight, area_weight: logic-tree weights (estimación: the trenches of the Pedro
            Miguel fault show metres of slip and long quiet, Rockwell et al. 2010,
            doi 10.1785/0120090342, so that the characteristic model weighs two thirds).
        fragility_sigma, value_sigma: logarithmic, estimación.
        discount_rate, horizon_years: of the measure (5% and 50 years; estimación).
        left_out_styles: styles of faulting for which the ground-motion model was not made.
    """

    seed: int = 1
    samples: int = 1000
    vs30_default: float = 360.0
    max_distance_km: float = 200.0
    return_periods: tuple[float, ...] = (50.0, 100.0, 250.0, 475.0, 1000.0, 2475.0)
    discount_rate: float = 0.05
    horizon_years: int = 50
    minimum_magnitude: float = 6.0
    b_value: Triple = B_VALUE
    characteristic_weight: float = 0.67
    area_weight: float = 0.5
    fragility_sigma: float = 0.25
    value_sigma: float = 0.3
    left_out_styles: tuple[str, ...] = (SUBDUCTION,)
    workers: int = 1

    def __post_init__(self) -> None:
        """Raise :class:`SettingsError` naming every setting out of its range."""
        object.__setattr__(self, "return_periods", tuple(float(t) for t in self.return_periods))
        object.__setattr__(self, "left_out_styles", tuple(self.left_out_styles))
        checks = {
            "seed: a whole number, 0 or more": self.seed >= 0,
            f"samples: {SAMPLE_RANGE[0]} to {SAMPLE_RANGE[1]}": SAMPLE_RANGE[0] <= self.samples <= SAMPLE_RANGE[1],
            f"vs30_default: {VS30_RANGE[0]:g} to {VS30_RANGE[1]:g} m/s": VS30_RANGE[0]
            <= self.vs30_default
            <= VS30_RANGE[1],
            f"max_distance_km: above 0, at most {RJB_LIMIT_KM:g}": 0 < self.max_distance_km <= RJB_LIMIT_KM,
            "return_periods: one or more, above 1 year, rising": bool(self.return_periods)
            and self.return_periods[0] > 1
            and list(self.return_periods) == sorted(set(self.return_periods)),
            "discount_rate: 0 to 0.5": 0 <= self.discount_rate <= 0.5,  # noqa: PLR2004 - beyond it the horizon is meaningless
            "horizon_years: 1 to 200": 1 <= self.horizon_years <= 200,
            "minimum_magnitude: 4.5 to 7": MAGNITUDE_RANGE[0] <= self.minimum_magnitude <= MAGNITUDE_RANGE[1],
            "b_value: 0.3 to 2.5, in order": self.b_value.is_ordered
            and self.b_value.min >= 0.3  # noqa: PLR2004 - far outside anything observed
            and self.b_value.max <= 2.5,  # noqa: PLR2004 - same
            "weights: 0 to 1": 0 <= self.characteristic_weight <= 1 and 0 <= self.area_weight <= 1,
            "fragility_sigma: 0 to 0.4": 0 <= self.fragility_sigma <= 0.4,  # noqa: PLR2004 - the shift lattice ends at 1.6
            "value_sigma: 0 to 1.5": 0 <= self.value_sigma <= 1.5,  # noqa: PLR2004 - a factor of forty
            "workers: 1 to 64": 1 <= self.workers <= 64,
        }
        wrong = [text for text, holds in checks.items() if not holds]
        if wrong:
            raise SettingsError(f"settings out of range: {'; '.join(wrong)}", mend="Correct them and run again.")

    @property
    def spreads(self) -> Spreads:
        """Return how wide the beliefs are."""
        return Spreads(
            characteristic_weight=self.characteristic_weight,
            area_weight=self.area_weight,
            b_value=self.b_value,
            fragility_sigma=self.fragility_sigma,
            value_sigma=self.value_sigma,
        )
