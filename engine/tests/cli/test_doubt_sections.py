from __future__ import annotations

import json
import math
import re
from statistics import NormalDist

import numpy as np
import pytest
from made_toml import MEASURES, REST, answer

from manglar_engine.cli import main as command
from manglar_engine.io.parquet import read_parquet


def doubt(name="cost", distribution="lognormal", figures="median = 1.0\nsigma = 0.4", **changes):
    told = {"source": '"three bids"', "mark": '"estimación"', **changes}
    words = "".join(f"{key} = {value}\n" for key, value in told.items())
    return f'[[doubt]]\nname = "{name}"\ndistribution = "{distribution}"\n{figures}\n{words}'


def asked(city, *doubts, measures=MEASURES):
    return city(rest=REST + measures + "".join(doubts))


def test_a_lognormal_cost_alone_gives_the_quantiles_of_the_closed_form(city, capsys):
    raised, warned, _ = answer(capsys, asked(city, doubt()))["measures"]
    # raise avoids 27 a year for two years at no discount: 54; it costs 100 times a lognormal of sigma 0.4
    known, z = raised["uncertain"], NormalDist().inv_cdf(0.95)
    assert raised["worth"]["benefit_cost"] == pytest.approx(0.54)
    assert known["benefit_cost"]["p05"] == pytest.approx(0.54 * math.exp(-0.4 * z), rel=2e-3)
    assert known["benefit_cost"]["p95"] == pytest.approx(0.54 * math.exp(0.4 * z), rel=2e-3)
    assert known["medians"]["benefit_cost"] == pytest.approx(0.54, rel=2e-3)
    assert known["present_cost"]["p95"] == pytest.approx(100 * math.exp(0.4 * z), rel=2e-3)
    assert known["net_present_value"]["p05"] == pytest.approx(54 - 100 * math.exp(0.4 * z), rel=2e-3)
    for name, value in (("avoided", 27), ("present_benefit", 54)):
        assert list(known[name].values()) == pytest.approx([value] * 3)
    assert known["pays"] == pytest.approx(NormalDist().cdf(math.log(0.54) / 0.4), abs=1e-3)
    assert [row["name"] for row in known["sensitivity"]] == ["cost"]
    assert known["sensitivity"][0]["total"] == pytest.approx(1, abs=0.02)
    assert (warned["worth"], warned["uncertain"]) == (None, None)  # it has no cost


def test_how_many_units_and_what_each_costs_multiply(city, capsys):
    doubts = doubt(), doubt("quantity", figures="median = 1.0\nsigma = 0.3", source='"no survey"')
    found = answer(capsys, asked(city, *doubts))
    known = found["measures"][0]["uncertain"]
    both = math.exp(math.hypot(0.4, 0.3) * NormalDist().inv_cdf(0.95))
    assert known["present_cost"]["p95"] == pytest.approx(100 * both, rel=0.02)
    assert known["present_benefit"]["p95"] == pytest.approx(54)
    by_name = {row["name"]: row["first"] for row in known["sensitivity"]}
    assert by_name["cost"] > by_name["quantity"] > 0.2
    assert "mueve sólo el costo" in " ".join(note["es"] for note in found["notes"])


def test_doubts_of_what_is_lost_move_what_is_avoided_a_year(city, capsys):
    known = answer(capsys, asked(city, doubt("value", "uniform", "low = 0.5\nhigh = 1.5")))["measures"][0]["uncertain"]
    assert list(known["avoided"].values()) == pytest.approx([27, 27 * 0.55, 27 * 1.45], rel=1e-3)
    assert known["medians"]["avoided"] == pytest.approx(27, rel=1e-3)


def test_every_distribution_and_every_doubt_can_be_said(city, capsys):
    doubts = (
        doubt("intensity", "normal", "mean = 1\ndeviation = 0.05"),
        doubt("frequency", "triangular", "low = 0.5\nbest = 1\nhigh = 2"),
        doubt("vulnerability", "normal", "mean = 0\ndeviation = 1"),
        doubt("discount rate", "uniform", "low = 0.02\nhigh = 0.08"),
        doubt("value", "fixed", "value = 2"),
        doubt("cost", mark='"fuente"'),
    )
    found = answer(capsys, asked(city, *doubts))
    known = found["measures"][0]["uncertain"]
    assert {row["name"] for row in known["sensitivity"]} == {"intensity", "frequency", "discount rate", "cost"}
    notes = [note["en"] for note in found["notes"]]
    assert any("taken as known: the value of what is exposed, the number of units" in note for note in notes)
    assert any("functions without bounds do not vary: f, g" in note for note in notes)


def test_seed_and_samples_are_those_of_the_settings(city, tmp_path, capsys):
    one = answer(capsys, asked(city, doubt()), "--out", str(tmp_path / "one"))
    assert answer(capsys, asked(city, doubt())) == one
    assert (tmp_path / "one" / "manifest.json").exists()
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["doubts"] == [
        {
            "name": "cost",
            "kind": "LogNormal",
            "distribution": {"median": 1.0, "sigma": 0.4},
            "source": "three bids",
            "mark": "estimación",
        }
    ]
    for words in ("seed = 7", "samples = 500"):
        rest = REST.replace("[settings]", f"[settings]\n{words}") + MEASURES + doubt()
        other = answer(capsys, city(rest=rest))
        assert other["measures"][0]["uncertain"]["pays"] != one["measures"][0]["uncertain"]["pays"]
        assert other["manifest_digest"] != one["manifest_digest"]


def test_without_doubts_the_figures_are_the_same_and_it_says_there_is_no_interval(city, capsys):
    plain, doubted = answer(capsys, asked(city)), answer(capsys, asked(city, doubt()))
    assert plain["amounts"] == doubted["amounts"]
    for one, other in zip(plain["measures"], doubted["measures"], strict=True):
        assert {**one, "uncertain": None} == {**other, "uncertain": None}
        assert one["uncertain"] is None
    told = [note for note in plain["notes"] if note["field"] == "worth"]
    assert [(note["kind"], "no lleva intervalo" in note["es"]) for note in told] == [("limit", True)]
    assert not [note for note in doubted["notes"] if note["field"] == "worth"]
    bare = answer(capsys, asked(city, measures=MEASURES.split("[horizon]")[0]))
    assert not [note for note in bare["notes"] if note["field"] == "worth"]  # nothing is worth anything yet


def test_a_measure_that_does_nothing_does_not_stop_the_others(city, capsys):
    idle = MEASURES.replace("by = 0.5", "by = 0.0")
    found = answer(capsys, asked(city, doubt("frequency"), measures=idle))["measures"][0]
    assert found["uncertain"]["pays"] == 0
    assert found["uncertain"]["sensitivity"] == []
    assert list(found["uncertain"]["net_present_value"].values()) == pytest.approx([-100] * 3)


def test_the_files_of_an_answer_hold_the_intervals(city, tmp_path, capsys):
    told = answer(capsys, asked(city, doubt()), "--out", str(tmp_path / "out"))
    held = read_parquet(tmp_path / "out" / "measures.parquet")
    assert held.columns["measures"].tolist() == ["raise", "warn", "raise + warn"]
    assert held.columns["expected_after"].tolist() == pytest.approx([43, 63, 38.7])
    assert held.columns["benefit_cost"][0] == pytest.approx(0.54)
    known = told["measures"][0]["uncertain"]
    for name in ("avoided", "present_benefit", "present_cost", "net_present_value", "benefit_cost"):
        for end in ("p05", "p95"):
            assert held.columns[f"{name}_{end}"][0] == pytest.approx(known[name][end])
    assert np.isnan(held.columns["pays"]).tolist() == [False, True, True]
    assert held.meaning["currency"] == "PAB"
    answer(capsys, asked(city), "--out", str(tmp_path / "out"))
    assert np.isnan(read_parquet(tmp_path / "out" / "measures.parquet").columns["benefit_cost_p05"]).all()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (doubt("colour"), r"unknown doubts \(rows: colour\). Use: intensity.*quantity"),
        (doubt("effect"), r"unknown doubts \(rows: effect\)"),
        (doubt(distribution="gamma"), r"doubt 1 \(cost\): there is no distribution 'gamma'. Use: fixed.*lognormal"),
        (doubt(figures="median = 1"), r"doubt 1 \(cost\) does not say all that it must \(rows: sigma\)"),
        (doubt(figures="median = 1\nsigma = 0.1\nmean = 1"), r"words that are not known \(rows: mean\)"),
        (doubt(figures='median = "1"\nsigma = 0.1'), "median = '1'.*without quotes"),
        (doubt(figures="median = 0\nsigma = 0.1"), "median must be above zero"),
        (doubt("value", "normal", "mean = 1\ndeviation = 0.6"), "the factor 'value' may be -0.5"),
        (doubt("quantity", "uniform", "low = -1\nhigh = 1"), "the factor 'quantity' may be -1"),
        (doubt("frequency", "uniform", "low = 2\nhigh = 1"), "limits are not in order"),
        (doubt("discount rate", "uniform", "low = 0.1\nhigh = 5"), "discount rate may be 0.1 to 5"),
        (doubt(source='" "'), "doubt 'cost': its source is blank"),
        (doubt().replace('source = "three bids"\n', ""), r"does not say all that it must \(rows: source\)"),
        (doubt(mark='"creo"'), "its mark must be 'fuente' or 'estimación'"),
        (doubt("cost", "fixed", "value = 0"), "some samples cost nothing"),
        (doubt() + doubt(), r"doubts repeat a name \(rows: cost\)"),
        (doubt().replace("[[doubt]]", "[doubt]"), r"doubt is not a list of sections. Write \[\[doubt\]\]"),
    ],
)
def test_doubts_that_say_nothing_are_refused_with_the_way_to_say_it(city, capsys, written, said):
    assert command.main(["run", asked(city, written)]) == 2
    err = capsys.readouterr().err
    assert len(err.strip().splitlines()) == 1
    assert re.search(said, err), err


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        ("", "there is no measure, no horizon"),
        (MEASURES.split("[horizon]")[0], "there is no horizon"),
        (re.sub(r"\[measure.cost\](\n\w.*)+", "", MEASURES), "there is no measure with a cost"),
    ],
)
def test_doubts_without_a_worth_to_weigh_are_refused(city, capsys, measures, said):
    assert command.main(["run", asked(city, doubt(), measures=measures)]) == 2
    assert re.search(rf"{said} \(rows: cost\). Give measures with their cost", capsys.readouterr().err)


def test_all_that_is_wrong_with_doubts_is_said_with_all_the_rest(city, capsys):
    measures = MEASURES.replace("factor = 0.9", "factor = 1.9")
    assert command.main(["run", asked(city, doubt(mark='"creo"'), doubt("value", "gamma"), measures=measures)]) == 2
    err = capsys.readouterr().err
    for said in ("3 things disagree", "factor 1.9", "doubt 'cost': its mark", "doubt 2 (value): there is no distr"):
        assert said in err
