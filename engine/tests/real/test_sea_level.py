"""The gauge of Balboa, where its files are: what is set aside, what is refused, levels of a plausible size."""

from __future__ import annotations

import pytest

from manglar_engine import (
    SeriesError,
    extreme_sea_level,
    mean_sea_level_trend,
    read_annual_maxima,
    read_peaks_over_threshold,
    read_psmsl_means,
)

WONG = "UHSLC station 302 as processed by Wong et al. (2018), doi 10.1088/1748-9326/aacb3d"
TOLD = {"unit": "mm", "datum": "media anual móvil", "source": WONG}


@pytest.fixture(scope="module")
def maxima(real_data):
    path = real_data / "series" / "balboa_annual_maxima.csv"
    return read_annual_maxima(path, value_column="annual_max_mm_above_running_annual_mean", **TOLD)


def test_four_incomplete_years_of_108_are_set_aside_and_named(maxima):
    assert [note.row for note in maxima.notes] == ["1907", "1979", "1989", "2003"]
    assert len(maxima.values_m) == 104


def test_maxima_and_peaks_tell_the_same_hundred_year_level(real_data, maxima):
    peaks = read_peaks_over_threshold(
        real_data / "series" / "balboa_peaks_over_threshold.csv",
        value_column="peak_mm_above_running_annual_mean",
        threshold=2909.5,
        **TOLD,
    )
    one, two = (extreme_sea_level(series, seed=1, periods=(100.0,), bootstrap=40) for series in (maxima, peaks))
    (gev,), (gpd,) = one.levels, two.levels
    assert 3.1 < gev.best_m < 3.4
    assert gev.best_m == pytest.approx(gpd.best_m, abs=0.01)
    assert gev.p05_m < gpd.best_m < gev.p95_m
    assert one.goodness.anderson_darling_share > 0.05
    assert two.goodness.quantile_correlation > 0.99
    assert any(note.field == "goodness" for note in two.notes)  # the peaks fit less well, and the answer says so


@pytest.mark.parametrize("period", ["annual", "monthly"])
def test_means_of_balboa_give_a_trend_and_no_return_levels(real_data, period):
    path = real_data / "series" / f"psmsl_{period}_163.rlrdata"
    means = read_psmsl_means(path, source="PSMSL, station 163")
    trend = mean_sea_level_trend(means)
    assert means.period == period
    assert 1.2 < trend.mm_per_year < 1.6
    with pytest.raises(SeriesError, match="monthly or annual means"):
        extreme_sea_level(means, seed=1)
    with pytest.raises(SeriesError, match="monthly or annual means"):
        read_annual_maxima(path, value_column="level", **TOLD)
