import copy
import json

from django.utils.translation import override

from manglar.foundation.refusals import InvalidInput, RowProblem
from manglar.foundation.sentences import Sentence, listed, say, say_many, sayable, spoken

LEVELS = say("Hay más de {max_depth} niveles.", max_depth=8)


def test_a_sentence_is_said_in_the_language_of_whoever_reads_it():
    assert str(LEVELS) == "Hay más de 8 niveles."
    with override("en"):
        assert str(LEVELS) == f"{LEVELS}" == "There are more than 8 levels."
        assert LEVELS.in_spanish() == "Hay más de 8 niveles."


def test_a_sentence_inside_another_is_said_in_the_same_language():
    problem = RowProblem(3, LEVELS, "Nivel")
    assert str(problem) == "Fila 3, columna «Nivel»: Hay más de 8 niveles."
    with override("en"):
        assert str(problem) == "Row 3, column “Nivel”: There are more than 8 levels."
        assert problem.as_data() == {"row": 3, "column": "Nivel", "sentence": "There are more than 8 levels."}


def test_a_refusal_raised_in_one_language_is_read_in_another():
    with override("en"):
        refusal = InvalidInput(LEVELS, [RowProblem(1, LEVELS)])
        assert refusal.sentence == str(refusal) == "There are more than 8 levels."
    assert refusal.sentence == "Hay más de 8 niveles."
    assert str(refusal.problems[0]) == "Fila 1: Hay más de 8 niveles."


def test_the_form_follows_the_count():
    forms = (
        "El archivo tiene {count} problema por corregir: no se importó nada.",
        "El archivo tiene {count} problemas por corregir: no se importó nada.",
    )
    assert "1 problema por" in str(say_many(*forms, 1))
    with override("en"):
        assert "2 problems to" in str(say_many(*forms, 2))


def test_words_of_others_stay_as_they_are():
    assert InvalidInput("Password too short").sentence == "Password too short"
    with override("en"):
        assert str(say("un texto que ningún catálogo tiene: {it}", it=1)) == "un texto que ningún catálogo tiene: 1"


def test_plain_data_holds_text_and_not_sentences():
    told = {"notes": [LEVELS, "nota"], "rows": ({"sentence": LEVELS},), "count": 2}
    with override("en"):
        assert json.loads(json.dumps(spoken(told))) == {
            "notes": ["There are more than 8 levels.", "nota"],
            "rows": [{"sentence": "There are more than 8 levels."}],
            "count": 2,
        }


def test_several_sentences_in_a_row():
    both = listed([LEVELS, "nota"], separator="; ")
    with override("en"):
        assert str(both) == "There are more than 8 levels.; nota"


def test_a_sentence_is_a_value():
    again = Sentence(sayable("Hay más de {max_depth} niveles."), {"max_depth": 8})
    assert again == LEVELS and hash(again) == hash(LEVELS)
    assert again != say("Hay más de {max_depth} niveles.", max_depth=9)
    assert LEVELS != "Hay más de 8 niveles."
    assert listed(["a"]) != listed(["b"])
    assert copy.deepcopy([LEVELS])[0] is LEVELS
    assert "niveles" in LEVELS
