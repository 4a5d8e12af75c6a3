"""The page of the log: why a file cannot be checked is said beside its field, and what was altered names its chain."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from manglar.audit import verification
from manglar.audit.services import publish_heads, seal
from manglar.portal import transparency
from tests import chain_factories as made

pytestmark = pytest.mark.django_db
HERE = "/transparencia/"


def part(page, anchor):
    """What is said beside one of the two forms."""
    rest = page[page.index(f'id="{anchor}"') :]
    return rest[: rest.index("</form>")]


@pytest.mark.parametrize(("which", "anchor", "other"), [("log", "comprobar-bitacora", "comprobar-copia"), ("copy", "comprobar-copia", "comprobar-bitacora")])
def test_no_file_is_told_beside_its_field_where_the_page_lands(panama, which, anchor, other):
    answer = Client().post(HERE, {"que": which})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'action="#{anchor}"' in page
    assert "Elija el archivo" in part(page, anchor)
    assert f'aria-describedby="{which}-error"' in part(page, anchor)
    assert "Elija el archivo" not in part(page, other)
    assert page.count("Elija el archivo") == 1


@pytest.mark.parametrize(("which", "limit", "anchor"), [("log", "MAX_LOG_BYTES", "comprobar-bitacora"), ("copy", "", "comprobar-copia")])
def test_a_refused_file_is_told_beside_its_field(panama, monkeypatch, which, limit, anchor):
    content = b"x" * 5_000_001 if which == "copy" else b"{}\n"
    if limit:
        monkeypatch.setattr(transparency, limit, 1)
    answer = Client().post(HERE, {"que": which, which: SimpleUploadedFile("archivo", content)})
    assert answer.status_code == 422
    assert "El archivo pasa de" in part(answer.content.decode(), anchor)


def test_a_file_that_is_no_text_and_an_empty_one_are_told_beside_the_log(panama):
    for content, told in ((b"\xff\xfe\x00", "no es texto"), (b"\n", "vacío")):
        answer = Client().post(HERE, {"log": SimpleUploadedFile("log.jsonl", content)})
        assert told in part(answer.content.decode(), "comprobar-bitacora")


def uploaded(entries):
    lines = "\n".join(json.dumps(each) for each in entries).encode()
    return Client().post(HERE, {"log": SimpleUploadedFile("log.jsonl", lines)}).content.decode()


def test_an_altered_line_names_its_chain(panama):
    made.finding(panama)
    seal()
    entries = list(verification.exported())
    assert len({each["chain"] for each in entries}) > 1
    next(each for each in entries if each["chain"] == panama.pk)["at"] = "2020-01-01"
    assert "Cadena «Municipio de Panamá». El asiento 1 fue alterado" in uploaded(entries)
    alien = [{**each, "chain": 99_999} for each in entries if each["chain"] == panama.pk]
    assert "Cadena «número 99999, que no es de este sitio». El asiento 1 fue alterado" in uploaded(alien)


def test_the_words_of_the_log_are_explained_and_its_lists_are_folded(panama):
    made.finding(panama)
    seal()
    publish_heads(by=made.OFFICE, on=made.ON)
    page = Client().get(HERE).content.decode()
    for word in ("Huella", "Asiento", "Cadena", "Cabeza"):
        assert f"<dt>{word}</dt>" in page
    tables = [m.start() for m in re.finditer("<table", page)]
    assert tables
    for at in tables:
        assert page.rfind("<details", 0, at) > page.rfind("</details>", 0, at)


def test_the_foot_shows_the_chain_of_the_government_and_names_it(panama):
    made.finding(panama)
    seal()
    publish_heads(by=made.OFFICE, on=made.ON)
    own = verification.Entry.objects.filter(chain=panama.pk).count()
    assert own != verification.Entry.objects.filter(chain=0).count()
    assert f"Bitácora pública de Municipio de Panamá, asiento {own}:" in Client().get("/privacidad/").content.decode()


def test_until_the_government_has_a_head_the_foot_says_that_it_is_of_the_installation(panama):
    verification.PublishedHead.objects.create(chain=0, on=made.ON, seq=4, digest="0" * 64)
    assert "Bitácora pública de esta instalación, asiento 4:" in Client().get("/privacidad/").content.decode()
