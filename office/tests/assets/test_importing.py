"""The import of assets: nothing lost, nothing twice, and a way back."""

import datetime as dt
import io
import json
import time

import openpyxl
import pytest
from django.db import connection

from manglar.accounts.choices import Role
from manglar.assets import services
from manglar.assets.models import Asset, AssetImport
from manglar.audit.models import RawChange
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.operations.models import FileImport
from manglar.operations.services import undo_import
from manglar.territory import services as territory
from tests.territory.conftest import feature, geojson, square

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def load(panama, office, kinds):
    def run(content, *, name="activos.csv", kind="school", dry_run=False, **options):
        content = content.encode() if isinstance(content, str) else content
        return services.import_assets(
            by=office, government=panama, name=name, content=content, kind=kinds[kind], at=AT, dry_run=dry_run,
            options=services.AssetOptions(**options))
    return run


def point(lon, lat, **properties):
    return feature({"type": "Point", "coordinates": [lon, lat]}, **properties)


SCHOOLS = (
    point(-79.495, 9.005, No=1.0, Escuela="P.C. Uno", Latitud=9.005, Longitud=-79.495, Matricula="1756", CORR_NOMB="JUAN DÍAZ"),
    point(-79.485, 9.005, No=2.0, Escuela="Esc. Dos", Matricula="N/D", CORR_NOMB="BETANIA"),
)


def test_schools_with_their_enrolment_in_text(load, places):
    preview = load(geojson(*SCHOOLS), name="escuelas.geojson")
    assert preview.counts == {
        "rows": 2, "created": 2, "changed": 0, "unchanged": 0, "duplicates": 0, "lookalikes": 0, "outside": 0,
        "disagreements": 0, "odd": 0}
    one, two = Asset.objects.order_by("external_id")
    assert (one.people, one.external_id, one.division, two.people, two.division) == (1756, "1", places[0], None, places[1])
    assert two.attributes["Matricula"] == "N/D"
    assert "«Matricula»: 1 filas sin dato." in map(str, preview.notes)
    assert one.source_text == "escuelas.geojson"


def test_the_same_file_twice_changes_nothing(load, places):
    load(geojson(*SCHOOLS), name="e.geojson")
    held = list(Asset.objects.order_by("pk").values())
    preview = load(geojson(*SCHOOLS), name="e.geojson")
    assert (preview.unchanged, preview.is_applied) == (2, False)
    assert list(Asset.objects.order_by("pk").values()) == held
    assert AssetImport.objects.count() == 1


def test_a_preview_writes_nothing(load, places):
    preview = load(geojson(*SCHOOLS), name="e.geojson", dry_run=True)
    assert preview.created == 2
    assert not Asset.objects.exists()
    json.dumps(preview.as_data())


def test_outliers_are_kept_outside_and_named(load, places):
    preview = load(
        "nombre,lat,lon,matricula\nBuena,9.005,-79.495,5\nLejos,9.5,-70,1\nCambiada,-79.495,9.005,1\nCero,0,0,1\n"
        "Vacía,,,1\nTexto,N/D,N/D,2\nMetros,995000,665000,3\nOtra,9.006,-79.495,4\nMás,9.007,-79.495,4\n")
    said = {each["name"]: str(each["sentence"]) for each in preview.outside}
    assert said["Lejos"] == "está fuera de todo límite"
    assert "cambiadas" in said["Cambiada"]
    assert "0, 0" in said["Cero"]
    assert "leer" in said["Vacía"]
    assert "leer" in said["Texto"]
    assert "no son grados" in said["Metros"]
    assert Asset.objects.count() == 9
    assert set(Asset.objects.filter(is_outside=True).values_list("division", flat=True)) == {None}
    metres = Asset.objects.get(name="Metros")
    assert (metres.lon, metres.attributes["_lon"]) == (None, 665000.0)
    assert preview.outside_count == 6
    assert load(
        "nombre,lat,lon,matricula\nBuena,9.005,-79.495,5\nLejos,9.5,-70,1\nCambiada,-79.495,9.005,1\nCero,0,0,1\n"
        "Vacía,,,1\nTexto,N/D,N/D,2\nMetros,995000,665000,3\nOtra,9.006,-79.495,4\nMás,9.007,-79.495,4\n").unchanged == 9


def test_a_whole_file_with_places_swapped_is_refused(load, places):
    text = "nombre,lat,lon\nA,-79.495,9.005\nB,-79.485,9.005\n"
    with pytest.raises(InvalidInput, match="latitud y la longitud"):
        load(text)
    assert load(text, swap=True).created == 2
    assert Asset.objects.filter(division=places[0]).count() == 1


def test_a_whole_file_in_metres_is_refused_until_it_says_its_system(load, places):
    text = "nombre,este,norte\nA,665000,995000\nB,665010,995000\n"
    with pytest.raises(InvalidInput, match="sistema de coordenadas"):
        load(text)
    load(text, crs="EPSG:32617")
    assert Asset.objects.get(name="A").lon == pytest.approx(-79.5, abs=0.02)


def test_identical_rows_are_kept_once_and_named_with_all_they_say(load, places):
    text = ("Sitio Tran,Operador,Altura (m),Lat_Dec,Lon_Dec\nTataré,SBA,45,9.005,-79.495\nTATARE,SBA,45,9.005,-79.495\n"
            "Tataré,SBA,30,9.005,-79.495\nTataré,SBA,45,9.005001,-79.495001\n")
    preview = load(text, kind="telecom_tower")
    assert (preview.created, len(preview.duplicates), len(preview.lookalikes)) == (2, 2, 1)
    assert (preview.duplicates[0]["row"], preview.duplicates[0]["of_row"]) == (3, 2)
    assert preview.duplicates[0]["attributes"]["Operador"] == "SBA"
    assert AssetImport.objects.get().report["duplicates"] == preview.duplicates
    assert {a.attributes["Altura (m)"] for a in Asset.objects.all()} == {"45", "30"}
    again = load(text, kind="telecom_tower")
    assert (again.unchanged, again.created, again.changed) == (2, 0, 0)


def test_what_changes_is_changed_and_only_that(load, places):
    load("codigo,nombre,lat,lon,matricula\nE1,Una,9.005,-79.495,10\nE2,Dos,9.006,-79.495,10\n")
    preview = load("codigo,nombre,lat,lon,matricula\nE1,Una,9.0051,-79.495,12\nE2,Dos,9.006,-79.495,10\nE3,Tres,9.007,-79.495,1\n")
    assert (preview.created, preview.changed, preview.unchanged) == (1, 1, 1)
    assert Asset.objects.get(external_id="E1").people == 12


def test_the_same_number_in_another_file_is_not_the_same_thing(load, places):
    load("codigo,nombre,lat,lon\n1,Escuela del norte,9.001,-79.499\n2,Otra,9.002,-79.499\n")
    preview = load("codigo,nombre,lat,lon\n1,Colegio del sur,9.001,-79.481\n2,Quinta,9.002,-79.482\n")
    assert preview.created == 2
    assert Asset.objects.count() == 4


def test_an_identifier_that_repeats_does_not_identify(load, places):
    preview = load("id,nombre,lat,lon\n1,A,9.001,-79.499\n1,B,9.002,-79.499\n")
    assert any("no distingue" in note for note in preview.notes)
    assert {a.attributes["id"] for a in Asset.objects.all()} == {"1"}


def test_a_file_that_says_another_division_is_reported(load, places):
    preview = load("nombre,lat,lon,corregimiento\nA,9.005,-79.495,Betania\nB,9.005,-79.495,Juan Diaz\nC,9.005,-79.495,Narnia\n")
    assert [(each["name"], each["said"], each["found"]) for each in preview.disagreements] == [
        ("A", "Betania", "Juan Díaz"), ("C", "Narnia", "Juan Díaz")]
    assert set(Asset.objects.values_list("division__code", flat=True)) == {"080812"}


def test_on_a_schematic_map_the_file_is_believed(load, panama, office):
    made = territory.record_division(
        by=office, government=panama, code="080806", name="Betania", level="corregimiento",
        outline=territory.Outline(square(9, 9), is_schematic=True))
    preview = load("nombre,lat,lon,corregimiento\nA,9.005,-79.495,BETANIA\nB,9.005,-79.495,\n")
    assert Asset.objects.get(name="A").division == made
    assert Asset.objects.get(name="B").is_outside
    assert any("esquema" in note for note in preview.notes)


def test_without_limits_the_file_is_believed_and_nothing_is_outside(load, panama, office):
    territory.record_division(by=office, government=panama, code="080806", name="Betania", level="corregimiento")
    load("nombre,lat,lon,corregimiento\nA,9.005,-79.495,BETANIA\n")
    asset = Asset.objects.get()
    assert (asset.division.name, asset.is_outside) == ("Betania", False)


def test_interpreted_numbers_are_said(load, places):
    preview = load("nombre,lat,lon,matricula,valor\nA,\"9,005\",\"-79,495\",1.234,\"1.234,5\"\nB,9.006,-79.495,\"1,234\",mucho\n")
    a, b = Asset.objects.order_by("name")
    assert (a.people, str(a.value_pab), b.people, b.value_pab) == (1234, "1234.50", 1234, None)
    assert len(preview.odd) == 3
    assert b.attributes["valor"] == "mucho"


def test_polygons_lines_and_rows_without_name_are_kept(load, places):
    content = geojson(
        feature(square(0, 0, side=0.001), nombre="Edificio"), feature(None, nombre="Sin lugar"), point(-79.495, 9.005, nombre=None),
        feature({"type": "LineString", "coordinates": [[-79.495, 9.005], [-79.494, 9.005]]}, nombre="Puente"))
    preview = load(content, name="a.geojson")
    assert preview.created == 4
    assert Asset.objects.get(name="Edificio").division == places[0]
    assert Asset.objects.filter(name="Escuela sin nombre").count() == 1
    assert preview.odd_count == 3


def test_an_excel_with_a_formula_cell(load, places):
    book = openpyxl.Workbook()
    for row in (["nombre", "lat", "lon", "matricula"], ["A", 9.005, -79.495, "=2*3"], ["B", 9.006, -79.495, 7]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    preview = load(held.getvalue(), name="a.xlsx")
    assert [each["row"] for each in preview.odd] == [2]
    assert "fórmula" in preview.odd[0]["sentence"]
    assert Asset.objects.get(name="B").people == 7


@pytest.mark.parametrize(("content", "words"), [
    ("nombre,altura\nA,3\n", "longitud y la latitud"), ("lat,lon\n9,-79\n", "columna es el nombre"), ("", "vacío"),
    ("nombre,lat,lon\n", "ninguna fila"),
])
def test_a_file_that_cannot_be_assets_is_refused(load, content, words):
    with pytest.raises(InvalidInput, match=words):
        load(content)


def test_a_mapping_to_what_does_not_exist_is_refused(load):
    text = "a,b,c\nUno,9.0,-79.0\n"
    with pytest.raises(InvalidInput, match="No hay un campo «gente»"):
        load(text, mapping={"gente": "a"})
    with pytest.raises(InvalidInput, match="no tiene la columna «z»"):
        load(text, mapping={"name": "z"})
    assert load(text, mapping={"name": "a", "lat": "b", "lon": "c"}).created == 1


def test_who_may_not_import_is_refused(panama, someone_with, kinds):
    with pytest.raises(NotAllowed):
        services.import_assets(
            by=someone_with(panama, Role.READER), government=panama, name="a", content=b"", kind=kinds["school"], at=AT)


def test_an_import_is_taken_back(load, office, places):
    load("codigo,nombre,lat,lon,matricula,valor\nE1,Una,9.005,-79.495,10,20.5\n")
    before = list(Asset.objects.values())
    load("codigo,nombre,lat,lon,matricula,valor\nE1,Una,9.005,-79.485,12,7\nE2,Dos,9.006,-79.495,1,1\n")
    first, second = FileImport.objects.order_by("pk")
    with pytest.raises(Conflict, match="deshaga antes"):
        undo_import(by=office, load=first, at=AT)
    done = undo_import(by=office, load=second, at=AT, reason="archivo equivocado")
    assert (done.removed, done.restored) == (1, 1)
    assert list(Asset.objects.values()) == before
    with pytest.raises(Conflict, match="ya se deshizo"):
        undo_import(by=office, load=second, at=AT)
    assert undo_import(by=office, load=first, at=AT).removed == 1
    assert load("codigo,nombre,lat,lon,matricula,valor\nE1,Una,9.005,-79.495,10,20.5\n").created == 1


def test_a_change_meanwhile_is_not_written_over(load, panama, office, kinds, places, monkeypatch):
    seen = services.planning.make_plan

    def slow(*args, **kwargs):
        plan = seen(*args, **kwargs)
        services.record_asset(by=office, government=panama, kind=kinds["school"], name="Ajena", lon=-79.495, lat=9.005)
        return plan

    monkeypatch.setattr(services.importing, "make_plan", slow)
    with pytest.raises(Conflict, match="repita la carga"):
        load(geojson(*SCHOOLS), name="e.geojson")
    assert Asset.objects.count() == 1


def test_every_row_is_in_the_log(load, places):
    load(geojson(*SCHOOLS), name="e.geojson")
    assert RawChange.objects.filter(table_name="assets_asset", operation="I", context_ref__isnull=False).count() == 2


def test_a_hundred_thousand_rows_in_a_reasonable_time(load, places):
    lines = ["codigo,nombre,lon,lat,personas"]
    lines += [f"E{n},Edificio {n % 5000},{-79.5 + (n % 300) * 5e-5:.6f},{9.0 + (n // 300) * 2e-5:.6f},{n % 50}" for n in range(100_000)]
    started = time.monotonic()
    preview = load("\n".join(lines))
    spent = time.monotonic() - started
    assert preview.created == 100_000
    assert Asset.objects.filter(division__isnull=False).count() == 100_000
    print(f"100,000 activos en {spent:.0f} s ({connection.vendor})")  # rates are printed, not gated
    assert spent < 180


def test_the_first_file_says_where_on_earth_it_lies(load):
    preview = load("nombre,lat,lon\nUna,9.0,-79.5\n", dry_run=True)
    assert any("entre 79.5°O y 79.5°O" in note for note in preview.notes)


def test_places_swapped_are_noticed_without_limits(load):
    with pytest.raises(InvalidInput, match=r"Antártida.*Cambiar latitud"):
        load("nombre,lat,lon\nUna,-79.5,9.0\n")
    load("nombre,lat,lon\nUna,40.4,-3.7\nDos,40.5,-3.6\n")
    with pytest.raises(InvalidInput, match="latitud y la longitud"):
        load("nombre,lat,lon\nTres,-3.65,40.45\n")
    assert not [note for note in load("nombre,lat,lon\nCuatro,40.45,-3.65\n").notes if "compruebe" in note]


def test_a_row_with_half_a_character_is_kept_and_said(load, places):
    preview = load(geojson(point(-79.495, 9.005, nombre="Una \ud800")), name="a.geojson")
    assert [(each["row"], each["column"]) for each in preview.odd] == [(1, "nombre")]
    assert "carácter roto" in preview.odd[0]["sentence"]
    assert Asset.objects.get().name == "Una \ufffd"


def test_points_and_open_outlines_are_read_from_wkt(load, places):
    text = "nombre;wkt\nUna;POINT (-79.495 9.005)\nDos;POLYGON ((-79.49 9.001, -79.481 9.001, -79.481 9.009))\n"
    preview = load(text)
    assert [asset.division for asset in Asset.objects.order_by("pk")] == places
    assert any("no estaba cerrado" in each["sentence"] for each in preview.odd if each["row"] == 3)


def test_a_title_above_the_heading_does_not_stop_the_import(load, places):
    book = openpyxl.Workbook()
    for row in (["Escuelas de la ciudad"], [], ["nombre", "lon", "lat"], ["Una", -79.495, 9.005]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    preview = load(held.getvalue(), name="a.xlsx")
    assert (preview.created, preview.outside_count) == (1, 0)
    assert any("por título" in note for note in preview.notes)
    with pytest.raises(InvalidInput, match="título encima"):
        load("Escuelas,2018\nnombre,lon,lat\nUna,-79.495,9.005\n")


def test_a_column_of_values_with_decimal_commas_is_read_so(load, places):
    load("nombre;lat;lon;valor\nA;9.005;-79.495;12,5\nB;9.006;-79.495;3,250\n")
    assert [str(asset.value_pab) for asset in Asset.objects.order_by("name")] == ["12.50", "3.25"]
