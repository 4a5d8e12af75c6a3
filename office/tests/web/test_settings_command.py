"""«manglar settings»: the keys and refusals of the page."""

import json

import pytest
from django.core.management import call_command
from django.utils.translation import get_language, override
from PIL import Image

from manglar.foundation.management.base import Command as Base
from manglar.foundation.sentences import say
from manglar.foundation.translated import translated
from manglar.identity.selectors import government_with_identity, identity_of
from manglar.strategy import services as strategy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_are_thrown_away(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def run(capsys, *told, code=0):
    if code:
        with pytest.raises(SystemExit) as ended:
            call_command("settings", *told)
        assert ended.value.code == code
    else:
        call_command("settings", *told)
    out = capsys.readouterr()
    return out.out + out.err


def test_settings_are_shown_set_and_shown_again(panama, office, capsys):
    plan = strategy.create_strategy(
        by=office, government=panama, title=translated("Plan"), levels=[(translated("pilar"), translated("pilares"))]
    )
    assert "name.es=Municipio de Panamá" in run(capsys, "show")
    word = f"strategy.{plan.public_id}.level.1.plural.es"
    told = json.loads(run(capsys, "set", "accent=#0B5C4A", f"{word}=ejes", "--json"))
    assert (told["values"]["accent"], told["values"][word]) == ("#0b5c4a", "ejes")
    assert "accent=\n" in run(capsys, "set", "accent=")


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (["set", "accent"], "CLAVE=VALOR"),
        (["set", "=x"], "CLAVE=VALOR"),
        (["set", "accent=#0b5c4a", "accent=#0b5c4b"], "dos veces"),
        (["set", "acent=#0b5c4a"], "accent"),
        (["set", "accent=#ffcc00"], "contrasta"),
        (["show", "--government", "no-hay"], "gobierno"),
        (["logo"], "--remove"),
        (["logo", "no-hay.png"], "No existe"),
        (["logo", "--remove"], "No hay un logo"),
    ],
)
def test_bad_input_is_refused_with_exit_code_two(panama, capsys, told, word):
    assert word in run(capsys, *told, code=2)


def test_the_days_of_a_strategy_are_numbers(panama, office, capsys):
    plan = strategy.create_strategy(by=office, government=panama, title=translated("Plan"))
    key = f"strategy.{plan.public_id}.due_after_days"
    for bad in ("x", "", "-1", "1.5", "٣", "9999999"):
        assert "número" in run(capsys, "set", f"{key}={bad}", code=2)
    run(capsys, "set", f"{key}=12")
    plan.refresh_from_db()
    assert plan.due_after_days == 12


def test_a_logo_is_put_and_taken_away(panama, capsys, tmp_path):
    file = tmp_path / "escudo.png"
    Image.new("RGB", (64, 64)).save(file)
    assert "logo: —" not in run(capsys, "logo", str(file), "--description", "Escudo")
    assert identity_of(government_with_identity("panama")).logo_text == {"es": "Escudo"}
    assert "Describa" in run(capsys, "logo", str(file), code=2)
    assert "logo: —" in run(capsys, "logo", "--remove")


def test_levels_that_are_written_and_have_no_word_are_named_together(panama, office, capsys):
    plan = strategy.create_strategy(by=office, government=panama, title=translated("Plan"))
    edition = strategy.start_edition(by=office, strategy=plan, label="1")
    top = strategy.add_node(by=office, edition=edition, parent=None, title=translated("Agua"), code="1", mark="estimacion")
    strategy.add_node(by=office, edition=edition, parent=top, title=translated("Drenar"), code="1.1", mark="estimacion")
    root = f"strategy.{plan.public_id}.level"
    assert f"{root}.2.plural.en=\n" in run(capsys, "show")
    first = [f"{root}.1.singular.es=eje", f"{root}.1.plural.es=ejes"]
    assert "nivel 2" in run(capsys, "set", *first, code=2)
    run(capsys, "set", *first, f"{root}.2.singular.es=obra", f"{root}.2.plural.es=obras")
    assert [str(level) for level in plan.levels.all()] == ["eje", "obra"]


def test_a_command_answers_in_the_language_that_is_asked_for_and_works_in_its_own(panama, capsys):
    """What «example» and the worker write is the city's: only their answer follows the terminal."""
    spoken = []

    class Works(Base):
        works_in_spanish = True

        def work(self, **_):
            spoken.append(get_language())
            return {"sentence": say("Todo concuerda.")}

    with override("en"):
        assert "nearest shade" in run(capsys, "set", "accent=#ffcc00", code=2)
        call_command(Works())
    assert spoken == ["es"]
    assert capsys.readouterr().out == "Everything agrees.\n"
