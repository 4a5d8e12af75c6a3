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
