"""What people type is read without a database."""

import pytest

from manglar.margin.rules import (
    MAX_QUERY,
    Named,
    header_signature,
    in_these_headers,
    read_mentions,
    split_at_mentions,
    tidy,
    tidy_query,
    why_query_is_refused,
    without_mentions,
)

ANA = Named(1, "Ana Pérez", "ana@example.org")
ANA_MARIA = Named(2, "Ana Pérez Ruiz", "anamaria@example.org")
TWO = [Named(3, "Luis Gil", "l1@example.org"), Named(4, "Luis  GIL", "l2@example.org")]
PEOPLE = [ANA, ANA_MARIA, *TWO]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ana Pérez, ¿lo ve?", [(1, "@Ana Pérez")]),
        ("@ana perez", [(1, "@ana perez")]),
        ("@Ana Pérez Ruiz y @Ana Pérez.", [(2, "@Ana Pérez Ruiz"), (1, "@Ana Pérez")]),
        ("(@ANA@EXAMPLE.ORG)", [(1, "@ANA@EXAMPLE.ORG")]),
        ("@ana@example.org.", [(1, "@ana@example.org")]),
        ("@Ana Pérez\nRuiz no es su apellido", [(1, "@Ana Pérez")]),
        ("escriba a ana@example.org", []),
        ("correo@ana@example.org", []),
        ("@ sola", []),
        ("", []),
    ],
)
def test_a_mention_is_a_whole_name_or_an_address(text, found):
    assert list(read_mentions(text, PEOPLE).found) == found


def test_an_unknown_name_and_one_that_two_people_have_are_told_apart():
    read = read_mentions("@Pepe y @Luis Gil y @otra@example.org y @Pepe", PEOPLE)
    assert read.unknown == ("@Pepe", "@otra@example.org")
    assert read.ambiguous == ("@Luis Gil",)
    assert read.found == ()


def test_nobody_to_mention_and_a_text_of_only_at_signs_are_read():
    assert read_mentions("@Ana Pérez", []).unknown == ("@Ana",)
    assert read_mentions("@a " * 1_600, PEOPLE).unknown == ("@a",)
    assert read_mentions("@" * 5_000, PEOPLE).unknown == ()


def test_a_name_drawn_out_with_spaces_is_no_mention():
    assert read_mentions("@Ana" + " " * 400 + "Pérez", PEOPLE).found == ()


def test_the_text_is_split_at_what_was_said_and_nowhere_else():
    said = ["@Ana Pérez", "@Ana Pérez Ruiz"]
    pieces = split_at_mentions("Hola @Ana Pérez Ruiz, x@Ana Pérez, @Ana Pérezoso y @Ana Pérez", said)
    assert [text for text, is_mention in pieces if is_mention] == ["@Ana Pérez Ruiz", "@Ana Pérez"]
    assert "".join(text for text, _ in pieces).endswith("y @Ana Pérez")
    assert split_at_mentions("@Ana", []) == [("@Ana", False)]
    assert split_at_mentions("", said) == []


def test_a_mention_is_made_anonymous_where_it_stands():
    assert without_mentions("Que @Ana Pérez diga", ["@Ana Pérez"]) == "Que @(persona borrada) diga"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a\r\nb\rc  ", "a\nb\nc"),
        ("a\x00b\x07\x1b[0m", "ab[0m"),
        ("fin\u202eodas\u2066", "finodas"),
        ("e\u0301", "é"),
        ("\ud800x", "x"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        (" \n\t ", ""),
    ],
)
def test_a_text_is_kept_without_what_cannot_be_seen(typed, kept):
    assert tidy(typed) == kept


@pytest.mark.parametrize("query", ["", "q=agua", "estado=en+marcha&orden=-fecha", "q=r%C3%ADo", "a=1,2&b=*:x"])
def test_the_address_of_a_list_is_accepted(query):
    assert why_query_is_refused(query) == ""


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("q=" + "a" * MAX_QUERY, "long"),
        ("q=<script>", "characters"),
        ("q=a b", "characters"),
        ("q=%0", "characters"),
        ("q=%zz", "characters"),
        ("q=%00", "characters"),
        ("q=%0d%0aSet-Cookie", "characters"),
        ("q=%ff", "characters"),
        ("q=río", "characters"),
        ("q=a#b", "characters"),
        ("&".join(f"a{n}=1" for n in range(60)), "filters"),
    ],
)
def test_what_no_list_writes_is_refused(query, why):
    assert why_query_is_refused(query) == why


def test_the_page_on_which_a_list_was_is_not_part_of_the_view():
    assert tidy_query("q=r%C3%ADo&pagina=4&estado=") == "q=r%C3%ADo&estado="


def test_headers_are_the_same_whatever_their_order_case_and_accents():
    assert header_signature(["Código", "Título"]) == header_signature(["TITULO ", "codigo"])
    assert header_signature(["a", "b"]) != header_signature(["a", "b", "b"])
    assert header_signature(["ab"]) != header_signature(["a", "b"])


def test_a_remembered_column_is_named_as_the_new_file_names_it():
    assert in_these_headers({"name": "Nombre"}, ["NOMBRE", "clase"]) == {"name": "NOMBRE"}
    assert in_these_headers({"name": "nombre"}, ["NOMBRE", "nombre"]) == {"name": "nombre"}
