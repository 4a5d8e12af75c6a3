import pytest

from manglar.assets import selectors, services
from manglar.territory import services as territory
from tests.territory.conftest import square


@pytest.fixture
def kinds(db, office):
    services.ensure_kinds(by=office)
    return {kind.code: kind for kind in selectors.kinds()}


@pytest.fixture
def places(panama, office):
    """Two neighbouring divisions with official limits."""
    return [
        territory.record_division(
            by=office, government=panama, code=code, name=name, level="corregimiento",
            outline=territory.Outline(square(column, 0)))
        for column, (code, name) in enumerate((("080812", "Juan Díaz"), ("080806", "Betania")))
    ]
