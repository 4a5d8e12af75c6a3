"""A tiny invented city: five square divisions, twelve assets (one outside every limit) and two faults."""

import json

import pytest
from django.utils import timezone

from manglar.assets import services as assets
from manglar.assets.selectors import kind_by_code
from manglar.risk import services
from manglar.territory import services as territory

WEST, SOUTH, SIDE = -79.60, 9.00, 0.05


def square(place):
    west = WEST + place * SIDE
    ring = [[west, SOUTH], [west + SIDE, SOUTH], [west + SIDE, SOUTH + SIDE], [west, SOUTH + SIDE], [west, SOUTH]]
    return {"type": "Polygon", "coordinates": [ring]}


def fault(number, *, name, line, **more):
    properties = {
        "id": f"F{number}",
        "name": name,
        "slip_type": "Dextral",
        "slip_rate_mm_yr": "(3,1,5)",
        "dip": 80,
        "rake": 180,
        "dip_dir": "E",
        "upper_depth_km": 0,
        "lower_depth_km": 15,
        "source": "inventada para las pruebas",
        **more,
    }
    return {"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": line}}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


@pytest.fixture
def faults_file():
    """Two invented faults with rates."""
    return collection(
        fault(1, name="Falla Norte", line=[[-79.55, 9.02], [-79.50, 9.20]]),
        fault(2, name="Falla Sur", line=[[-79.30, 8.90], [-79.20, 9.10]], slip_rate_mm_yr=1.0),
    )


@pytest.fixture
def divisions(panama, office):
    """A district with five corregimientos side by side."""
    district = territory.record_division(by=office, government=panama, code="99", name="Distrito", level="district")
    return [
        territory.record_division(
            by=office,
            government=panama,
            code=f"990{place}",
            name=f"Corregimiento {place}",
            level="corregimiento",
            parent=district,
            outline=territory.Outline(geometry=square(place)),
        )
        for place in range(5)
    ]


@pytest.fixture
def city(panama, office, divisions):
    """Seven schools and five towers; four divisions hold assets, and one tower stands outside every limit."""
    assets.ensure_kinds(by=office)
    for place in range(7):
        assets.record_asset(
            by=office,
            government=panama,
            kind=kind_by_code("school"),
            name=f"Escuela {place}",
            lon=WEST + SIDE * (place % 4) + 0.01 + place / 1000,
            lat=SOUTH + 0.01,
            people=None if place == 6 else 100 * (place + 1),
            external_id=str(place),
        )
    for place in range(5):
        assets.record_asset(
            by=office,
            government=panama,
            kind=kind_by_code("telecom_tower"),
            name=f"Torre {place}",
            lon=WEST + SIDE * place + 0.02 if place < 4 else -79.0,
            lat=SOUTH + 0.03,
        )
    return panama


@pytest.fixture
def dataset(city, office, faults_file):
    return services.register_faults(by=office, government=city, name="fallas.geojson", content=faults_file)


@pytest.fixture
def spec(dataset):
    """What a page would ask, with few samples."""
    return {
        "title": "Escuelas y torres",
        "hazard": "earthquake",
        "seed": 7,
        "samples": 60,
        "faults": {"dataset": dataset.public_id},
        "assets": {"kinds": ["school", "telecom_tower"]},
        "retrofit": {
            "id": "reforzar",
            "name": "Reforzar escuelas",
            "level_map": {"LC": "MC", "PC": "MC"},
            "kinds": ["school"],
            "cost_share_of_value": 0.25,
        },
    }


@pytest.fixture
def run(city, office, spec):
    """A run that is done."""
    return services.run_now(by=office, government=city, spec=spec, at=timezone.now())
