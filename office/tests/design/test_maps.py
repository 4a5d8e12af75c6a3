"""Classes of a map and its picture."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from manglar.design.maps import (
    LAND,
    LINE,
    NONE,
    STEPS,
    Drawing,
    classes_of,
    count_classes,
    map_png,
    map_svg,
    rounded,
    step_of,
)
from manglar.design.shapes import MapClass, MapValue

#: A picture is kept in the cache, which is in the database.
pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[-79.5, 9.0], [-79.4, 9.0], [-79.4, 9.1], [-79.5, 9.1], [-79.5, 9.0]]]}
BACKWARDS = {"type": "Polygon", "coordinates": [SQUARE["coordinates"][0][::-1]]}


def drawing(**given):
    told = {
        "title": "Mapa <de prueba>", "box": (-79.5, 9.0, -79.4, 9.1), "shapes": [("a", SQUARE)],
        "values": {"a": MapValue(3, "3")}, "classes": [MapClass(2, "1"), MapClass(None, "2 o más")],
    }  # fmt: skip
    return Drawing(**{**told, **given})


@pytest.mark.parametrize(
    ("counts", "labels"),
    [
        ([], []),
        ([0, 0], []),
        ([1], ["1"]),
        ([1, 1, 1, 7], ["1 a 6", "7"]),
        ([1, 2, 3, 4, 5], ["1", "2", "3", "4", "5"]),
        ([1, 2, 2, 9, 40, 100], ["1", "2 a 8", "9 a 39", "40 o más"]),
    ],
)
def test_counts_fall_into_classes_of_whole_numbers_without_gaps(counts, labels):
    found = count_classes(counts, str)
    assert [each.label for each in found] == labels
    for count in (each for each in counts if each):
        assert next(each for each in found if each.upper is None or count < each.upper)


def test_values_fall_into_round_classes_and_one_value_is_one_class():
    assert [each.upper for each in classes_of([10.0, 20.0, 30.0, 40.0, 50.0], str)] == [20.0, 30.0, 40.0, 50.0, None]
    assert len(classes_of([5.0, 5.0], str)) == 1
    assert classes_of([], str) == []
    assert (rounded(0), rounded(12345), rounded(-0.01234)) == (0.0, 12000.0, -0.012)


def test_the_last_class_is_always_the_gravest():
    assert [step_of(place, 2) for place in range(2)] == [1, 5]
    assert [step_of(place, 5) for place in range(5)] == [1, 2, 3, 4, 5]
    assert step_of(0, 1) == 5


def test_the_picture_has_its_colours_words_and_nothing_that_the_policy_refuses():
    svg = map_svg(drawing(source=["Fuente: prueba"]))
    assert STEPS[4] in svg
    assert "2 o más" in svg
    assert "Fuente: prueba" in svg
    assert "Mapa &lt;de prueba&gt;" in svg
    assert not re.search(r"\sstyle=|<style|<script", svg)


def test_the_way_in_which_an_outline_is_written_changes_nothing():
    area = re.compile(r'aria-roledescription="geoshape"[^>]*|<path[^>]*fill="' + STEPS[4] + '"')
    one, other = map_svg(drawing()), map_svg(drawing(shapes=[("a", BACKWARDS)]))
    assert len(area.findall(one)) == len(area.findall(other)) >= 1
    assert len(one) == len(other)


def test_a_place_without_value_is_called_so_and_points_have_a_legend():
    assert "sin dato" in map_svg(drawing(values={}))
    assert "ninguno" in map_svg(drawing(values={}, none_label="ninguno"))
    svg = map_svg(drawing(values={}, classes=(), points=[(-79.45, 9.05)], points_label="Escuelas"))
    assert "Escuelas" in svg
    assert LAND in svg


def test_the_png_is_a_png():
    assert map_png(drawing())[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_colours_are_those_of_the_sheet():
    sheet = Path(finders.find("design/tokens.css")).read_text()
    light = sheet[: sheet.index("prefers-color-scheme")]
    for place, colour in enumerate(STEPS, 1):
        assert f"--m-step-{place}: {colour};" in light
    assert f"--m-step-none: {NONE};" in light
    assert f"--m-line-strong: {LINE};" in light
