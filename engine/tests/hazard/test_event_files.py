from __future__ import annotations

import numpy as np
import pytest

from manglar_engine import EventSet, FormatError, HazardError, read_events, write_events
from manglar_engine.io.parquet import Columns, write_parquet


def events():
    return EventSet(ids=["a", "b"], frequency=[0.1, 0.01], year=[2020, 2050], peril="flood", scenario=["h", "SSP2-4.5"])


def test_events_come_back_as_they_went(tmp_path):
    write_events(tmp_path / "e.parquet", events())
    back = read_events(tmp_path / "e.parquet")
    assert (back.ids, back.year, back.peril, back.scenario) == (
        events().ids,
        (2020, 2050),
        ("flood",) * 2,
        ("h", "SSP2-4.5"),
    )
    assert np.array_equal(back.frequency, events().frequency)


def test_a_csv_needs_the_unit_of_its_frequencies(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("id,frequency,year,peril,scenario\na,0.1,2020,flood,h\n")
    assert read_events(path, frequency_unit="1/year").frequency.tolist() == [0.1]
    with pytest.raises(FormatError, match="unit"):
        read_events(path)
    with pytest.raises(HazardError, match="'years'"):
        read_events(path, frequency_unit="years")


def test_missing_columns_blanks_and_broken_years_are_named(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("id,frequency,year,peril\na,0.1,2020,flood\n")
    with pytest.raises(FormatError, match="scenario"):
        read_events(path, frequency_unit="1/year")
    path.write_text("id,frequency,year,peril,scenario\na,0.1,2020.5,flood,h\n")
    with pytest.raises(HazardError, match="rows: 1"):
        read_events(path, frequency_unit="1/year")
    columns = {name: np.array(["a", None], dtype=object) for name in ("id", "frequency", "year", "peril", "scenario")}
    write_parquet(tmp_path / "e.parquet", Columns("e", columns, {"frequency_unit": "1/year"}))
    with pytest.raises(FormatError, match="rows: 2"):
        read_events(tmp_path / "e.parquet")
