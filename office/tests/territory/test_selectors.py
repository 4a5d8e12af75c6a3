"""Reads of the territory."""

import datetime as dt
import gzip

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from manglar.foundation.refusals import InvalidInput
from manglar.territory import selectors, services
from manglar.territory.choices import Level
from tests.territory.conftest import square

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 1)


def test_the_tree_is_one_query(schematic, district):
    with CaptureQueriesContext(connection, ) as queries:
        (root,) = selectors.tree(on=TODAY)
        names = [node.division.name for node in root.children]
    assert root.division == district
    assert names == ["San Felipe", "Calidonia", "Betania", "Juan Díaz"]
    assert len(queries) == 1


def test_a_name_of_several_divisions_is_an_error_that_names_them(panama, office, district, schematic):
    services.record_division(by=office, government=panama, code="08", name="Panamá", level=Level.PROVINCE)
    with pytest.raises(InvalidInput, match=r"Panamá \(provincia, 08\); Panamá \(distrito, 0808\)"):
        selectors.division_by_name("PANAMA")
    assert selectors.division_by_name("Panamá", level=Level.DISTRICT) == district
    assert selectors.division_by_name("la exposición o calidonia", parent=district).code == "080804"
    assert selectors.division_by_name("Chitré") is None


def test_a_point_is_in_its_division(schematic):
    assert selectors.division_at(longitude=-79.495, latitude=9.055) == schematic[0]
    assert selectors.division_at(longitude=0, latitude=0) is None
    assert selectors.division_at(longitude=-79.495, latitude=9.055, level=Level.DISTRICT) is None


def test_many_points_are_located_at_once(schematic):
    points = shapely.points([(-79.495, 9.055), (-79.485, 9.055), (0.0, 0.0)])
    points = [*points, None]
    found = selectors.locator().locate(points)
    assert [each.division for each in found] == [schematic[0], schematic[1], None, None]
    assert selectors.locator().is_schematic
    assert selectors.locator(level=Level.PROVINCE).locate(points)[0].division is None


def test_what_the_page_draws(schematic, district):
    drawn = selectors.boundaries_geojson()
    assert [f["properties"]["code"] for f in drawn["features"]] == ["080801", "080804", "080806", "080812"]
    assert drawn["features"][0]["properties"] == {
        "public_id": schematic[3].public_id, "code": "080801", "name": "San Felipe", "level": "corregimiento",
        "parent": "0808", "schematic": True}
    assert selectors.boundaries_geojson(level=Level.PROVINCE)["features"] == []


def test_the_stamp_changes_with_names_and_limits(office, schematic):
    seen = {selectors.boundaries_stamp()}
    services.revise_division(by=office, division=schematic[0], name="Otro")
    seen.add(selectors.boundaries_stamp())
    services.record_boundary(by=office, division=schematic[0], outline=services.Outline(square(9, 9)))
    seen.add(selectors.boundaries_stamp())
    services.end_division(by=office, division=schematic[0], on=TODAY)
    seen.add(selectors.boundaries_stamp())
    assert len(seen) == 4
    assert "Otro" not in str(selectors.boundaries_geojson())


def test_boxes(schematic, district):
    box = selectors.box_of(schematic[0])
    assert (box.west, box.south) == (pytest.approx(-79.5), pytest.approx(9.05))
    assert selectors.box_of(district) == selectors.box_of_level()
    assert selectors.box_of_level(Level.PROVINCE) is None
    found = selectors.divisions_in_box(west=-79.5, south=9.05, east=-79.4999, north=9.0501)
    assert list(found) == [schematic[0]]


def test_an_empty_territory_answers_too(db):
    assert selectors.tree(on=TODAY) == []
    assert selectors.finest_level() == ""
    assert selectors.boundaries_geojson()["features"] == []
    assert selectors.box_of_level() is None
    assert selectors.locator().locate([]) == []
    assert selectors.tile("divisions", 10, 1, 1) is None
    assert selectors.tile_info("divisions") is None


def test_tiles_are_written_and_read_one_by_one(schematic, tiles_here):
    services.refresh_division_tiles()
    info = selectors.tile_info("divisions")
    assert (info.min_zoom, info.max_zoom, info.encoding) == (4, 14, "gzip")
    assert info.west == pytest.approx(-79.5, abs=1e-4)
    x, y = 2**10 * (-79.49 + 180) / 360, 485
    found = selectors.tile("divisions", 10, int(x), y) or selectors.tile("divisions", 10, int(x), y + 1)
    plain = gzip.decompress(found)
    for word in (b"divisions", b"code", b"name", b"level", b"schematic", "Juan Díaz".encode()):
        assert word in plain
    assert selectors.tile("divisions", 10, 0, 0) is None
    assert selectors.tile("divisions", 3, 99, 0) is None
    assert selectors.tile("divisions", -1, 0, 0) is None
    assert [each.name for each in sorted(tiles_here.iterdir())] == ["divisions.pmtiles", "divisions.stamp"]


def test_tiles_are_written_again_only_when_something_changed(office, schematic, tiles_here):
    services.refresh_division_tiles()
    first = selectors.tile_info("divisions").stamp
    services.refresh_division_tiles()
    assert selectors.tile_info("divisions").stamp == first
    services.revise_division(by=office, division=schematic[0], name="Otro nombre")
    services.refresh_division_tiles()
    assert selectors.tile_info("divisions").stamp != first


@pytest.mark.parametrize("layer", ["../secret", "/etc/passwd", "Divisions", "a.b", ""])
def test_no_other_file_can_be_asked_for(layer, tiles_here):
    assert selectors.tile(layer, 0, 0, 0) is None
    with pytest.raises(ValueError, match="no es el nombre de una capa"):
        selectors.tile_path(layer)
