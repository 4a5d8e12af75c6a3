"""A small city made by hand: one district of four square parts, one kilometre each, near 9° north."""

import json

import pytest

from manglar.territory import services
from manglar.territory.choices import Level

SIDE = 0.01


def square(column, line, *, side=SIDE):
    west, south = -79.5 + column * SIDE, 9.0 + line * SIDE
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def official(column, line, corr, name, *, dist="08", dist_name="PANAMÁ", geometry=None):
    return feature(
        geometry or square(column, line), PROV_ID="08", PROV_NOMB="PANAMÁ", DIST_ID=dist, DIST_NOMB=dist_name,
        CORR_ID=corr, CORR_NOMB=name, CODIGO=f"08{dist}{corr}", AREA=1.0,
    )


FOUR = (
    official(0, 0, "12", "JUAN DÍAZ"), official(1, 0, "06", "BETANIA"),
    official(0, 1, "04", "LA EXPOSICIÓN O CALIDONIA"), official(1, 1, "01", "SAN FELIPE"),
)


@pytest.fixture
def tiles_here(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "tiles"


@pytest.fixture
def district(panama, office):
    """The district, without parts."""
    return services.record_division(by=office, government=panama, code="0808", name="Panamá", level=Level.DISTRICT)


@pytest.fixture
def schematic(panama, office, district):
    """Four parts with schematic outlines."""
    made = []
    for place, (code, name) in enumerate(
        (("080812", "Juan Díaz"), ("080806", "Betania"), ("080804", "Calidonia"), ("080801", "San Felipe"))
    ):
        made.append(services.record_division(
            by=office, government=panama, code=code, name=name, level=Level.CORREGIMIENTO, parent=district,
            outline=services.Outline(square(place, 5), is_schematic=True, mark="ilustrativo"),
        ))
    return made
