"""``manglar search``."""

import json

import pytest
from django.core.management import call_command

from manglar.search.models import Bookmark, Document
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


def run(capsys, *words):
    call_command("search", *words, "--json")
    return json.loads(capsys.readouterr().out)


def test_words_are_found_in_json_and_in_words(panama, capsys):
    finding = make.finding(panama)
    call_command("search", "rebuild")
    assert "1 documentos" in capsys.readouterr().out
    told = run(capsys, "ríos", "DESBORDAN")
    assert (told["total"], told["items"][0]["id"]) == (1, finding.public_id)
    call_command("search", "desvorda")
    assert "¿Quiso decir «desborda»?" in capsys.readouterr().out


def test_it_follows_the_log_before_it_answers(panama, capsys):
    call_command("search", "rebuild")
    make.finding(panama, "Cocodrilos")
    capsys.readouterr()
    from manglar.audit.services import seal

    seal()
    assert run(capsys, "cocodrilo")["total"] == 1


def test_one_government_sees_only_its_own(panama, san_miguelito, capsys):
    make.finding(panama, "Cocodrilos")
    call_command("search", "rebuild")
    capsys.readouterr()
    assert run(capsys, "cocodrilos", "--government", "san-miguelito")["total"] == 0
    assert run(capsys, "cocodrilos", "--government", "panama")["total"] == 1


@pytest.mark.parametrize("bad", [("agua", "--government", "no-hay"), ("agua", "--limit", "0"), ("agua", "--offset", "-1")])
def test_bad_input_is_refused_with_a_sentence_and_code_two(panama, capsys, bad):
    with pytest.raises(SystemExit) as ended:
        call_command("search", *bad)
    assert ended.value.code == 2
    assert capsys.readouterr().err.strip().endswith(".")


def test_a_kind_that_is_not_there_is_refused_with_those_that_are(panama, capsys):
    make.finding(panama)
    call_command("search", "rebuild")
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        call_command("search", "desborda", "--kind", "nope")
    assert ended.value.code == 2
    assert "hallazgos" in capsys.readouterr().err
    assert run(capsys, "desborda", "--kind", "hallazgos")["total"] == 1


def test_the_first_search_of_an_installation_makes_the_index(panama, capsys):
    make.finding(panama)
    Bookmark.objects.all().delete()
    Document.objects.all().delete()
    assert run(capsys, "desborda")["total"] == 1
