"""Files as people send them, and as nobody should."""

import datetime as dt
import io
import json
import zipfile

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely

from manglar.foundation.refusals import InvalidInput
from manglar.territory.services import asked_file, read_table, tables
from tests.territory.conftest import feature, geojson, square

BOX = shapely.box(-79.5, 9.0, -79.49, 9.01)


def written(path, driver, *, crs="EPSG:4326", geometry=BOX, **more):
    pyogrio.raw.write(
        path, np.asarray([shapely.to_wkb(geometry)], dtype=object),
        [np.asarray(["Ñurum"], dtype=object), np.asarray([7])], ["nombre", "numero"], driver=driver,
        geometry_type=geometry.geom_type, crs=crs, **more)
    return path


def zipped(folder, *, without=()):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for part in folder.iterdir():
            if part.suffix not in without:
                archive.write(part, f"capa/{part.name}")
    return held.getvalue()


def test_a_geopackage_in_metres_is_brought_to_degrees(tmp_path):
    metres = shapely.box(665000, 995000, 666000, 996000)
    path = written(tmp_path / "a.gpkg", "GPKG", crs="EPSG:32617", geometry=metres)
    (row,) = read_table("a.gpkg", path.read_bytes()).rows
    assert row.values == {"nombre": "Ñurum", "numero": 7}
    west, south, _, _ = row.geometry.bounds
    assert (west, south) == (pytest.approx(-79.5, abs=0.05), pytest.approx(9.0, abs=0.05))


def test_a_geopackage_with_two_layers_asks_which(tmp_path):
    path = written(tmp_path / "a.gpkg", "GPKG", layer="uno")
    written(path, "GPKG", layer="dos", append=True)
    with pytest.raises(InvalidInput, match="dos, uno"):
        read_table("a.gpkg", path.read_bytes())
    assert read_table("a.gpkg", path.read_bytes(), layer="dos").rows
    with pytest.raises(InvalidInput, match="Capa u hoja"):
        read_table("a.gpkg", path.read_bytes(), layer="tres")


def test_a_zipped_shapefile_is_read(tmp_path):
    written(tmp_path / "mapa.shp", "ESRI Shapefile", encoding="UTF-8")
    (row,) = read_table("mapa.zip", zipped(tmp_path)).rows
    assert row.values["nombre"] == "Ñurum"


def test_a_shapefile_that_forgot_to_say_utf8_is_read_too(tmp_path):
    written(tmp_path / "mapa.shp", "ESRI Shapefile", encoding="UTF-8")
    (row,) = read_table("mapa.zip", zipped(tmp_path, without={".cpg"})).rows
    assert row.values["nombre"] == "Ñurum"


def test_a_shapefile_in_latin1_is_read(tmp_path):
    written(tmp_path / "mapa.shp", "ESRI Shapefile", encoding="ISO-8859-1")
    (row,) = read_table("mapa.zip", zipped(tmp_path)).rows
    assert row.values["nombre"] == "Ñurum"


def test_a_shapefile_without_its_prj_is_refused_in_words(tmp_path):
    written(tmp_path / "mapa.shp", "ESRI Shapefile")
    content = zipped(tmp_path, without={".prj"})
    with pytest.raises(InvalidInput, match=r"no dice en qué sistema.*sistema de coordenadas"):
        read_table("mapa.zip", content)
    assert read_table("mapa.zip", content, crs="EPSG:4326").rows
    with pytest.raises(InvalidInput, match="No existe el sistema"):
        read_table("mapa.zip", content, crs="EPSG:99999999")


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_shapefile_without_one_of_its_parts_names_it(tmp_path, part):
    written(tmp_path / "mapa.shp", "ESRI Shapefile")
    with pytest.raises(InvalidInput, match=rf"le falta \{part}"):
        read_table("mapa.zip", zipped(tmp_path, without={part}))


def test_a_path_to_a_shapefile_brings_its_siblings(tmp_path):
    written(tmp_path / "mapa.shp", "ESRI Shapefile")
    (tmp_path / "otro.dbf").write_bytes(b"nada")
    name, content = asked_file(str(tmp_path / "mapa.shp"))
    assert name == "mapa.zip"
    assert read_table(name, content).rows


def test_a_shapefile_alone_says_what_to_send(tmp_path):
    path = written(tmp_path / "mapa.shp", "ESRI Shapefile")
    with pytest.raises(InvalidInput, match=r"\.zip con el shapefile completo"):
        read_table("mapa.shp", path.read_bytes())


def test_a_damaged_shapefile_is_refused(tmp_path):
    written(tmp_path / "mapa.shp", "ESRI Shapefile")
    (tmp_path / "mapa.shp").write_bytes(b"\x00\x00\x27\x0a" + b"\x00" * 10)
    with pytest.raises(InvalidInput):
        read_table("mapa.zip", zipped(tmp_path))


def test_a_damaged_geopackage_is_refused(tmp_path):
    content = written(tmp_path / "a.gpkg", "GPKG").read_bytes()
    with pytest.raises(InvalidInput):
        read_table("a.gpkg", content[:5000])
    with pytest.raises(InvalidInput):
        read_table("a.gpkg", b"SQLite format 3\x00" + b"\x00" * 100)


def test_an_archive_with_a_virtual_layer_does_not_lead_elsewhere(tmp_path):
    written(tmp_path / "mapa.shp", "ESRI Shapefile")
    (tmp_path / "mapa.vrt").write_text("<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>")
    assert len(read_table("mapa.zip", zipped(tmp_path)).rows) == 1


def test_two_shapefiles_in_one_archive_ask_which(tmp_path):
    written(tmp_path / "uno.shp", "ESRI Shapefile")
    written(tmp_path / "dos.shp", "ESRI Shapefile")
    with pytest.raises(InvalidInput, match="dos, uno"):
        read_table("m.zip", zipped(tmp_path))
    assert read_table("m.zip", zipped(tmp_path), layer="dos").rows


def test_a_zip_bomb_is_not_opened():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mapa.shp", b"\x00" * 300_000_000)
    with pytest.raises(InvalidInput, match="se expande demasiado"):
        read_table("mapa.zip", held.getvalue())


@pytest.mark.parametrize(("name", "content", "words"), [
    ("a.geojson", b"", "está vacío"), ("a.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Fea', "incompleto"),
    ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "ninguna fila"),
    ("a.geojson", b'{"type": "FeatureCollection", "features": 7}', "lista «features»"),
    ("a.geojson", b"[" * 100_000, "no es un archivo"), ("a.csv", b"nombre,codigo\n", "ninguna fila"),
    ("a.pdf", b"%PDF-1.7 x", "es PDF"), ("a.exe", b"MZ\x00\x00\x01", "no es un archivo que Manglar lea"),
    ("a.csv", b"\xff\xfen", "no es un archivo"),
])
def test_what_cannot_be_read_is_refused_in_words(name, content, words):
    with pytest.raises(InvalidInput, match=words):
        read_table(name, content)


def test_deeply_nested_json_is_refused():
    with pytest.raises(InvalidInput):
        read_table("a.geojson", b'{"type":"FeatureCollection","features":' + b"[" * 200_000 + b"]" * 200_000 + b"}")


def test_features_that_are_not_features_become_faulty_rows():
    content = json.dumps({"type": "FeatureCollection", "features": [
        7, None, {"properties": 3}, feature({"type": "Nada"}, a=1), feature({"type": "Polygon", "coordinates": [[["x", 1]]]}, a=2)]})
    table = read_table("a.geojson", content.encode())
    assert len(table.rows) == 5
    assert [fault[0] for fault in table.faults] == [4, 5]


def test_nan_in_geojson_is_read_and_left_to_the_row_check():
    content = geojson(feature(square(0, 0), a=1)).replace(b"-79.5", b"NaN")
    (row,) = read_table("a.geojson", content).rows
    assert row.geometry is None or not np.isfinite(shapely.get_coordinates(row.geometry)).all()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_separator(delimiter):
    text = delimiter.join(["nombre", "nota"]) + "\n" + delimiter.join(['"uno\ndos"', "x"]) + "\n\n" + delimiter.join(["tres", ""]) + "\n"
    table = read_table("a.csv", text.encode())
    assert [(row.number, row.values["nombre"]) for row in table.rows] == [(3, "uno\ndos"), (5, "tres")]


def test_short_long_and_repeated_columns():
    table = read_table("a.csv", b"a,a,,d\n1\n1,2,3,4,5\n")
    assert table.columns == ("a", "a (2)", "columna 3", "d")
    assert table.rows[0].values == {"a": "1", "a (2)": "", "columna 3": "", "d": ""}
    assert table.faults[0][0] == 3


def sheet(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_sheet_is_read_with_its_row_numbers():
    table = read_table("a.xlsx", sheet([[None], ["nombre", "fecha"], ["uno", dt.date(2024, 1, 2)], [None], ["dos", 3]]))
    assert [(row.number, row.values["nombre"]) for row in table.rows] == [(3, "uno"), (5, "dos")]


def test_a_formula_without_a_saved_result_is_a_fault_of_its_row():
    table = read_table("a.xlsx", sheet([["nombre", "valor"], ["uno", "=1+1"], ["dos", 5]]))
    assert [(row, column, str(said)) for row, column, said in table.faults] == [(2, "valor", "tiene una fórmula sin resultado guardado: ábralo en Excel y guárdelo otra vez.")]
    assert table.rows[0].values["valor"] is None


def test_a_sheet_that_is_not_there_names_those_that_are():
    with pytest.raises(InvalidInput, match="Sheet"):
        read_table("a.xlsx", sheet([["a"], [1]]), layer="Hoja9")


def test_a_workbook_that_is_only_called_so_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x")
    with pytest.raises(InvalidInput, match="dañado"):
        read_table("a.xlsx", held.getvalue())


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 10)
    with pytest.raises(InvalidInput, match="divídalo"):
        read_table("a.csv", b"a,b\n" + b"1,2\n" * 20)
    with pytest.raises(InvalidInput, match="columnas"):
        read_table("a.csv", ",".join(f"c{i}" for i in range(600)).encode() + b"\n1,2\n")


def said(table):
    return " ".join(map(str, table.notes))


def test_a_title_above_the_heading_is_skipped_and_said():
    table = read_table("a.xlsx", sheet([["Escuelas de la ciudad"], [None], ["nombre", "lon", "lat"], ["Una", -79.5, 9]]))
    assert table.columns == ("nombre", "lon", "lat")
    assert [(row.number, row.values["nombre"]) for row in table.rows] == [(4, "Una")]
    assert "encima de la fila 3 se tomó por título" in said(table)
    table = read_table("a.csv", b"Escuelas 2018\nnombre;lon;lat\nUna;-79,5;9\n")
    assert table.columns == ("nombre", "lon", "lat")


@pytest.mark.parametrize("text", ["nombre\nUna\nDos\n", "nombre\nUna\nDos,2\n", "a,b\n1,2\n", "lista\n1,2\n"])
def test_a_heading_is_not_taken_for_a_title(text):
    table = read_table("a.csv", text.encode())
    assert table.columns[0] in {"nombre", "a", "lista"}
    assert not table.notes


def hidden_first(visible):
    book = openpyxl.Workbook()
    book.active.title = "borrador"
    book.active.append(["nombre", "lon"])
    book.active.append(["Vieja", 1])
    page = book.create_sheet("datos")
    for row in visible:
        page.append(row)
    book.active = 1
    book["borrador"].sheet_state = "hidden"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_hidden_sheet_is_not_read_unless_asked_for():
    content = hidden_first([["nombre", "lon"], ["Nueva", 2]])
    table = read_table("a.xlsx", content)
    assert [row.values["nombre"] for row in table.rows] == ["Nueva"]
    assert said(table) == "Se leyó la hoja «datos»; también hay: borrador (oculta)."
    assert [row.values["nombre"] for row in read_table("a.xlsx", content, layer="borrador").rows] == ["Vieja"]


def test_a_blank_sheet_in_front_is_passed_over():
    book = openpyxl.Workbook()
    book.create_sheet("datos").append(["nombre"])
    book["datos"].append(["Una"])
    held = io.BytesIO()
    book.save(held)
    assert read_table("a.xlsx", held.getvalue()).rows[0].values == {"nombre": "Una"}


@pytest.mark.parametrize("place", ["nombre", "lista", "clave"])
def test_half_a_character_becomes_a_fault_of_its_row(place):
    values = {"nombre": {"nombre": "Zona \ud800"}, "lista": {"nombre": "a", "otros": ["b\udc00"]}, "clave": {"n\ud800": 1}}[place]
    table = read_table("a.geojson", geojson(feature(square(0, 0), nombre="Ñurum 😀"), feature(square(0, 0), **values)))
    assert [fault[0] for fault in table.faults] == [2]
    assert "carácter roto" in str(table.faults[0][2])
    json.dumps([row.values for row in table.rows], ensure_ascii=False).encode()
    assert table.rows[0].values["nombre"] == "Ñurum 😀"


def test_a_broken_sheet_inside_a_good_workbook_is_refused_in_words():
    whole = sheet([["nombre"], ["uno"]])
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(held, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(b"<c ", b"&#xD800;<c ") if "sheet1" in name else part)
    with pytest.raises(InvalidInput, match="dañado"):
        read_table("a.xlsx", held.getvalue())


def test_a_ring_that_is_not_closed_is_closed_and_said():
    ring = square(0, 0)["coordinates"][0][:-1]
    many = {"type": "MultiPolygon", "coordinates": [[ring], square(1, 0)["coordinates"]]}
    table = read_table("a.geojson", geojson(feature({"type": "Polygon", "coordinates": [ring]}, a=1), feature(many, a=2), feature(square(0, 0), a=3)))
    assert not table.faults
    assert [bool(row.repair) for row in table.rows] == [True, True, False]
    assert table.rows[0].geometry.equals(table.rows[2].geometry)


def test_outlines_are_read_from_a_wkt_column():
    corners = ", ".join(f"{lon} {lat}" for lon, lat in square(0, 0)["coordinates"][0])
    opened = corners.rsplit(", ", 1)[0]
    content = f"nombre;wkt\nUno;POLYGON (({corners}))\nDos;SRID=4326;\nTres;POLYGON (({opened}))\nCuatro;nada\nCinco;\n"
    table = read_table("a.csv", content.replace("SRID=4326;", f'"SRID=4326;MULTIPOLYGON ((({corners})))"').encode())
    assert table.columns == ("nombre",)
    assert [row.geometry is not None for row in table.rows] == [True, True, True, False, False]
    assert [bool(row.repair) for row in table.rows] == [False, False, True, False, False]
    assert [(row, column) for row, column, _ in table.faults] == [(5, "wkt")]
    assert "columna «wkt»" in said(table)


def test_wkt_in_metres_is_brought_to_degrees():
    content = b"nombre,geom\nUno,\"SRID=32617;POINT (665000 995000)\"\n"
    point = read_table("a.csv", content).rows[0].geometry
    assert (point.x, point.y) == (pytest.approx(-79.5, abs=0.05), pytest.approx(9.0, abs=0.05))
    with pytest.raises(InvalidInput, match="mezcla sistemas"):
        read_table("a.csv", content + b"Dos,SRID=4326;POINT (1 2)\n")


def test_a_column_that_is_only_called_like_a_geometry_is_kept_and_said():
    table = read_table("a.csv", b"nombre,geom\nUno,si\n")
    assert not table.has_geometry
    assert table.rows[0].values["geom"] == "si"
    assert "«geom» no se usó" in said(table)


def test_an_outline_of_a_hundred_thousand_letters_fits_in_a_cell():
    ring = [f"{-79.5 + n * 1e-6:.6f} {9 + (n % 2) * 1e-6:.6f}" for n in range(9000)]
    text = f"POLYGON (({', '.join([*ring, '-79.49 9.1', ring[0]])}))"
    assert len(text) > 131_072
    assert read_table("a.csv", f'nombre,wkt\nUno,"{text}"\n'.encode()).rows[0].geometry is not None


def test_a_system_that_is_not_used_where_the_file_lies_is_said(tmp_path):
    path = written(tmp_path / "a.gpkg", "GPKG", crs="EPSG:32618", geometry=shapely.box(-3e6, 995000, -2.9e6, 996000))
    assert "donde ese sistema no se usa" in said(read_table("a.gpkg", path.read_bytes()))
    path = written(tmp_path / "b.gpkg", "GPKG", crs="EPSG:32617", geometry=shapely.box(665000, 995000, 666000, 996000))
    assert not read_table("b.gpkg", path.read_bytes()).notes
