"""What belongs to a record on its page: the counts are those of the lists they lead to; where it is; and the way back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely import box

from manglar.accounts.choices import Role
from manglar.assets import services as assets
from manglar.assets.models import AssetKind
from manglar.design.templatetags.design import pab
from manglar.foundation.dates import PartialDate
from manglar.risk.models import TerritoryRisk
from manglar.territory.models import Boundary, Division
from tests import chain_factories as make
from tests.desk.test_risk import impact  # noqa: F401  # a finished run
from tests.risk.conftest import city, dataset, divisions, faults_file, run, spec  # noqa: F401  # fixtures of the tiny city

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR, Role.APPROVER).user)
    return client


def told(page):
    return {row.cells[0].text: (row.cells[1].text, row.cells[2].text) for row in page.context["related"].rows}


def test_an_institution_lists_what_it_owes_the_late_first_and_each_count_is_that_of_its_list(desk, panama):
    obras, other = make.institution(panama), make.institution(panama, code="agua", name="Agua")
    late = [make.commitment(panama, obras, due_on=PartialDate(2026, 5)) for _ in range(3)]
    make.commitment(panama, obras, due_on=PartialDate(2999))
    make.commitment(panama, other)
    make.report(make.milestone(panama, commitment=late[0]))
    page = desk.get(f"/desk/panama/instituciones/{obras.public_id}/")
    assert told(page)["Compromisos"] == ("4", "3")
    assert told(page)["Hitos"][0] == "1"
    assert told(page)["Reportes"] == ("1", "")
    assert told(page)["Iniciativas de las que responde"] == ("0", "")
    assert page.context["related"].rows[0].cells[0].text == "Compromisos"
    for row in page.context["related"].rows:
        for cell, count in ((row.cells[0], row.cells[1].text), (row.cells[2], row.cells[2].text)):
            if cell.url:
                assert desk.get(cell.url).context["total"] == int(count)


def test_the_page_of_an_institution_asks_as_often_for_many_as_for_few(desk, panama):
    obras = make.institution(panama)
    url = f"/desk/panama/instituciones/{obras.public_id}/"
    desk.get(url)
    counts = []
    for _ in range(2):
        make.milestone(panama, commitment=make.commitment(panama, obras))
        with CaptureQueriesContext(connection) as asked:
            desk.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 30


def school(panama, name="Escuela"):
    kind = AssetKind.objects.filter(code="colegio").first() or assets.record_kind(
        by=make.OFFICE, government=panama, code="colegio", name={"es": "Colegio"}
    )
    return assets.record_asset(
        by=make.OFFICE, government=panama, kind=kind, name=name, lon=-79.45, lat=9.04
    )


def test_a_corregimiento_says_what_it_holds_and_is_called_by_its_level(desk, panama):
    place = make.division(panama)
    asset = school(panama)
    asset.division, asset.is_outside = place, False
    asset.save()
    make.finding(panama, divisions=[place])
    with CaptureQueriesContext(connection) as asked:
        page = desk.get(f"/desk/panama/territorio/{place.public_id}/")
    assert len(asked) <= 30
    held = told(page)
    assert held["Hallazgos"][0] == held[str(asset.kind)][0] == "1"
    for row in page.context["related"].rows:
        assert not row.cells[0].url or desk.get(row.cells[0].url).context["total"] == int(row.cells[1].text)
    text = page.content.decode()
    assert '<p class="m-kicker">corregimiento</p>' in text
    assert "/territorio/080811/" in text
    assert f"clase={asset.kind.code}&amp;corregimiento=080811&amp;vista=mapa" in text
    wider = Division.objects.create(government=panama, code="08", name="Panamá", level="provincia")
    assert desk.get(f"/desk/panama/territorio/{wider.public_id}/").context["related"] is None


def test_an_asset_leads_to_its_corregimiento_and_is_on_a_small_map(desk, panama):
    place = make.division(panama)
    asset = school(panama)
    asset.division = place
    asset.save()
    url = f"/desk/panama/activos/{asset.public_id}/"
    page = desk.get(url)
    assert f"/desk/panama/territorio/{place.public_id}/" in page.content.decode()
    spec = page.context["place_map"]
    west, south, east, north = spec.bounds_box
    assert west < asset.lon < east and south < asset.lat < north
    drawn = b"".join(desk.get(spec.src).streaming_content).decode()
    assert drawn.count('"Feature"') == 1 and asset.public_id in drawn
    asset.lon = asset.lat = asset.division = None
    asset.is_outside = True
    asset.save()
    assert desk.get(url).context["place_map"] is None


def test_the_way_back_from_a_record_is_the_list_as_it_was(desk, panama):
    made = make.finding(panama, reviewed=False)
    url = f"/desk/panama/hallazgos/{made.public_id}/"
    assert desk.get(url).context["crumbs"][1].url == "/desk/panama/hallazgos/"
    desk.get("/desk/panama/hallazgos/?estado=draft&vista=mapa&pagina=1")
    for page in (url, f"{url}cambiar/"):
        assert desk.get(page).context["crumbs"][1].url == "/desk/panama/hallazgos/?estado=draft&vista=mapa&pagina=1"
    desk.get("/desk/panama/hallazgos/?formato=csv")
    assert "estado=draft" in desk.get(url).context["crumbs"][1].url
    desk.get("/desk/panama/hallazgos/")
    assert desk.get(url).context["crumbs"][1].url == "/desk/panama/hallazgos/"
    desk.get("/desk/panama/hallazgos/?q=" + "x" * 2_000)
    assert desk.get(url).context["crumbs"][1].url == "/desk/panama/hallazgos/"


def test_a_corregimiento_says_what_each_run_expects_in_it_and_leads_to_it(city, impact, someone_with):
    client = Client()
    client.force_login(someone_with(city, Role.ADMINISTRATOR).user)
    row = TerritoryRisk.objects.filter(run=impact).select_related("division").first()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/desk/panama/territorio/{row.division.public_id}/")
    assert len(asked) <= 30
    (section,) = [each.section for each in page.context["sections"] if str(each.section.title) == "Riesgo"]
    assert [line.cells[3].url for line in section.table.rows] == [f"/desk/panama/corridas/{impact.public_id}/"]
    assert section.table.rows[0].cells[1].text == pab(float(row.ead_mean_pab))
    assert client.get(section.table.rows[0].cells[3].url).status_code == 200


def test_the_city_map_draws_the_assets_of_a_class_and_leads_to_their_list(desk, panama):
    place, asset = make.division(panama), school(panama)
    asset.division, asset.is_outside = place, False
    asset.save()
    Boundary.objects.create(
        government=panama, division=place, geometry=bytes(box(-79.5, 9.0, -79.4, 9.1).wkb), west=-79.5, south=9.0, east=-79.4, north=9.1
    )
    page = desk.get("/desk/panama/mapa/?corregimiento=080811&clase=colegio")
    assert page.context["told"] == [("Activos", 1, "/desk/panama/activos/?clase=colegio&corregimiento=080811")]
    spec = page.context["map"]
    drawn = b"".join(desk.get(spec.points).streaming_content).decode()
    assert drawn.count('"Feature"') == 1 and asset.public_id in drawn
    assert desk.get(spec.points_href.replace("{code}", asset.public_id)).status_code == 200
    assert "clase=colegio" in spec.table.rows[0].cells[0].url
    assert desk.get("/desk/panama/mapa/?activos=no").context["map"].points == ""
    assert desk.get("/desk/panama/mapa/?clase=inventada").context["assets"].kind == ""


def test_the_city_map_says_when_there_are_too_many_assets_to_draw(desk, panama, monkeypatch):
    monkeypatch.setattr("manglar.desk.atlas.MOST_POINTS", 1)
    school(panama)
    school(panama, "Otra")
    page = desk.get("/desk/panama/mapa/")
    assert page.context["assets_words"].startswith("Son 2 activos")
    assert page.context["map"] is None or page.context["map"].points == ""
