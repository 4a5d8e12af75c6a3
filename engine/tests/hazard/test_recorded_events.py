from __future__ import annotations

from datetime import date

import pytest

from manglar_engine import FormatError, SeriesError, read_recorded_events

HEADER = "date,date_precision,hazard,place,corregimiento_codes,source_url,confidence"


def table(folder, *rows, header=HEADER):
    path = folder / "events.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_partial_dates_become_the_span_in_which_they_may_lie(tmp_path):
    reading = read_recorded_events(
        table(
            tmp_path,
            "2023-06-04,day,flood,Río Abajo,080811;080810,https://a,sourced",
            "2004-09,month,flood,Juan Díaz,080812,https://b,sourced",
            "2015,year?,flood/landslide,Juan Díaz,080812,https://c,UNVERIFIED",
            "2006-11-22,approx,flood,Capira,,https://d,sourced",
        )
    )
    spans = [(event.first, event.last) for event in reading.events]
    assert spans[0] == (date(2023, 6, 4), date(2023, 6, 4))
    assert spans[1] == (date(2004, 9, 1), date(2004, 9, 30))
    assert spans[2] == (date(2015, 1, 1), date(2015, 12, 31))
    assert spans[3] == (date(2006, 11, 15), date(2006, 11, 29))
    assert reading.events[0].territories == ("080811", "080810")
    assert reading.events[2].perils == ("flood", "landslide")
    assert [event.verified for event in reading.events] == [True, True, False, True]
    assert [note.field for note in reading.notes] == ["date", "date", "confidence", "date"]


@pytest.mark.parametrize(
    "row",
    [
        "2004-13,month,flood,x,,https://a,sourced",
        "2004,day,flood,x,,https://a,sourced",
        "septiembre,month,flood,x,,https://a,sourced",
        "2004-09-31,day,flood,x,,https://a,sourced",
        "2004,decade,flood,x,,https://a,sourced",
        "2004,year,flood,x,,,sourced",
        "2004,year,,x,,https://a,sourced",
    ],
)
def test_dates_that_cannot_be_read_and_events_without_source_are_named(tmp_path, row):
    with pytest.raises(SeriesError, match="rows: 2:"):
        read_recorded_events(table(tmp_path, row))


def test_an_event_written_twice_is_named(tmp_path):
    row = "2004,year,flood,x,A,https://a,sourced"
    with pytest.raises(SeriesError, match="2 and 3"):
        read_recorded_events(table(tmp_path, row, row))


def test_a_missing_column_is_named(tmp_path):
    short = HEADER.removesuffix(",confidence")
    with pytest.raises(FormatError, match="confidence"):
        read_recorded_events(table(tmp_path, "2004,year,flood,x,A,https://a", header=short))
