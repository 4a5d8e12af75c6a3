from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from manglar_engine import SeriesError
from manglar_engine.hazard.sea_level_fit import fit_series, growth, reduced
from manglar_engine.hazard.sea_level_profile import profile_level
from manglar_engine.hazard.sea_level_series import ExtremeSeries

CASE = tomllib.loads((Path(__file__).parents[1] / "cases" / "port_pirie.toml").read_text(encoding="utf-8"))
PORT_PIRIE = np.array(CASE["annual_maxima_m"])


def maxima(values):
    return ExtremeSeries("annual maxima", np.arange(len(values)), np.asarray(values), float(len(values)), "d", "s")


def peaks(values, threshold, years):
    return ExtremeSeries("peaks over threshold", np.arange(len(values)), values, years, "d", "s", threshold)


def test_port_pirie_has_the_published_answers():
    fit, published = fit_series(maxima(PORT_PIRIE)), CASE["published"]
    assert [fit.location_m, fit.scale_m, fit.shape] == pytest.approx(published["ismev"], abs=3e-5)
    assert fit.log_likelihood == pytest.approx(published["log_likelihood"], abs=1e-6)
    assert fit.covariance == pytest.approx(np.array(published["covariance"]), rel=5e-3)
    for period, level in zip(published["periods"], published["levels_m"], strict=True):
        assert fit.level_m(period) == pytest.approx(level, abs=5e-3)


def test_the_hundred_year_interval_of_port_pirie_is_the_published_one():
    low, high = profile_level(fit_series(maxima(PORT_PIRIE)), 100).quantile(np.array([0.025, 0.975]))
    assert [low, high] == pytest.approx(CASE["published"]["interval_100_m"], abs=0.015)


@pytest.mark.parametrize("shape", [-0.3, -0.1, 0.0, 0.2])
def test_a_gev_is_fitted_as_scipy_does_and_its_level_is_the_quantile(shape):
    values = stats.genextreme.rvs(-shape, loc=3, scale=0.15, size=120, random_state=4)
    fit = fit_series(maxima(values))
    assert fit.log_likelihood == pytest.approx(
        stats.genextreme.logpdf(values, -fit.shape, fit.location_m, fit.scale_m).sum(), rel=1e-9
    )
    other = stats.genextreme.fit(values, -fit.shape, loc=fit.location_m, scale=fit.scale_m)
    assert fit.log_likelihood >= stats.genextreme.logpdf(values, *other).sum() - 1e-8
    assert fit.shape == pytest.approx(-other[0], abs=2e-3)
    quantile = stats.genextreme.isf(1 / 50, -fit.shape, fit.location_m, fit.scale_m)
    assert fit.level_m(50) == pytest.approx(quantile, rel=1e-10)


def test_peaks_are_fitted_as_scipy_does_and_the_rate_is_the_mean_rate():
    excess = stats.genpareto.rvs(-0.2, scale=0.1, size=180, random_state=2)
    fit = fit_series(peaks(2.9 + excess, 2.9, 100.0))
    shape, _, scale = stats.genpareto.fit(excess, -0.2, floc=0, scale=0.1)
    assert (fit.shape, fit.scale_m) == pytest.approx((shape, scale), abs=2e-3)
    assert fit.rate == pytest.approx(1.8, rel=1e-5)
    assert fit.standard_errors["rate"] == pytest.approx(np.sqrt(180) / 100, rel=1e-5)
    by_hand = 2.9 + fit.scale_m / fit.shape * ((1.8 * 100) ** fit.shape - 1)
    assert fit.level_m(100) == pytest.approx(by_hand, rel=1e-6)


def test_exponential_excesses_have_their_closed_form():
    # Exponential excesses placed on their own quantiles: the likelihood of the mean is largest at it.
    excess = -np.log1p(-(np.arange(400) + 0.5) / 400)
    fit = fit_series(peaks(1 + excess, 1.0, 400.0))
    assert fit.shape == pytest.approx(0.0, abs=0.03)
    assert fit.scale_m * growth(0.0, fit.shape) == 0.0
    assert fit.level_m(100) == pytest.approx(1 + np.log(100), rel=0.03)


@pytest.mark.parametrize("shape", [-0.4, -1e-9, 0.0, 1e-9, 0.3])
def test_growth_undoes_reduced_through_shape_zero(shape):
    t = np.linspace(-1, 2, 30)
    assert reduced(growth(t, shape), shape) == pytest.approx(t, abs=1e-9)


def test_moving_and_stretching_the_series_moves_and_stretches_the_levels():
    fit, other = fit_series(maxima(PORT_PIRIE)), fit_series(maxima(10 + 100 * PORT_PIRIE))
    assert other.shape == pytest.approx(fit.shape, abs=1e-6)
    assert other.level_m(50) == pytest.approx(10 + 100 * fit.level_m(50), rel=1e-7)


def test_the_ends_of_the_interval_have_the_deviance_of_their_level():
    fit = fit_series(maxima(PORT_PIRIE))
    profile = profile_level(fit, 50)
    assert (np.diff(profile.levels_m) > 0).all()
    low, high = profile.quantile(np.array([0.05, 0.95]))
    lowest = fit.tail.minus_log_likelihood(fit.best)
    for end in (low, high):
        scaled = (end - fit.centre_m) / fit.unit_m
        grid = [
            fit.tail.minus_log_likelihood(fit.tail.with_level(np.array([s, k]), scaled, 50))
            for s in fit.best[1] + np.linspace(-0.4, 0.6, 161)
            for k in fit.best[2] + np.linspace(-0.3, 0.4, 161)
        ]
        assert 2 * (min(grid) - lowest) == pytest.approx(stats.chi2.ppf(0.9, 1), abs=0.02)


@pytest.mark.parametrize("period", [0.8, 1.0, 2.0])
def test_a_profile_near_the_threshold_does_not_jump_over_it(period):
    excess = stats.genpareto.rvs(-0.3, scale=0.13, size=180, random_state=2)
    fit = fit_series(peaks(2.9 + excess, 2.9, 100.0))
    profile = profile_level(fit, period)
    assert np.diff(profile.roots).max() < 1.6
    assert profile.levels_m.min() > 2.9
    low, high = profile.quantile(np.array([0.05, 0.95]))
    assert low < fit.level_m(period) < high
    # About symmetric so near the data: the delta method says much the same.
    assert (high - fit.level_m(period)) == pytest.approx(fit.level_m(period) - low, rel=0.35)


def test_a_level_that_may_lie_on_the_threshold_is_refused():
    excess = stats.genpareto.rvs(-0.3, scale=0.13, size=180, random_state=2)
    with pytest.raises(SeriesError, match="does not close"):
        profile_level(fit_series(peaks(2.9 + excess, 2.9, 100.0)), 0.62)


def test_ninety_percent_intervals_hold_the_true_level_nine_times_in_ten():
    truth = stats.genextreme.isf(1 / 20, 0.1, 3, 0.2)
    held = 0
    for draw in range(24):
        values = stats.genextreme.rvs(0.1, loc=3, scale=0.2, size=60, random_state=draw)
        low, high = profile_level(fit_series(maxima(values)), 20).quantile(np.array([0.05, 0.95]))
        held += low <= truth <= high
    assert 18 <= held <= 24  # 21.6 expected, 1.5 of deviation


def test_too_few_equal_or_irregular_series_are_refused():
    with pytest.raises(SeriesError, match="too few"):
        fit_series(maxima(PORT_PIRIE[:19]))
    with pytest.raises(SeriesError, match="equal"):
        fit_series(maxima(np.full(30, 3.0)))
    clipped = np.minimum(PORT_PIRIE, 4.0) + np.linspace(0, 1e-3, 65)
    with pytest.raises(SeriesError, match="regular"):
        fit_series(maxima(clipped))


def test_periods_within_the_interval_of_the_series_are_refused():
    with pytest.raises(SeriesError, match="interval"):
        profile_level(fit_series(maxima(PORT_PIRIE)), 1.0)
