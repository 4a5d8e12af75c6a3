import datetime as dt
from decimal import Decimal

import pytest

from manglar.foundation.refusals import InvalidInput
from manglar.strategy.rules import sheets
from manglar.strategy.rules.editions import code_order, parent_code, why_frozen, why_not_adopted
from manglar.strategy.rules.entries import split_code
from manglar.strategy.rules.plans import parse_plan_cost, parse_plan_date, read_plan
from tests.chain_factories import xlsx


def read(text, **given):
    return read_plan(sheets.read_csv(text.encode() if isinstance(text, str) else text), **given)


def by_code(reading):
    return {n.code: n for n in reading.nodes}


def sentences(problems):
    return [str(p) for p in problems]


def test_codes_sort_as_people_count():
    assert sorted(["1.10", "1.2", "1", "2", "1.1"], key=code_order) == ["1", "1.1", "1.2", "1.10", "2"]
    assert sorted(["A10", "A2"], key=code_order) == ["A2", "A10"]
    assert parent_code("1.2.3") == "1.2"
    assert parent_code("1") == ""


def test_an_edition_is_adopted_only_once_with_act_and_date():
    assert why_not_adopted(state="draft", node_count=1, act="Acuerdo", has_date=True) == ""
    assert "vacía" in why_not_adopted(state="draft", node_count=0, act="Acuerdo", has_date=True)
    assert "acto" in why_not_adopted(state="draft", node_count=1, act=" ", has_date=True)
    assert "fecha" in why_not_adopted(state="draft", node_count=1, act="Acuerdo", has_date=False)
    assert "ya está" in why_not_adopted(state="adopted", node_count=1, act="Acuerdo", has_date=True)
    assert why_frozen("draft") == ""


def test_rows_with_codes_make_a_tree():
    reading = read("código;título\n1;Agua\n1.1;Ríos\n1.1.1;Limpiar\n2;Calor\n")
    assert not reading.problems
    assert [(n.code, n.depth, n.parent) for n in reading.nodes] == [
        ("1", 1, ""), ("1.1", 2, "1"), ("1.1.1", 3, "1.1"), ("2", 1, ""),
    ]


def test_the_2018_layout_has_codes_in_a_column_per_level():
    reading = read(
        "pillar,objective,initiative,kind,title_paraphrased,page\n1,1.1,,O,Movilidad,61\n1,1.1,1.1.1,I,Plan,62\n",
        language="en",
    )
    nodes = by_code(reading)
    assert not reading.problems
    assert nodes["1"].is_stub
    assert nodes["1"].title == {"es": "Pilar 1 (título no incluido en el archivo)"}
    assert nodes["1.1"].title == {"en": "Movilidad"}
    assert nodes["1.1"].unofficial
    assert nodes["1.1.1"].source_text == "p. 62"
    assert "Falta la fila de 1" in sentences(reading.warnings)[0]


def test_titles_may_be_given_for_codes_without_a_row():
    reading = read("pillar,objective,title\n1,1.1,X\n", titles={"1": "Acceso a oportunidades"})
    assert by_code(reading)["1"].title == {"es": "Acceso a oportunidades"}
    assert not by_code(reading)["1"].is_stub


def test_an_unknown_kind_and_a_kind_that_contradicts_its_code_are_problems():
    text = "pillar,objective,initiative,kind,title\n1,1.1,,Z,A\n1,1.2,,I,B\n"
    assert sentences(read(text).problems) == [
        "Fila 2, columna «kind»: No se conoce la clase «Z»; hay: pillar, objective, initiative.",
        "Fila 3, columna «kind»: La fila dice «I» pero su código es de «objective».",
    ]


def test_a_code_under_the_wrong_parent_is_a_problem():
    problems = sentences(read("pillar,objective,title\n1,3.3,A\n").problems)
    assert "El código 3.3 no está debajo de 1." in problems[0]


def test_wide_files_with_merged_cells_are_filled_down():
    content = xlsx(
        [["Plan de la ciudad"], [], ["Eje", "Objetivo", "Acción", "Costo"], ["Agua", "Ríos", "Limpiar", 10],
         [None, None, "Medir", "B/. 1,234.50"], [None, "Mar", "Muro", None], ["Calor", "Sombra", "Árboles", 3.5]],
        merge=["A4:A6", "B4:B5"],
    )
    reading = read_plan(sheets.read_xlsx(content))
    assert not reading.problems
    assert reading.header_row == 3
    assert [(n.code, n.title["es"], n.depth) for n in reading.nodes] == [
        ("1", "Agua", 1), ("1.1", "Ríos", 2), ("1.1.1", "Limpiar", 3), ("1.1.2", "Medir", 3), ("1.2", "Mar", 2),
        ("1.2.1", "Muro", 3), ("2", "Calor", 1), ("2.1", "Sombra", 2), ("2.1.1", "Árboles", 3),
    ]
    assert by_code(reading)["1.1.2"].cost_pab == Decimal("1234.50")
    assert by_code(reading)["2.1.1"].cost_pab == Decimal("3.50")
    assert all(n.code_is_made for n in reading.nodes)


def test_codes_inside_titles_are_read():
    reading = read("Pilar,Objetivo\nPilar 1: Acceso,1.1 Movilidad\n,1.2. Capital humano\n")
    assert [(n.code, n.title["es"]) for n in reading.nodes] == [
        ("1", "Acceso"), ("1.1", "Movilidad"), ("1.2", "Capital humano"),
    ]
    assert split_code("2030 metas para todos") == ("2030", "metas para todos")
    assert split_code("Agua limpia") == ("", "Agua limpia")


def test_an_outline_by_level_needs_no_codes():
    reading = read("nivel,título\n1,Agua\n2,Ríos\n3,Limpiar\n2,Mar\n1,Calor\n")
    assert [(n.code, n.title["es"]) for n in reading.nodes] == [
        ("1", "Agua"), ("1.1", "Ríos"), ("1.1.1", "Limpiar"), ("1.2", "Mar"), ("2", "Calor"),
    ]


def test_kinds_in_words_give_the_level():
    reading = read("tipo,código,nombre\nEje,E1,Agua\nProyecto,P1,Limpiar\nProyecto,P2,Medir\nEje,E2,Calor\n")
    assert [(n.code, n.depth, n.parent) for n in reading.nodes] == [
        ("E1", 1, ""), ("P1", 2, "E1"), ("P2", 2, "E1"), ("E2", 1, ""),
    ]
    assert reading.levels == {1: "eje", 2: "proyecto"}


def test_a_level_that_nothing_precedes_is_a_problem():
    assert "nivel 1" in sentences(read("nivel,título\n2,Ríos\n").problems)[0]


def test_gaps_in_the_hierarchy_are_filled_and_said():
    reading = read("código,título\n1.1.1,Limpiar\n")
    assert {n.code: n.is_stub for n in reading.nodes} == {"1.1.1": False, "1.1": True, "1": True}
    assert len(reading.warnings) == 2


def test_a_number_that_lost_its_zero_is_reported_not_guessed():
    rows = [["código", "título"], [1, "Agua"], *[[1 + n / 10, f"N{n}"] for n in range(1, 10)], [1.1, "El décimo"]]
    problems = sentences(read_plan(sheets.read_xlsx(xlsx(rows))).problems)
    assert problems == [
        "Fila 12, columna «código»: «1.1» ya está en la fila 3. Si es 1.10, Excel le quitó el cero: "
        "escriba los códigos como texto."
    ]
    warned = sentences(read_plan(sheets.read_xlsx(xlsx(rows[:-1]))).warnings)
    assert "si hay un 1.10" in warned[0]


def test_one_point_ten_as_text_is_not_one_point_one():
    reading = read("código,título\n1,Agua\n1.1,Uno\n1.10,Diez\n")
    assert not reading.problems
    assert set(by_code(reading)) == {"1", "1.1", "1.10"}


def test_a_code_that_excel_made_a_date_is_a_problem():
    rows = [["código", "título"], [1, "Agua"], [dt.date(2001, 1, 1), "Ríos"]]
    assert "convirtió el código en la fecha" in sentences(read_plan(sheets.read_xlsx(xlsx(rows))).problems)[0]


def test_whole_numbers_have_no_point():
    reading = read_plan(sheets.read_xlsx(xlsx([["código", "título"], [1.0, "Agua"], ["1.1.", "Ríos"]])))
    assert set(by_code(reading)) == {"1", "1.1"}


def test_a_formula_without_a_saved_value_is_a_problem_of_its_row():
    rows = [["código", "título", "costo"], ["1", "Agua", "=1+1"], ["1.1", '=CONCAT("a")', None]]
    problems = sentences(read_plan(sheets.read_xlsx(xlsx(rows))).problems)
    assert any("Fila 2, columna «costo»: La fórmula" in p for p in problems)
    assert any("Fila 3, columna «título»: La fórmula" in p for p in problems)


def test_every_wrong_value_is_named_with_its_row_and_column():
    text = (
        "código,título,inicio,fin,costo,procedencia\n1,,2026,2027,10,fuente\n"
        '1.1,A,31/02/2026,2027,"1.234,50",inventado\n1.2,B,2027,2026,-5,fuente\n'
    )
    problems = sentences(read(text).problems)
    for wanted in ("Fila 2, columna «título»: Falta el título", "Fila 3, columna «inicio»", "Fila 3, columna «costo»",
                   "Fila 3, columna «procedencia»", "Fila 4, columna «fin»: Termina", "Fila 4, columna «costo»"):
        assert any(wanted in p for p in problems), (wanted, problems)


def test_a_repeated_code_names_both_rows():
    assert sentences(read("código,título\n1,Agua\n1,Otra\n").problems) == [
        "Fila 3, columna «código»: «1» ya está en la fila 2."
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_files_of_any_encoding_are_read(encoding):
    text = "código;título;descripción\n1;Educación pública en los barrios;Niñez y juventud\n1.1;Diálogo;Ñandú\n"
    assert by_code(read(text.encode(encoding)))["1"].title == {"es": "Educación pública en los barrios"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_files_with_any_separator_are_read(separator):
    text = "código;título;texto\n1;Agua;limpia, potable\n1.1;Ríos;sanos\n".replace(", ", "~").replace(";", separator)
    assert len(read(text.replace("~", " ")).nodes) == 2


def test_utf_16_without_its_mark_is_refused_in_words():
    with pytest.raises(InvalidInput, match="CSV UTF-8"):
        read("código,título\n1,Agua\n".encode("utf-16-le"))


def test_title_rows_blank_rows_and_blank_columns_do_no_harm():
    text = ",,,\nPLAN MUNICIPAL,,,\n,,,\nCódigo,Título,,\n1,Agua,,\n,,,\n1.1,Ríos,,\n,,,\n,,,\n"
    reading = read(text)
    assert reading.header_row == 4
    assert [n.row for n in reading.nodes] == [5, 7]


def test_two_columns_with_one_name_must_be_told_apart():
    text = "código,título,título\n1,Agua,Water\n"
    with pytest.raises(InvalidInput, match="Hay dos columnas «título»"):
        read(text)
    reading = read(text, mapping={"title": "título", "title_en": "título (2)"})
    assert by_code(reading)["1"].title == {"es": "Agua", "en": "Water"}


def test_a_mapping_wins_and_a_wrong_one_says_what_there_is():
    text = "Columna A,Columna B\n1,Agua\n"
    with pytest.raises(InvalidInput, match="No se reconocen los encabezados"):
        read(text)
    assert by_code(read(text, mapping={"code": "columna a", "title": "Columna B"}))["1"].title == {"es": "Agua"}
    with pytest.raises(InvalidInput, match="«No está»"):
        read(text, mapping={"code": "No está", "title": "Columna B"})
    with pytest.raises(InvalidInput, match="No existe el dato «zzz»"):
        read(text, mapping={"zzz": "Columna A"})


def test_without_titles_or_levels_the_file_is_refused():
    with pytest.raises(InvalidInput, match="título"):
        read("código,costo\n1,3\n")
    with pytest.raises(InvalidInput, match="qué está debajo de qué"):
        read("título,costo\nAgua,3\n")
    with pytest.raises(InvalidInput, match="no tiene filas"):
        read("\n\n")
    assert "no hay filas con datos" in sentences(read("código,título\n").problems)[0]


def test_a_hundred_thousand_rows_are_refused_and_a_million_blank_ones_are_not_read():
    with pytest.raises(InvalidInput, match="más de 20,000 filas"):
        read("código,título\n" + "".join(f"{n},T\n" for n in range(1, 100_001)))
    assert len(read("código,título\n1,Agua\n" + ",\n" * 100_000).nodes) == 1


def test_a_broken_workbook_is_refused_in_words():
    with pytest.raises(InvalidInput, match="dañado"):
        sheets.read_xlsx(b"PK\x03\x04 nada")


def test_html_is_only_text():
    reading = read('código,título\n1,"<script>alert(1)</script>"\n')
    assert by_code(reading)["1"].title == {"es": "<script>alert(1)</script>"}


@pytest.mark.parametrize(
    ("written", "iso"),
    [("2026", "2026"), ("2026-05", "2026-05"), ("01/05/2026", "2026-05-01"), ("5/2026", "2026-05"), ("2026.0", "2026")],
)
def test_dates_are_read_as_panama_writes_them(written, iso):
    assert parse_plan_date(written).iso == iso


def test_costs_are_exact():
    assert parse_plan_cost(sheets.Cell("B/. 1,234.50")) == Decimal("1234.50")
    assert parse_plan_cost(sheets.Cell("0.1", is_number=True)) == Decimal("0.10")
    with pytest.raises(ValueError, match="grande"):
        parse_plan_cost(sheets.Cell("1e20", is_number=True))


TWO_ROWS = "Eje;;Programa;;Acción;;Plazo;\nCódigo;Nombre;Código;Nombre;Código;Nombre;Inicio;Fin\n"


def test_a_heading_of_two_rows_is_read_as_one():
    reading = read(TWO_ROWS + "1;Agua;1.1;Ríos;1.1.1;Limpiar;2026;2027\n;;;;1.1.2;Vigilar;;\n")
    assert not reading.problems
    assert [(n.code, n.title["es"], n.depth) for n in reading.nodes] == [
        ("1", "Agua", 1), ("1.1", "Ríos", 2), ("1.1.1", "Limpiar", 3), ("1.1.2", "Vigilar", 3)]
    assert (reading.header_row, reading.unused) == (2, [])
    assert reading.columns["level_code:3"] == "Código Acción"
    assert str(by_code(reading)["1.1.1"].ends_on) == "2027"


def test_a_heading_of_two_rows_below_a_title_is_read_in_a_workbook_with_merged_cells():
    rows = [["Plan de la ciudad"], ["Eje", None, "Acción", None], ["Código", "Título", "Código", "Título"], [1, "Agua", 1.1, "Ríos"]]
    reading = read_plan(sheets.read_xlsx(xlsx(rows, merge=["A2:B2", "C2:D2"])))
    assert not reading.problems
    assert [(n.code, n.title["es"]) for n in reading.nodes] == [("1", "Agua"), ("1.1", "Ríos")]


def test_a_heading_of_two_rows_that_lacks_a_name_is_refused_with_what_to_do():
    with pytest.raises(InvalidInput) as refusal:
        read("Eje;;Programa;;Acción\nCódigo;Nombre;Código;Nombre;Código\n1;Uno;1.1;Dos;1.1.1\n")
    assert "dos filas (1 y 2)" in refusal.value.sentence
    assert "«Código Acción», «Acción»" in refusal.value.sentence


def test_levels_named_in_one_row_are_not_half_a_heading():
    reading = read("Pilar,Objetivo\nAgua,Código de aguas\nAgua,Nombre de calles\n")
    assert [n.title["es"] for n in reading.nodes] == ["Agua", "Código de aguas", "Nombre de calles"]


def test_a_code_column_belongs_to_the_level_that_it_names():
    reading = read("Código de la acción;Pilar;Objetivo;Acción\n7;Agua;Ríos;Limpiar\n")
    assert {n.title["es"]: n.code for n in reading.nodes}["Limpiar"] == "7"


def test_a_heading_of_two_rows_may_number_its_levels():
    reading = read("Nivel 1;;Nivel 2;\nCódigo;Nombre;Código;Nombre\nA;Agua;A-1;Ríos\n")
    assert [(n.code, n.title["es"]) for n in reading.nodes] == [("A", "Agua"), ("A-1", "Ríos")]
