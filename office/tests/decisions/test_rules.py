from manglar.decisions.rules import why_not_decided, why_not_submitted


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
