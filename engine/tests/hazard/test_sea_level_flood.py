from __future__ import annotations

import numpy as np
import pytest

from manglar_engine import SeaLevelScenario, SeriesError, Sites, Triple, extreme_sea_level, flood_of_levels
from manglar_engine.hazard.sea_level_series import ExtremeSeries

SITES = Sites([0.0, 10.0, 20.0], [0.0] * 3, "EPSG:32617")
GROUND = np.array([1.0, 3.1, 9.0])
TOLD = {"year": 2020, "offset_m": 0.2, "offset_source": "nivelación de prueba"}


@pytest.fixture(scope="module")
def result():
    values = 3 + 0.12 * np.random.default_rng(1).gumbel(size=60)
    series = ExtremeSeries("annual maxima", np.arange(60), values, 60.0, "media anual", "prueba")
    high = SeaLevelScenario("high", "alto", "high", 2005, 2100, Triple(0.5, 0.5, 0.5), "prueba", "estimación")
    return extreme_sea_level(series, seed=1, periods=(10.0, 100.0), scenarios=[high], bootstrap=20)


def test_depth_is_level_less_ground_and_is_passed_as_often_as_the_level(result):
    hazard = flood_of_levels(result, SITES, GROUND, **TOLD)
    depth = hazard.footprints.intensity.toarray()
    levels = np.array([level.best_m for level in result.levels if not level.scenario]) + 0.2
    assert depth == pytest.approx(np.maximum(levels[:, None] - GROUND, 0))
    assert hazard.events.frequency.tolist() == pytest.approx([0.09, 0.01])
    assert (depth[:, 2] == 0).all()


def test_a_scenario_adds_its_rise_and_the_ends_of_the_interval_may_be_asked_for(result):
    today, later = (flood_of_levels(result, SITES, GROUND, **TOLD, scenario=s) for s in ("", "high"))
    rise = later.footprints.intensity.toarray()[:, 0] - today.footprints.intensity.toarray()[:, 0]
    assert rise == pytest.approx([0.5, 0.5])
    upper = flood_of_levels(result, SITES, GROUND, **TOLD, end="p95_m")
    assert (upper.footprints.intensity.toarray()[:, 0] > today.footprints.intensity.toarray()[:, 0]).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scenario": "low"}, "low"),
        ({"end": "p50_m"}, "p50_m"),
        ({"offset_source": " "}, "media anual"),
        ({"offset_m": float("nan")}, "media anual"),
        ({"ground_m": np.array([1.0, np.nan, 2.0])}, "rows: 1"),
        ({"ground_m": np.array([1.0])}, "3 sites"),
    ],
)
def test_what_does_not_tie_level_and_ground_is_refused(result, changes, words):
    told = {"ground_m": GROUND, **TOLD, **changes}
    with pytest.raises(SeriesError, match=words):
        flood_of_levels(result, SITES, **told)
