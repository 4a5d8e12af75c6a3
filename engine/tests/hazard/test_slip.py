from __future__ import annotations

import math

import pytest

from manglar_engine import FormatError, Triple
from manglar_engine.hazard.slip import net_slip, read_triple


@pytest.mark.parametrize(
    ("raw", "triple", "has_range"),
    [
        ("(5.,3.5,8.)", Triple(5.0, 3.5, 8.0), True),
        ("(0.5, 0.1, 1.)", Triple(0.5, 0.1, 1.0), True),
        ("(-5,-3,-7)", Triple(5.0, 3.0, 7.0), True),
        ("(90,,)", Triple(90.0, 90.0, 90.0), False),
        (4, Triple(4.0, 4.0, 4.0), False),
        ([2, 1, 3], Triple(2.0, 1.0, 3.0), True),
    ],
)
def test_triples_are_read_as_databases_write_them(raw, triple, has_range):
    reading = read_triple(raw)
    assert reading is not None
    assert (reading.triple, reading.has_range, reading.mended) == (triple, has_range, "")


@pytest.mark.parametrize("blank", [None, "", "(,,)", " ( , , ) ", True])
def test_blank_texts_give_nothing(blank):
    assert read_triple(blank) is None


def test_a_decimal_comma_is_joined_where_only_one_reading_fits():
    reading = read_triple("(1.6,1.4,1,8)")
    assert reading is not None
    assert reading.triple == Triple(1.6, 1.4, 1.8)
    assert reading.mended == "1.6,1.4,1.8"


@pytest.mark.parametrize(
    "raw", ["(1,2,3,4)", "(1,1,1,2)", "(5,3,a)", "(5,6,7)", "(1,2)", "(nan,1,2)", "(1.5,1.2,1.7,1.9)", "(1,2,3,4,5)"]
)
def test_what_can_be_read_in_no_way_or_in_several_is_refused(raw):
    with pytest.raises(FormatError):
        read_triple(raw)


def test_the_net_rate_counts_before_its_components():
    rates = {"net_slip_rate": Triple(1, 0.5, 2), "strike_slip_rate": Triple(9, 8, 10)}
    assert net_slip(rates, dip_deg=90, rake_deg=0) == (Triple(1, 0.5, 2), "net_slip_rate")


def test_strike_and_shortening_add_in_quadrature():
    rates = {"strike_slip_rate": Triple(3, 2, 4), "shortening_rate": Triple(2, 1, 3)}
    found = net_slip(rates, dip_deg=60, rake_deg=45)
    assert found is not None
    assert found[0].best == pytest.approx(math.hypot(3, 2 / math.cos(math.radians(60))))


def test_a_vertical_rate_is_divided_by_the_sine_of_the_dip():
    found = net_slip({"vert_slip_rate": Triple(1, 0.5, 2)}, dip_deg=30, rake_deg=90)
    assert found is not None
    assert found[0].best == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("rates", "dip", "rake"),
    [
        ({"strike_slip_rate": Triple(1, 1, 1)}, 60, 90),
        ({"shortening_rate": Triple(1, 1, 1)}, 90, 90),
        ({"shortening_rate": Triple(1, 1, 1)}, 60, 0),
        ({}, 60, 0),
    ],
)
def test_a_component_that_cannot_tell_the_net_rate_gives_nothing(rates, dip, rake):
    assert net_slip(rates, dip_deg=dip, rake_deg=rake) is None
