"""A layer of points from the page and the API: looked at, loaded, replaced, refused in words."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.territory.models import MapLayer
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
URL = "/desk/panama/importar/capa/"
TOLD = {"slug": "postes", "title": "Postes de luz", "mark": "ilustrativo", "source_text": "Inventados para la prueba"}


def points(*places, **properties):
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": list(place)}, "properties": {"clase": "poste", **properties}}
        for place in places
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


TWO = points((-79.5, 9.0), (-79.4, 9.05))


def sent(content=TWO, name="postes.geojson"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def desk(panama, someone_with, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = Client()
    client.force_login(someone_with(panama, Role.APPROVER).user)
    return client


def hidden(page, name):
    return page.content.decode().split(f'name="{name}" value="')[1].split('"')[0]


def test_a_layer_is_looked_at_loaded_and_seen_on_the_map(desk):
    assert URL in desk.get("/desk/panama/mapa/").content.decode()
    seen = desk.post(URL, {**TOLD, "class_column": "clase", "file": sent()})
    page = seen.content.decode()
    assert "poste (2)" in page
    assert not MapLayer.objects.exists()
    told = {**TOLD, "class_column": "clase", "kept": hidden(seen, "kept"), "seen": hidden(seen, "seen"), "apply": "1"}
    done = desk.post(URL, told, follow=True).content.decode()
    assert "«Postes de luz» está en el mapa" in done.replace("&#171;", "«")
    assert MapLayer.objects.get().count == 2
    again = desk.post(URL, {**TOLD, "title": "Postes nuevos", "file": sent(points((-79.5, 9.0)))}).content.decode()
    assert "Postes de luz" in again  # says what it would replace


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (b"a,b\n1,2\n", "x.csv", "para una capa se usa"),
        (points(), "x.geojson", "no tiene ningún lugar"),
        (points((-79.5, 900.0)), "x.geojson", "sin un lugar en grados"),
        (b'{"type": "FeatureColl', "x.geojson", "incompleto"),
    ],
)
def test_what_is_no_layer_is_refused_in_words(desk, content, name, word):
    answer = desk.post(URL, {**TOLD, "file": sent(content, name)})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert not MapLayer.objects.exists()


def test_a_column_that_is_not_there_names_those_that_are(desk):
    page = desk.post(URL, {**TOLD, "class_column": "tipo", "file": sent()}).content.decode()
    assert "«tipo»" in page
    assert "clase" in page


def test_over_the_api_too(panama, someone_with, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    user = someone_with(panama, Role.APPROVER).user
    token = accounts.issue_api_token(by=make.OFFICE, government=panama, user=user, at=timezone.now())
    api = Client(headers={"Authorization": f"Bearer {token}"})
    told = api.post("/api/v1/desk/panama/imports/capa", {**TOLD, "file": sent()}).json()
    assert told["applied"] is False
    assert {"label": "Lugares", "value": "2"} in told["facts"]
    api.post("/api/v1/desk/panama/imports/capa", {**TOLD, "file": sent(), "apply": "true"})
    assert MapLayer.objects.get().slug == "postes"
