import pytest

from manglar.foundation.translated import translated
from manglar.network import services


@pytest.fixture
def works(panama, office):
    """A directorate."""
    return services.record_institution(
        by=office, government=panama, code="DOYC", name=translated("Dirección de Obras", "Works"), kind="municipal")


@pytest.fixture
def head(office, works):
    return services.record_post(by=office, institution=works, title=translated("Dirección"), rank="head")


@pytest.fixture
def focal(office, works):
    return services.record_post(by=office, institution=works, title=translated("Enlace"), rank="focal_point")


@pytest.fixture
def people(panama, office):
    return [
        services.record_person(by=office, government=panama, name=f"Papel de ejemplo {letter}", is_example=True,
                               email=f"papel-{letter.lower()}@example.org") for letter in "AB"
    ]
