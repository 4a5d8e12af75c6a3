"""Fields that the kinds share read what people write."""

import pytest
from django.core.exceptions import ValidationError

from manglar.web.kinds.forms import PartialDateFormField


@pytest.mark.parametrize(
    ("text", "iso"), [("30/09/2026", "2026-09-30"), ("3/9/2026", "2026-09-03"), ("09/2026", "2026-09"), ("2026", "2026"), ("2026-09-30", "2026-09-30")]
)
def test_a_date_is_read_day_first_or_year_first(text, iso):
    assert str(PartialDateFormField().clean(text)) == iso


@pytest.mark.parametrize("text", ["31/02/2026", "13/13/2026", "mañana", "30/09/26"])
def test_what_is_no_date_is_refused_in_the_words_that_were_written(text):
    with pytest.raises(ValidationError) as refused:
        PartialDateFormField().clean(text)
    assert text in refused.value.messages[0]
