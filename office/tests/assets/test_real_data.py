"""Schools and towers as they are published, with their dirt."""

import datetime as dt

import pytest

from manglar.assets import services
from manglar.assets.models import Asset
from manglar.territory import services as territory

pytestmark = [pytest.mark.django_db, pytest.mark.real]
AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def load(panama, office, kinds, real_data):
    content = (real_data / "territory" / "corregimientos_2023.geojson").read_bytes()
    territory.import_territory(
        by=office, government=panama, name="oficial.geojson", content=content, on=AT.date(),
        options=territory.ImportOptions(only=("0808", "0810")))

    def run(file, kind):
        return services.import_assets(
            by=office, government=panama, name=file, content=(real_data / "assets" / file).read_bytes(), kind=kinds[kind], at=AT)
    return run


def test_203_schools_all_with_people_from_text(load):
    preview = load("schools.geojson", "school")
    assert (preview.created, preview.outside_count, preview.disagreement_count, preview.odd_count) == (203, 0, 0, 0)
    assert Asset.objects.filter(people__isnull=False, division__isnull=False).count() == 203
    assert Asset.objects.get(name="P.C. TOCUMEN").people == 1756
    assert load("schools.geojson", "school").unchanged == 203


def test_1364_towers_two_outside_and_two_duplicates(load):
    preview = load("telecom_towers.geojson", "telecom_tower")
    assert (preview.rows, preview.created, len(preview.duplicates), preview.outside_count) == (1364, 1362, 2, 2)
    assert {each["name"] for each in preview.outside} == {"SAN FELIPE PA01076", "Club Unión"}
    assert Asset.objects.filter(is_outside=True).count() == 2
    assert Asset.objects.filter(attributes__Operador="CLARO PANAMA, S.A.").exists()
    assert load("telecom_towers.geojson", "telecom_tower").unchanged == 1362
