import sys

import pytest
from django.utils.translation import override

from manglar.config import cli


@pytest.mark.parametrize(
    ("language", "said"),
    [("", "No existe el archivo «/no/hay»."), ("en", "The file “/no/hay” does not exist."), ("es", "No existe")],
)
def test_a_refusal_on_the_command_line_follows_its_setting(monkeypatch, capsys, language, said):
    monkeypatch.setattr(sys, "argv", ["manglar", "restore", "/no/hay"])
    monkeypatch.delenv("MANGLAR_LANGUAGE", raising=False)
    if language:
        monkeypatch.setenv("MANGLAR_LANGUAGE", language)
    with override("es"), pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["manglar"], ["manglar", "help"], ["manglar", "--help"]])
def test_the_program_says_what_it_can_be_asked(monkeypatch, capsys, argv):
    monkeypatch.setattr(sys, "argv", argv)
    cli.main()
    told = capsys.readouterr().out
    assert "manglar new-city" in told
    assert "manglar verify" in told
    assert "sqlmigrate" not in told


def test_a_verb_that_is_not_there_is_a_sentence_with_the_nearest_one(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["manglar", "verifi"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert "¿Quiso decir «verify»?" in capsys.readouterr().err
