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


@pytest.mark.parametrize(
    ("words", "environment", "language", "left"),
    [
        (["verify"], {}, "", ["verify"]),
        (["verify"], {"LANG": "en_US.UTF-8"}, "en", ["verify"]),
        (["verify"], {"LANG": "en_US.UTF-8", "LC_ALL": "es_PA.UTF-8"}, "es", ["verify"]),
        (["verify"], {"LANG": "es_PA", "MANGLAR_LANGUAGE": "en"}, "en", ["verify"]),
        (["verify"], {"LANG": "C.UTF-8"}, "c", ["verify"]),
        (["--language", "en", "verify"], {"LANG": "es_PA"}, "en", ["verify"]),
        (["--language=EN", "verify"], {}, "en", ["verify"]),
        (["strategy", "import", "a.csv", "--language", "en"], {}, "", ["strategy", "import", "a.csv", "--language", "en"]),
        ([], {}, "", []),
    ],
)
def test_the_language_is_asked_for_before_the_order_or_is_the_terminals(words, environment, language, left):
    assert cli.asked_language(words, environment) == (language, left)


@pytest.mark.parametrize(("language", "said"), [("en_US.UTF-8", "Did you mean “verify”?"), ("C.UTF-8", "¿Quiso decir «verify»?"), ("fr_FR", "¿Quiso decir")])
def test_an_answer_is_in_the_language_of_the_terminal_or_in_spanish(monkeypatch, capsys, language, said):
    monkeypatch.setattr(sys, "argv", ["manglar", "verifi"])
    monkeypatch.delenv("MANGLAR_LANGUAGE", raising=False)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", language)
    with override("es"), pytest.raises(SystemExit):
        cli.main()
    assert said in capsys.readouterr().err
