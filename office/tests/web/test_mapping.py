"""A list on the map: the same rows, counted where they are, and what has no place is said."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.assets import services as assets
from manglar.assets.selectors import kind_by_code
from manglar.evidence.models import Finding
from manglar.territory.services import Outline, record_boundary
from manglar.web import mapping
from manglar.web.kinds import KINDS
from manglar.web.listing import listing
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR, Role.APPROVER, Role.ANALYST).user)
    return client


def square(west, south):
    ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south + 0.1], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def two_places(panama):
    made = []
    for code, name, west in (("080811", "Juan Díaz", -79.5), ("080812", "Pedregal", -79.4)):
        each = make.division(panama, code=code, name=name)
        record_boundary(by=make.OFFICE, division=each, outline=Outline(square(west, 9.0)))
        made.append(each)
    return made


def held(panama, slug, **asked):
    return listing(KINDS[slug], panama, TODAY(), asked, "es")


def school(panama, name, lon, lat):
    assets.ensure_kinds(by=make.OFFICE)
    kind = kind_by_code("school")
    return assets.record_asset(by=make.OFFICE, government=panama, kind=kind, name=name, lon=lon, lat=lat, mark="ilustrativo")


def test_findings_are_counted_in_each_of_their_divisions_and_those_without_one_are_said(panama, desk, two_places):
    one, two = two_places
    make.finding(panama, title="En los dos", divisions=[one, two])
    make.finding(panama, title="En uno", divisions=[one])
    make.finding(panama, title="En ninguno")
    where = mapping.placed(held(panama, "hallazgos"))
    assert {each.code: each.count for each in where.areas} == {"080811": 2, "080812": 1}
    assert (where.total, where.without, where.elsewhere) == (3, 1, 0)
    text = desk.get("/desk/panama/hallazgos/?vista=mapa").content.decode()
    assert "1 de 3 no tiene lugar y no está en el mapa" in text
    assert "?vista=mapa" in text
    assert 'href="?corregimiento=080811"' in text


def test_a_filter_narrows_the_map_as_it_narrows_the_table(panama, two_places):
    one, two = two_places
    make.finding(panama, title="En los dos", divisions=[one, two], reviewed=True)
    make.finding(panama, title="Borrador", divisions=[one], reviewed=False)
    where = mapping.placed(held(panama, "hallazgos", estado="draft"))
    assert {each.code: each.count for each in where.areas} == {"080811": 1, "080812": 0}
    narrowed = mapping.placed(held(panama, "hallazgos", corregimiento="080812"))
    assert {each.code: each.count for each in narrowed.areas} == {"080811": 1, "080812": 1}  # the one finding is in both


def test_a_division_without_an_outline_is_in_the_table_and_in_words(panama, desk, two_places):
    loose = make.division(panama, code="080899", name="Sin dibujo")
    make.finding(panama, divisions=[loose])
    where = mapping.placed(held(panama, "hallazgos"))
    assert where.elsewhere == 1
    text = desk.get("/desk/panama/hallazgos/?vista=mapa").content.decode()
    assert "1 es de un territorio que no se dibuja aquí" in text
    assert "Sin dibujo" in text


def test_points_stand_at_their_place_and_too_many_are_counted_instead(panama, desk, two_places, monkeypatch):
    school(panama, "Con lugar", -79.45, 9.05)
    school(panama, "Otra", -79.44, 9.06)
    where = mapping.placed(held(panama, "activos"))
    assert where.is_points
    assert len(where.points) == 2
    assert where.box[0] < -79.45 < -79.44 < where.box[2]
    assert " clustered" in desk.get("/desk/panama/activos/?vista=mapa").content.decode()
    monkeypatch.setattr(mapping, "MOST_POINTS", 1)
    counted = mapping.placed(held(panama, "activos"))
    assert not counted.is_points
    assert {each.code: each.count for each in counted.areas} == {"080811": 2, "080812": 0}


def test_without_outlines_the_map_says_what_is_missing(panama, desk):
    make.finding(panama)
    text = desk.get("/desk/panama/hallazgos/?vista=mapa").content.decode()
    assert "Todavía no hay límites que dibujar" in text
    assert desk.get("/desk/panama/hallazgos/?vista=mapa&formato=svg").status_code == 404


def test_the_list_as_geojson_holds_every_row_with_its_outline_or_none(panama, desk, two_places):
    one, two = two_places
    make.finding(panama, title="En los dos", divisions=[one, two])
    make.finding(panama, title='Sin "lugar" </script>')
    answer = desk.get("/desk/panama/hallazgos/?formato=geojson")
    assert answer["Content-Type"] == "application/geo+json"
    told = json.loads(b"".join(answer.streaming_content))
    shapes = {each["properties"]["name"]: each["geometry"] for each in told["features"]}
    assert shapes['Sin "lugar" </script>'] is None
    assert len(shapes["En los dos"]["geometries"]) == 2
    assert len(told["features"]) == Finding.objects.count() == 2
    assert desk.get("/desk/panama/notas/?formato=geojson").context["kind"].slug == "notas"  # a list without places is the page


def test_the_api_gives_the_same_geojson_and_says_when_a_kind_has_no_place(panama, two_places, someone_with):
    make.finding(panama, divisions=two_places[:1])
    user = someone_with(panama, Role.EDITOR).user
    token = accounts.issue_api_token(by=make.OFFICE, government=panama, user=user, at=timezone.now())
    api = Client(headers={"Authorization": f"Bearer {token}"})
    answer = api.get("/api/v1/desk/panama/hallazgos?formato=geojson")
    assert len(json.loads(b"".join(answer.streaming_content))["features"]) == 1
    empty = api.get("/api/v1/desk/panama/hallazgos?formato=geojson&estado=draft")
    assert json.loads(b"".join(empty.streaming_content))["features"] == []
    refused = api.get("/api/v1/desk/panama/notas?formato=geojson")
    assert refused.status_code == 422
    assert "no tienen lugar en un mapa" in refused.content.decode()
    assert api.get("/api/v1/desk/panama/hallazgos?formato=dibujo").status_code == 422


def test_every_kind_that_says_where_its_rows_are_offers_the_map_and_can_be_asked(panama, desk, two_places):
    declared = [kind for kind in KINDS.values() if kind.places]
    assert {kind.slug for kind in declared} >= {"activos", "hallazgos", "iniciativas", "compromisos", "territorio"}
    for kind in declared:
        assert "mapa" in kind.views, kind.slug
        assert not kind.places.filter or kind.places.filter in {each.key for each in kind.filters}
        assert desk.get(f"/desk/panama/{kind.slug}/?vista=mapa").status_code == 200
    assert [kind.slug for kind in KINDS.values() if "mapa" in kind.views and not kind.places] == []
    text = desk.get("/desk/panama/territorio/?vista=mapa").content.decode()
    assert two_places[0].public_id in text


def test_the_picture_for_paper_is_the_same_map(panama, desk, two_places):
    make.finding(panama, divisions=two_places[:1])
    answer = desk.get("/desk/panama/hallazgos/?vista=mapa&formato=svg")
    assert answer["Content-Type"] == "image/svg+xml"
    text = answer.content.decode()
    assert "Mapa: Hallazgos" in text
    assert "style=" not in text
    assert "ninguno" in text
