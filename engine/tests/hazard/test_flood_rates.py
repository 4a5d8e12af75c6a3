from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from manglar_engine import CompletenessWindow, SeriesError, flood_rates
from manglar_engine.hazard.recorded_events import RecordedEvent

AREA = ("A", "B", "C", "D")
WINDOW = CompletenessWindow(date(2000, 1, 1), date(2019, 12, 31), "la prensa de la ciudad está en línea")


def event(row, when, *codes, perils=("flood",), last=None, verified=True):
    return RecordedEvent(str(row), when, last or when, perils, "lugar", codes, verified, "https://example.org")


def some(count, code="A"):
    return [event(i, date(2001 + i % 18, 5, 1 + i // 18), code) for i in range(count)]


@pytest.mark.parametrize("count", [0, 1, 7])
def test_alone_a_rate_has_the_closed_form_of_jeffreys(count):
    (row,) = flood_rates(some(count), [WINDOW], ["A"], prior="jeffreys").by_territory
    years = WINDOW.years
    law = stats.gamma(count + 0.5, scale=1 / years)
    assert row.mean == pytest.approx((count + 0.5) / years)
    assert (row.p05, row.p95) == pytest.approx((law.ppf(0.05), law.ppf(0.95)), rel=1e-9)
    assert row.p95 == pytest.approx(stats.chi2.ppf(0.95, 2 * count + 1) / (2 * years), rel=1e-9)
    assert row.yearly_probability == pytest.approx(law.expect(lambda rate: 1 - np.exp(-rate)), rel=1e-6)


def test_territories_inform_each_other():
    events = [*some(6, "A"), event("b", date(2003, 1, 1), "B")]
    alone = flood_rates(events, [WINDOW], AREA, prior="jeffreys").by_territory
    shared = flood_rates(events, [WINDOW], AREA).by_territory
    assert shared[0].mean < alone[0].mean  # the highest is drawn to the rest
    assert shared[2].mean < alone[2].mean  # and one without events takes less than half an event
    assert sum(row.mean for row in shared) == pytest.approx(7 / WINDOW.years, rel=0.15)
    assert shared[0].mean > shared[1].mean > shared[2].mean == pytest.approx(shared[3].mean)


def test_the_shared_posterior_is_that_of_a_plain_simulation():
    counts, years = np.array([5, 1, 0, 0]), WINDOW.years
    events = [*some(5, "A"), event("b", date(2003, 1, 1), "B")]
    rows = flood_rates(events, [WINDOW], AREA).by_territory
    stream = np.random.default_rng(5)
    size = 400_000
    shape = np.exp(stream.uniform(np.log(0.1), np.log(30), size))
    pooled = 6.5 / (4 * years)
    mean = pooled * np.exp(stream.uniform(-np.log(8), np.log(8), size))
    rates = stream.gamma(shape, mean / shape, size=(4, size))
    weight = stats.poisson.pmf(counts[:, None], rates * years).prod(axis=0)
    assert rates @ weight / weight.sum() == pytest.approx([row.mean for row in rows], rel=0.04)


def test_events_outside_the_window_or_the_area_are_set_aside_and_named():
    events = [
        event(2, date(1995, 1, 1), "A"),
        event(3, date(2005, 1, 1), "Z"),
        event(4, date(2005, 1, 1)),
        event(5, date(2005, 1, 1), "A", perils=("blackout",)),
        event(6, date(2006, 1, 1), "A", perils=("storm", "flood")),
    ]
    result = flood_rates(events, [WINDOW], AREA)
    assert result.by_territory[0].events == 1
    aside = {note.row[0]: note.field for note in result.notes if note.kind == "set_aside"}
    assert aside == {"2": "date", "3": "territory", "4": "territory", "5": "hazard"}


def test_a_partial_date_counts_for_the_share_that_lies_in_the_window():
    straddling = event(2, date(1999, 12, 27), "A", last=date(2000, 1, 5))
    result = flood_rates([straddling], [WINDOW], AREA)
    assert result.by_territory[0].events == pytest.approx(0.5)
    assert any("0.50" in note.es for note in result.notes)


def test_an_event_in_two_territories_counts_once_anywhere():
    result = flood_rates([event(2, date(2005, 1, 1), "A", "B", verified=False)], [WINDOW], AREA)
    assert [row.events for row in result.by_territory] == [1, 1, 0, 0]
    assert (result.anywhere.events, result.anywhere.unverified) == (1, 1)


def test_windows_may_differ_between_territories():
    late = CompletenessWindow(date(2010, 1, 1), date(2019, 12, 31), "junta nueva", ("B",))
    rest = CompletenessWindow(date(2000, 1, 1), date(2019, 12, 31), "prensa", ("A", "C", "D"))
    rows = flood_rates(some(2, "B"), [late, rest], AREA, prior="jeffreys").by_territory
    assert rows[1].years == pytest.approx(10, abs=0.01)
    assert rows[1].events == 0  # both lie before its window
    assert rows[0].years == pytest.approx(20, abs=0.01)


def test_a_record_that_thickens_is_told():
    late = [event(i, date(2015 + i % 5, 5, 1 + i), "A") for i in range(8)]
    assert any(note.field == "windows" for note in flood_rates(late, [WINDOW], AREA).notes)
    even = [event(i, date(2000 + 2 * i, 5, 1), "A") for i in range(10)]
    assert not any(note.field == "windows" for note in flood_rates(even, [WINDOW], AREA).notes)


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([], "nobody has said"),
        ([CompletenessWindow(date(2001, 1, 1), date(2000, 1, 1), "x")], "backwards"),
        ([CompletenessWindow(date(2000, 1, 1), date(2001, 1, 1), " ")], "reason"),
        ([CompletenessWindow(date(2000, 1, 1), date(2001, 1, 1), "x", ("Z",))], "Z"),
        ([CompletenessWindow(date(2000, 1, 1), date(2001, 1, 1), "x", ("A",))], "no window"),
        ([WINDOW, CompletenessWindow(date(2019, 1, 1), date(2021, 1, 1), "x")], "overlap"),
    ],
)
def test_windows_that_disagree_are_refused(windows, words):
    with pytest.raises(SeriesError, match=words):
        flood_rates(some(1), windows, AREA)


def test_repeated_events_territories_and_unknown_priors_are_refused():
    with pytest.raises(SeriesError, match="repeated"):
        flood_rates([*some(1), *some(1)], [WINDOW], AREA)
    with pytest.raises(SeriesError, match="repeated"):
        flood_rates(some(1), [WINDOW], ["A", "A"])
    with pytest.raises(SeriesError, match="flat"):
        flood_rates(some(1), [WINDOW], AREA, prior="flat")


def test_the_same_record_gives_the_same_bytes():
    one, two = (flood_rates(some(4), [WINDOW], AREA).to_json() for _ in range(2))
    assert one == two
    assert json.loads(one)["manifest"]["windows"][0]["reason"] == WINDOW.reason


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.sampled_from(["shared", "jeffreys"]))
def test_more_events_never_mean_a_lower_rate(counts, prior):
    events = [event(f"{k} {i}", date(2000 + i, 1 + k, 1), AREA[k]) for k, n in enumerate(counts) for i in range(n)]
    rows = flood_rates(events, [WINDOW], AREA, prior=prior).by_territory
    order = np.argsort(counts, kind="stable")
    means = np.array([row.mean for row in rows])[order]
    assert (np.diff(means) >= -1e-9).all()
    assert all(row.p05 < row.mean < row.p95 for row in rows)
