"""The list of any kind: what its address asks for is what it shows, exports and lets be done to several."""

import csv
import io

import openpyxl
import pytest
from django.test import Client

from manglar.accounts.choices import Role
from manglar.web.kinds import KINDS
from manglar.web.listing import column_key
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR, Role.APPROVER).user)
    return client


@pytest.fixture
def findings(panama):
    titles = ("Árbol caído en la vía", "El río se desborda", "=cmd|calc", "Ladera inestable")
    return [make.finding(panama, title=title, reviewed=place % 2 == 0) for place, title in enumerate(titles)]


def shown(response):
    return [row.cells[0].text for row in response.context["table"].rows]


def test_words_are_found_without_accents_and_in_any_order(desk, findings):
    assert shown(desk.get("/desk/panama/hallazgos/?q=via arbol")) == ["Árbol caído en la vía"]
    assert desk.get("/desk/panama/hallazgos/?q=nada").context["table"] is None


def test_a_filter_narrows_and_one_that_does_not_exist_is_left_out(desk, findings):
    drafts = desk.get("/desk/panama/hallazgos/?estado=draft")
    assert sorted(shown(drafts)) == ["El río se desborda", "Ladera inestable"]
    assert 'value="draft" selected' in drafts.content.decode()
    everything = desk.get("/desk/panama/hallazgos/?estado=inventado&orden=columna-que-no-hay&columnas=otra&pagina=999")
    assert len(shown(everything)) == 4


def test_headings_order_the_list_both_ways(desk, findings):
    forward = shown(desk.get("/desk/panama/hallazgos/?orden=nombre"))
    assert forward == shown(desk.get("/desk/panama/hallazgos/?orden=-nombre"))[::-1]
    assert forward[1:3] == ["El río se desborda", "Ladera inestable"]


def test_the_columns_that_are_chosen_are_the_ones_shown_and_stay_in_every_address(desk, findings):
    page = desk.get("/desk/panama/hallazgos/?columnas=estado&columnas=fecha&q=rio")
    assert [column.label for column in page.context["table"].columns][1:] == ["Estado", "Fecha"]
    assert "columnas=estado%2Cfecha" in page.context["table"].columns[1].sort_url
    assert "q=rio" in page.context["exports"][0][1]


def test_the_file_holds_exactly_what_the_list_shows_and_nothing_that_runs(desk, findings):
    answer = desk.get("/desk/panama/hallazgos/?columnas=estado&orden=nombre&formato=csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["id", "hallazgo", "Estado"]  # chosen columns: those and no others
    assert [row[1] for row in rows[1:]] == ["'=cmd|calc", *shown(desk.get("/desk/panama/hallazgos/?orden=nombre"))[1:]]
    book = desk.get("/desk/panama/hallazgos/?estado=draft&formato=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet.max_row == 3


def test_the_board_shows_the_same_set_by_state(desk, findings):
    lanes = desk.get("/desk/panama/hallazgos/?vista=tablero&q=rio").context["lanes"]
    assert {lane.status.label: lane.count for lane in lanes}["borrador"] == 1
    assert sum(lane.count for lane in lanes) == 1


def test_names_in_addresses_are_the_same_in_both_languages_and_are_not_repeated():
    for kind in KINDS.values():
        names = [column_key(column) for column in kind.columns] + [each.key for each in kind.filters]
        columns = names[: len(kind.columns)]
        assert len(set(columns)) == len(columns), kind.slug
        assert all(names), kind.slug


def test_the_strategy_shows_the_edition_in_force_once_and_the_others_when_asked(desk, panama):
    first = make.adopted(panama, label="2018")
    make.edition(panama, label="2026")
    page = desk.get("/desk/panama/iniciativas/")
    titles = shown(page)
    assert len(titles) == len(set(titles)) == first.nodes.count()
    assert not page.context["held"].is_narrowed
    everything = shown(desk.get("/desk/panama/iniciativas/?edicion=todas"))
    assert len(everything) == 2 * len(titles)
    assert "2018" in page.content.decode()


def test_milestones_leave_in_a_file_with_their_names(desk, panama):
    chain = make.WholeChain(panama)
    answer = desk.get("/desk/panama/hitos/?formato=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))
    assert [row["hito"] for row in rows] == [chain.milestone.title["es"]]


def test_what_narrows_the_list_stands_beside_its_results_each_with_its_way_out(desk, findings):
    page = desk.get("/desk/panama/hallazgos/?estado=draft&procedencia=estimacion&orden=nombre")
    assert [(label, value) for label, value, _ in page.context["active"]] == [("Estado", "borrador"), ("Procedencia", "estimación")]
    without = page.context["active"][0][2]
    assert without.endswith("#resultados") and "estado" not in without and "procedencia=estimacion" in without
    text = page.content.decode()
    assert 'action="#resultados"' in text and 'id="resultados"' in text
    assert desk.get("/desk/panama/hallazgos/").context["active"] == []


def test_the_export_menu_says_what_each_file_is_for(desk, findings):
    named = dict(desk.get("/desk/panama/hallazgos/").context["exports"])
    assert list(named) == ["Excel (hoja de cálculo)", "CSV para programas", "GeoJSON para mapas"]
    for url in named.values():
        assert desk.get(f"/desk/panama/hallazgos/{url}").has_header("Content-Disposition")


def test_saved_views_are_seen_before_anything_is_chosen_by_whom_may_keep_one(desk, findings):
    assert "Vistas guardadas" in desk.get("/desk/panama/hallazgos/").content.decode()
