"""``manglar records``: what a page does, from the command line, with the same refusals."""

import io
import json

import pytest
from django.core.management import call_command

from manglar.accounts.choices import Role
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.evidence.models import Finding
from manglar.web.kinds import KINDS
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


def run(*words, code=0):
    """The JSON that a command prints; it ends with ``code``."""
    out = io.StringIO()
    if code:
        with pytest.raises(SystemExit) as ended:
            call_command("records", *words, "--json", stdout=out, stderr=out)
        assert ended.value.code == code
    else:
        call_command("records", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_every_kind_of_the_desk_is_there_with_what_its_acts_ask(panama):
    told = {each["kind"]: each for each in run("kinds")["kinds"]}
    assert told.keys() == KINDS.keys()
    assert {"name": "title", "label": "Qué se encontró, en una frase", "required": True} in told["hallazgos"]["new"]
    assert "revisar" in {each["action"] for each in told["hallazgos"]["actions"]}


def test_a_finding_is_written_listed_reviewed_and_shown(panama):
    place = make.division(panama)
    made = run("new", "hallazgos", "title=El río sube", "mark=estimacion", f"divisions={place.code}")["record"]
    assert run("list", "hallazgos", "estado=draft", "q=rio")["items"][0]["id"] == made["id"]
    assert run("list", "hallazgos", "estado=reviewed")["count"] == 0
    assert run("do", "hallazgos", made["id"], "revisar")["done"] == "Revisado."
    shown = run("show", "hallazgos", made["id"])["record"]
    assert (shown["title"], shown["status"]) == ("El río sube", "revisado")
    assert "Juan Díaz" in {fact["value"] for fact in shown["facts"]}
    seal()
    assert Entry.objects.filter(event="finding.reviewed", door="command").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "nada"), "No hay la clase «nada»"),
        (("list", "hallazgos", "estado"), "no es un dato"),
        (("list", "hallazgos", "stado=draft"), "No se conocen: stado"),
        (("list", "hallazgos", "--limit", "0"), "de 1 a 1000"),
        (("show", "hallazgos", "hallazgo-2222222222"), "No hay un registro"),
        (("new", "hallazgos", "titulo=x"), "No se conocen los datos: titulo"),
        (("new", "hallazgos", "mark=estimacion"), "title: "),
        (("new", "hallazgos", "title=a\x00b", "mark=estimacion"), "no son texto"),
        (("new", "reportes"), "no se anota a mano"),
        (("do", "hallazgos", "x", "volar"), "no se puede «volar»"),
        (("list", "hallazgos", "--as", "nadie@example.org"), "No hay una cuenta"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_in_two(panama, words, said):
    assert said in run(*words, code=2)["error"]
    assert not Finding.objects.exists()


def test_with_a_persons_role_only_what_the_role_allows(panama, someone_with):
    reader = someone_with(panama, Role.READER).user.email
    assert "no permite" in run("new", "hallazgos", "title=x", "mark=estimacion", "--as", reader, code=2)["error"]
    editor = someone_with(panama, Role.EDITOR).user.email
    run("new", "hallazgos", "title=x", "mark=estimacion", "--as", editor.upper())
    assert Finding.objects.count() == 1


def test_an_act_that_no_longer_fits_is_refused(panama):
    finding = make.finding(panama)
    assert "otro estado" in run("do", "hallazgos", finding.public_id, "revisar", code=2)["error"]


def test_a_file_is_attached_fetched_and_taken_away(panama, tmp_path):
    finding, source, copy = make.finding(panama), tmp_path / "acta.pdf", tmp_path / "copia.pdf"
    source.write_bytes(b"%PDF-1.7\nx")
    made = run("attach", "hallazgos", finding.public_id, str(source), "--title", "Acta")["id"]
    assert [each["title"] for each in run("files", "hallazgos", finding.public_id)["files"]] == ["Acta"]
    run("fetch", made, str(copy))
    assert copy.read_bytes() == source.read_bytes()
    assert "ya existe" in run("fetch", made, str(copy), code=2)["error"]
    run("detach", made, "--reason", "Era otra")
    assert run("files", "hallazgos", finding.public_id)["files"] == []
    assert "No hay un archivo" in run("detach", made, "--reason", "otra vez", code=2)["error"]
