"""The command line of the territory."""

import json

import pytest
from django.core.management import call_command

from tests.territory.conftest import FOUR, geojson, official

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "mapa.geojson"
    place.write_bytes(geojson(*FOUR))
    return str(place)


def run(capsys, *words):
    try:
        call_command("territory", *words)
        code = 0
    except SystemExit as stop:
        code = stop.code
    said = capsys.readouterr()
    return code, said.out, said.err


def test_preview_then_import_then_list(panama, file, capsys, tiles_here):
    code, out, _ = run(capsys, "import", file, "--dry-run")
    assert code == 0
    assert "4 nuevas" in out
    assert "No se escribió nada" in out
    code, out, _ = run(capsys, "import", file, "--json")
    data = json.loads(out)
    assert (code, data["is_applied"], len(data["created"])) == (0, True, 4)
    _, out, _ = run(capsys, "list", "--level", "corregimiento", "--json")
    assert [each["code"] for each in json.loads(out)["divisions"]] == ["080801", "080804", "080806", "080812"]
    code, out, _ = run(capsys, "tiles")
    assert (code, out.strip()) == (0, "Teselas escritas.")


def test_bad_input_is_a_sentence_and_exit_code_two(panama, tmp_path, capsys):
    assert run(capsys, "import", str(tmp_path / "nada.geojson"))[0] == 2
    place = tmp_path / "malo.geojson"
    place.write_bytes(geojson(official(0, 0, "01", "UNO"), official(0, 1, "01", "DOS")))
    code, _, err = run(capsys, "import", str(place))
    assert code == 2
    assert "Fila 2" in err
    assert "--leave-refused" in err
    code, out, _ = run(capsys, "import", str(place), "--dry-run")
    assert code == 2
    assert "Así no se puede importar" in out
    assert run(capsys, "import", str(place), "--dry-run", "--leave-refused")[0] == 0
    code, _, err = run(capsys, "import", "")
    assert (code, err.strip()) == (2, "Indique un archivo.")
    code, out, _ = run(capsys, "import", str(place), "--json")
    assert (code, json.loads(out)["ok"]) == (2, False)
    assert run(capsys, "import", str(place), "--map", "nombre")[0] == 2
    assert run(capsys, "list", "--on", "ayer")[0] == 2


def test_without_a_city_it_says_where_to_begin(db, file, capsys):
    code, _, err = run(capsys, "import", file)
    assert code == 2
    assert "manglar new-city" in err
    code, out, _ = run(capsys, "list")
    assert "manglar territory import" in out
