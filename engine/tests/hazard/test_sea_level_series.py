from __future__ import annotations

import numpy as np
import pytest

from manglar_engine import FormatError, SeriesError
from manglar_engine.hazard.sea_level_series import (
    MeanSeries,
    mean_sea_level_trend,
    read_annual_maxima,
    read_peaks_over_threshold,
    read_psmsl_means,
)

TOLD = {"value_column": "level", "unit": "mm", "datum": "media anual", "source": "prueba"}


def table(folder, rows, header="year,observed_days,level"):
    path = folder / "gauge.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_incomplete_years_are_set_aside_and_named(tmp_path):
    series = read_annual_maxima(table(tmp_path, ["2000,366,3000", "2001,300,2900", "2002,365,3100"]), **TOLD)
    assert series.years.tolist() == [2000, 2002]
    assert series.values_m.tolist() == [3.0, 3.1]
    (note,) = series.notes
    assert (note.kind, note.row) == ("set_aside", "2001")
    assert "300 días" in note.es


def test_the_share_of_days_that_counts_as_complete_can_be_changed(tmp_path):
    path = table(tmp_path, ["2000,366,3000", "2001,300,2900"])
    assert len(read_annual_maxima(path, **TOLD, minimum_coverage=0.8).years) == 2
    with pytest.raises(SeriesError, match="share"):
        read_annual_maxima(path, **TOLD, minimum_coverage=90)


def test_monthly_and_annual_means_of_psmsl_are_refused_with_a_sentence(tmp_path):
    path = tmp_path / "163.rlrdata"
    path.write_text(" 1908.0417;  6836; 0;000\n 1908.1250;  6746; 0;000\n", encoding="utf-8")
    with pytest.raises(SeriesError, match=r"return levels cannot be fitted to monthly or annual means.*annual maxima"):
        read_annual_maxima(path, **TOLD)
    with pytest.raises(SeriesError, match="means"):
        read_peaks_over_threshold(path, **TOLD, threshold=1.0)


def test_several_values_a_year_are_not_annual_maxima(tmp_path):
    with pytest.raises(SeriesError, match=r"2000 \(2 values\)"):
        read_annual_maxima(table(tmp_path, ["2000,366,3000", "2000,366,2900"]), **TOLD)


@pytest.mark.parametrize(
    ("row", "words"),
    [("2001,366,3000", "366 days"), ("2000.5,365,3000", "2000.5"), ("2000,-1,3000", "-1 days")],
)
def test_impossible_days_and_decimal_years_are_named(tmp_path, row, words):
    with pytest.raises(SeriesError, match=words):
        read_annual_maxima(table(tmp_path, [row]), **TOLD)


@pytest.mark.parametrize(("name", "value"), [("unit", "ft"), ("datum", " "), ("source", "")])
def test_nothing_is_guessed(tmp_path, name, value):
    with pytest.raises(SeriesError, match=value.strip() or name):
        read_annual_maxima(table(tmp_path, ["2000,366,3000"]), **{**TOLD, name: value})


def test_a_blank_maximum_is_named(tmp_path):
    with pytest.raises(FormatError, match="3: ''"):
        read_annual_maxima(table(tmp_path, ["2000,366,3000", "2001,365,"]), **TOLD)


def test_years_without_a_peak_count_as_observed(tmp_path):
    rows = ["2000,366,3000", "2000,366,3100", "2001,365,", "2002,100,3050"]
    series = read_peaks_over_threshold(table(tmp_path, rows), **TOLD, threshold=2900)
    assert series.values_m.tolist() == [3.0, 3.1]
    assert series.observed_years == pytest.approx((366 + 365) / 365.25)
    assert series.threshold_m == pytest.approx(2.9)
    assert [note.row for note in series.notes] == ["2002"]
    assert series.rate == pytest.approx(2 / series.observed_years)


def test_peaks_at_or_below_the_threshold_are_named(tmp_path):
    with pytest.raises(SeriesError, match="3: 2900"):
        read_peaks_over_threshold(table(tmp_path, ["2000,366,3000", "2000,366,2900"]), **TOLD, threshold=2900)


def test_rows_of_a_year_that_disagree_are_named(tmp_path):
    with pytest.raises(SeriesError, match="2000"):
        read_peaks_over_threshold(table(tmp_path, ["2000,366,3000", "2000,360,3100"]), **TOLD, threshold=2900)


def test_psmsl_means_lose_their_missing_values(tmp_path):
    path = tmp_path / "a.rlrdata"
    path.write_text(" 1908;  6944;N;000\n 1909;-99999;N;000\n", encoding="utf-8")
    means = read_psmsl_means(path, source="PSMSL")
    assert (means.period, means.time.tolist(), means.values_m.tolist()) == ("annual", [1908.0], [6.944])
    path.write_text("year,level\n1908,3\n", encoding="utf-8")
    with pytest.raises(FormatError, match="PSMSL"):
        read_psmsl_means(path, source="PSMSL")


def test_a_straight_line_gives_its_own_trend_and_a_seasonal_cycle_does_not_move_it():
    time = np.arange(1950, 2000, 1 / 12) + 1 / 24
    level = 7 + 0.002 * (time - 1950) + 0.1 * np.cos(2 * np.pi * time)
    trend = mean_sea_level_trend(MeanSeries(time, level, "monthly", "s"))
    assert trend.mm_per_year == pytest.approx(2.0, abs=1e-9)
    with pytest.raises(SeriesError, match="too few"):
        mean_sea_level_trend(MeanSeries(time[:12], level[:12], "monthly", "s"))


def test_correlated_residuals_widen_the_error_of_the_trend():
    stream = np.random.default_rng(1)
    shocks = stream.normal(0, 0.03, 100)
    slow = np.zeros(100)
    for i in range(1, 100):
        slow[i] = 0.8 * slow[i - 1] + shocks[i]
    time = np.arange(1900.0, 2000.0)
    free = mean_sea_level_trend(MeanSeries(time, stream.permutation(slow), "annual", "s"))
    bound = mean_sea_level_trend(MeanSeries(time, slow, "annual", "s"))
    assert bound.standard_error > 1.5 * free.standard_error
