"""What users read is in the catalogues: complete, compiled, with the same values; a refusal is a sentence of them."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "office" / "manglar"
TOOL = ROOT / "tools" / "messages.py"
#: Which argument is the sentence of each.
REFUSALS = {"Refusal": 0, "NotAllowed": 0, "Conflict": 0, "InvalidInput": 0, "RowProblem": 1}


def messages(*arguments):
    ran = subprocess.run([sys.executable, TOOL, *arguments], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_the_catalogues_are_whole():
    code, said = messages("--check")
    assert code == 0, said


def test_every_refusal_is_said():
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in REFUSALS and len(node.args) > REFUSALS[name]:
                sentence = node.args[REFUSALS[name]]
                if isinstance(sentence, ast.JoinedStr | ast.BinOp | ast.Constant):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong, "use say(…), or no reader of another language understands it: " + ", ".join(wrong)


def po_of(package):
    return package / "locale" / "en" / "LC_MESSAGES" / "django.po"


@pytest.fixture
def package(tmp_path):
    """A small package with its catalogue, complete."""
    (tmp_path / "locale" / "en").mkdir(parents=True)
    (tmp_path / "code.py").write_text(
        'say("Fila {row}.", row=1)\nngettext("%(n)s día", "%(n)s días", 2)\npgettext("tren", "Sale")\n'
    )
    (tmp_path / "page.html").write_text(
        "<p>\n  {% translate \"Inicio\" %} {{ _('Volver')|lower }}\n    {% blocktranslate %}De {{ name }}{% endblocktranslate %}</p>"
    )
    messages("--package", tmp_path)
    po = po_of(tmp_path)
    text = (
        po.read_text()
        .replace('msgstr[0] ""', 'msgstr[0] "%(n)s day"')
        .replace('msgstr[1] ""', 'msgstr[1] "%(n)s days"')
    )
    words = {
        "Fila {row}.": "Row {row}.",
        "Sale": "Departs",
        "Inicio": "Home",
        "Volver": "Back",
        "De %(name)s": "By %(name)s",
    }
    for spanish, english in words.items():
        text = text.replace(f'msgid "{spanish}"\nmsgstr ""', f'msgid "{spanish}"\nmsgstr "{english}"')
    po.write_text(text)
    messages("--package", tmp_path)
    return tmp_path


def test_a_whole_catalogue_passes_and_a_second_run_changes_nothing(package):
    assert messages("--check", "--package", package) == (0, "Catálogos completos: en.\n")
    before = po_of(package).read_bytes(), po_of(package).with_suffix(".mo").read_bytes()
    messages("--package", package)
    assert (po_of(package).read_bytes(), po_of(package).with_suffix(".mo").read_bytes()) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda po: po.replace('"Home"', '""'), "«Inicio»: sin traducir"),
        (lambda po: po.replace("Row {row}", "Row {line}"), "«Fila {row}.»: con otros valores: {line}, {row}"),
        (lambda po: po.replace("By %(name)s", "By her"), "«De %(name)s»: con otros valores: %(name)s"),
        (lambda po: po.replace('msgstr[1] "%(n)s days"', 'msgstr[1] ""'), "«%(n)s día»: sin traducir"),
        (lambda po: po.replace('msgid "Inicio"', '#, fuzzy\nmsgid "Inicio"'), "«Inicio»: dudosa (fuzzy)"),
        (lambda po: po + '\nmsgid "Nadie lo dice"\nmsgstr "Nobody says it"\n', "«Nadie lo dice»: sobra"),
        (lambda po: po.replace('"Back"', '"Return"'), "django.mo: no es lo que se escribe hoy"),
    ],
)
def test_what_a_catalogue_lacks_is_named(package, change, told):
    text = po_of(package).read_text()
    assert change(text) != text
    po_of(package).write_text(change(text))
    code, said = messages("--check", "--package", package)
    assert code == 1
    assert told in said


def test_a_new_message_and_a_computed_one_are_named(package):
    with (package / "code.py").open("a") as code:
        code.write('say("Nueva.")\nsay(f"Hay {n}.")\n')
    code, said = messages("--check", "--package", package)
    assert code == 1
    assert "«Nueva.»: no está en el catálogo" in said
    assert "code.py:5: el mensaje se compone antes de traducirse" in said


def test_a_message_that_learns_to_count_or_forgets_is_translated_anew(package):
    code = package / "code.py"
    text = code.read_text()
    code.write_text(text.replace('say("Fila {row}.", row=1)', 'say_many("Fila {row}.", "Filas {row}.", 2)'))
    assert "«Fila {row}.»: sin traducir" in messages("--package", package)[1]
    po = po_of(package)
    po.write_text(po.read_text().replace('msgstr[0] ""', 'msgstr[0] "Row {row}."').replace('msgstr[1] ""', 'msgstr[1] "Rows {row}."'))
    assert messages("--package", package)[0] == 0
    code.write_text(text)
    assert "«Fila {row}.»: sin traducir" in messages("--package", package)[1]


def test_a_lost_compiled_catalogue_is_named(package):
    po_of(package).with_suffix(".mo").unlink()
    assert "django.mo: no es lo que se escribe hoy" in messages("--check", "--package", package)[1]


def test_the_extraction_finds_what_xgettext_finds(tmp_path):
    if shutil.which("xgettext") is None:
        assert not os.environ.get("MANGLAR_CI"), "gettext is missing here: this comparison may not be skipped"
        pytest.skip("no hay xgettext: la comparación con él necesita el paquete gettext")
    source = tmp_path / "manglar"
    shutil.copytree(PACKAGE, source, ignore=shutil.ignore_patterns("static", "__pycache__", "locale"))
    (source / "locale").mkdir()
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "en", "--no-location", "--no-obsolete"],
        cwd=source,
        check=True,
        capture_output=True,
    )
    theirs = {
        line
        for line in (source / "locale/en/LC_MESSAGES/django.po").read_text().splitlines()
        if line.startswith("msgid ")
    }
    ours = {line for line in po_of(PACKAGE).read_text().splitlines() if line.startswith("msgid ")}
    assert {line for line in theirs if len(line) < 70} <= ours
