from __future__ import annotations

import json
import re

import numpy as np
import pytest
from cli.test_run import FILES, REST, TABLES
from scipy import stats

from manglar_engine import Grid, Raster, write_raster
from manglar_engine.cli import main as command
from manglar_engine.io.parquet import read_parquet

LEVELS = stats.genextreme.rvs(0.1, loc=3000, scale=120, size=60, random_state=3)
GAUGE = "year,observed_days,max_mm\n" + "".join(f"{1950 + i},{365},{v:.0f}\n" for i, v in enumerate(LEVELS))
EVENTS = """date,date_precision,hazard,place,corregimiento_codes,source_url,confidence
2004-09-17,day,flood,río,A;B,https://example.org/1,alta
2010-12,month,flood/landslide,cerro,A,https://example.org/2,alta
2012-05-01,day,fire,mercado,B,https://example.org/3,alta
"""
SEA = """
[sea_level]
file = "gauge.csv"
kind = "annual maxima"
value_column = "max_mm"
unit = "mm"
datum = "cero de la carta"
source = "prueba"
periods = [10, 100]
samples = 2000
bootstrap = 20
[[sea_level.scenario]]
id = "alto"
es = "Alto"
en = "High"
base_year = 2005
year = 2100
rise_m = [0.5, 0.5, 0.5]
source = "prueba"
mark = "estimación"
"""
RATES = """
[flood_rates]
file = "events-past.csv"
territories = ["A", "B", "C"]
prior = "jeffreys"
[[flood_rates.window]]
first = 2000-01-01
last = 2019-12-31
reason = "la prensa está en línea"
"""
GROUND = """
[[hazard]]
ground = "ground.csv"
crs = "EPSG:32617"
year = 2025
offset_m = -2.0
offset_source = "prueba"
"""


@pytest.fixture
def city(tmp_path):
    more = {
        "gauge.csv": GAUGE,
        "events-past.csv": EVENTS,
        "ground.csv": "x,y,ground_m\n660000,990000,0.5\n660100,990000,9\n",
    }
    for name, text in {**FILES, **more}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def written(text):
        path = tmp_path / "city.toml"
        path.write_text('[city]\nname = "Ciudad"\n' + text, encoding="utf-8")
        return str(path)

    return written


def answer(capsys, path, *more):
    assert command.main(["run", path, "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_gauge_alone_gives_levels_today_and_in_a_scenario(city, capsys):
    found = answer(capsys, city(SEA))
    assert set(found) == {"schema", "sea_level", "manifest_digest"}
    levels = {(row["scenario"], row["period_years"]): row for row in found["sea_level"]["levels"]}
    assert 3.0 < levels["", 10]["best_m"] < levels["", 100]["best_m"] < 4.5
    assert levels["alto", 100]["best_m"] == pytest.approx(levels["", 100]["best_m"] + 0.5)
    assert found["sea_level"]["datum"] == "cero de la carta"
    assert re.fullmatch("[0-9a-f]{64}", found["sea_level"]["manifest"]["inputs"]["gauge.csv"])


def test_recorded_floods_give_rates_and_name_what_was_set_aside(city, capsys):
    found = answer(capsys, city(RATES))["flood_rates"]
    rows = {row["territory"]: row for row in found["by_territory"]}
    years = 7305 / 365.25
    assert {code: row["mean"] for code, row in rows.items()} == pytest.approx(
        {"A": 2.5 / years, "B": 1.5 / years, "C": 0.5 / years}
    )
    assert any("fire" in note["en"] for note in found["notes"])
    assert any("2010-12" in note["row"] for note in found["notes"])


def test_all_is_told_in_words_in_both_languages(city, capsys):
    path = city(SEA + RATES + f"[[hazard]]\n{TABLES}{REST}")
    assert command.main(["run", path]) == 0
    out = capsys.readouterr().out
    assert re.search(r"Nivel del mar \(alto\), una vez en 100 años: \d\.\d\d m, 90%", out)
    assert "Inundaciones registradas por año" in out
    assert "Bella Vista" in out
    assert "Daño anual esperado: 70 PAB" in out
    assert command.main(["run", path, "--lang", "en"]) == 0
    assert "Recorded floods a year" in capsys.readouterr().out


def test_without_territories_those_of_the_assets_are_taken(city, capsys):
    rates = RATES.replace('territories = ["A", "B", "C"]\n', "")
    found = answer(capsys, city(rates + f"[[hazard]]\n{TABLES}{REST}"))
    assert [row["territory"] for row in found["flood_rates"]["by_territory"]] == ["A", "B"]
    assert found["impact"]["amounts"][0]["expected"] == pytest.approx(70)


def test_the_sea_floods_the_ground_below_its_levels(city, tmp_path, capsys):
    rest = REST.replace('value = "value.csv"', 'value = "coast.csv"')
    (tmp_path / "coast.csv").write_text(FILES["value.csv"].replace("flood", "coastal flood"), encoding="utf-8")
    found = answer(capsys, city(SEA + GROUND + rest))
    ten, hundred = (row["best_m"] for row in found["sea_level"]["levels"][:2])
    ratio = [
        np.interp([level - 2.5], [0, 1, 2], curve)[0]
        for curve in ([0, 0.4, 1], [0, 0.1, 0.3])
        for level in (ten, hundred)
    ]
    # the map of 10 years stands for 1/10 - 1/100; only the house and the school at the low site are wet
    wanted = 0.09 * (1000 * ratio[0] + 5000 * ratio[2]) + 0.01 * (1000 * ratio[1] + 5000 * ratio[3])
    assert found["impact"]["amounts"][0]["expected"] == pytest.approx(wanted)
    raised = answer(capsys, city(SEA + GROUND + 'scenario = "alto"\n' + rest))
    assert raised["impact"]["amounts"][0]["expected"] > wanted
    grid = Grid(x=np.array([660_000.0, 660_100.0]), y=np.array([990_000.0]), crs="EPSG:32617")
    write_raster(tmp_path / "ground.tif", Raster("g", grid, np.array([[0.5, np.nan]]), "m"), cog=False)
    raster = GROUND.replace("ground.csv", "ground.tif").replace('crs = "EPSG:32617"\n', 'unit = "m"\n')
    assert command.main(["run", city(SEA + raster + rest), "--json"]) == 2
    assert "farther than 50 m" in capsys.readouterr().err  # where nobody knows the ground nothing is guessed


def test_files_are_written_whole_with_the_digest_of_every_input(city, tmp_path, capsys):
    path = city(SEA + RATES + f"[[hazard]]\n{TABLES}{REST}")
    for name in ("one", "two"):
        answer(capsys, path, "--out", str(tmp_path / name))
    files = [
        {p.relative_to(tmp_path / name).as_posix(): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("one", "two")
    ]
    assert files[0] == files[1]
    manifest = json.loads(files[0]["manifest.json"])
    assert set(manifest["impact"]["inputs"]) >= {*FILES}
    assert set(manifest["flood_rates"]["inputs"]) == {"events-past.csv"}
    levels = read_parquet(tmp_path / "one" / "sea_level.parquet")
    assert levels.column("period_years").tolist() == [10, 100, 10, 100]
    assert levels.told("datum") == "cero de la carta"
    assert read_parquet(tmp_path / "one" / "flood_rates.parquet").column("territory").tolist() == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SEA.replace('datum = "cero de la carta"\n', "").replace('unit = "mm"\n', ""), r"rows: datum, unit"),
        (SEA.replace("mm", "ft", 2), "unit 'ft'|has no column"),
        (SEA.replace("annual maxima", "means"), "kind is 'means'"),
        (SEA.replace("annual maxima", "peaks over threshold"), "threshold None"),
        (SEA.replace("periods = [10, 100]", "periods = [100, 10]"), "periods: one or more, above 1 year, rising"),
        (SEA.replace("samples = 2000", "samples = 2").replace("bootstrap = 20", "bootstrap = 2"), "samples.*bootstrap"),
        (SEA.replace("[0.5, 0.5, 0.5]", "0.5"), "rise_m is 0.5"),
        (SEA.replace("[0.5, 0.5, 0.5]", "[0.5, 0.6, 0.7]"), "rise_m must be best, min, max"),
        (SEA.replace('mark = "estimación"\n', ""), r"sea_level\.scenario 1 does not say all.*rows: mark"),
        (SEA.replace("periods", "years"), "words that are not known.*years"),
        (SEA.replace("[[sea_level.scenario]]", "[sea_level.scenario]"), r"Write \[\[sea_level\.scenario\]\]"),
        (RATES.replace("2000-01-01", '"2000"'), "not a date"),
        (RATES.replace("2019-12-31", "1999-12-31"), "runs backwards"),
        (RATES.replace("2019-12-31", "2999-12-31"), "2999-12-31, which has not come"),
        (RATES.replace('["A", "B", "C"]', '"AB"'), r"territories = 'AB'.*a list of texts"),
        (RATES + 'territories = "A"\n', r"window 1 has words.*territories = 'A'"),
        (RATES.replace('prior = "jeffreys"', 'peril = "flod"'), r"no record is of peril 'flod' \(rows: fire, flood"),
        (RATES.replace('["A", "B", "C"]', '["A", "A"]').replace("jeffreys", "flat"), "each once; prior"),
        (RATES.replace('territories = ["A", "B", "C"]\n', ""), "territories: one or more"),
        (RATES.replace("events-past.csv", "none.csv"), "none.csv, which does not exist"),
        (RATES.split("[[", maxsplit=1)[0], "rows: window"),
        (GROUND + REST, "ground without levels"),
        (SEA + GROUND.replace('offset_source = "prueba"\n', "") + REST, "rows: offset_source"),
        (SEA + GROUND.replace("-2.0", '"two"') + REST, "hazard 1 has words of another form.*offset_m = 'two'"),
        (SEA + GROUND.replace('crs = "EPSG:32617"\n', "") + REST, "rows: crs"),
        (SEA + GROUND + 'scenario = "bajo"\n' + REST, "has no scenario 'bajo'"),
    ],
)
def test_questions_that_disagree_are_refused_in_one_line(city, capsys, text, said):
    assert command.main(["run", city(text), "--json"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert len(err.strip().splitlines()) == 1
    assert re.search(said, err), err


def test_monthly_means_are_refused_for_return_levels(city, tmp_path, capsys):
    (tmp_path / "gauge.csv").write_text("1950.0417; 7000; 0; 000\n1950.1250; 7010; 0; 000\n", encoding="utf-8")
    assert command.main(["run", city(SEA)]) == 2
    assert "monthly or annual means" in capsys.readouterr().err


def test_everything_that_disagrees_is_told_at_once(city, capsys):
    text = SEA.replace("annual maxima", "means") + RATES.replace("jeffreys", "flat") + f"[[hazard]]\n{TABLES}{REST}"
    text = text.replace("price_year = 2024", "").replace("max_distance_m = 50", "max_distance_m = 0")
    assert command.main(["run", city(text.replace("[names]", "[colour]\na = 1\n[names]"))]) == 2
    err = capsys.readouterr().err
    assert err.startswith("manglar-engine: ")
    assert "4 things disagree: (1) " in err
    for words in ("colour", "kind is 'means'", "price_year", "prior: shared or jeffreys"):
        assert words in err


def test_another_offset_is_another_run_for_the_tiles_that_were_kept(city, tmp_path, capsys):
    rest = REST.replace('value = "value.csv"', 'value = "coast.csv"')
    (tmp_path / "coast.csv").write_text(FILES["value.csv"].replace("flood", "coastal flood"), encoding="utf-8")
    memory = ["--resume", str(tmp_path / "memory")]
    for change in (("", ""), ("offset_m = -2.0", "offset_m = -2.4"), ("year = 2025", 'year = 2025\nend = "p95_m"')):
        path = city(SEA + GROUND.replace(*change) + rest)
        clean = answer(capsys, path)
        assert answer(capsys, path, *memory) == clean
        assert answer(capsys, path, *memory) == clean


def test_a_gauge_in_another_unit_is_refused(city, capsys):
    assert command.main(["run", city(SEA.replace('unit = "mm"', 'unit = "m"'))]) == 2
    assert "levels beyond 20 m when read in 'm'" in capsys.readouterr().err


def test_a_window_that_goes_on_after_the_last_record_is_noted(city, capsys):
    def fields(last):
        found = answer(capsys, city(RATES.replace("2019-12-31", last)))["flood_rates"]
        return [note["en"] for note in found["notes"] if note["field"] == "windows"]

    assert any("after the last record (2012-05-01)" in text for text in fields("2019-12-31"))
    assert not any("after the last record" in text for text in fields("2013-12-31"))
