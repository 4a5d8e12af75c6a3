import pytest

from manglar.decisions.rules import (
    Worth,
    chance_in_words,
    doubt,
    missing_options,
    ratio_in_words,
    why_not_decided,
    why_not_submitted,
    worth_of,
)


def test_a_note_is_presented_with_a_question_and_two_options():
    assert why_not_submitted(state="draft", options=2, has_question=True) == ""
    assert "2 opciones" in why_not_submitted(state="draft", options=1, has_question=True)
    assert "pregunta" in why_not_submitted(state="draft", options=2, has_question=False)
    assert "borrador" in why_not_submitted(state="submitted", options=2, has_question=True)


def test_the_author_does_not_decide():
    assert "no la decide" in why_not_decided(state="submitted", author_ref="usuario-1", decider_ref="usuario-1")
    assert why_not_decided(state="submitted", author_ref="usuario-1", decider_ref="usuario-2") == ""
    assert why_not_decided(state="submitted", author_ref="", decider_ref="") == ""
    assert "ya está decidida" in why_not_decided(state="decided", author_ref="", decider_ref="")
    assert "presentada" in why_not_decided(state="draft", author_ref="", decider_ref="")


def test_a_draft_says_how_many_options_it_lacks():
    assert "Falta una opción" in missing_options(1)
    assert "Faltan 2 opciones" in missing_options(0)
    assert missing_options(2) == ""


def test_the_doubt_about_an_option_is_that_of_its_run():
    summary = {"by_option": {"o1": {"run": "r1", "title": "Sismos", "worth": {"ratio": 0.43, "ratio_low": 0.094, "ratio_high": 1.1, "probability": 0.07}}}}
    held = worth_of(summary, "o1")
    assert "7 de cada 100 cálculos" in doubt(held, avoids=True, has_interval=True)
    assert "0.43 (entre 0.094 y 1.1)" in doubt(held, avoids=True, has_interval=True)
    assert worth_of(summary, "o2") is None
    assert worth_of({}, "o1") is None


def test_what_nobody_computed_is_said_to_be_unknown_and_never_sure():
    assert "no se calculó cuánto daño evita" in doubt(None, avoids=False, has_interval=False)
    assert "no tiene intervalo" in doubt(None, avoids=True, has_interval=False)
    assert "no se calculó si" in doubt(Worth("r", ratio=2.0), avoids=True, has_interval=True)
    assert "sin intervalo" in ratio_in_words(Worth("r", ratio=2.0))
    assert doubt(Worth("r", probability=0.95), avoids=True, has_interval=True) == ""


@pytest.mark.parametrize(("share", "words"), [(0.0, "0 de"), (0.004, "menos de 1"), (0.066, "7 de"), (0.997, "más de 99"), (1.0, "100 de")])
def test_a_small_chance_is_not_told_as_none(share, words):
    assert words in chance_in_words(Worth("r", probability=share))
