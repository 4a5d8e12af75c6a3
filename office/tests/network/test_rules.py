"""Appointments in time: no database."""

import datetime as dt

from manglar.network.rules import code_from, end_of_earlier, holds, overlap

ONE, TWO = dt.date(2024, 7, 1), dt.date(2025, 7, 1)


def test_first_and_last_day_count():
    assert holds(from_on=ONE, until_on=ONE, on=ONE)
    assert not holds(from_on=ONE, until_on=ONE, on=TWO)
    assert holds(from_on=ONE, until_on=None, on=TWO)


def test_two_appointments_overlap_when_they_share_a_day():
    assert overlap(from_on=ONE, until_on=None, other_from=TWO, other_until=None)
    assert not overlap(from_on=TWO, until_on=None, other_from=ONE, other_until=TWO - dt.timedelta(days=1))
    assert overlap(from_on=TWO, until_on=None, other_from=ONE, other_until=TWO)


def test_the_earlier_head_leaves_on_the_eve():
    assert end_of_earlier(earlier_from=ONE, new_from=TWO) == dt.date(2025, 6, 30)
    assert end_of_earlier(earlier_from=TWO, new_from=TWO) is None


def test_codes():
    assert code_from("  Ñandú / S.A. ") == "Nandu-S-A"
