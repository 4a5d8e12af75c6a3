"""Reads of assets."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from manglar.assets import selectors, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(panama, office, kinds, places):
    def make(kind, name, lon, **known):
        return services.record_asset(by=office, government=panama, kind=kinds[kind], name=name, lon=lon, lat=9.005, **known)
    return [
        make("school", "Una", -79.495, people=10), make("school", "Dos", -79.494, people=5, is_critical=True),
        make("hospital", "Tres «rara» </script>", -79.485, value_pab=Decimal("12.50"), is_critical=True), make("school", "Lejos", -79.2),
    ]


def test_counts_are_one_query(panama, some, places):
    with CaptureQueriesContext(connection) as queries:
        found = selectors.counts_by_kind_and_division(panama)
    assert len(queries) == 1
    assert {(c.kind, c.division_id): (c.count, c.critical, c.people, c.outside) for c in found} == {
        ("hospital", places[1].pk): (1, 1, 0, 0), ("school", None): (1, 0, 0, 1), ("school", places[0].pk): (2, 1, 15, 0)}


def test_lists(panama, san_miguelito, some, places):
    assert selectors.assets_of(panama, kind="school").count() == 3
    assert {a.name for a in selectors.assets_of(panama, division=places[0])} == {"Una", "Dos"}
    assert [a.name for a in selectors.assets_of(panama, is_outside=True)] == ["Lejos"]
    assert {a.name for a in selectors.critical_assets(panama)} == {"Dos", "Tres «rara» </script>"}
    assert not selectors.assets_of(san_miguelito).exists()
    assert {k.code: k.count for k in selectors.kinds_with_counts(panama)}["school"] == 3


def test_geojson_comes_in_pieces_and_is_json(panama, some):
    text = "".join(selectors.assets_geojson(selectors.assets_of(panama)))
    features = json.loads(text)["features"]
    assert len(features) == 4
    assert {f["properties"]["value_pab"] for f in features} == {None, "12.50"}
    assert json.loads("".join(selectors.assets_geojson(selectors.assets_of(panama, kind="market"))))["features"] == []


def test_records_are_found_by_their_public_name(some):
    assert selectors.asset_by_id(some[0].public_id) == some[0]
    assert selectors.asset_by_id("activo-nada") is None
