"""``manglar imports``: the same steps on a terminal."""

import json

import pytest
from django.core.management import call_command

from manglar.audit.services import seal
from manglar.network.models import Institution
from manglar.operations.models import FileImport

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(panama, capsys):
    def of(*words):
        try:
            call_command("imports", *words)
            code = 0
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return of


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "red.csv"
    place.write_text("a,b,c\nMOP,Obras,ministerio\n")
    return str(place)


MAP = ("--map", "code=a", "--map", "name=b", "--map", "kind=c")


def test_preview_apply_list_and_undo(run, file):
    code, out, _ = run("preview", "instituciones", file, *MAP)
    assert code == 0
    assert "Fila 2: nueva: MOP Obras" in out
    assert not Institution.objects.exists()
    code, out, _ = run("apply", "instituciones", file, *MAP, "--json")
    assert json.loads(out)["import"] == FileImport.objects.get().public_id
    assert "No había nada" in run("apply", "instituciones", file)[1], "the columns are remembered"
    seal(limit=1_000)
    code, out, _ = run("list", "--json")
    listed = json.loads(out)["imports"][0]
    assert (listed["file"], listed["counts"], listed["why_not_undone"]) == ("red.csv", {"created": 1}, "")
    assert run("undo", listed["import"], "--reason", "prueba")[0] == 0
    assert not Institution.objects.exists()
    code, _, err = run("undo", listed["import"])
    assert (code, "ya se deshizo" in err) == (2, True)


def test_the_command_says_its_options_where_the_page_says_its_fields(run, file):
    code, _, err = run("preview", "instituciones", file)
    assert code == 2
    assert "--map campo=COLUMNA" in err
    assert "Qué es cada columna" not in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("preview", "marcianos", "x.csv"), "No se importa «marcianos»"),
        (("preview", "instituciones", "no-existe.csv"), "No existe el archivo"),
        (("preview", "activos", "no-existe.csv"), "--set kind=…"),
        (("preview", "activos", "x.csv", "--set", "nada"), "no es dato=VALOR"),
        (("undo", "importacion-nada"), "No hay una importación"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, words, said):
    code, _, err = run(*words)
    assert code == 2
    assert said in err


def test_what_is_not_told_is_as_the_page_begins(run, tmp_path):
    place = tmp_path / "c.csv"
    place.write_text("codigo,nombre\n080812,Juan Díaz\n")
    assert run("preview", "territorio", str(place))[0] == 0
    assert run("preview", "territorio", str(place), "--set", "level=barrio")[0] == 2


def test_what_may_be_imported_is_listed(run):
    out = run("kinds")[1]
    assert "lista-hallazgos" in out
    assert "create_parents" in out
