"""Words, typing errors and synonyms, without a database."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manglar.search.rules import spelling, synonyms, words
from manglar.search.rules.words import Marker, Piece, stem, stems, terms_of, words_in
from manglar.search.selectors.speech import SHIPPED

IDLE = frozenset({"de", "la", "el"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Inundación", "inundaciones"),
        ("río", "ríos"),
        ("SISMO", "sismos"),
        ("vía", "vías"),
        ("decisión", "decisiones"),
        ("camión", "camiones"),
        ("hospital", "hospitales"),
        ("albergue", "albergues"),
    ],
)
def test_a_word_and_its_plural_have_one_stem_with_or_without_accents(one, other):
    assert {stem(word, "es") for word in words_in(f"{one} {other}")} == {stem(words_in(one)[0], "es")}


@pytest.mark.parametrize(("one", "other"), [("flood", "floods"), ("flooding", "flooded"), ("city", "cities")])
def test_english_words_have_their_stems_too(one, other):
    assert stem(one, "en") == stem(other, "en")


def test_stemmers_are_not_shared_between_threads():
    texts = [f"palabra{n}ciones" for n in range(300)]
    told = {}
    threads = [
        threading.Thread(target=lambda n=n: told.update({n: [words._stemmer("es").stemWord(t) for t in texts]})) for n in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({tuple(each) for each in told.values()}) == 1


def test_a_code_is_one_word_and_a_lone_letter_is_none():
    assert words_in("1.2.10 Limpiar a los 3 ríos, 2026-2030 (x)") == ["1.2.10", "limpiar", "los", "3", "rios", "2026-2030"]


@pytest.mark.parametrize("nothing", ["", "   ", "¿?!…%_*'\"\\", "😀🌊", "de la", "\x00\x1f", "\u202e"])
def test_what_has_no_word_asks_nothing(nothing):
    assert terms_of(nothing, IDLE) == []


def test_a_question_is_read_up_to_eight_different_words_and_says_that_it_was_cut():
    assert terms_of("agua agua de río", IDLE) == ["agua", "rio"]
    assert not words.was_cut("agua agua de río", IDLE)
    many = " ".join(f"palabra{n}" for n in range(9))
    assert len(terms_of(many, IDLE)) == 8
    assert words.was_cut(many, IDLE)
    assert words.was_cut("a" * 10_000, IDLE)
    assert terms_of("ñ" * 10_000, IDLE) == ["n" * 40]


@given(st.text())
def test_whatever_the_text_its_pieces_are_the_text(text):
    marker = Marker(stems("agua") | stems("rio"), frozenset({"x1"}))
    composed = "".join(piece.text for piece in marker.pieces(text))
    assert composed == "".join(piece.text for piece in Marker().pieces(text))
    assert "".join(piece.text for piece in marker.excerpt(text)) is not None


def test_found_words_are_marked_as_they_are_written_also_when_accents_are_apart():
    marker = Marker(stems("inundacion"))
    apart = "La inundación <b>"  # an accent as a mark of its own
    assert marker.pieces(apart) == [Piece("La ", False), Piece("inundación", True), Piece(" <b>", False)]


def test_an_excerpt_is_around_the_first_found_word():
    marker = Marker(stems("manglar"))
    shown = "".join(piece.text for piece in marker.excerpt("palabra " * 100 + "manglar " + "otra " * 100))
    assert "manglar" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 260


def test_a_word_is_shown_with_the_accents_that_the_text_gives_it():
    assert words.as_written("inundacion", ["Nada", "La Inundación"]) == "inundación"
    assert words.as_written("inundacion", ["Nada"]) == "inundacion"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("inundasion", "inundacion"),  # another letter
        ("inundcion", "inundacion"),  # one missing
        ("inundaccion", "inundacion"),  # one too many
        ("iundnacion", "inundacion"),  # two exchanged and far from their place
        ("simso", "sismo"),  # two exchanged
        ("teremotto", "terremoto"),  # two errors
        ("corregimeinto", "corregimiento"),
    ],
)
def test_a_misspelt_word_shares_a_key_with_the_right_one_and_is_near_it(typed, right):
    assert spelling.misspelling_keys(typed) & spelling.keys_of(right)
    assert right in spelling.nearest(typed, [right, "manglar"])
    assert "manglar" not in spelling.nearest(typed, [right, "manglar"])


@given(st.text("abcde", min_size=4, max_size=14), st.integers(0, 13), st.sampled_from("abcde"))
def test_one_error_anywhere_is_always_found(word, place, letter):
    typed = word[:place] + letter + word[place + 1 :]
    if typed != word and len(typed) == len(word):
        assert spelling.misspelling_keys(typed) & spelling.keys_of(word)
        assert spelling.nearest(typed, [word])


@pytest.mark.parametrize("word", ["sol", "080811", "1.1", "7k3m9q2xtw"])
def test_short_words_and_codes_take_no_error(word):
    assert spelling.misspelling_keys(word) == set()
    assert spelling.nearest(word, [word[:-1], word + "x"]) == {}


def test_a_word_keeps_few_keys():
    assert len(spelling.keys_of("inundacion")) < 40
    assert spelling.keys_of("080811") == set()


def test_the_words_that_come_with_the_program_can_be_read():
    speech = synonyms.read_speech(SHIPPED.read_text())
    assert stem("crecida", "es") in speech.synonyms(stems("inundaciones"))
    assert stem("terremoto", "es") in speech.synonyms(stems("sismos"))
    assert stem("barrio", "es") in speech.synonyms(stems("corregimiento"))
    assert stem("inundacion", "es") in speech.synonyms(stems("flooding"))
    assert "de" in speech.idle
    assert not speech.synonyms(stems("manatí"))


def test_synonyms_do_not_leak_from_one_group_to_another_through_a_shared_word():
    speech = synonyms.read_speech('[[sinonimos]]\nes=["banco","entidad"]\n[[sinonimos]]\nes=["banco","asiento"]')
    assert speech.synonyms(stems("entidad")).isdisjoint(stems("asiento"))
    assert stem("asiento", "es") in speech.synonyms(stems("banco"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("x = ", "TOML"),
        ("otros = []", "otros"),
        ('[[sinonimos]]\nes=["cambio climático","b"]', "una sola palabra"),
        ('[[sinonimos]]\nes=["rio","ríos"]', "menos de dos"),
        ('[[sinonimos]]\nfr=["eau"]', "fr"),
        ("[[sinonimos]]\nes='agua'", "lista"),
        ("sinonimos=[1]", "tabla"),
    ],
)
def test_a_bad_file_of_synonyms_says_what_is_wrong(content, said):
    with pytest.raises(ValueError, match=said):
        synonyms.read_speech(content)
