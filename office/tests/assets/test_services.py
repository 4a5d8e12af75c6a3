"""One asset, its kind, and finding divisions again."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from manglar.accounts.choices import Role
from manglar.assets import selectors, services
from manglar.assets.models import Asset, AssetKind
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.territory import services as territory
from tests.territory.conftest import square

pytestmark = pytest.mark.django_db


def test_kinds_are_recorded_once_and_stay_as_edited(office, kinds):
    AssetKind.objects.filter(code="school").update(name={"es": "Colegio"})
    assert services.ensure_kinds(by=office) == 0
    assert selectors.kind_by_code("school").name == {"es": "Colegio"}
    assert len(kinds) == len(services.KINDS)


def test_only_a_program_prepares_kinds(panama, someone_with):
    with pytest.raises(NotAllowed):
        services.ensure_kinds(by=someone_with(panama, Role.ADMINISTRATOR))


@pytest.mark.parametrize(("code", "name", "error"), [
    ("school", {"es": "x"}, Conflict), ("con espacio", {"es": "x"}, InvalidInput), ("", {"es": "x"}, InvalidInput),
    ("nueva", {}, InvalidInput), ("n" * 41, {"es": "x"}, InvalidInput),
])
def test_a_kind_that_cannot_be_is_refused(panama, office, kinds, code, name, error):
    with pytest.raises(error):
        services.record_kind(by=office, government=panama, code=code, name=name)


def test_what_a_kind_supposes_says_where_it_comes_from(panama, office, kinds, places):
    with pytest.raises(InvalidInput, match="de dónde sale"):
        services.set_defaults(by=office, government=panama, kind=kinds["school"], defaults=services.KindDefaults(people=100))
    services.set_defaults(
        by=office, government=panama, kind=kinds["school"],
        defaults=services.KindDefaults(value_pab=Decimal("1000"), people=100, source_text="JRC 2017"))
    asset = services.record_asset(
        by=office, government=panama, kind=kinds["school"], name="Escuela", lon=-79.495, lat=9.005, people=40)
    page = selectors.asset_page(selectors.asset_by_id(asset.public_id))
    assert (page.people.value, page.people.is_supposed) == (40, False)
    assert (page.value_pab.value, page.value_pab.is_supposed, page.value_pab.mark) == (Decimal("1000"), True, "estimacion")
    assert page.value_pab.source_text == "JRC 2017"
    assert page.occupancy.value is None


def test_an_asset_finds_its_division(panama, office, kinds, places):
    asset = services.record_asset(by=office, government=panama, kind=kinds["bridge"], name="Puente", lon=-79.495, lat=9.005)
    assert asset.division == places[0]
    services.revise_asset(by=office, asset=asset, lon=-79.485)
    assert asset.division == places[1]
    services.revise_asset(by=office, asset=asset, lon=-79.2)
    assert (asset.division, asset.is_outside) == (None, True)


@pytest.mark.parametrize("known", [
    {"people": -1}, {"value_pab": Decimal(-1)}, {"lon": 200.0}, {"name": " "}, {"government": 1},
])
def test_what_an_asset_cannot_be_is_refused(panama, office, kinds, places, known):
    given = {"name": "x", "lon": -79.495, "lat": 9.005, **known}
    with pytest.raises((InvalidInput, TypeError)):
        services.record_asset(by=office, government=panama, kind=kinds["bridge"], **given)
    assert not Asset.objects.exists()


def test_roles(panama, someone_with, kinds):
    given = {"government": panama, "kind": kinds["bridge"], "name": "x", "lon": -79.0, "lat": 9.0}
    with pytest.raises(NotAllowed):
        services.record_asset(by=someone_with(panama, Role.READER), **given)
    assert services.record_asset(by=someone_with(panama, Role.ANALYST), **given).is_outside is False


def test_after_new_limits_assets_are_located_again(panama, office, kinds, places):
    asset = services.record_asset(by=office, government=panama, kind=kinds["bridge"], name="Puente", lon=-79.495, lat=9.005)
    territory.record_boundary(by=office, division=places[0], outline=territory.Outline(square(7, 7)))
    territory.record_boundary(by=office, division=places[1], outline=territory.Outline(square(0, 0)))
    assert services.locate_assets(by=office, government=panama) == {"assets": 1, "moved": 1, "outside": 0}
    asset.refresh_from_db()
    assert asset.division == places[1]
    assert services.locate_assets(by=office, government=panama)["moved"] == 0


def test_locating_without_limits_says_what_to_do(panama, office):
    with pytest.raises(InvalidInput, match="impórtelos antes"):
        services.locate_assets(by=office, government=panama)


@pytest.mark.parametrize("row", [
    {"lon": None, "lat": None}, {"lon": 500, "lat": 0}, {"lon": 1, "lat": None, "is_outside": True},
])
def test_the_database_refuses_a_place_that_is_none(panama, kinds, row):
    with pytest.raises(IntegrityError), transaction.atomic():
        Asset.objects.create(government=panama, kind=kinds["bridge"], name="x", **row)
