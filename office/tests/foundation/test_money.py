from decimal import Decimal

import pytest
from django.db import connection

from manglar.foundation.money import TOO_MUCH, PabField, parse_pab
from manglar.foundation.refusals import InvalidInput


@pytest.mark.parametrize(
    ("text", "amount"), [("B/. 1,234.50", "1234.50"), ("18400", "18400.00"), ("-0.5", "-0.50"), ("99,999,999,999,999.99", "99999999999999.99")]
)
def test_amounts_are_read_as_people_write_them(text, amount):
    assert parse_pab(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["1.234,50", "doce", "", "9" * 26, "1e20", "100,000,000,000,000", "NaN"])
def test_what_is_no_amount_or_does_not_fit_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="importe"):
        parse_pab(text)


@pytest.mark.parametrize("value", [TOO_MUCH, Decimal("9" * 26), Decimal("NaN"), Decimal("Infinity")])
def test_no_service_can_store_what_could_not_be_read_again(value):
    with pytest.raises(InvalidInput, match="no cabe"):
        PabField().get_db_prep_save(value, connection)



@pytest.mark.parametrize("text", ["12.500", "1.234", "B/. 120.000", "-1.500"])
def test_three_digits_after_one_point_are_asked_about_and_never_guessed(text):
    with pytest.raises(ValueError, match="dos maneras"):
        parse_pab(text)
