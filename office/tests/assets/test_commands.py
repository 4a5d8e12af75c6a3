"""The command line of assets."""

import json

import pytest
from django.core.management import call_command

from manglar.assets import selectors

pytestmark = pytest.mark.django_db


def run(capsys, *words):
    try:
        call_command("assets", *words)
        code = 0
    except SystemExit as stop:
        code = stop.code
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def file(tmp_path, places):
    place = tmp_path / "a.csv"
    place.write_text("nombre,lat,lon\nUna,9.005,-79.495\nDos,9.006,-70\nDos,9.006,-70\n")
    return str(place)


def test_import_and_list(panama, file, capsys):
    code, out, _ = run(capsys, "import", file, "--kind", "school")
    assert code == 0
    assert "2 activos nuevos" in out
    assert "Fila 4 repite la 3" in out
    assert "está fuera de todo límite" in out
    _, out, _ = run(capsys, "list", "--json")
    assert {each["division"] for each in json.loads(out)["assets"]} == {"080812", ""}


def test_an_unknown_kind_is_asked_for(panama, file, capsys):
    code, _, err = run(capsys, "import", file, "--kind", "kiosco")
    assert code == 2
    assert "--new-kind" in err
    assert run(capsys, "import", file, "--kind", "kiosco", "--new-kind", "Kiosco", "--dry-run")[0] == 0
    assert selectors.kind_by_code("kiosco") is None
    assert run(capsys, "import", file, "--kind", "kiosco", "--new-kind", "Kiosco")[0] == 0
    assert selectors.kind_by_code("kiosco").name == {"es": "Kiosco"}


def test_other_verbs(panama, file, capsys):
    assert "school" in run(capsys, "kinds")[1]
    assert run(capsys, "locate")[0] == 0
    assert run(capsys, "list", "--division", "nada")[0] == 2
    assert run(capsys, "kinds", "--government", "nadie")[0] == 2
