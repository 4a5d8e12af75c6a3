"""Curves that a reader explores: one series a place, a chart that needs no eval, colours that everyone tells apart."""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from django.contrib.staticfiles import finders

from manglar.risk import selectors
from manglar.web.kinds.risk_curve import explored

#: Machado, Oliveira and Fernandes 2009 (doi 10.1109/TVCG.2009.113), table 1, severity 1.0: linear RGB as they see it.
SEEN = {
    "everyone": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
#: CIE 1976: two is a just noticeable difference; lines two pixels wide need far more.
APART = 30


def test_a_run_gives_the_city_first_and_each_division_with_damage(run):
    page = selectors.run_page(run)
    found = selectors.place_curves(page)
    assert found[0].code == "" and found[0].points == page.curve
    assert [each.code for each in found[1:]] == [row.code for row in page.territories if row.ead_pab.mean > 0]
    assert all(each.points and each.name for each in found[1:])
    assert all(point.loss_pab.high <= found[0].points[-1].loss_pab.high for point in found[1].points)


def test_a_run_without_curves_by_division_says_why_only_the_city_is_drawn(run, monkeypatch):
    page = selectors.run_page(run)
    document = selectors.result_document(run)
    bare = {**document, "by_territory": [{**row, "losses": []} for row in document["by_territory"]]}
    monkeypatch.setattr("manglar.risk.selectors.exploring.result_document", lambda _run: bare)
    told = json.loads(explored(page, language="es"))
    assert [each["code"] for each in told["series"]] == [""] and "solo la de toda la ciudad" in told["note"]


def test_the_chart_says_each_value_in_words_and_every_year_once(run):
    told = json.loads(explored(selectors.run_page(run), language="es"))
    assert told["note"] == "" and told["most"] == 4
    for years, mean, low, high, words in told["series"][0]["points"]:
        assert low <= mean <= high and words.startswith("B/.") and "entre" in words
        assert told["years"][f"{years:g}"]
    assert [size for size, _ in told["units"]] == sorted((size for size, _ in told["units"]), reverse=True)


def test_the_chart_holds_no_data_and_asks_for_nothing_from_elsewhere(run):
    spec = selectors.curve_chart("es")["spec"]
    assert not [each for each in spec["data"] if "values" in each or "url" in each]
    assert next(each for each in spec["scales"] if each["name"] == "x")["type"] == "log"
    assert "Una vez cada" in json.dumps(spec, ensure_ascii=False) and "Once in" in json.dumps(selectors.curve_chart("en"))


def linear(colour):
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE 1976 L*a*b* of linear sRGB (IEC 61966-2-1), white D65."""
    xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
    t = xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("when", ["day", "night"])
def test_the_lines_are_told_apart_by_everyone_and_stand_out_from_the_page(when):
    sheet = Path(finders.find("design/tokens.css")).read_text()
    day, night = (dict(re.findall(r"(--m-(?:series-\d|surface)): (#\w{6})", part)) for part in sheet.split("@media")[:2])
    held = day if when == "day" else night
    colours = [held[f"--m-series-{n}"] for n in range(1, 6)]
    for who, matrix in SEEN.items():
        seen = [lab(np.array(matrix) @ linear(each)) for each in colours]
        for (one, a), (other, b) in itertools.combinations(zip(colours, seen, strict=True), 2):
            assert np.linalg.norm(a - b) >= APART, f"{one} and {other} look alike with {who}"
    light = np.array([0.2126, 0.7152, 0.0722])
    for each in colours:
        low, high = sorted((float(light @ linear(each)), float(light @ linear(held["--m-surface"]))))
        assert (high + 0.05) / (low + 0.05) >= 3, f"{each} does not stand out (WCAG 1.4.11)"
