import datetime as dt

import pytest

from manglar.delivery.rules import freshness, is_late, why_not_approved, why_not_reported
from manglar.foundation.dates import PartialDate

ON = dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "fresh"), (29, "fresh"), (30, "due"), (59, "due"), (60, "late"), (179, "late"), (180, "stale"), (900, "stale")],
)
def test_a_word_grows_old(days, expected):
    assert freshness(state="in_progress", last_on=ON - dt.timedelta(days=days), on=ON) == expected


def test_what_is_over_does_not_grow_old():
    for state in ("done", "cancelled"):
        assert freshness(state=state, last_on=dt.date(2000, 1, 1), on=ON) == "settled"


def test_a_strategy_may_have_its_own_days():
    assert freshness(state="planned", last_on=ON - dt.timedelta(days=8), on=ON, days=(7, 14, 21)) == "due"


@pytest.mark.parametrize(
    ("state", "percent", "text", "says"),
    [
        ("done", 100, "Listo", ""),
        ("done", None, "Listo", ""),
        ("done", 99, "Listo", "100%"),
        ("in_progress", 101, "Va", "0 a 100"),
        ("in_progress", -1, "Va", "0 a 100"),
        ("volando", 1, "Va", "no es un estado"),
        ("in_progress", 1, "  ", "Cuente"),
        ("in_progress", 1, "x" * 5001, "sobran"),
    ],
)
def test_a_report_says_enough_and_does_not_contradict_itself(state, percent, text, says):
    told = why_not_reported(reported_state=state, percent=percent, text=text)
    assert says in told
    assert bool(says) == bool(told)


def test_nobody_approves_their_own_report():
    assert why_not_approved(state="pending", is_own=False) == ""
    assert "propio" in why_not_approved(state="pending", is_own=True)
    assert "ya está" in why_not_approved(state="approved", is_own=False)
    assert "pendiente" in why_not_approved(state="revise", is_own=False)


def test_a_milestone_is_late_when_its_whole_date_passed():
    assert is_late(state="planned", due_on=PartialDate(2026, 6), on=ON)
    assert not is_late(state="planned", due_on=PartialDate(2026, 7), on=ON)
    assert not is_late(state="done", due_on=PartialDate(2020), on=ON)
    assert not is_late(state="planned", due_on=None, on=ON)
