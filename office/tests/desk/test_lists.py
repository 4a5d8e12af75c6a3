"""The list of any kind: what its address asks for is what it shows, exports and lets be done to several."""

import csv
import io

import openpyxl
import pytest
from django.test import Client

from manglar.accounts.choices import Role
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.evidence.choices import FindingState
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


def test_an_act_on_several_is_previewed_and_then_done_to_those_it_fits(desk, findings):
    ids = "&".join(f"id={each.public_id}" for each in findings)
    preview = desk.get(f"/desk/panama/hallazgos/varios/revisar/?{ids}")
    assert [each.key for each in preview.context["fitting"]] == [findings[1].public_id, findings[3].public_id]
    assert len(preview.context["left"]) == 2
    assert {each.state for each in findings[1::2]} == {FindingState.DRAFT}
    desk.post("/desk/panama/hallazgos/varios/revisar/", {"id": [each.public_id for each in findings], "apply": "1"})
    for each in findings:
        each.refresh_from_db()
    assert {each.state for each in findings} == {FindingState.REVIEWED}
    seal()
    assert Entry.objects.filter(event="records.changed_together", operation="event").count() == 1


def test_when_one_of_several_is_refused_none_changes_and_the_page_says_which(desk, panama):
    promises = [
        make.agreements.record_commitment(
            by=make.OFFICE, government=panama, institution=make.institution(panama, code=f"i{n}"), made_on=make.ON,
            text=make.translated(f"Promesa {n}"),
        )
        for n in range(2)
    ]
    make.agreements.report_commitment(by=make.OFFICE, commitment=promises[1], state="fulfilled", on=make.ON, reason="x")
    told = {"id": [each.public_id for each in promises], "apply": "1", "state": "broken", "reason": ""}
    answer = desk.post("/desk/panama/compromisos/varios/estado/", told)
    assert answer.status_code == 200
    assert "Promesa" in answer.content.decode()
    for each in promises:
        each.refresh_from_db()
    assert [each.state for each in promises] == ["open", "fulfilled"]


def test_nobody_acts_on_several_records_of_another_government(desk, san_miguelito):
    other = make.finding(san_miguelito, title="De otro", reviewed=False)
    answer = desk.post("/desk/panama/hallazgos/varios/revisar/", {"id": [other.public_id], "apply": "1"})
    assert answer.context["fitting"] == []
    other.refresh_from_db()
    assert other.state == FindingState.DRAFT


def test_names_in_addresses_are_the_same_in_both_languages_and_are_not_repeated():
    for kind in KINDS.values():
        names = [column_key(column) for column in kind.columns] + [each.key for each in kind.filters]
        columns = names[: len(kind.columns)]
        assert len(set(columns)) == len(columns), kind.slug
        assert all(names), kind.slug


def test_a_refusal_of_an_act_without_a_form_stays_on_its_page_with_what_was_chosen(panama, someone_with):
    author = someone_with(panama, Role.EDITOR, Role.APPROVER)
    client = Client()
    client.force_login(author.user)
    told = {"title": "Mío", "mark": "estimacion"}
    client.post("/desk/panama/hallazgos/nuevo/", told)
    mine = client.get("/desk/panama/hallazgos/?q=mío").context["table"].rows[0].code
    page = client.post("/desk/panama/hallazgos/varios/revisar/", {"id": [mine], "apply": "1"})
    assert page.status_code == 200
    assert "Lo revisa otra persona" in page.content.decode()
    assert [each.key for each in page.context["fitting"]] == [mine]


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
