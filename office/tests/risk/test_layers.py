"""Data of any hazard: registered with what was said and seen, refused in words, never guessed."""

import json

import pytest

from manglar.accounts.choices import Role
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.risk import services
from manglar.risk.choices import DatasetKind
from manglar.risk.models import Dataset
from tests.risk import layers


def test_maps_are_kept_with_what_was_seen_in_them(city, office):
    kept = layers.flood_maps(office, city)
    assert (kept.crs, kept.unit, kept.year, kept.licence) == ("EPSG:4326", "m", 2025, "CC0")
    assert [layer["years"] for layer in kept.summary["layers"]] == [10.0, 100.0]
    assert [layer["most"] for layer in kept.summary["layers"]] == [1.0, 2.0]
    assert kept.summary["shape"] == [10, 25]
    assert kept.summary["bounds"] == pytest.approx([-79.6, 9.0, -79.35, 9.05])
    rows = kept.summary["picture"]["rows"]
    assert len(rows) == 10 and rows[0][0] == "5" and rows[0][-1] == "0"
    assert kept.meaning["periods"] == {"t10.tif": 10.0, "t100.tif": 100.0}


def test_the_same_bytes_read_in_another_way_are_another_data_set(city, office):
    first = layers.flood_maps(office, city)
    assert layers.flood_maps(office, city) == first
    assert layers.flood_maps(office, city, scenario="2050") != first
    assert Dataset.objects.count() == 2


def test_a_preview_keeps_nothing(city, office):
    seen = services.preview_dataset(
        by=office, government=city, kind=DatasetKind.FUNCTIONS, name="f.csv", content=layers.FUNCTIONS.encode(),
        about=layers.ABOUT, terms=services.FileTerms(),
    )  # fmt: skip
    assert [row["asset_class"] for row in seen.understood.content] == ["vivienda", "escuela"]
    assert "sin límites" in seen.understood.notes[0]["es"]
    assert not Dataset.objects.exists()


def test_everything_that_nobody_said_is_asked_at_once(city, office):
    with pytest.raises(InvalidInput) as caught:
        services.register_dataset(
            by=office, government=city, kind=DatasetKind.MAPS, name="a.zip", content=layers.maps(),
            about=services.About(), terms=services.FileTerms(),
        )  # fmt: skip
    said = str(caught.value.sentence)
    for word in ("fuente", "licencia", "amenaza", "escenario", "año", "sin dato", "cada cuántos años"):
        assert word in said


@pytest.mark.parametrize(
    ("kind", "name", "content", "terms", "words"),
    [
        ("maps", "a.zip", layers.maps(), {**layers.MAP_TERMS, "periods": {"otro.tif": 10.0}}, "t10.tif, t100.tif"),
        ("maps", "a.zip", layers.maps(), {**layers.MAP_TERMS, "crs": "EPSG:32617", "periods": {"t10.tif": 10.0}}, "EPSG:4326"),
        ("maps", "a.zip", layers.maps(), {**layers.MAP_TERMS, "unit": "cm", "periods": {"t10.tif": 10.0}}, "unidad"),
        ("maps", "a.zip", layers.maps(), {**layers.MAP_TERMS, "periods": {"t10.tif": 100.0, "t100.tif": 10.0}}, "un período más largo"),
        ("maps", "a.zip", layers.packed(t__tif=b"nada,de\n1,2\n"), {**layers.MAP_TERMS, "periods": {"t.tif": 10.0}}, "no lo es"),
        ("maps", "a.tif", b"II*\x00" + b"\x00" * 40, {**layers.MAP_TERMS, "periods": {"a.tif": 10.0}}, "expórtelo como GeoTIFF"),
        ("maps", "a.csv", b"a,b\n1,2\n", {**layers.MAP_TERMS, "periods": {"a.csv": 10.0}}, "es CSV"),
        ("gauge", "g.csv", b"year,observed_days,m\n2000,365,1\n2000,365,2\n",
         {"extremes": "maxima", "value_column": "m", "unit": "m", "datum": "x"}, "uno por año"),
        ("gauge", "g.csv", b"1950.5; 3000;0;000\n1950.6; 3010;0;000\n",
         {"extremes": "maxima", "value_column": "m", "unit": "m", "datum": "x"}, "medias"),
        ("gauge", "g.csv", b"year,observed_days,m\n2000,365,1\n",
         {"extremes": "peaks", "value_column": "m", "unit": "m", "datum": "x"}, "umbral"),
        ("records", "r.csv", b"date,date_precision,hazard,place,corregimiento_codes,source_url,confidence\nayer,day,flood,a,,x,\n", {}, "2: ayer"),
        ("functions", "f.csv", b"id,peril\n1,flood\n", {}, "columna"),
        ("exposure", "e.csv", b"id,x,y,value,people,asset_class,territory\na,1,2,3,4,c,t\n", {}, "No se supone"),
        ("events", "e.zip", layers.packed(events__csv=b"id\n1\n"),
         {"hazard": "flood", "crs": "EPSG:4326", "unit": "m", "frequency_unit": "1/year"}, "sites.csv"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_words(city, office, kind, name, content, terms, words):
    with pytest.raises(InvalidInput) as caught:
        layers.register(office, city, kind, name, content, **terms)
    assert words in str(caught.value.sentence)
    assert not Dataset.objects.exists()


def test_a_gauge_names_the_years_that_it_sets_aside(city, office):
    kept = layers.gauge(office, city)
    assert kept.summary["values"] == 60 and kept.summary["set_aside"] == 1
    assert "2010" in kept.notes[0]["es"]


def test_a_record_says_what_it_holds(city, office):
    kept = layers.records(office, city)
    assert kept.summary["perils"] == {"flood": 6, "heat": 1}
    assert "fecha parcial" in kept.notes[0]["es"]


def test_events_with_their_footprints_are_read(city, office):
    content = layers.packed(
        events__csv="id,frequency,year,peril,scenario\na,0.1,2025,flood,hoy\n",
        sites__csv="id,x,y\ns,-79.59,9.01\n",
        footprints__csv="event,site,intensity\na,s,1.5\n",
    )
    kept = layers.register(
        office, city, "events", "e.zip", content, hazard="flood", crs="EPSG:4326", unit="m", frequency_unit="1/year"
    )
    assert (kept.summary["events"], kept.summary["most"], kept.summary["rarest_years"]) == (1, 1.5, 10.0)


def test_assets_of_a_file_are_summed_up(city, office):
    content = b"id,x,y,value,people,asset_class,territory\na,-79.59,9.01,1000,4,vivienda,9900\n"
    kept = layers.register(office, city, "exposure", "e.csv", content, crs="EPSG:4326", currency="PAB", year=2020)
    assert kept.summary["assets"] == 1 and kept.summary["classes"] == {"vivienda": 1}
    assert json.dumps(kept.summary)


def test_who_may_not_run_may_not_register(city, someone_with):
    with pytest.raises(NotAllowed):
        layers.functions(someone_with(city, Role.READER), city)
