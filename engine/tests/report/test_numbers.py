from __future__ import annotations

import pytest

from manglar_engine import Interval
from manglar_engine.report.numbers import money, money_range, people, percent


@pytest.mark.parametrize(
    ("value", "es", "en"),
    [
        (0, "B/. 0", "B/. 0"),
        (3.44, "B/. 3.4", "B/. 3.4"),
        (82.3, "B/. 82", "B/. 82"),
        (826, "B/. 830", "B/. 830"),
        (1000, "B/. 1 mil", "B/. 1 thousand"),
        (349_600, "B/. 350 mil", "B/. 350 thousand"),
        (999_600, "B/. 1 millón", "B/. 1 million"),
        (1_234_567, "B/. 1.2 millones", "B/. 1.2 million"),
        (24_900_000, "B/. 25 millones", "B/. 25 million"),
        (2_300_000_000, "B/. 2.3 mil millones", "B/. 2.3 billion"),
    ],
)
def test_money_is_said_as_people_say_it(value, es, en):
    assert (money(value, "es"), money(value, "en")) == (es, en)


def test_limits_share_their_word_when_they_can():
    assert money_range(Interval(1, 4e5, 2.9e6), "es") == "0.4 y 2.9 millones"
    assert money_range(Interval(1, 1.7e6, 2.1e7), "en") == "1.7 and 21 million"
    assert money_range(Interval(1, 90.0, 2.1e7), "es") == "B/. 90 y B/. 21 millones"
    assert money_range(Interval(1, 0.0, 0.0), "es") == "B/. 0 y B/. 0"


def test_people_and_shares():
    assert [people(v) for v in (0, 0.43, 2.95, 41.2, 1454)] == ["0", "0.43", "3", "41", "1,500"]
    assert [percent(v) for v in (0, 0.004, 0.18, 0.9961, 1)] == ["0%", "<1%", "18%", ">99%", "100%"]
