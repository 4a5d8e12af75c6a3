"""What is found, in which order, and by whom; the same on both databases."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from manglar.accounts import services as accounts
from manglar.search.models import Bookmark, Document
from manglar.search.selectors import desk_audience, find
from manglar.search.selectors.speech import ADDED
from tests.search.conftest import ON, index, paper

pytestmark = pytest.mark.django_db


def names(found):
    return [hit.document.record_id.removeprefix("registro-") for hit in found.hits]


@pytest.fixture
def city(panama):
    index(
        paper(panama, "a1", "Inundaciones en Juan Díaz", "El río se desborda cada año"),
        paper(panama, "a2", "Limpieza de ríos", "Para que no haya una inundación", kind="notas"),
        paper(panama, "a3", "Crecida del Pacora", ""),
        paper(panama, "a4", "Riesgo sísmico", "Terremotos posibles", english="Seismic risk"),
        paper(panama, "a5", "1.1.10 Plan de árboles", ""),
        paper(panama, "a6", "Aceras", ""),
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("inundación", ["a1", "a3", "a2"]),
        ("INUNDACION", ["a1", "a3", "a2"]),
        ("inundaciones", ["a1", "a3", "a2"]),
        ("inundasion", ["a1", "a2"]),
        ("desbordamiento", ["a1", "a3", "a2"]),
        ("flood", ["a1", "a3", "a2"]),
        ("río juan", ["a1", "a2"]),
        ("rios", ["a2", "a1"]),
        ("sismo", ["a4"]),
        ("seismic", ["a4"]),
        ("terr", ["a4"]),
        ("1.1.10", ["a5"]),
        ("registro-a6", ["a6"]),
        ("de la", []),
        ("%", []),
        ("_____", []),
        ("😀", []),
        ("' OR 1=1 --", []),
        ("<script>alert(1)</script>", []),
    ],
)
def test_what_is_found_and_in_which_order(city, audience, query, expected):
    assert names(find(query, audience, limit=20)) == expected


def test_all_words_beat_some_and_a_title_beats_a_text(panama, audience):
    index(
        paper(panama, "b1", "Agua", ""),
        paper(panama, "b2", "Otra", "agua y drenaje"),
        paper(panama, "b3", "Agua y drenaje", ""),
        paper(panama, "b4", "Nada", "agua"),
    )
    assert names(find("agua drenaje", audience, limit=20)) == ["b3", "b2", "b1", "b4"]


def test_exact_beats_synonym_and_synonym_beats_a_beginning(panama, audience):
    index(paper(panama, "c1", "Sismologia", ""), paper(panama, "c2", "Temblor", ""), paper(panama, "c3", "Sismo", ""))
    assert names(find("sismo", audience, limit=20)) == ["c3", "c2", "c1"]


def test_of_equals_the_newest_comes_first_and_then_the_identifier(panama, audience):
    index(*(paper(panama, name, "Puente", "") for name in ("z-1", "a-9", "az1", "a-1")))
    Document.objects.filter(record_id="registro-z-1").update(changed_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert names(find("puente", audience, limit=20)) == ["z-1", "a-1", "a-9", "az1"]


def test_typing_errors_suggest_what_was_meant_with_its_accents(city, audience):
    found = find("inundasion juan", audience)
    assert found.suggestion == "inundación juan"
    assert found.missing == ()
    assert find("inundación", audience).suggestion == ""
    assert find("zzzzzzz juan", audience).missing == ("zzzzzzz",)


def test_ties_between_suggestions_are_stable(panama, audience):
    index(paper(panama, "d1", "Casal"), paper(panama, "d2", "Canal"), paper(panama, "d3", "Canal"))
    assert find("cadal", audience).suggestion == "canal"
    index(paper(panama, "d4", "Casal"))
    assert find("cadal", audience).suggestion == "canal"


def test_results_by_kind_show_five_of_each_with_all_counted(panama, audience):
    index(
        *(paper(panama, f"e{n}", "Puente") for n in range(7)),
        *(paper(panama, f"f{n}", "Puente", kind="notas") for n in range(2)),
    )
    found = find("puente", audience)
    assert found.counts == (("hallazgos", 7), ("notas", 2))
    assert found.total == 9
    assert len(found.hits) == 7
    page = find("puente", audience, kind="hallazgos", offset=5, limit=5)
    assert (page.total, names(page)) == (7, ["e5", "e6"])
    assert find("puente", audience, kind="no-hay").hits == ()


def test_nothing_of_another_government_is_found_counted_or_suggested(panama, san_miguelito, audience):
    index(paper(panama, "g1", "Público"), paper(san_miguelito, "g2", "Confidencial sobre Villalobos", "secreto"))
    for query in ("confidencial", "villalobos", "villalovos", "confidensial", "villa", "secreto", "registro-g2"):
        found = find(query, audience)
        assert (found.hits, found.total, found.counts, found.suggestion) == ((), 0, (), ""), query
    theirs = desk_audience([(san_miguelito, ["hallazgos"])], on=ON)
    assert find("villalovos", theirs).suggestion == "villalobos"


def test_an_inflected_form_that_only_another_government_says_is_not_suggested(panama, san_miguelito, audience):
    index(paper(panama, "h1", "Puente"), paper(san_miguelito, "h2", "Puentecitos"))
    assert find("puentecitoz", audience).suggestion == ""


def test_kinds_that_the_person_may_not_read_are_not_found(panama):
    index(paper(panama, "i1", "Reservado", kind="notas"))
    assert find("reservado", desk_audience([(panama, ["hallazgos"])], on=ON)).total == 0
    assert find("reservado", desk_audience([], on=ON)).total == 0


def test_what_is_shared_is_found_only_while_the_grant_holds(panama, san_miguelito, office):
    index(paper(panama, "j1", "Río compartido"), paper(panama, "j1", "Río compartido", desk=san_miguelito))
    reader = [(san_miguelito, ["hallazgos"])]
    assert find("rio", desk_audience(reader, on=ON)).total == 0
    grant = accounts.share_record(
        by=office, government=panama, to=san_miguelito, record_id="registro-j1", scope="read", reason="Cuenca común",
        from_on=ON, until_on=ON + dt.timedelta(days=9),
    )  # fmt: skip
    assert find("rio", desk_audience(reader, on=ON - dt.timedelta(days=1))).total == 0
    assert find("rio", desk_audience(reader, on=ON)).total == 1
    assert find("rio", desk_audience(reader, on=ON + dt.timedelta(days=10))).total == 0
    accounts.revoke_grant(by=office, grant=grant, on=ON + dt.timedelta(days=1), reason="Terminó")
    assert find("rio", desk_audience(reader, on=ON + dt.timedelta(days=1))).total == 0


def test_whoever_works_in_both_governments_finds_a_shared_record_once(panama, san_miguelito, office):
    index(paper(panama, "k1", "Río compartido"), paper(panama, "k1", "Río compartido", desk=san_miguelito))
    accounts.share_record(
        by=office, government=panama, to=san_miguelito, record_id="registro-k1", scope="read", reason="Cuenca", from_on=ON
    )
    both = desk_audience([(panama, ["hallazgos"]), (san_miguelito, ["hallazgos"])], on=ON)
    found = find("rio", both)
    assert found.total == 1
    assert found.hits[0].document.desk_id == panama.pk


def test_what_is_common_is_found_by_every_desk_that_may_read_its_kind(panama, san_miguelito, audience):
    index(paper(san_miguelito, "l1", "Belisario", kind="territorio", common=True))
    assert find("belisario", audience).total == 1
    assert find("belisario", desk_audience([(panama, ["hallazgos"])], on=ON)).total == 0


def test_ten_thousand_characters_are_answered_and_said_to_be_cut(city, audience):
    found = find("río " * 2_500, audience)
    assert found.was_cut
    assert names(find("río " * 2_500, audience, limit=5)) == ["a2", "a1"]
    assert find("x" * 10_000, audience).total == 0


def test_without_an_index_it_says_that_it_is_not_ready(panama, audience):
    Bookmark.objects.all().delete()
    assert not find("agua", audience).is_ready


@pytest.mark.parametrize("query", ["inundación", "inundasion rioz juam díaz crecida agua drenaje puente", "zzzz"])
def test_a_question_asks_the_database_at_most_eight_times(city, audience, query):
    with CaptureQueriesContext(connection) as captured:
        find(query, audience)
    assert len(captured) <= 8


def test_an_installation_adds_its_own_synonyms_and_a_bad_file_is_left_out(city, audience, settings, tmp_path, caplog):
    settings.DATA_DIR = tmp_path
    assert find("llena", audience).total == 0
    file = tmp_path / ADDED
    file.write_text('[[sinonimos]]\nes = ["llena", "crecida"]\n')
    assert names(find("llena", audience)) == ["a3"]
    file.write_text("no es TOML")
    assert find("llena", audience).total == 0
    assert "no se usa" in caplog.text
