"""A place typed by hand: inside, outside and near, or a mistake that is said."""

import pytest
import shapely

from manglar.assets import services
from manglar.assets.selectors import kind_by_code
from manglar.foundation.refusals import InvalidInput
from manglar.territory.services import Outline, record_boundary
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
SQUARE = shapely.box(-79.6, 8.9, -79.4, 9.1)


@pytest.fixture
def place(panama, office):
    held = make.division(panama)
    services.ensure_kinds(by=office)
    return held


def record(panama, lon, lat, **more):
    return services.record_asset(
        by=make.OFFICE, government=panama, kind=kind_by_code("school"), name="Escuela", lon=lon, lat=lat, **more
    )


def test_numbers_that_are_swapped_and_places_in_another_country_are_refused(panama, place):
    record_boundary(by=make.OFFICE, division=place, outline=Outline(SQUARE))
    assert record(panama, -79.5, 9.0).division == place
    with pytest.raises(InvalidInput, match="parecen cambiadas"):
        record(panama, 9.0, -79.5)
    with pytest.raises(InvalidInput, match="km de la ciudad"):
        record(panama, 10.0, 50.0)


def test_a_place_just_outside_is_kept_and_marked(panama, place):
    record_boundary(by=make.OFFICE, division=place, outline=Outline(SQUARE))
    assert record(panama, -79.3, 9.0).is_outside


def test_while_the_limits_are_a_scheme_the_place_that_is_said_rules(panama, place):
    other = make.division(panama, code="080812", name="Pedregal")
    record_boundary(by=make.OFFICE, division=place, outline=Outline(SQUARE, is_schematic=True))
    assert record(panama, -79.5, 9.0, said=other).division == other
    assert record(panama, -79.5, 9.0).division == place
