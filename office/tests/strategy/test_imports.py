import csv
import io
import json

import pytest
from django.core.management import call_command

from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.translated import translated
from manglar.margin.models import ColumnMapping
from manglar.strategy import selectors, services
from manglar.strategy.models import Edition, Node, Strategy
from tests import chain_factories as make
from tests.chain_factories import OFFICE, xlsx

pytestmark = pytest.mark.django_db


def load(panama, content, name="plan.csv", **options):
    raw = content.encode() if isinstance(content, str) else content
    return services.import_strategy(
        by=OFFICE, government=panama, name=name, content=raw, options=services.PlanOptions(**options)
    )


def preview(panama, content, **options):
    return services.preview_plan(
        by=OFFICE, government=panama, name="plan.csv", content=content.encode(), options=services.PlanOptions(**options)
    )


def actions(shown):
    return {row.code: row.action for row in shown.rows}


def test_a_file_founds_the_strategy_and_its_words(panama):
    made, shown = load(panama, make.PLAN, strategy_title="Ciudad resiliente")
    assert shown.counts["created"] == 3
    assert made.strategy.title == translated("Ciudad resiliente")
    assert [str(level) for level in made.strategy.levels.all()] == ["pilar", "objetivo", "iniciativa"]
    assert make.node(made).source_text == "plan.csv"


def test_a_preview_writes_nothing(panama):
    shown = preview(panama, make.PLAN)
    assert shown.is_clean
    assert shown.counts["created"] == 3
    assert not Strategy.objects.exists()


def test_the_same_file_twice_changes_nothing(panama):
    first, _ = load(panama, make.PLAN)
    identities = set(first.nodes.values_list("identity", flat=True))
    again, shown = load(panama, make.PLAN)
    assert again == first
    assert shown.counts == {"created": 0, "changed": 0, "unchanged": 3, "removed": 0, "kept": 0}
    assert set(first.nodes.values_list("identity", flat=True)) == identities
    assert set(first.nodes.values_list("version", flat=True)) == {1}


def test_a_changed_file_says_row_by_row_what_changes_and_keeps_identities(panama):
    first, _ = load(panama, make.PLAN)
    before = make.node(first).identity
    text = "código,nivel,título,costo\n1,pilar,Agua,\n1.1,objetivo,Ríos sanos y vivos,\n1.1.1,iniciativa,Limpiar el río,10\n1.1.2,iniciativa,Medir,\n"
    shown = preview(panama, text)
    assert actions(shown) == {"1": "unchanged", "1.1": "changed", "1.1.1": "changed", "1.1.2": "created"}
    changed = {row.code: row.changes for row in shown.rows}
    assert changed["1.1"] == ("título",)
    assert changed["1.1.1"] == ("costo", "procedencia del costo")
    load(panama, text)
    assert make.node(first).identity == before
    assert make.node(first).cost_mark == "fuente"
    assert preview(panama, text).counts["unchanged"] == 4


def test_what_the_file_does_not_have_is_kept_unless_asked(panama):
    first, _ = load(panama, make.PLAN + "1.1.2,iniciativa,Medir\n")
    assert preview(panama, make.PLAN).counts["kept"] == 1
    load(panama, make.PLAN)
    assert first.nodes.count() == 4
    assert preview(panama, make.PLAN, remove_missing=True).counts["removed"] == 1
    load(panama, make.PLAN, remove_missing=True)
    assert first.nodes.count() == 3


def test_what_others_depend_on_is_not_removed_and_nothing_else_happens(panama):
    first, _ = load(panama, make.PLAN + "1.1.2,iniciativa,Medir\n1.1.3,iniciativa,Ver\n")
    make.milestone(panama, node=make.node(first, "1.1.2"))
    with pytest.raises(Conflict, match="dependen"):
        load(panama, make.PLAN.replace("Agua", "Mar"), remove_missing=True)
    assert first.nodes.count() == 5
    assert make.node(first, "1").title == translated("Agua")


def test_one_wrong_row_and_nothing_is_imported(panama):
    with pytest.raises(InvalidInput, match="no se importó nada") as refused:
        load(panama, make.PLAN + "1.1.2,iniciativa,\n1.1.3,rareza,Otra\n")
    assert [p.row for p in refused.value.problems] == [5, 6]
    assert not Strategy.objects.exists()


def test_columns_that_the_file_lacks_leave_values_as_they_are(panama):
    first, _ = load(panama, make.PLAN)
    services.change_node(by=OFFICE, node=make.node(first), text=translated("Escrito a mano"))
    load(panama, make.PLAN.replace("Limpiar el río", "Limpiar"))
    assert make.node(first).text == translated("Escrito a mano")


def test_a_second_language_written_by_hand_survives_the_file(panama):
    first, _ = load(panama, make.PLAN)
    services.change_node(by=OFFICE, node=make.node(first), title=translated("Limpiar el río", "Clean the river"))
    _, shown = load(panama, make.PLAN)
    assert shown.counts["unchanged"] == 3
    assert make.node(first).title["en"] == "Clean the river"


def test_a_wide_file_is_matched_by_its_place_and_title(panama):
    rows = [["Eje", "Objetivo", "Acción"], ["Agua", "Ríos", "Limpiar"], [None, None, "Medir"]]
    first, _ = load(panama, xlsx(rows), name="plan.xlsx")
    before = dict(first.nodes.values_list("title__es", "identity"))
    rows.insert(1, ["Aire", "Calles", "Sembrar"])
    _, shown = load(panama, xlsx(rows), name="plan.xlsx")
    assert shown.counts["created"] == 3
    after = dict(first.nodes.values_list("title__es", "identity"))
    assert {title: after[title] for title in before} == before


def test_a_new_edition_takes_identities_by_code_and_says_so(panama):
    old = make.adopted(panama)
    new, shown = load(panama, make.PLAN + "1.1.2,iniciativa,Medir\n", edition_label="2030")
    assert new != old
    assert make.node(new).identity == make.node(old).identity
    assert {row.code: row.identity_from for row in shown.rows} == {"1": "2026", "1.1": "2026", "1.1.1": "2026", "1.1.2": ""}


def test_a_later_file_does_not_change_the_words_of_what_was_adopted(panama):
    old = make.adopted(panama, content="código,título\n1,Agua\n1.1,Ríos\n")
    load(panama, make.PLAN, edition_label="2030")
    assert not old.strategy.levels.exists()
    assert not selectors.altered_editions()


def test_an_adopted_edition_takes_no_file(panama):
    make.adopted(panama)
    with pytest.raises(Conflict, match="congelada"):
        load(panama, make.PLAN)


def test_the_export_goes_back_in_unchanged(panama):
    place = make.division(panama)
    make.institution(panama)
    text = (
        "código,título,título_en,descripción,inicio,fin,costo,responsable,corregimiento\n"
        "1,Agua,Water,,,,,,\n1.1,=Ríos,,\"una, dos\n tres\",2026-05,2027,\"B/. 1,234.50\",obras; Vecinos,Juan Díaz\n"
        "1.10,'Diez,,,,,,,080811\n"
    )
    made, shown = load(panama, text)
    assert ["Vecinos" in str(w) for w in shown.warnings] == [True]
    assert make.node(made, "1.1").title == translated("=Ríos")
    assert list(make.node(made, "1.10").divisions.all()) == [place]
    for name, content in (("p.csv", selectors.export_csv(made)), ("p.xlsx", selectors.export_xlsx(made))):
        assert services.preview_plan(by=OFFICE, government=panama, name=name, content=content).counts == {
            "created": 0, "changed": 0, "unchanged": 3, "removed": 0, "kept": 0,
        }
    rows = list(csv.reader(io.StringIO(selectors.export_csv(made).decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_export_of_a_stub_goes_back_too(panama):
    made, _ = load(panama, "código,título\n1.1.1,Limpiar\n")
    shown = services.preview_plan(by=OFFICE, government=panama, name="p.csv", content=selectors.export_csv(made))
    assert shown.counts["unchanged"] == 3
    assert not shown.warnings


def test_the_export_carries_identities_to_a_renumbered_plan(panama):
    made, _ = load(panama, make.PLAN + "1.1.2,iniciativa,Medir\n")
    ids = {n.code: n.identity for n in made.nodes.all()}
    text = selectors.export_csv(made).decode("utf-8-sig")
    swapped = text.replace("1.1.1,", "X,", 1).replace("1.1.2,", "1.1.1,", 1).replace("X,", "1.1.2,", 1)
    load(panama, swapped)
    assert make.node(made, "1.1.2").identity == ids["1.1.1"]
    assert make.node(made, "1.1.1").identity == ids["1.1.2"]


def test_names_of_places_that_are_none_are_problems(panama):
    with pytest.raises(InvalidInput) as refused:
        load(panama, "código,título,corregimiento\n1,Agua,Atlántida\n")
    assert "Atlántida" in str(refused.value.problems[0])


def test_an_explicit_mapping_is_remembered_for_the_same_headings(panama):
    text = "Cosa,Qué es\n1,Agua\n1.1,Ríos\n"
    load(panama, text, mapping={"code": "Cosa", "title": "Qué es"})
    assert ColumnMapping.objects.count() == 1
    shown = preview(panama, text.replace("Ríos", "Mares"))
    assert shown.mapping_was_remembered
    assert shown.counts["changed"] == 1


def test_files_of_other_kinds_are_refused_in_words(panama):
    for name, content in (("plan.pdf", b"%PDF-1.7 x"), ("plan.png", b"\x89PNG\r\n\x1a\nx"), ("plan.csv", b"")):
        with pytest.raises(InvalidInput):
            load(panama, content, name=name)


def test_hostile_text_is_kept_as_text(panama):
    made, _ = load(panama, 'código,título\n1,"<img src=x onerror=alert(1)>"\n1.1,"{{ 7*7 }}"\n')
    assert make.node(made, "1").title["es"] == "<img src=x onerror=alert(1)>"


def test_a_full_size_city_is_imported_in_few_queries(panama, django_assert_max_num_queries):
    rows = []
    for a in range(1, 6):
        rows.append(f"{a},A{a}")
        for b in range(1, 9):
            rows.append(f"{a}.{b},B")
            rows += [f"{a}.{b}.{c},C" for c in range(1, 12)]
    with django_assert_max_num_queries(120):
        made, _ = load(panama, "código,título\n" + "\n".join(rows))
    assert made.nodes.count() == 485


def test_the_command_previews_imports_lists_and_exports(panama, tmp_path, capsys):
    place = tmp_path / "plan.csv"
    place.write_text(make.PLAN)
    call_command("strategy", "import", str(place), "--dry-run", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["created"] == 3
    assert not Edition.objects.exists()
    call_command("strategy", "import", str(place), "--edition", "2026", "--title", "9=Nada")
    assert "3 nuevos" in capsys.readouterr().out
    call_command("strategy", "list")
    assert "«2026»: borrador, 3 elementos" in capsys.readouterr().out
    out = tmp_path / "salida.xlsx"
    call_command("strategy", "export", str(out))
    assert services.preview_plan(
        by=OFFICE, government=panama, name="s.xlsx", content=out.read_bytes()
    ).counts["unchanged"] == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "no-existe.csv"],
        ["import", "{bad}"],
        ["import", ""],
        ["import", "{bad}", "--map", "sinigual"],
        ["import", "{bad}", "--government", "nadie"],
        ["export", "x.csv", "--strategy", "Ninguna"],
    ],
)
def test_the_command_says_what_is_wrong_and_ends_in_two(panama, tmp_path, capsys, arguments):
    bad = tmp_path / "malo.csv"
    bad.write_text("código,título\n1,\n")
    with pytest.raises(SystemExit) as ended:
        call_command("strategy", *[a.format(bad=bad) for a in arguments])
    assert ended.value.code == 2
    assert capsys.readouterr().err
    assert not Node.objects.exists()


def test_a_workbook_says_which_sheet_was_read(panama, tmp_path, capsys):
    place = tmp_path / "plan.xlsx"
    place.write_bytes(xlsx([["código", "título"], ["1", "Agua"]], title="Plan 2026"))
    call_command("strategy", "import", str(place), "--dry-run")
    assert "hoja «Plan 2026»" in capsys.readouterr().out


def test_a_preview_of_a_file_that_cannot_be_imported_ends_in_two(panama, tmp_path, capsys):
    bad = tmp_path / "malo.csv"
    bad.write_text("código,título\n1,\n")
    with pytest.raises(SystemExit) as ended:
        call_command("strategy", "import", str(bad), "--dry-run")
    assert ended.value.code == 2
    assert "Falta el título" in capsys.readouterr().out


@pytest.mark.real
def test_the_partial_2018_strategy_becomes_an_edition(panama, real_data):
    content = (real_data / "plans" / "panama_2018_partial.csv").read_bytes()
    made, shown = services.import_strategy(
        by=OFFICE,
        government=panama,
        name="panama_2018_partial.csv",
        content=content,
        options=services.PlanOptions(
            strategy_title="Estrategia de resiliencia",
            edition_label="2018",
            language="en",
            titles={"1": "Acceso a oportunidades"},
            missing="Faltan 7 objetivos y 25 proyectos.",
        ),
    )
    assert shown.by_depth == {1: 3, 2: 4, 3: 20}
    assert len(shown.warnings) == 3
    assert made.is_partial
    assert make.node(made, "1").title == translated("Acceso a oportunidades")
    assert make.node(made, "3").is_stub
    assert make.node(made, "3.3.1").title_is_unofficial_translation
    assert make.node(made, "3.3.1").source_text == "panama_2018_partial.csv, p. 126"
    assert [str(level) for level in made.strategy.levels.all()] == ["pilar", "objetivo", "iniciativa"]
    for name, exported in (("p.csv", selectors.export_csv(made)), ("p.xlsx", selectors.export_xlsx(made))):
        again = services.preview_plan(by=OFFICE, government=panama, name=name, content=exported)
        assert again.counts["unchanged"] == 27
