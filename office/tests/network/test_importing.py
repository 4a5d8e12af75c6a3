"""The import of institutions."""

import json

import openpyxl
import pytest
from django.core.management import call_command

from manglar.foundation.refusals import InvalidInput
from manglar.network import selectors, services
from manglar.network.choices import InstitutionKind
from manglar.network.models import Institution
from manglar.territory import services as territory

pytestmark = pytest.mark.django_db
TEXT = "Siglas;Nombre;Clase;Corregimiento;Nombre_en\nIDAAN;Instituto de Acueductos;entidad del Estado;;Water institute\nJC-AN;Junta Comunal de Ancón;junta comunal;ANCON;\n"


@pytest.fixture
def ancon(panama, office):
    return territory.record_division(by=office, government=panama, code="080814", name="Ancón", level="corregimiento")


def load(panama, office, text, **more):
    return services.import_institutions(by=office, government=panama, name="i.csv", content=text.encode("cp1252"), **more)


def test_institutions_come_once(panama, office, ancon):
    preview = load(panama, office, TEXT)
    assert preview.created == ["IDAAN", "JC-AN"]
    junta = selectors.institution_by_code(panama, "JC-AN")
    assert (junta.division, junta.kind, junta.name["es"], junta.source_text) == (ancon, "junta_comunal", "Junta Comunal de Ancón", "i.csv")
    again = load(panama, office, TEXT)
    assert (again.unchanged, again.is_applied) == (2, False)
    changed = load(panama, office, TEXT.replace("Water institute", "Waterworks"))
    assert changed.changed == ["IDAAN"]


def test_bad_rows_are_named_and_nothing_is_written(panama, office, ancon):
    text = "siglas,nombre,clase,territorio\n,,civil,\nA,Una,secta,\nB,Dos,civil,Narnia\nC,Tres,civil,\nc,Cuatro,civil,\n"
    with pytest.raises(InvalidInput) as refusal:
        load(panama, office, text)
    said = {problem.row: problem.sentence for problem in refusal.value.problems}
    assert "falta el nombre" in said[2]
    assert "«secta»" in said[3]
    assert "«Narnia» no es un territorio" in said[4]
    assert "repite" in said[6]
    assert not Institution.objects.exists()
    assert len(load(panama, office, text, dry_run=True).problems) == 4


def test_columns_can_be_said(panama, office):
    with pytest.raises(InvalidInput, match="columna es el nombre"):
        load(panama, office, "a,b\nUno,Dos\n")
    load(panama, office, "a,b\nUno,Dos\n", mapping={"name": "b", "code": "a"}, default_kind="civil")
    assert selectors.institution_by_code(panama, "uno").name == {"es": "Dos"}


def test_the_command(panama, ancon, tmp_path, capsys):
    place = tmp_path / "i.csv"
    place.write_text(TEXT)
    call_command("network", "import", str(place))
    assert "2 nuevas" in capsys.readouterr().out
    call_command("network", "list", "--json")
    assert [each["code"] for each in json.loads(capsys.readouterr().out)["institutions"]] == ["IDAAN", "JC-AN"]
    place.write_text("x\n1\n")
    with pytest.raises(SystemExit) as stop:
        call_command("network", "import", str(place))
    assert stop.value.code == 2


def test_the_preview_of_a_file_that_cannot_be_imported_ends_in_two(panama, tmp_path, capsys):
    place = tmp_path / "red.csv"
    place.write_text("codigo,nombre,clase\nuno,Uno,nada de esto\n")
    with pytest.raises(SystemExit) as ended:
        call_command("network", "import", str(place), "--dry-run")
    assert ended.value.code == 2
    assert "Fila 2" in capsys.readouterr().out


def test_the_sheet_that_was_read_is_named(panama, tmp_path, capsys):
    book = openpyxl.Workbook()
    book.active.append(["codigo", "nombre", "clase"])
    book.active.append(["viejo", "Viejo", "municipio"])
    page = book.create_sheet("datos")
    page.append(["codigo", "nombre"])
    page.append(["uno", "Uno"])
    book.active = 1
    book.worksheets[0].sheet_state = "hidden"
    place = tmp_path / "red.xlsx"
    book.save(place)
    call_command("network", "import", str(place), "--kind", InstitutionKind.values[0])
    assert "Se leyó la hoja «datos»; también hay: Sheet (oculta)." in capsys.readouterr().out
    assert [each.code for each in Institution.objects.all()] == ["uno"]


def test_what_was_supposed_of_a_row_is_said_before_it_is_done(panama, office):
    load(panama, office, "siglas,nombre,clase\nga,Gestión Ambiental,municipal\n")
    assert Institution.objects.get().name["es"] == "Gestión Ambiental"
    told = load(panama, office, "siglas,nombre,clase\nGA-2,Gestion ambiental,gremio\nMOP,Obras Públicas,ministerio\n", dry_run=True)
    first, second = (" ".join(str(note) for note in line.remarks) for line in told.lines)
    assert "ya hay una con ese nombre, de siglas «ga»" in first
    assert "«gremio» se toma como «organización civil»" in first
    assert second == ""


def test_where_no_column_is_the_class_the_row_says_what_to_do(panama, office):
    told = load(panama, office, "siglas,nombre,que\nga,Gestión Ambiental,municipal\n", dry_run=True)
    assert "diga qué columna es la clase, o elija arriba una" in told.problems[0].sentence
    assert load(panama, office, "siglas,nombre\nga,Gestión Ambiental\n", dry_run=True, default_kind="civil").problems == []
