"""Names, codes, columns and outlines: no database."""

import datetime as dt

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from manglar.territory.rules.codes import (
    code_from_name,
    composed_code,
    is_alive,
    parent_in_code,
    restored_code,
    tidy_code,
)
from manglar.territory.rules.columns import chosen, header_key, parent_parts, population_columns, wanted_of_level
from manglar.territory.rules.geometry import (
    CannotMendError,
    area_in_km2,
    area_m2,
    distance_m,
    mended,
    overlaps,
    simplified,
)
from manglar.territory.rules.names import NameIndex, capitalised, is_same_name, name_key

BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])


@pytest.mark.parametrize(("one", "other"), [
    ("LA EXPOSICIÓN O CALIDONIA", "Calidonia"), ("La Exposición o Calidonia", "la exposicion"),
    ("Ancón", "ANCON"), ("Chepo (Cabecera)", "chepo"), ("Arraiján (P)", "Arraijan"),
    ("Corregimiento de Tocumen", "TOCUMEN"), ("24  de Diciembre", "24 DE DICIEMBRE"), ("Río Abajo.", "rio abajo"),
])
def test_writings_of_one_name_are_the_same(one, other):
    assert is_same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("Betania", "Bethania"), ("Juan Díaz", "Díaz"), ("Barrio Balboa", "Balboa")])
def test_other_names_are_not_the_same(one, other):
    assert not is_same_name(one, other)


def test_capitals_become_spanish():
    assert capitalised("LA EXPOSICIÓN O CALIDONIA") == "La Exposición o Calidonia"
    assert capitalised("24 DE DICIEMBRE") == "24 de Diciembre"
    assert capitalised("McKinley Park") == "McKinley Park"


def test_the_strictest_comparison_wins():
    index = NameIndex([(1, ["El Chorrillo"]), (2, ["Chorrillo Arriba", "Chorrillo"]), (3, ["Santa Ana"])])
    assert index.find("chorrillo") == {2}
    assert index.find("EL CHORRILLO") == {1}
    assert index.find("la santa ana") == {3}
    assert index.find("") == set()
    assert index.find("nada") == set()


@given(st.text(max_size=40))
def test_a_name_is_found_by_itself_whatever_it_is(name):
    index = NameIndex([(1, [name])])
    assert index.find(name) == ({1} if name_key(name) else index.find(name))


def test_codes_come_as_files_write_them():
    assert [tidy_code(given) for given in (80801.0, " 080801 ", None, float("nan"), 7, "7.00")] == ["80801", "080801", "", "", "7", "7"]
    assert restored_code("80801", {"080801"}) == "080801"
    assert restored_code("80801", {"80801", "080801"}) == "80801"
    assert composed_code(["8", "08"]) == "0808"
    assert composed_code(["08", None]) == ""
    assert parent_in_code("080801", {"08", "0808"}) == "0808"
    assert parent_in_code("1", {"0"}) == ""
    assert code_from_name("Ñuñoa Alto / 2ª") == "nunoa-alto-2a"


def test_first_and_last_day_count():
    first, last = dt.date(2017, 3, 1), dt.date(2020, 1, 1)
    assert is_alive(valid_from=first, valid_until=last, on=first)
    assert is_alive(valid_from=first, valid_until=last, on=last)
    assert not is_alive(valid_from=first, valid_until=last, on=dt.date(2020, 1, 2))
    assert is_alive(valid_from=None, valid_until=None, on=dt.date(1600, 1, 1))


def test_official_headers_come_before_generic_ones():
    columns = ["fid", "PROV_ID", "DIST_ID", "DIST_NOMB", "CORR_NOMB", "CODIGO", "AREA"]
    found = chosen(columns, wanted_of_level("corregimiento"))
    assert (found["code"], found["name"], found["parent_name"], found["area"]) == ("CODIGO", "CORR_NOMB", "DIST_NOMB", "AREA")
    assert parent_parts(columns, "corregimiento") == ("PROV_ID", "DIST_ID")
    assert parent_parts(["DIST_ID"], "corregimiento") == ()


def test_an_asked_column_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"NOMBRE_X.*Tiene: a, b"):
        chosen(["a", "b"], {}, asked={"name": "NOMBRE_X"})
    assert chosen(["Altura (m)"], {}, asked={"h": "altura_m"}) == {"h": "Altura (m)"}
    assert header_key("Altura (m)") == "altura_m"


def test_populations_say_their_year():
    assert population_columns(["pop_2010", "POBLACIÓN", "pob 2023", "popular"]) == [
        (2023, "pob 2023"), (2010, "pop_2010"), (None, "POBLACIÓN")]


def test_a_bow_tie_is_repaired_and_says_so():
    outline, repaired = mended(BOW_TIE)
    assert repaired
    assert outline.is_valid
    assert outline.geom_type == "MultiPolygon"
    assert outline.area == pytest.approx(0.5)


@pytest.mark.parametrize(("geometry", "words"), [
    (None, "vacía"), (shapely.Polygon(), "vacía"), (shapely.LineString([(0, 0), (1, 1)]), "una línea"),
    (shapely.Point(0, 0), "un punto"), (shapely.Polygon([(0, 0), (1, 1), (2, 2), (0, 0)]), "ningún polígono"),
    (shapely.Polygon([(0, 0), (float("nan"), 1), (1, 1), (0, 0)]), "no son números"),
])
def test_what_is_no_outline_is_refused_in_words(geometry, words):
    with pytest.raises(CannotMendError, match=words):
        mended(geometry)


def test_only_polygons_are_kept_of_a_collection():
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (5, 5)]), shapely.box(0.5, 0, 2, 1)])
    outline, repaired = mended(mixed)
    assert repaired
    assert outline.is_valid
    assert outline.area == pytest.approx(2)


def test_the_unit_of_a_stated_area_is_told_by_the_outline():
    computed = area_m2(shapely.box(-79.5, 9.0, -79.49, 9.01))
    assert computed == pytest.approx(1.216e6, rel=0.01)
    for unit in (1, 1e-6, 1e-4):
        assert area_in_km2(stated=computed * unit, computed_m2=computed) == pytest.approx(computed / 1e6)
    assert area_in_km2(stated=7, computed_m2=computed) == pytest.approx(computed / 1e6)
    assert area_in_km2(stated=None, computed_m2=computed) == pytest.approx(computed / 1e6)


def test_neighbours_that_only_touch_do_not_overlap():
    left, right = shapely.box(0, 0, 0.01, 0.01), shapely.box(0.01, 0, 0.02, 0.01)
    assert overlaps({"a": left, "b": right}) == []
    wide = shapely.box(0.009, 0, 0.02, 0.01)
    (found,) = overlaps({"a": left, "b": wide})
    assert (found.one, found.other) == ("a", "b")
    assert found.area_m2 == pytest.approx(111 * 1105, rel=0.02)
    assert overlaps({"a": left, "b": wide, "c": shapely.box(5, 5, 6, 6)}, of=frozenset({"c"})) == []
    assert overlaps({"a": left}) == []


def test_simplifying_keeps_the_common_border():
    wavy = [(0.01 + 0.00001 * (i % 2), i / 1000) for i in range(11)]
    left = shapely.Polygon([(0, 0), *wavy, (0, 0.01)])
    right = shapely.Polygon([(0.02, 0), (0.02, 0.01), *reversed(wavy)])
    one, other = simplified([left, right], tolerance_m=30)
    assert shapely.get_num_coordinates(one) < shapely.get_num_coordinates(left)
    assert one.intersection(other).area == 0
    assert shapely.union_all([one, other]).area == pytest.approx(one.area + other.area)
    assert simplified([], tolerance_m=30) == []


def test_metres_between_near_points():
    assert distance_m((-79.5, 9.0), (-79.5, 9.00001)) == pytest.approx(1.11, abs=0.01)


def test_columns_are_guessed_by_whole_words_and_never_by_half_of_a_meaning():
    wanted = {"code": ("codigo", "siglas"), "name": ("nombre", "institucion"), "place": ("nombre_distrito", "distrito")}
    assert chosen(["Sigla oficial", "Nombre largo de la institución"], wanted) == {
        "code": "Sigla oficial", "name": "Nombre largo de la institución",
    }  # fmt: skip
    assert chosen(["Código postal", "Nombre oficial", "Nombre corto"], wanted) == {}
    assert chosen(["CODIGO", "Código oficial"], wanted) == {"code": "CODIGO"}
