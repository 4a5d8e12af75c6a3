"""Recording, splitting and ending divisions."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from manglar.accounts.choices import Role
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.territory import selectors, services
from manglar.territory.choices import Level
from manglar.territory.models import Boundary, Division
from tests.territory.conftest import square

pytestmark = pytest.mark.django_db
DAY = dt.date(2017, 3, 1)


def test_a_division_is_recorded_with_its_outline_and_its_event(panama, office, district):
    seal()
    made = services.record_division(
        by=office, government=panama, code="080812", name=" Juan  Díaz ", level=Level.CORREGIMIENTO, parent=district,
        outline=services.Outline(square(0, 0)), aliases=["Juan Diaz Viejo"],
        population=services.Population(100636, 2010, "fuente", "censo"),
    )
    assert made.name == "Juan Díaz"
    assert selectors.division_by_name("juan diaz viejo") == made
    assert selectors.outline_of(made).geometry.is_valid
    seal()
    assert Entry.objects.filter(event="division.recorded", operation="event", subject=made.public_id).count() == 1


@pytest.mark.parametrize("changes", [
    {"code": ""}, {"code": "x" * 21}, {"name": "  "}, {"level": "barriada"}, {"code": "0808"},
    {"outline": services.Outline({"type": "LineString", "coordinates": [[0, 0], [1, 1]]})},
    {"outline": services.Outline({"type": "Polygon", "coordinates": "nada"})},
    {"outline": services.Outline(
        {"type": "Polygon", "coordinates": [[[660000, 990000], [661000, 990000], [661000, 991000], [660000, 990000]]]})},
])
def test_what_cannot_be_recorded_is_refused_and_leaves_nothing(panama, office, district, changes):
    given = {"code": "080899", "name": "Nuevo", "level": Level.CORREGIMIENTO, "parent": district, **changes}
    with pytest.raises((InvalidInput, Conflict)):
        services.record_division(by=office, government=panama, **given)
    assert Division.objects.count() == 1
    assert Boundary.objects.count() == 0


def test_a_part_is_narrower_than_its_whole(panama, office, schematic):
    with pytest.raises(InvalidInput, match="no puede contener"):
        services.record_division(
            by=office, government=panama, code="99", name="Provincia", level=Level.PROVINCE, parent=schematic[0])


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR, Role.FOCAL_POINT])
def test_only_those_who_may_change_the_territory_do(panama, someone_with, district, role):
    with pytest.raises(NotAllowed):
        services.add_alias(by=someone_with(panama, role), division=district, name="Otra")
    assert services.add_alias(by=someone_with(panama, Role.ANALYST), division=district, name="Otra").name == "Otra"


def test_an_alias_twice_is_one_alias(office, schematic):
    first = services.add_alias(by=office, division=schematic[1], name="Bethania")
    assert services.add_alias(by=office, division=schematic[1], name="BETHANIA (P)").pk == first.pk
    assert selectors.division_by_name("bethania") == schematic[1]


def test_a_new_name_keeps_the_old_one(office, schematic):
    services.revise_division(by=office, division=schematic[0], name="Juan Díaz Nuevo", area_km2=3.5)
    assert selectors.division_by_name("Juan Díaz Nuevo").pk == selectors.division_by_name("Juan Díaz").pk
    assert selectors.division_by_code("080812").area_km2 == 3.5


def test_a_split_takes_its_ground_from_the_old_division(office, schematic):
    old = schematic[0]
    before = selectors.outline_of(old).geometry
    half = {"type": "Polygon", "coordinates": [[[-79.5, 9.05], [-79.495, 9.05], [-79.495, 9.06], [-79.5, 9.06], [-79.5, 9.05]]]}
    part = services.split_division(
        by=office, division=old, code="080826", name="Don Bosco", on=DAY, outline=services.Outline(half, is_schematic=True),
        instrument="Ley 40 de 2017")
    now = selectors.outline_of(old).geometry
    assert part.split_from == old
    assert part.parent == old.parent
    assert now.area == pytest.approx(before.area / 2)
    assert now.intersection(selectors.outline_of(part).geometry).area == pytest.approx(0)
    assert selectors.outline_of(old, on=DAY - dt.timedelta(days=1)).geometry.area == pytest.approx(before.area)
    assert list(selectors.history_of(old)) == [part]
    assert part not in selectors.divisions_on(DAY - dt.timedelta(days=1))
    assert part in selectors.divisions_on(DAY)
    there = {"longitude": -79.4975, "latitude": 9.055}
    assert selectors.division_at(**there) == part
    assert selectors.division_at(**there, on=DAY - dt.timedelta(days=1)) == old


def test_a_split_that_would_take_everything_is_refused(office, schematic):
    with pytest.raises(InvalidInput, match="ocuparía todo"):
        services.split_division(
            by=office, division=schematic[0], code="080826", name="Don Bosco", on=DAY, outline=services.Outline(square(0, 5)))
    assert selectors.division_by_code("080826") is None


def test_the_origin_of_a_recorded_division_can_be_said_later(office, schematic):
    services.record_origin(by=office, division=schematic[1], split_from=schematic[0], on=DAY)
    assert selectors.division_by_code("080806", on=DAY - dt.timedelta(days=1)) is None
    with pytest.raises(InvalidInput):
        services.record_origin(by=office, division=schematic[0], split_from=schematic[0], on=DAY)


def test_an_ended_division_frees_its_code(panama, office, schematic):
    old = schematic[0]
    services.end_division(by=office, division=old, on=DAY)
    with pytest.raises(Conflict, match="ya dejó de existir"):
        services.end_division(by=office, division=old, on=DAY)
    new = services.record_division(
        by=office, government=panama, code="080812", name="Juan Díaz", level=Level.CORREGIMIENTO,
        parent=old.parent, valid_from=DAY + dt.timedelta(days=1))
    assert selectors.division_by_code("080812") == new
    assert selectors.division_by_code("080812", on=DAY) == old
    assert old.pk not in {each.division.pk for each in selectors.current_outlines()}


def test_a_division_with_living_parts_does_not_end(office, district, schematic):
    with pytest.raises(Conflict, match="todavía contiene"):
        services.end_division(by=office, division=district, on=DAY)
    with pytest.raises(InvalidInput):
        services.split_division(by=office, division=schematic[0], code="", name="x", on=DAY)


def test_dates_that_disagree_are_refused(panama, office):
    made = services.record_division(
        by=office, government=panama, code="1", name="Uno", level=Level.ZONE, valid_from=DAY)
    with pytest.raises(InvalidInput, match="No puede dejar de existir"):
        services.end_division(by=office, division=made, on=DAY - dt.timedelta(days=1))
    with pytest.raises(Conflict, match="no existía"):
        services.split_division(by=office, division=made, code="2", name="Dos", on=DAY - dt.timedelta(days=1))


def test_the_database_itself_refuses_two_current_boundaries(office, schematic):
    held = Boundary.objects.get(division=schematic[0])
    held.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save()
