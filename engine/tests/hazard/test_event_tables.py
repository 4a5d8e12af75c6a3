from __future__ import annotations

import pytest

from manglar_engine import FormatError, HazardError
from manglar_engine.hazard.event_tables import read_event_tables

EVENTS = "id,frequency,year,peril,scenario\noften,0.1,2025,flood,historical\nrare,0.01,2025,flood,historical\n"
SITES = "id,x,y\ns1,660000,990000\ns2,660100,990000\n"
PAIRS = "event,site,intensity\nrare,s2,1.0\noften,s1,0.5\nrare,s1,1.5\n"


def read(tmp_path, *, events=EVENTS, sites=SITES, pairs=PAIRS, **changes):
    for name, text in (("events", events), ("sites", sites), ("pairs", pairs)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    said = {"crs": "EPSG:32617", "unit": "m", "frequency_unit": "1/year", **changes}
    return read_event_tables(tmp_path / "events.csv", tmp_path / "sites.csv", tmp_path / "pairs.csv", **said)


def test_three_tables_make_a_hazard(tmp_path):
    assert read(tmp_path).footprints.intensity.toarray().tolist() == [[0.5, 0], [1.5, 1.0]]


@pytest.mark.parametrize(
    ("changes", "refusal", "said"),
    [
        ({"pairs": PAIRS.replace("rare,s2", "other,s2")}, HazardError, r"names event ids.*rows: 2: other"),
        ({"pairs": PAIRS.replace("often,s1", "often,s9")}, HazardError, "3: s9"),
        ({"sites": SITES.replace("s2", "s1")}, HazardError, "site ids are repeated"),
        ({"crs": ""}, FormatError, "not stated"),
        ({"unit": ""}, HazardError, "unit"),
        ({"frequency_unit": ""}, FormatError, "frequenc"),
    ],
)
def test_tables_that_disagree_are_refused(tmp_path, changes, refusal, said):
    with pytest.raises(refusal, match=said):
        read(tmp_path, **changes)
