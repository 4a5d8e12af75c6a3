"""What pages read of runs."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone

from manglar.risk import selectors, services


def test_the_latest_run_is_the_newest_that_ended_well(city, office, spec, run, san_miguelito):
    services.ask_run(by=office, government=city, spec=spec, at=timezone.now())
    assert selectors.latest_run(city) == run == selectors.latest_run()
    assert selectors.latest_run(san_miguelito) is None
    assert selectors.latest_run(city, "flood") is None


def test_a_page_has_all_it_needs_in_few_queries(run, django_assert_max_num_queries):
    held = selectors.run_by_id(run.public_id)
    with django_assert_max_num_queries(4):
        page = selectors.run_page(held, language="es")
        assert page.is_done and page.state_label == "hecha"
        assert [row.name for row in page.territories] and page.territories[0].parent == "Distrito"
    assert len(page.curve) == 10 and len(page.faults) == 2
    assert page.rests_on_defaults == pytest.approx(1)
    assert page.retrofit.assets_selected == 7 and page.retrofit.benefit_cost is not None
    assert {note.kind for note in page.limits} == {"limit"}
    assert any(note.row == "Torre 4" for note in page.notes)


def test_a_page_speaks_the_language_of_its_reader(run):
    es, en = (selectors.run_page(run, language=language) for language in ("es", "en"))
    assert "daño" in es.sentence and "damage" in en.sentence
    assert {d.text for d in es.defaults} != {d.text for d in en.defaults}
    assert {d.mark for d in es.defaults} == {"estimacion"}


def test_a_page_of_a_run_that_waits_is_empty_and_says_its_state(city, office, spec):
    run = services.ask_run(by=office, government=city, spec=spec, at=timezone.now())
    page = selectors.run_page(run)
    assert (page.is_done, page.state, page.total, page.territories) == (False, "queued", None, ())
    with pytest.raises(ValueError, match="no result"):
        selectors.curve_svg(run)


def test_the_list_of_runs_is_one_query(city, office, spec, run, django_assert_num_queries):
    services.ask_run(by=office, government=city, spec=spec, at=timezone.now())
    with django_assert_num_queries(1):
        rows = selectors.run_rows(city)
    assert [row.state for row in rows] == ["queued", "done"]


def test_a_division_has_its_risk_before_and_after(run, divisions, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = selectors.risk_of_division(divisions[0])
    assert found.run == run and found.after_pab < found.row.ead_pab.mean
    assert selectors.risk_of_division(divisions[4]) is None


@pytest.mark.parametrize("measure", ["ead", "affected", "avoided", "share"])
def test_a_map_gets_one_number_by_code(run, measure):
    values = selectors.risk_by_division_code(run, measure=measure)
    assert list(values) == ["9900", "9901", "9902", "9903"] and all(value >= 0 for value in values.values())


def test_the_worst_assets_come_first(run, divisions, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = selectors.asset_rows(run, limit=5)
    assert len(rows) == 5 and [r.ead_pab for r in rows] == sorted((r.ead_pab for r in rows), reverse=True)
    assert {row.division for row in selectors.asset_rows(run, division=divisions[2])} == {"Corregimiento 2"}


@pytest.mark.parametrize("language", ["es", "en"])
def test_charts_hold_no_inline_style_and_say_what_they_show(run, language):
    for svg in (selectors.curve_svg(run, language=language), selectors.before_after_svg(run, language=language)):
        assert not re.search(r"\bstyle=|<style|<script|\bon\w+=|#010203", svg)
        root = ET.fromstring(svg)
        title, description = root[0], root[1]
        assert title.tag.endswith("title") and title.text and description.text.endswith(".")
        assert (
            root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}" and root.get("lang") == language
        )
        assert any(text.text for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert ("balboas" in svg) and (("Hoy" in svg) == (language == "es"))


def test_charts_are_drawn_once(run, monkeypatch):
    first = selectors.curve_svg(run)
    monkeypatch.setattr("manglar.risk.selectors.charts.draw_curve", None)
    assert selectors.curve_svg(run) == first


def test_the_bars_of_a_division_are_its_own(run):
    city, place = selectors.before_after_svg(run), selectors.before_after_svg(run, code="9900")
    assert place and place != city
    assert selectors.before_after_svg(run, code="nada") == ""


def test_a_run_without_a_measure_has_no_bars(city, office, spec):
    del spec["retrofit"]
    run = services.run_now(by=office, government=city, spec=spec, at=timezone.now())
    assert selectors.before_after_svg(run) == "" and selectors.run_page(run).retrofit is None
    assert selectors.risk_by_division_code(run, measure="avoided") == {}


def test_a_name_cannot_break_the_drawing(city, office, spec):
    spec["retrofit"]["name"] = 'Reforzar <script>alert("x")</script> & más style="x"'
    run = services.run_now(by=office, government=city, spec=spec, at=timezone.now())
    svg = selectors.before_after_svg(run)
    assert "<script" not in svg
    ET.fromstring(svg)


def test_bars_fit_a_phone_and_their_long_names_are_whole(city, office, spec):
    spec["retrofit"]["name"] = "Reforzar las escuelas de construcción más débil antes de que termine el período de la administración"
    run = services.run_now(by=office, government=city, spec=spec, at=timezone.now())
    root = ET.fromstring(selectors.before_after_svg(run))
    assert float(root.get("width")) <= 340
    spoken = " ".join("".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "…" not in spoken
    for word in spec["retrofit"]["name"].split():
        assert word in spoken
    assert "m-figure__wide" not in selectors.before_after_svg(run) and "m-figure__wide" in selectors.curve_svg(run)
