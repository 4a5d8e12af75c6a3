"""Floods recorded in the two districts, where the file is: few, partly unverified, and said so."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from manglar_engine import CompletenessWindow, FormatError, flood_rates, read_recorded_events

WINDOW = CompletenessWindow(date(2004, 1, 1), date(2024, 12, 31), "prensa en línea de la ciudad (estimación)")


@pytest.fixture
def mended(real_data, tmp_path):
    """The record with the quotation marks of its row 8 doubled, as CSV wants them."""
    text = (real_data / "hazard" / "events.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "events.csv"
    path.write_text(text.replace('("almost a million")', '(""almost a million"")'), encoding="utf-8")
    return path


def test_a_row_whose_quotation_marks_are_not_doubled_is_named(real_data):
    with pytest.raises(FormatError, match="rows: 8"):
        read_recorded_events(real_data / "hazard" / "events.csv")


def test_the_recorded_floods_of_the_two_districts_give_rates_with_wide_intervals(real_data, mended):
    reading = read_recorded_events(mended)
    assert len(reading.events) == 17
    with (real_data / "territory" / "corregimientos.csv").open(encoding="utf-8-sig", newline="") as stream:
        codes = [row[0] for row in csv.reader(stream) if row[0][:4] in {"0808", "0810"} and len(row[0]) == 6]
    assert len(codes) == 35
    result = flood_rates(reading.events, [WINDOW], codes)
    rates = {row.territory: row for row in result.by_territory}
    assert rates["080812"].events == 2  # Juan Díaz: 2004, and 2015 with an unverified year
    assert rates["080812"].unverified == 1
    assert max(rates, key=lambda code: rates[code].mean) == "080812"
    assert all(row.p95 > 3 * row.p05 for row in rates.values())
    aside = [note for note in result.notes if note.kind == "set_aside" and note.field == "territory"]
    assert any("San Miguelito" in note.row for note in aside)  # the source names no corregimiento
    assert result.anywhere.events == 4
