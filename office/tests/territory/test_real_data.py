"""The official file of 2023, with its dirt."""

import datetime as dt

import pytest

from manglar.territory import selectors, services
from manglar.territory.choices import Level
from manglar.territory.models import Boundary
from tests.territory.conftest import square

pytestmark = [pytest.mark.django_db, pytest.mark.real]
ON = dt.date(2026, 5, 1)


@pytest.fixture
def official_file(real_data):
    return (real_data / "territory" / "corregimientos_2023.geojson").read_bytes()


def load(panama, office, content, **more):
    return services.import_territory(by=office, government=panama, name="oficial.geojson", content=content, on=ON, **more)


def test_it_takes_the_place_of_the_schematic_map_of_the_two_districts(panama, office, real_data, official_file, tiles_here):
    for code, name in (("0808", "Panamá"), ("0810", "San Miguelito")):
        services.record_division(by=office, government=panama, code=code, name=name, level=Level.DISTRICT)
    table = (real_data / "territory" / "corregimientos.csv").read_bytes()
    made = services.import_territory(by=office, government=panama, name="t.csv", content=table, on=ON)
    assert len(made.created) == 35
    for place, division in enumerate(selectors.divisions_on(ON, level="corregimiento")):
        services.record_boundary(
            by=office, division=division, outline=services.Outline(square(place % 6, place // 6), is_schematic=True))
    preview = load(panama, office, official_file)
    assert (len(preview.replaced), len(preview.left), len(preview.refused), len(preview.created)) == (35, 2, 0, 0)
    assert {note.name for note in preview.left} == {"Chepo", "Las Margaritas"}
    assert [(each.one, each.other, round(each.area_m2)) for each in preview.overlaps] == [("080803", "080804", 898)]
    assert Boundary.objects.filter(is_current=True, is_schematic=False).count() == 35
    assert Boundary.objects.filter(is_current=False, is_schematic=True).count() == 35
    again = load(panama, office, official_file)
    assert (again.unchanged, again.is_applied) == (35, False)
    assert selectors.division_by_name("Calidonia").name == "La Exposición o Calidonia"
    assert services.write_division_tiles() is not None
    drawn = selectors.boundaries_geojson()
    assert len(drawn["features"]) == 35
    assert len(str(drawn)) < 900_000


def test_on_an_empty_installation_it_makes_its_districts(panama, office, official_file):
    preview = load(panama, office, official_file)
    assert len(preview.created) == 37
    assert preview.parents_created == ["Panamá (08)", "Panamá (0808)", "Chepo (0805)", "San Miguelito (0810)"]


def test_the_dissolved_districts_fit(panama, office, real_data, official_file):
    load(panama, office, official_file)
    districts = (real_data / "territory" / "distritos_2023.geojson").read_bytes()
    preview = load(panama, office, districts, level="district")
    assert len(preview.replaced) == 2
    assert selectors.division_at(longitude=-79.39914, latitude=9.073414, level="district").code == "0808"
