"""``manglar risk``."""

import json

import pytest
from django.core.management import call_command

from manglar.risk.models import Dataset, Run
from tests.risk import layers

SPEC = """
title = "Escuelas"
hazard = "earthquake"
seed = 7
samples = 60
[faults]
file = "fallas.geojson"
[assets]
kinds = ["school", "telecom_tower"]
"""


@pytest.fixture
def folder(tmp_path, faults_file):
    (tmp_path / "fallas.geojson").write_bytes(faults_file)
    (tmp_path / "corrida.toml").write_text(SPEC)
    return tmp_path


def manglar_risk(capsys, *arguments):
    code = 0
    try:
        call_command("risk", *map(str, arguments))
    except SystemExit as end:
        code = end.code
    out = capsys.readouterr()
    return code, out.out, out.err


def test_a_run_is_calculated_listed_shown_and_repeated(city, folder, capsys):
    code, out, _ = manglar_risk(capsys, "run", folder / "corrida.toml", "--json")
    done = json.loads(out)
    assert code == 0 and done["ok"] and done["id"].startswith("corrida-")
    code, out, _ = manglar_risk(capsys, "list")
    assert done["id"] in out and "hecha" in out
    code, out, _ = manglar_risk(capsys, "show", done["id"])
    assert "Corregimiento 0" in out and "intervalo del 90%" in out and "Torre 4: fuera de los límites" in out
    assert "Qué descansa en valores por defecto" in out
    code, out, _ = manglar_risk(capsys, "show", "latest", "--json")
    shown = json.loads(out)
    assert len(shown["territories"]) == 4 and shown["total"]["assets"] == 11
    code, out, _ = manglar_risk(capsys, "repeat", done["id"])
    assert code == 0 and "Igual, byte por byte" in out


def test_a_run_says_in_words_what_was_set_aside(city, folder, capsys):
    code, out, _ = manglar_risk(capsys, "run", folder / "corrida.toml")
    assert code == 0 and "1 activos quedaron aparte: Torre 4: fuera de los límites" in out and "B/." in out


def test_faults_are_registered_with_their_notes(city, folder, capsys):
    code, out, _ = manglar_risk(capsys, "faults", folder / "fallas.geojson", "--licence", "CC0")
    assert code == 0 and "2 fallas con tasa" in out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SPEC.replace("seed = 7", "sed = 7"), "¿quiso decir «seed»?"),
        (SPEC.replace("fallas.geojson", "no.geojson"), "que no existe"),
        (SPEC.replace('"school"', '"castle"'), "castle"),
        ("title = ", "al final del archivo"),
        ('title = "x\nhazard = 3', "línea 1"),
        ("\x00\x01", "línea 1"),
    ],
)
def test_bad_input_ends_with_2_and_a_sentence(city, folder, capsys, text, words):
    (folder / "corrida.toml").write_text(text)
    code, _, err = manglar_risk(capsys, "run", folder / "corrida.toml")
    assert code == 2 and words in err and "Traceback" not in err
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "no-existe.toml"], "No existe el archivo"),
        (["show", "corrida-0000000000"], "No hay una corrida"),
        (["show", "latest"], "Todavía no hay ninguna corrida"),
        (["repeat", "corrida-0000000000"], "No hay una corrida"),
        (["faults", "no.geojson"], "No existe el archivo"),
        (["list", "--limit", "0"], "«--limit»"),
        (["list", "--government", "roma"], "Hay: panama"),
    ],
)
def test_what_is_not_there_is_said(city, capsys, arguments, words):
    code, _, err = manglar_risk(capsys, *arguments)
    assert code == 2 and words in err


def test_before_there_is_a_city_it_is_said_how_to_make_one(db, folder, capsys):
    code, _, err = manglar_risk(capsys, "run", folder / "corrida.toml")
    assert code == 2 and "manglar new-city" in err


def test_an_interrupted_run_ends_with_130_and_leaves_nothing(city, folder, capsys, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("manglar.risk.engine_bridge.study", interrupt)
    code, _, err = manglar_risk(capsys, "run", folder / "corrida.toml")
    assert code == 130 and "nada a medias" in err and not Run.objects.exists()


def maps_toml(hazard, table, title="Agua", extra=""):
    return (
        f'study = "impact"\ntitle = "{title}"\nsamples = 200\n{extra}[[hazards]]\ndataset = "{hazard}"\n[assets]\nkinds = ["school"]\n'
        f'classes = {{ school = "escuela" }}\n[functions]\nvalue = {{ dataset = "{table}" }}\n'
    )


def test_data_of_any_hazard_are_looked_at_registered_run_and_compared(city, tmp_path, capsys):
    maps, table = tmp_path / "agua.zip", tmp_path / "funciones.csv"
    maps.write_bytes(layers.maps())
    table.write_text(layers.FUNCTIONS)
    said = ["--source", "inventado", "--licence", "CC0"]
    terms = ["--kind", "maps", "--hazard", "flood", "--scenario", "histórico", "--year", "2025", "--nodata", "nothing"]
    periods = ["--period", "10=t10.tif", "--period", "100=t100.tif"]
    code, out, _ = manglar_risk(capsys, "dataset", "add", maps, *said, *terms, *periods, "--dry-run", "--json")
    assert code == 0 and json.loads(out)["summary"]["shape"] == [10, 25] and not Dataset.objects.exists()
    hazard = json.loads(manglar_risk(capsys, "dataset", "add", maps, *said, *terms, *periods, "--json")[1])["id"]
    functions = json.loads(manglar_risk(capsys, "dataset", "add", table, *said, "--kind", "functions", "--json")[1])["id"]
    assert hazard in manglar_risk(capsys, "dataset", "list")[1]
    assert "CC0" in manglar_risk(capsys, "dataset", "show", hazard)[1]
    ids = []
    for title, seed in (("Una", "seed = 1\n"), ("Otra", "seed = 2\n")):
        spec = tmp_path / f"{title}.toml"
        spec.write_text(maps_toml(hazard, functions, title, seed))
        code, out, _ = manglar_risk(capsys, "run", spec, "--json")
        assert code == 0
        ids.append(json.loads(out)["id"])
    assert "Corregimiento 0" in manglar_risk(capsys, "show", ids[0])[1]
    code, out, _ = manglar_risk(capsys, "compare", *ids)
    assert code == 0 and "La semilla: 1 y 2." in out
    code, _, err = manglar_risk(capsys, "compare", ids[0], ids[0])
    assert code == 2 and "misma corrida" in err
    assert manglar_risk(capsys, "repeat", ids[0])[0] == 0


def test_a_file_that_says_too_little_is_refused_with_code_two(city, tmp_path, capsys):
    maps = tmp_path / "agua.zip"
    maps.write_bytes(layers.maps())
    code, _, err = manglar_risk(capsys, "dataset", "add", maps, "--kind", "maps")
    assert code == 2 and "Falta la fuente" in err and "Falta el escenario" in err
    code, _, err = manglar_risk(capsys, "dataset", "add", maps, "--kind", "maps", "--period", "diez=t10.tif")
    assert code == 2 and "no se entiende" in err
    assert manglar_risk(capsys, "dataset", "show", "datos-no")[0] == 2


def test_the_library_of_measures_is_listed_with_its_marks(db, capsys):
    code, out, _ = manglar_risk(capsys, "measures")
    assert code == 0 and "alerta-temprana" in out and "(fuente)" in out
