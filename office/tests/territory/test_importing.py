"""The import of divisions: plan, apply, twice, other cities, bad rows."""

import datetime as dt
import json

import pytest

from manglar.accounts.choices import Role
from manglar.audit.models import Context
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.governments.choices import Scope
from manglar.governments.models import SharingGrant
from manglar.territory import selectors, services
from manglar.territory.choices import Level
from manglar.territory.models import Boundary, Division
from tests.territory.conftest import FOUR, feature, geojson, official, square

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 5, 1)


@pytest.fixture
def load(panama, office):
    def run(content, *, name="mapa.geojson", level="corregimiento", dry_run=False, **options):
        return services.import_territory(
            by=office, government=panama, name=name, content=content, on=ON, level=level, dry_run=dry_run,
            options=services.ImportOptions(**options))
    return run


def counts(preview):
    return (len(preview.created), len(preview.changed), len(preview.replaced), preview.unchanged, len(preview.left),
            len(preview.refused))


def test_the_official_file_takes_the_place_of_the_schematic_map(load, schematic, panama):
    preview = load(geojson(*FOUR))
    assert counts(preview) == (0, 4, 4, 0, 0, 0)
    assert preview.is_applied
    assert Boundary.objects.filter(is_current=True, is_schematic=False).count() == 4
    assert Boundary.objects.filter(is_current=False, is_schematic=True).count() == 4
    calidonia = selectors.division_by_code("080804")
    assert calidonia.name == "Calidonia"
    assert selectors.division_by_name("La Exposición o Calidonia") == calidonia
    assert selectors.division_at(longitude=-79.495, latitude=9.005).name == "Juan Díaz"
    assert calidonia.area_km2 == pytest.approx(1.216, rel=0.01)


def test_importing_twice_changes_nothing(load, schematic):
    content = geojson(*FOUR)
    load(content)
    held = list(Boundary.objects.order_by("pk").values_list("pk", "is_current"))
    preview = load(content)
    assert counts(preview) == (0, 0, 0, 4, 0, 0)
    assert not preview.is_applied
    assert list(Boundary.objects.order_by("pk").values_list("pk", "is_current")) == held


def test_a_preview_writes_nothing(load, schematic):
    preview = load(geojson(*FOUR), dry_run=True)
    assert counts(preview)[:3] == (0, 4, 4)
    assert not Boundary.objects.filter(is_schematic=False).exists()
    json.dumps(preview.as_data())


def test_rows_of_a_district_that_is_not_here_are_left_and_named(load, schematic):
    content = geojson(*FOUR, official(3, 0, "01", "CHEPO", dist="05", dist_name="CHEPO"))
    preview = load(content)
    assert counts(preview) == (0, 4, 4, 0, 1, 0)
    assert "Chepo (0805)" in preview.left[0].sentence
    assert selectors.division_by_code("080501") is None
    preview = load(content, create_parents=True)
    assert preview.parents_created == ["Panamá (08)", "Chepo (0805)"]
    assert selectors.division_by_code("080501").parent.parent.code == "08"
    assert counts(load(content)) == (0, 0, 0, 5, 0, 0)


def test_only_some_districts(load):
    content = geojson(*FOUR, official(3, 0, "01", "CHEPO", dist="05", dist_name="CHEPO"))
    preview = load(content, only=("Panamá",))
    assert (len(preview.created), len(preview.left)) == (4, 1)
    assert selectors.division_by_code("0805") is None


def test_an_empty_installation_gets_its_districts_from_the_file(load):
    preview = load(geojson(*FOUR))
    assert preview.parents_created == ["Panamá (08)", "Panamá (0808)"]
    made = selectors.division_by_code("080812")
    assert (made.name, made.parent.name, made.parent.level, made.parent.parent.level) == (
        "Juan Díaz", "Panamá", "district", "province")
    assert counts(load(geojson(*FOUR))) == (0, 0, 0, 4, 0, 0)


def test_another_city_with_other_columns_and_levels(load):
    zones = geojson(feature(square(0, 0), cod_comuna=1, comuna="Norte"), feature(square(1, 0), cod_comuna=2, comuna="Sur"))
    preview = load(zones, level="zone", mapping={"code": "cod_comuna"})
    assert counts(preview)[0] == 2
    hoods = geojson(
        feature(square(0, 0), BARRIO="Villa Alegre", COMUNA="NORTE"), feature(square(1, 0), BARRIO="El Mirador", COMUNA="SUR"))
    preview = load(hoods, level="neighbourhood")
    assert counts(preview) == (2, 0, 0, 0, 0, 0)
    assert any("no tiene códigos" in note for note in preview.notes)
    made = selectors.division_by_name("villa alegre")
    assert (made.code, made.level, made.parent.name) == ("villa-alegre", "neighbourhood", "Norte")
    assert counts(load(hoods, level="neighbourhood")) == (0, 0, 0, 2, 0, 0)
    assert selectors.finest_level() == "neighbourhood"


def test_codes_that_another_level_has_are_refused_with_a_way_out(load):
    load(geojson(feature(square(0, 0), id=1, name="Norte")), level="zone")
    content = geojson(feature(square(0, 0), id=1, name="Villa"))
    with pytest.raises(InvalidInput) as refusal:
        load(content, level="neighbourhood")
    assert "Anteponer a los códigos" in refusal.value.problems[0].sentence
    load(content, level="neighbourhood", code_prefix="b-")
    assert selectors.division_by_code("b-1").name == "Villa"


def test_the_file_of_another_city_does_not_overwrite_this_one(load, schematic):
    far = {"type": "Polygon", "coordinates": [[[-70, -33], [-70.1, -33], [-70.1, -33.1], [-70, -33.1], [-70, -33]]]}
    with pytest.raises(InvalidInput) as refusal:
        load(geojson(feature(far, codigo="080812", nombre="Ñuñoa")))
    assert "en otro lugar" in refusal.value.problems[0].sentence
    assert selectors.division_by_code("080812").name == "Juan Díaz"


def test_a_schematic_never_takes_the_place_of_a_limit(load, schematic):
    load(geojson(*FOUR))
    preview = load(geojson(official(5, 5, "12", "JUAN DÍAZ")), is_schematic=True, mark="ilustrativo")
    assert counts(preview) == (0, 0, 0, 1, 0, 0)
    assert "conserva su límite oficial" in preview.notes[0]


def test_a_limit_that_replaces_another_holds_from_the_day_of_the_import(load, schematic):
    load(geojson(*FOUR))
    load(geojson(official(0, 0, "12", "JUAN DÍAZ", geometry=square(0, 0, side=0.008))))
    division = selectors.division_by_code("080812")
    assert selectors.outline_of(division).boundary.valid_from == ON
    before = selectors.outline_of(division, on=dt.date(2020, 1, 1))
    assert not before.boundary.is_schematic
    assert before.geometry.area > selectors.outline_of(division).geometry.area


def test_overlaps_between_neighbours_are_reported(load, schematic):
    preview = load(geojson(official(0, 0, "12", "JUAN DÍAZ", geometry=square(0, 0, side=0.011)), *FOUR[1:]))
    assert {(each.one, each.other) for each in preview.overlaps} == {
        ("080804", "080812"), ("080806", "080812"), ("080801", "080812")}
    assert preview.is_applied


def test_a_bad_row_stops_everything_unless_it_is_left_out(load, schematic):
    bad = (official(1, 0, "06", "BETANIA", geometry={"type": "LineString", "coordinates": [[0, 0], [1, 1]]}),
           official(1, 1, "01", "SAN FELIPE", geometry={"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}),
           official(2, 2, "12", "JUAN DÍAZ"), official(2, 3, "99", ""))
    content = geojson(FOUR[0], *bad)
    with pytest.raises(InvalidInput) as refusal:
        load(content)
    said = {problem.row: problem.sentence for problem in refusal.value.problems}
    assert "una línea" in said[2]
    assert "mal escrita" in said[3]
    assert "repite el código 080812 de la fila 1" in said[4]
    assert "le falta el nombre" in said[5]
    assert not Boundary.objects.filter(is_schematic=False).exists()
    preview = load(content, leave_refused=True)
    assert (len(preview.replaced), len(preview.refused)) == (1, 4)
    assert Boundary.objects.filter(is_schematic=False).count() == 1


def test_a_bow_tie_is_repaired_and_named(load, schematic):
    west, south = -79.5, 9.0
    tie = {"type": "Polygon", "coordinates": [[[west, south], [west + .01, south + .01], [west + .01, south], [west, south + .01], [west, south]]]}
    preview = load(geojson(official(0, 0, "12", "JUAN DÍAZ", geometry=tie)))
    assert [note.code for note in preview.repaired] == ["080812"]
    assert selectors.outline_of(selectors.division_by_code("080812")).boundary.repaired


def test_latitude_and_longitude_changed_are_noticed(load, schematic):
    turned = {"type": "Polygon", "coordinates": [[[lat, lon] for lon, lat in square(0, 5)["coordinates"][0]]]}
    content = geojson(official(0, 0, "12", "JUAN DÍAZ", geometry=turned))
    with pytest.raises(InvalidInput, match="latitud y la longitud"):
        load(content)
    assert len(load(content, swap=True).replaced) == 1


def test_a_name_that_changed_keeps_the_old_one(load, schematic):
    preview = load(geojson(official(0, 5, "12", "JUAN DÍAZ DE LA MAR", geometry=square(0, 5))))
    assert "nombre: Juan Díaz → Juan Díaz de la Mar" in preview.changed[0].sentence
    assert selectors.division_by_name("Juan Díaz").name == "Juan Díaz de la Mar"


def test_a_known_name_with_an_unknown_code_is_refused(load, schematic):
    with pytest.raises(InvalidInput) as refusal:
        load(geojson(feature(square(0, 0), codigo="PA-77", nombre="Betania")))
    assert "ya existe con el código 080806" in refusal.value.problems[0].sentence


def test_a_table_without_geometry_brings_population_and_its_year(load, schematic):
    content = "code,name,district,pop_2010,pop_2023,area_km2,source\n80812,Juan Diaz,Panamá,\"100,636\",,3.2,censo 2010\n080806,Betania,Panamá,46116,41000,,censo\n"
    preview = load(content.encode(), name="tabla.csv")
    assert counts(preview) == (0, 2, 0, 0, 0, 0)
    juan_diaz, betania = selectors.division_by_code("080812"), selectors.division_by_code("080806")
    assert (juan_diaz.population, juan_diaz.population_year, juan_diaz.population_source) == (100636, 2010, "censo 2010")
    assert (betania.population, betania.population_year) == (41000, 2023)
    assert juan_diaz.area_km2 == 3.2
    assert counts(load(content.encode(), name="tabla.csv")) == (0, 0, 0, 2, 0, 0)


def test_a_population_without_a_year_is_not_guessed(load, schematic):
    content = b"codigo,nombre,poblacion\n080812,Juan D\xedaz,10\n"
    preview = load(content, name="t.csv")
    assert preview.unchanged == 1
    assert any("Año de la población" in note for note in preview.notes)
    load(content, name="t.csv", population_year=2023)
    assert selectors.division_by_code("080812").population == 10


def test_text_where_a_number_goes_is_refused_with_its_row(load, schematic):
    with pytest.raises(InvalidInput) as refusal:
        load(b"codigo,nombre,pob_2023\n080812,Juan Diaz,muchos\n", name="t.csv")
    assert refusal.value.problems[0].row == 2
    assert "«muchos»" in refusal.value.problems[0].sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_whatever_the_encoding_the_name_is_read(load, district, encoding):
    text = "codigo;nombre\n080814;Ancón\n080811;Río Abajo\n080820;Las Mañanitas\n080805;Curundú\n"
    load(text.encode(encoding), name="t.csv")
    assert {d.name for d in Division.objects.filter(level="corregimiento")} == {"Ancón", "Río Abajo", "Las Mañanitas", "Curundú"}
    assert selectors.division_by_code("080814").parent.code == "0808"


def test_a_file_in_metres_says_so(load, schematic):
    metres = {"type": "Polygon", "coordinates": [[[665000, 995000], [666000, 995000], [666000, 996000], [665000, 995000]]]}
    content = geojson(official(0, 0, "12", "JUAN DÍAZ", geometry=metres))
    with pytest.raises(InvalidInput) as refusal:
        load(content)
    assert "EPSG:32617" in refusal.value.problems[0].sentence
    assert len(load(content, crs="EPSG:32617").replaced) == 1
    named = geojson(official(0, 0, "12", "JUAN DÍAZ", geometry=metres), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32617"}})
    assert load(named).unchanged == 1


def test_rows_of_mixed_systems_are_refused_one_by_one(load, schematic):
    metres = {"type": "Polygon", "coordinates": [[[665000, 995000], [666000, 995000], [666000, 996000], [665000, 995000]]]}
    with pytest.raises(InvalidInput) as refusal:
        load(geojson(FOUR[0], official(1, 0, "06", "BETANIA", geometry=metres)))
    assert [problem.row for problem in refusal.value.problems] == [2]


def test_a_file_without_a_name_column_lists_what_it_has(load):
    with pytest.raises(InvalidInput, match=r"El archivo tiene: alfa, beta.*Qué es cada columna"):
        load(geojson(feature(square(0, 0), alfa=1, beta=2)))
    assert len(load(geojson(feature(square(0, 0), alfa=1, beta="Dos")), mapping={"name": "beta"}, level="zone").created) == 1


def test_a_row_without_geometry_is_a_division_without_limit(load, district):
    preview = load(geojson(official(0, 0, "12", "JUAN DÍAZ"), {**official(0, 0, "06", "BETANIA"), "geometry": None}))
    assert len(preview.created) == 2
    assert selectors.outline_of(selectors.division_by_code("080806")) is None


def test_who_may_not_change_the_territory_is_refused_before_reading(panama, someone_with):
    with pytest.raises(NotAllowed):
        services.import_territory(
            by=someone_with(panama, Role.EDITOR), government=panama, name="x", content=b"\x00", on=ON)


def test_tiles_follow_the_commit(load, schematic, tiles_here, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load(geojson(*FOUR))
    assert selectors.tile_info("divisions") is not None


def test_a_fault_while_writing_leaves_everything_as_it_was(load, schematic, monkeypatch):
    calls = []

    def fails(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise OSError("disco lleno")
        return services.divisions.store_boundary(*args, **kwargs)

    monkeypatch.setattr(services.importing, "store_boundary", fails)
    with pytest.raises(OSError, match="disco lleno"):
        load(geojson(*FOUR))
    assert not Boundary.objects.filter(is_schematic=False).exists()
    assert Boundary.objects.filter(is_current=True).count() == 4


def test_levels_that_do_not_exist_are_refused(load):
    with pytest.raises(InvalidInput, match="No existe el nivel"):
        load(geojson(*FOUR), level="galaxia")
    assert Level.ZONE in Level.values


def imported_by(office, government, content, *, level="corregimiento", name="mapa.geojson", **options):
    return services.import_territory(
        by=office, government=government, name=name, content=content, on=ON, level=level,
        options=services.ImportOptions(**options))


@pytest.mark.parametrize("properties", [{"codigo": "080812", "nombre": "Juan Díaz"}, {"nombre": "Juan Díaz"}])
def test_a_government_does_not_change_the_divisions_of_another(office, schematic, san_miguelito, properties):
    held = list(Boundary.objects.values_list("pk", "is_current"))
    before = selectors.division_by_code("080812").area_km2
    preview = imported_by(office, san_miguelito, geojson(feature(square(0, 5, side=0.02), **properties, area_km2=9)))
    assert counts(preview) == (0, 0, 0, 0, 1, 0)
    assert not preview.is_applied
    assert str(preview.left[0].sentence) == "«Juan Díaz» (080812) es de Municipio de Panamá: solo ese gobierno puede cambiarlo."
    assert list(Boundary.objects.values_list("pk", "is_current")) == held
    assert selectors.division_by_code("080812").area_km2 == before
    assert not Context.objects.filter(event="territory.imported").exists()


def test_a_grant_to_contribute_is_no_grant_to_write(office, schematic, panama, san_miguelito):
    division = selectors.division_by_code("080812")
    SharingGrant.objects.create(
        government=panama, to=san_miguelito, record_id=division.public_id, scope=Scope.CONTRIBUTE, reason="Programa",
        from_on=ON - dt.timedelta(days=1))
    content = geojson(feature(square(0, 5, side=0.02), codigo="080812", nombre="Juan Díaz"))
    assert counts(imported_by(office, san_miguelito, content)) == (0, 0, 0, 0, 1, 0)


def test_a_division_of_another_government_may_hold_ones_own(office, schematic, district, san_miguelito):
    preview = imported_by(office, san_miguelito, geojson(
        feature(square(0, 5), codigo="0808-1", nombre="Zona Norte"),
        feature(square(0, 0), codigo="080812", nombre="Juan Díaz")))
    assert [note.code for note in preview.created] == ["0808-1"]
    assert [note.code for note in preview.left] == ["080812"]
    made = selectors.division_by_code("0808-1")
    assert (made.government, made.parent, made.parent.government) == (san_miguelito, district, district.government)


def test_a_namesake_of_ones_own_comes_before_that_of_another_government(office, schematic, san_miguelito):
    own = services.record_division(
        by=office, government=san_miguelito, code="081001", name="Betania", level=Level.CORREGIMIENTO)
    imported_by(office, san_miguelito, geojson(feature(square(7, 7), nombre="Betania")))
    assert selectors.outline_of(own) is not None
    assert selectors.outline_of(selectors.division_by_code("080806")).boundary.is_schematic


def test_a_decimal_comma_is_read_as_such_and_said(load, schematic):
    content = "codigo;nombre;superficie_km2;pob_2023\n080812;Juan Díaz;12,5;1.234\n080806;Betania;3,250;N/D\n080804;Calidonia;grande;\n"
    preview = load(content.encode(), name="t.csv")
    areas = {code: selectors.division_by_code(code).area_km2 for code in ("080812", "080806", "080804")}
    assert (areas["080812"], areas["080806"]) == (12.5, 3.25)
    assert selectors.division_by_code("080812").population == 1234
    assert [str(note) for note in preview.notes] == [
        "Fila 2, columna «pob_2023»: «1.234» se leyó como 1,234: confírmelo.",
        "Fila 2, columna «superficie_km2»: «12,5» se leyó como 12.5 (coma decimal): confírmelo.",
        "Fila 3, columna «superficie_km2»: «3,250» se leyó como 3.25 (coma decimal): confírmelo.",
        "Fila 4, columna «superficie_km2»: «grande» no es un número.",
    ]


def test_a_negative_area_is_refused_with_its_row(load, schematic):
    with pytest.raises(InvalidInput) as refusal:
        load(b"codigo,nombre,area_km2\n080812,Juan Diaz,-3\n", name="t.csv")
    assert str(refusal.value.problems[0]) == "Fila 2: Juan Diaz: la superficie «-3» es negativa."


def test_a_refused_row_is_named_by_its_name_which_is_no_column(load, schematic):
    with pytest.raises(InvalidInput) as refusal:
        load(geojson(feature(square(0, 0), codigo="PA-77", nombre="Betania (P)")))
    (problem,) = refusal.value.problems
    assert str(problem).startswith("Fila 1: Betania (P): «Betania» ya existe")
    assert problem.as_data()["column"] == ""


def turned(geometry):
    return {"type": "Polygon", "coordinates": [[[lat, lon] for lon, lat in ring] for ring in geometry["coordinates"]]}


def test_the_first_file_of_an_installation_says_where_on_earth_it_lies(load):
    preview = load(geojson(feature(square(0, 0), codigo="1", nombre="Uno")), dry_run=True)
    assert any("entre 9.0°N y 9.0°N, y entre 79.5°O y 79.5°O" in note for note in preview.notes)


def test_a_first_file_in_antarctica_has_its_axes_swapped(load):
    content = geojson(feature(turned(square(0, 0)), codigo="1", nombre="Uno"))
    with pytest.raises(InvalidInput, match=r"entre 79.5°S y 79.5°S.*Antártida.*Cambiar latitud"):
        load(content)
    assert len(load(content, swap=True).created) == 1


def test_where_the_file_lies_is_not_repeated_once_there_are_limits(load, schematic):
    assert not load(geojson(*FOUR), dry_run=True).notes


def test_a_row_with_half_a_character_is_refused_in_words(load):
    with pytest.raises(InvalidInput) as refusal:
        load(geojson(feature(square(0, 0), codigo="1", nombre="Zona \ud800")))
    assert str(refusal.value.problems[0]) == (
        "Fila 1: Zona \ufffd: «nombre» tiene un carácter roto, que se ve como «\ufffd»: corríjalo en el archivo original.")
    assert not Division.objects.exists()


def test_an_open_outline_is_closed_and_named(load, schematic):
    ring = square(0, 0)["coordinates"][0][:-1]
    preview = load(geojson(official(0, 0, "12", "JUAN DÍAZ", geometry={"type": "Polygon", "coordinates": [ring]})))
    assert [(note.code, str(note.sentence)) for note in preview.repaired] == [
        ("080812", "su contorno no estaba cerrado: se cerró. Compárelo con el original.")]
    assert selectors.outline_of(selectors.division_by_code("080812")).boundary.repaired


def test_a_table_with_wkt_brings_its_outlines(load, schematic):
    corners = ", ".join(f"{lon} {lat}" for lon, lat in square(0, 0)["coordinates"][0])
    preview = load(f'codigo;nombre;wkt\n080812;Juan Díaz;POLYGON (({corners}))\n'.encode(), name="t.csv")
    assert [note.code for note in preview.replaced] == ["080812"]
    assert any("columna «wkt»" in note for note in preview.notes)
