"""A layer of many points: nothing lost between the file and its tiles, no tile too heavy, bad files refused in words."""

import gzip
import json

import numpy as np
import pyarrow as pa
import pytest
import shapely
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pmtiles.reader import MmapSource, Reader, all_tiles
from pyarrow import parquet

from manglar.accounts.choices import Role
from manglar.audit.selectors import history_of
from manglar.audit.services import seal
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.territory import selectors
from manglar.territory.models import MapLayer
from manglar.territory.services import LayerText, Outline, load_layer, record_boundary
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
MANY, HEAVIEST = 120_000, 500_000
TEXT = LayerText("edificios", "Edificios", "ilustrativo", "Puntos de prueba", "clase")


@pytest.fixture(autouse=True)
def _throw_away(settings, tmp_path):
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"


def geoparquet(path, lon, lat, **geo):
    table = pa.table({"geometry": list(shapely.to_wkb(shapely.points(lon, lat))), "clase": ["A", "B"] * (len(lon) // 2) + ["A"] * (len(lon) % 2)})
    told = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"], **geo}}}
    parquet.write_table(table.replace_schema_metadata({"geo": json.dumps(told)}), path)
    return path


def load(panama, path, text=TEXT, by=make.OFFICE):
    return load_layer(by=by, government=panama, path=path, text=text, at=timezone.now())


def features(tile):
    """How many features an MVT has: in its layer (field 3 of the tile), each is a field 2."""

    def fields(data):
        place = 0
        while place < len(data):
            key, place = varint(data, place)
            if key & 7 == 2:
                size, place = varint(data, place)
                yield key >> 3, data[place : place + size]
                place += size
            else:
                _value, place = varint(data, place)

    return sum(1 for number, layer in fields(tile) if number == 3 for inner, _ in fields(layer) if inner == 2)


def varint(data, place):
    value = shift = 0
    while True:
        value |= (data[place] & 0x7F) << shift
        place += 1
        if not data[place - 1] & 0x80:
            return value, place
        shift += 7


def test_a_hundred_thousand_points_are_all_there_and_no_tile_is_heavy(panama, tmp_path):
    dice = np.random.default_rng(7)
    lon, lat = dice.normal(-79.5, 0.03, MANY), dice.normal(9.03, 0.02, MANY)
    layer = load(panama, geoparquet(tmp_path / "edificios.parquet", lon, lat))
    assert layer.count == MANY == sum(layer.counts.values())
    assert [part["min"] for part in layer.parts][1:] == [part["max"] + 1 for part in layer.parts[:-1]]
    at = {}
    for part in layer.parts:
        with (selectors.layer_folder() / part["file"]).open("rb") as file:
            for (zoom, _x, _y), data in all_tiles(MmapSource(file)):
                raw = gzip.decompress(data)
                at.setdefault(zoom, []).append((len(raw), len(data), features(raw)))
    for zoom, tiles in sorted(at.items()):
        heavy, packed, most = (max(each[place] for each in tiles) for place in range(3))
        print(f"zoom {zoom}: {len(tiles)} tiles, at most {heavy:,} bytes ({packed:,} on the line), {most:,} features")
    assert max(each[0] for tiles in at.values() for each in tiles) <= HEAVIEST
    assert set(at) == set(range(4, layer.parts[-1]["max"] + 1))
    near = layer.parts[-1]["min"]
    assert sum(each[2] for each in at[near]) >= MANY  # a point near an edge is in both tiles


def test_far_squares_count_every_point(panama, tmp_path):
    lon, lat = np.array([-79.5, -79.5, -79.4001]), np.array([9.0, 9.0, 9.1])
    layer = load(panama, geoparquet(tmp_path / "tres.parquet", lon, lat))
    with (selectors.layer_folder() / layer.parts[0]["file"]).open("rb") as file:
        header = Reader(MmapSource(file)).header()
    assert (header["min_zoom"], header["max_zoom"]) == (4, 9)
    assert layer.classes == {"A": 2, "B": 1}


def test_points_are_counted_in_their_division_and_outside(panama, tmp_path):
    inside = make.division(panama)
    ring = [[-79.51, 8.99], [-79.49, 8.99], [-79.49, 9.01], [-79.51, 9.01], [-79.51, 8.99]]
    record_boundary(by=make.OFFICE, division=inside, outline=Outline({"type": "Polygon", "coordinates": [ring]}))
    layer = load(panama, geoparquet(tmp_path / "tres.parquet", np.array([-79.5, -79.5, -70.0]), np.array([9.0, 9.0, 9.1])))
    assert layer.counts == {"080811": 2, "": 1}


def test_loading_it_again_replaces_it_and_leaves_one_act_and_no_old_file(panama, tmp_path, django_capture_on_commit_callbacks):
    first = load(panama, geoparquet(tmp_path / "a.parquet", np.array([-79.5]), np.array([9.0])))
    with django_capture_on_commit_callbacks(execute=True):
        second = load(panama, geoparquet(tmp_path / "b.parquet", np.array([-79.5, -79.4]), np.array([9.0, 9.1])))
    assert MapLayer.objects.count() == 1
    assert (second.public_id, second.count) == (first.public_id, 2)
    assert {each.name for each in selectors.layer_folder().iterdir()} == {part["file"] for part in second.parts}
    seal()
    assert [each.event for each in history_of(first.public_id, limit=5)] == ["layer.loaded", "layer.loaded"]


@pytest.mark.parametrize(
    ("lon", "lat", "geo", "said"),
    [
        ([-79.5, np.nan], [9.0, 9.0], {}, "Filas sin un lugar en grados: 1"),
        ([-79.5, 500.0], [9.0, 9.0], {}, "Filas sin un lugar en grados: 1"),
        ([], [], {}, "ningún lugar"),
        ([660_000.0], [1_000_000.0], {}, "Filas sin un lugar en grados: 1"),
    ],
)
def test_a_file_without_good_places_is_refused_and_nothing_is_kept(panama, tmp_path, lon, lat, geo, said):
    with pytest.raises(InvalidInput, match=said):
        load(panama, geoparquet(tmp_path / "mal.parquet", np.array(lon, dtype=float), np.array(lat, dtype=float), **geo))
    assert not MapLayer.objects.exists()


def test_metres_with_their_system_become_degrees(panama, tmp_path):
    layer = load(panama, geoparquet(tmp_path / "utm.parquet", np.array([660_000.0]), np.array([1_000_000.0]), crs="EPSG:32617"))
    assert -80 < layer.west < -79
    assert 9 < layer.south < 9.1


def test_what_is_not_a_map_is_refused_in_words(panama, tmp_path):
    plain = tmp_path / "tabla.parquet"
    parquet.write_table(pa.table({"clase": ["a"]}), plain)
    with pytest.raises(InvalidInput, match="no GeoParquet"):
        load(panama, plain)
    (tmp_path / "texto.geojson").write_text("hola")
    with pytest.raises(InvalidInput, match="no se pudo leer"):
        load(panama, tmp_path / "texto.geojson", LayerText("a", "A", "ilustrativo", "x"))
    with pytest.raises(InvalidInput, match="No existe"):
        load(panama, tmp_path / "no-hay.parquet")
    good = geoparquet(tmp_path / "bien.parquet", np.array([-79.5]), np.array([9.0]))
    with pytest.raises(InvalidInput, match="nombre corto"):
        load(panama, good, LayerText("../mal", "A", "ilustrativo", "x"))
    with pytest.raises(InvalidInput, match="No hay una columna «otra»"):
        load(panama, good, LayerText("a", "A", "ilustrativo", "x", "otra"))


def test_a_backup_takes_its_tiles():
    assert selectors.layer_folder().is_relative_to(settings.MEDIA_ROOT)  # operations/backup.py takes every file of that folder


def test_only_who_may_change_the_territory_loads_and_only_its_government_reads(panama, san_miguelito, someone_with, tmp_path):
    path = geoparquet(tmp_path / "a.parquet", np.array([-79.5]), np.array([9.0]))
    reader = someone_with(panama, Role.READER)
    with pytest.raises(NotAllowed):
        load(panama, path, by=reader)
    load(panama, path)
    client, other = Client(), Client()
    client.force_login(reader.user)
    other.force_login(someone_with(san_miguelito, Role.READER).user)
    near = MapLayer.objects.get().parts[-1]["min"]
    x, y = int((180 - 79.5) / 360 * 2**near), int((1 - np.arcsinh(np.tan(np.radians(9.0))) / np.pi) / 2 * 2**near)
    address = f"/desk/panama/capas/edificios/{near}/{x}/{y}.pbf"
    answer = client.get(address)
    assert answer.status_code == 200
    assert features(answer.content) == 1
    assert client.get(address, headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"
    assert client.get(f"/desk/panama/capas/edificios/{near}/0/0.pbf").status_code == 204
    assert client.get("/desk/panama/capas/nada/5/0/0.pbf").status_code == 404
    assert other.get(address).status_code in {302, 403, 404}
    assert Client().get(address).status_code == 302
    part = MapLayer.objects.get().parts[-1]["file"].removesuffix(".pmtiles")
    for name in (part, f"layers/{part}"):
        assert Client().get(f"/tiles/{name}/{near}/{x}/{y}.pbf").status_code == 404


def test_the_map_goes_to_a_place_and_says_what_it_holds(panama, someone_with, tmp_path):
    held = make.division(panama)
    ring = [[-79.51, 8.99], [-79.49, 8.99], [-79.49, 9.01], [-79.51, 9.01], [-79.51, 8.99]]
    record_boundary(by=make.OFFICE, division=held, outline=Outline({"type": "Polygon", "coordinates": [ring]}))
    load(panama, geoparquet(tmp_path / "a.parquet", np.array([-79.5, -70.0]), np.array([9.0, 9.0])))
    client = Client()
    client.force_login(someone_with(panama, Role.READER).user)
    text = client.get("/desk/panama/mapa/?corregimiento=080811&capa=edificios").content.decode()
    assert "En Juan Díaz hay: Activos: 0; Edificios: 1." in text
    assert "Edificios: 1 está fuera de todo límite." in text
    assert 'data-chosen="080811"' in text
    assert "is_on&quot;: true" in text
    odd = client.get("/desk/panama/mapa/?corregimiento=nada&capa=otra").content.decode()
    assert "No hay un corregimiento con ese código" in odd


