from __future__ import annotations

import csv

import pytest

from manglar_engine import default_asset_kinds, default_unit_values, default_vulnerability

MARKS = {"fuente", "estimación"}


def test_every_figure_has_source_mark_and_words_in_both_languages():
    for figure in default_unit_values().values():
        assert figure.value > 0
        assert figure.source
        assert figure.es
        assert figure.en
        assert figure.mark in MARKS
        assert (figure.mark == "estimación") == figure.source.startswith("Judgement")


def test_a_school_is_worth_its_pupils_and_a_tower_what_it_says():
    table, kinds = default_unit_values(), default_asset_kinds()
    per_pupil = table["school_m2_per_pupil"].value * table["commercial_pab_per_m2"].value
    assert kinds["school"].value_pab(100) == pytest.approx(100 * per_pupil)
    assert kinds["telecom_tower"].value_pab(0) == table["telecom_tower_pab"].value


def test_kinds_name_classes_that_the_engine_has():
    functions = default_vulnerability()
    for kind in default_asset_kinds().values():
        functions.check(classes=[kind.building_class], occupancies=[kind.occupancy])


def test_construction_costs_are_those_of_the_published_table(real_data):
    path = real_data / "vulnerability" / "jrc_construction_cost_panama.csv"
    with path.open(encoding="utf-8") as stream:
        published = {row["use"]: float(row["eur_2010_per_m2"]) for row in csv.DictReader(stream)}
    table = default_unit_values()
    for use, cost in published.items():
        figure = table[f"{use}_pab_per_m2"]
        assert figure.value == pytest.approx(cost * table["usd_per_eur_2010"].value, rel=1e-12)
        assert f"{cost:.2f}" in figure.source
