import datetime as dt

import pytest

from manglar.agreements.rules import days_late, due_status, why_not_follows
from manglar.foundation.dates import PartialDate

ON = dt.date(2026, 5, 4)


@pytest.mark.parametrize(
    ("due", "status"),
    [
        (PartialDate(2026, 5, 3), "late"),
        (PartialDate(2026, 5, 4), "due_soon"),
        (PartialDate(2026, 5), "due_soon"),
        (PartialDate(2026, 4), "late"),
        (PartialDate(2026), "on_time"),
        (None, "undated"),
    ],
)
def test_a_promise_is_late_when_its_whole_date_has_passed(due, status):
    assert due_status(state="open", due_on=due, on=ON) == status


def test_a_settled_promise_is_never_late():
    for state in ("fulfilled", "broken", "withdrawn"):
        assert due_status(state=state, due_on=PartialDate(2020), on=ON) == "settled"
        assert days_late(state=state, due_on=PartialDate(2020), on=ON) == 0


def test_days_late_are_counted_from_the_end_of_the_date():
    assert days_late(state="open", due_on=PartialDate(2026, 4), on=ON) == 4
    assert days_late(state="open", due_on=PartialDate(2026), on=ON) == 0


@pytest.mark.parametrize(
    ("state", "new", "reason", "fine"),
    [
        ("open", "in_progress", "", True),
        ("open", "open", "", False),
        ("open", "broken", "", False),
        ("open", "broken", "Sin fondos", True),
        ("in_progress", "withdrawn", "", False),
        ("in_progress", "open", "x", False),
        ("fulfilled", "in_progress", "", False),
        ("fulfilled", "in_progress", "Se marcó por error", True),
        ("withdrawn", "open", "x", False),
    ],
)
def test_what_may_follow_what(state, new, reason, fine):
    assert (why_not_follows(state=state, new=new, reason=reason) == "") is fine
