"""What a page shows of an import before it happens."""

import datetime as dt

import pytest

from manglar.web.kinds.base import Deed
from manglar.web.kinds.imports import IMPORTS, Upload
from tests.chain_factories import xlsx
from tests.territory.conftest import feature, geojson, square

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def deed(panama, office):
    return Deed(by=office, government=panama, at=AT, on=AT.date())


def test_the_page_shows_where_on_earth_a_first_file_of_limits_lies(deed):
    upload = Upload("mapa.geojson", geojson(feature(square(0, 0), codigo="1", nombre="Uno")))
    seen = IMPORTS["territorio"].run(deed, upload, {"level": "zone"}, True)
    assert seen.lines[0][0] == "nota"
    assert "entre 79.5°O" in seen.lines[0][1]


def test_the_page_shows_which_sheet_of_a_plan_was_read(deed):
    upload = Upload("plan.xlsx", xlsx([["código", "título"], ["1", "Agua"]], title="Plan 2026"))
    told = {"strategy_title": "Ciudad", "edition_label": "2026", "language": "es"}
    seen = IMPORTS[next(slug for slug in IMPORTS if slug.startswith(("plan", "estrategia")))].run(deed, upload, told, True)
    assert ("nota", "Se leyó la hoja «Plan 2026».") in seen.lines
