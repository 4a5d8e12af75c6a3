from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from manglar_engine import Cancelled, SeaLevelScenario, SeriesError, Triple, extreme_sea_level
from manglar_engine.hazard.sea_level import goodness_of_fit, triangular_quantile
from manglar_engine.hazard.sea_level_fit import fit_series
from manglar_engine.hazard.sea_level_series import ExtremeSeries, MeanSeries


def series(values=None, count=80):
    if values is None:
        values = stats.genextreme.rvs(0.2, loc=3, scale=0.12, size=count, random_state=7)
    return ExtremeSeries("annual maxima", np.arange(len(values)), values, float(len(values)), "media anual", "prueba")


def scenario(**changes):
    told = {
        "id": "alto",
        "es": "Alto",
        "en": "High",
        "base_year": 2005,
        "year": 2100,
        "rise_m": Triple(0.7, 0.4, 1.2),
        "source": "prueba",
        "mark": "estimación",
    }
    return SeaLevelScenario(**{**told, **changes})


def answer(**changes):
    return extreme_sea_level(series(), **{"seed": 1, "bootstrap": 20, **changes})


def test_levels_rise_with_the_period_and_lie_within_their_interval():
    result = answer()
    best = [level.best_m for level in result.levels]
    assert best == sorted(best)
    assert all(level.p05_m < level.best_m < level.p95_m for level in result.levels)


def test_a_certain_rise_moves_every_level_by_itself_and_no_more():
    result = answer(periods=(10.0, 100.0), scenarios=[scenario(rise_m=Triple(0.5, 0.5, 0.5))])
    today = {level.period_years: level for level in result.levels if not level.scenario}
    for level in (level for level in result.levels if level.scenario):
        base = today[level.period_years]
        assert level.best_m == pytest.approx(base.best_m + 0.5)
        assert (level.p05_m, level.p95_m) == pytest.approx((base.p05_m + 0.5, base.p95_m + 0.5), abs=1e-4)


def test_an_uncertain_rise_widens_the_interval():
    sure, unsure = (
        answer(periods=(100.0,), scenarios=[scenario(rise_m=rise)]).levels[1]
        for rise in (Triple(0.7, 0.7, 0.7), Triple(0.7, 0.4, 1.2))
    )
    assert unsure.p95_m - unsure.p05_m > sure.p95_m - sure.p05_m


def test_the_same_input_gives_the_same_bytes_and_names_what_it_came_from():
    one, two = (answer(periods=(10.0,), scenarios=[scenario()]).to_json() for _ in range(2))
    assert one == two
    told = json.loads(one)
    assert told["manifest"]["source"] == "prueba"
    assert any("tamizaje" in note["es"] for note in told["notes"])


def test_periods_beyond_twice_the_record_are_marked():
    result = answer(periods=(50.0, 500.0))
    assert [level.extrapolated for level in result.levels] == [False, True]
    assert any(note.row == "500" for note in result.notes)


def test_progress_rises_to_the_end_and_a_run_can_be_stopped():
    seen = []
    answer(periods=(10.0,), progress=lambda fraction, label: seen.append((fraction, label)))
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    with pytest.raises(Cancelled):
        answer(periods=(10.0,), cancel=lambda: True)


def test_a_series_of_means_is_refused_by_its_type():
    means = MeanSeries(np.arange(50.0), np.zeros(50), "annual", "s")
    with pytest.raises(SeriesError, match="averaging removes"):
        extreme_sea_level(means, seed=1)


def test_a_good_fit_is_not_spoken_against_and_a_bad_one_is():
    good = goodness_of_fit(fit_series(series()), seed=1, bootstrap=60)
    assert good.anderson_darling_share > 0.05
    assert good.quantile_correlation > 0.98
    both_tails = 3 + 0.1 * stats.t.rvs(1.5, size=150, random_state=3)
    bad = goodness_of_fit(fit_series(series(both_tails)), seed=1, bootstrap=60)
    assert bad.anderson_darling_share < 0.02
    assert bad.quantile_correlation < good.quantile_correlation


def test_a_fit_that_is_spoken_against_says_so():
    both_tails = 3 + 0.1 * stats.t.rvs(1.5, size=150, random_state=3)
    bad = extreme_sea_level(series(both_tails), seed=1, periods=(10.0,), bootstrap=60)
    assert [note.field for note in bad.notes].count("goodness") == 1
    assert "goodness" not in [note.field for note in answer(periods=(10.0,), bootstrap=40).notes]


def test_distances_are_those_of_scipy():
    fit = fit_series(series())
    own = goodness_of_fit(fit, seed=1, bootstrap=20).kolmogorov_smirnov
    law = stats.genextreme(-fit.shape, fit.location_m, fit.scale_m)
    assert own == pytest.approx(stats.kstest(fit.series.values_m, law.cdf).statistic, rel=1e-9)


@pytest.mark.parametrize(
    "changes",
    [{"rise_m": Triple(0.1, 0.4, 1.2)}, {"source": " "}, {"mark": "seguro"}, {"year": 2000}],
)
def test_impossible_scenarios_are_refused(changes):
    with pytest.raises(SeriesError, match="alto"):
        scenario(**changes)


def test_unsorted_periods_repeated_scenarios_and_few_samples_are_refused():
    with pytest.raises(SeriesError, match="longer"):
        answer(periods=(50.0, 10.0))
    with pytest.raises(SeriesError, match="alto"):
        answer(scenarios=[scenario(), scenario()])
    with pytest.raises(SeriesError, match="1,000"):
        answer(samples=10)


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 5), st.floats(0, 5), st.floats(0, 5), st.floats(0.001, 0.999))
def test_triangular_quantiles_are_those_of_scipy(low, left, right, probability):
    limits = Triple(low + left, low, low + left + right)
    found = float(triangular_quantile(limits, np.array([probability]))[0])
    width = left + right
    expected = stats.triang.ppf(probability, left / width, low, width) if width > 1e-9 else low + left
    assert found == pytest.approx(expected, abs=1e-7)
