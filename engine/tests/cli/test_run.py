from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import zarr
from made_toml import FILES, MEASURES, REST, TABLES, answer

from manglar_engine import Grid, Raster, read_hazard, write_hazard, write_raster
from manglar_engine.cli import main as command
from manglar_engine.hazard.event_tables import read_event_tables
from manglar_engine.io.parquet import read_parquet


def test_a_city_gives_the_figures_worked_by_hand(city, capsys):
    found = answer(capsys, city())
    part = found["amounts"][0]
    assert part["expected"] == pytest.approx(70)
    assert {row["code"]: row["expected"] for row in part["by_territory"]} == pytest.approx({"A": 27, "B": 43})
    assert [point["impact"] for point in part["curve"]] == pytest.approx([0, 2500, 2500])
    assert [point["is_lower_bound"] for point in part["curve"]] == [False, False, True]
    assert part["estimate_share"] == pytest.approx(35 / 70)
    assert [row["functions"] for row in part["by_class"]] == [["f"], ["g"]]
    assert found["events"] == 2


def test_it_is_told_in_words_with_the_names_of_the_territories(city, capsys):
    assert command.main(["run", city(), "--lang", "es"]) == 0
    out = capsys.readouterr().out
    assert "Daño anual esperado: 70 PAB (estimación: 50%)" in out
    assert "Bella Vista" in out
    assert "≥ 2,500 PAB" in out


def test_measures_are_evaluated_alone_and_together_as_a_combination(city, capsys):
    found = answer(capsys, city(rest=REST + MEASURES))["measures"]
    assert [row["measures"] for row in found] == [["raise"], ["warn"], ["raise", "warn"]]
    # raised: h1 0 and 1 m -> 0.01*400 = 4; h2 0.5 m -> 0.01*400 = 4; the school stays at 35
    assert [row["expected_after"] for row in found] == pytest.approx([43, 63, 43 * 0.9])
    assert found[0]["avoided_by_territory"] == pytest.approx({"A": 23, "B": 4})
    assert found[0]["worth"]["benefit_cost"] == pytest.approx(2 * 27 / 100)
    assert found[1]["worth"] is None
    assert command.main(["run", city(rest=REST + MEASURES)]) == 0
    assert "raise: evita por año 27; beneficio por unidad gastada 0.54" in capsys.readouterr().out


def test_functions_with_bounds_give_an_interval(city, tmp_path, capsys):
    path = city()
    head, *rows = FILES["value.csv"].splitlines()
    bounded = [f"{row},{0.9 * float(row.split(',')[5])},{float(row.split(',')[5])}" for row in rows]
    (tmp_path / "value.csv").write_text("\n".join([head + ",low,high", *bounded]), encoding="utf-8")
    found = answer(capsys, path)["amounts"][0]
    assert found["curve"][1]["interval"] is None  # nobody asked
    assert 63 < found["interval"]["p05"] < found["interval"]["p95"] <= 70.0001
    assert found["by_territory"][0]["interval"]["p05"] < 27
    assert command.main(["run", path]) == 0
    assert re.search(r"esperado: 70 PAB, 90%: 6\d–70 \(est", capsys.readouterr().out)
    path = city(rest=REST.replace("[settings]", "[settings]\ncurve_interval = true"))
    assert answer(capsys, path)["amounts"][0]["curve"][1]["interval"] == pytest.approx({"p05": 2250, "p95": 2500})
    assert command.main(["run", path]) == 0
    assert "2,500 PAB, 90%: 2,250–2,500" in capsys.readouterr().out


def test_people_have_functions_of_their_own(city, capsys):
    found = answer(capsys, city(rest=REST.replace("[settings]", 'people = "value.csv"\n[settings]')))
    assert [part["unit"] for part in found["amounts"]] == ["person", "PAB"]
    # often: 4*0.2 + 100*0.05 = 5.8; rare: 4*0.7 + 6*0.4 + 100*0.2 = 25.2; 0.1*5.8 + 0.01*25.2
    assert found["amounts"][0]["expected"] == pytest.approx(0.832)


def test_files_are_written_whole_and_the_same_run_has_the_same_bytes(city, tmp_path, capsys):
    for name in ("one", "two"):
        assert command.main(["run", city(), "--json", "--out", str(tmp_path / name)]) == 0
    capsys.readouterr()
    files = [
        {p.relative_to(tmp_path / name).as_posix(): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("one", "two")
    ]
    assert files[0] == files[1]
    manifest = json.loads(files[0]["manifest.json"])
    assert set(manifest["inputs"]) == {*FILES}
    assert manifest["engine_version"]
    assert manifest["parameters"]["max_distance_m"] == 50
    assert read_parquet(tmp_path / "one" / "assets.parquet").column("expected_value").tolist() == pytest.approx(
        [27, 8, 35]
    )
    held = zarr.open_group(str(tmp_path / "one" / "by_event.zarr"), mode="r")
    assert held.attrs["territories"] == ["A", "B"]
    np.testing.assert_allclose(held["value"][...], [[200, 250], [700, 1800]])


def test_results_never_take_the_place_of_what_no_run_wrote(city, tmp_path, capsys, monkeypatch):
    path, docs = city(), tmp_path / "docs"
    docs.mkdir()
    (docs / "thesis.txt").write_text("years of work", encoding="utf-8")
    (docs / "manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / "note").write_text("a file", encoding="utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for out, said in (
        (docs, "thesis.txt"),
        (tmp_path / "note", "is a file"),
        (tmp_path / "note" / "in", "is a file|cannot be written"),
        (tmp_path, "holds the city itself"),
        (tmp_path.parent, "holds the city itself"),
        (".", "folder you work in"),
        ("/proc/none", "cannot be written"),
    ):
        assert command.main(["run", path, "--out", str(out)]) == 2
        assert re.search(said, capsys.readouterr().err)
    assert (docs / "thesis.txt").read_text(encoding="utf-8") == "years of work"
    assert command.main(["run", path, "--resume", str(tmp_path / "note")]) == 2
    assert "note cannot be written" in capsys.readouterr().err
    for _ in range(2):  # an earlier answer, and an empty folder, may be replaced
        (tmp_path / "empty").mkdir(exist_ok=True)
        assert command.main(["run", path, "--out", str(tmp_path / "empty")]) == 0


def test_maps_by_asset_at_return_periods_open_as_points(city, tmp_path, capsys):
    plain = answer(capsys, city())
    rest = REST.replace("max_distance_m = 50", "max_distance_m = 50\nmap_periods = [10, 100]")
    found = answer(capsys, city(rest=rest), "--out", str(tmp_path / "out"))
    assert found["amounts"] == plain["amounts"]
    assert found["manifest_digest"] != plain["manifest_digest"]
    held = read_parquet(tmp_path / "out" / "assets.parquet")
    # h1 200 and 700, h2 0 and 800, the school 250 and 1000, as worked in tests/cases/impact.yaml
    assert held.column("value_flood_10y").tolist() == pytest.approx([200, 0, 250])
    assert held.column("value_flood_100y").tolist() == pytest.approx([700, 800, 1000])
    assert held.crs == "EPSG:32617"
    assert [point.x for point in held.geometry] == [660_000, 660_100, 660_000]


def test_maps_of_two_hazards_of_one_peril_are_refused(city, capsys):
    other = TABLES.replace("events.csv", "later.csv").replace("pairs.csv", "later-pairs.csv")
    rest = REST.replace("max_distance_m = 50", "max_distance_m = 50\nmap_periods = [10]")
    path = city(TABLES + "[[hazard]]\n" + other, rest)
    folder = Path(path).parent
    for name, new in (("events.csv", "later.csv"), ("pairs.csv", "later-pairs.csv")):
        text = FILES[name].replace("often", "often2").replace("rare", "rare2").replace("0.01", "0.02")
        (folder / new).write_text(text, encoding="utf-8")
    assert command.main(["run", path]) == 2
    assert "two hazards of one peril (rows: flood)" in capsys.readouterr().err


def test_another_input_is_another_run(city, tmp_path, capsys):
    one = answer(capsys, city())["manifest_digest"]
    (tmp_path / "assets.csv").write_text(FILES["assets.csv"].replace("1000", "1001"), encoding="utf-8")
    assert answer(capsys, city())["manifest_digest"] != one


def test_a_hazard_in_a_folder_and_a_run_that_goes_on_say_the_same(city, tmp_path, capsys):
    wanted = answer(capsys, city())["amounts"]
    tables = [tmp_path / name for name in ("events.csv", "sites.csv", "pairs.csv")]
    hazard = read_event_tables(*tables, crs="EPSG:32617", unit="m", frequency_unit="1/year")
    write_hazard(tmp_path / "flood", hazard)
    assert len(read_hazard(tmp_path / "flood").tiles) == 1
    memory = ["--resume", str(tmp_path / "memory")]
    for _ in range(2):
        assert answer(capsys, city('folder = "flood"\n'), *memory)["amounts"] == wanted
    assert len(list((tmp_path / "memory").rglob("*.npz"))) == 1
    assert answer(capsys, city('folder = "flood"\nscenario = "now"\n'))["amounts"] == wanted


def bytes_of(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_was_kept_of_another_run_is_never_taken(city, tmp_path, capsys):
    grid = Grid(x=np.array([660_000.0, 660_100.0]), y=np.array([990_000.0]), crs="EPSG:32617")
    for name, depths in (("a", [0.5, 0.25]), ("b", [1.5, 1.0]), ("c", [np.nan, 1.0]), ("d", [1.4, 2.0])):
        write_raster(tmp_path / f"{name}.tif", Raster(name, grid, np.array([depths]), "m"), cog=False)
    one, other = (
        f'maps = {{ 10 = "{first}.tif", 100 = "{second}.tif" }}\n'
        f'peril = "{peril}"\nscenario = "now"\nyear = 2025\nnodata = "nothing"\nunit = "m"\n'
        for first, second, peril in (("a", "b", "flood"), ("a", "d", "storm"))
    )
    storm = FILES["value.csv"] + FILES["value.csv"].split("\n", 1)[1].replace("flood", "storm").replace(
        "f,storm", "h,storm"
    ).replace("g,storm", "k,storm")
    (tmp_path / "value.csv").write_text(storm, encoding="utf-8")
    asked = [
        one + "[[hazard]]\n" + other,
        other,
        one.replace("a.tif", "c.tif") + 'falls = "lift"\n',
        one,
    ]
    for number, hazard in enumerate(asked):
        clean, kept = tmp_path / f"clean{number}", tmp_path / f"kept{number}"
        assert command.main(["run", city(hazard), "--out", str(clean)]) == 0
        for _ in range(2):
            more = ["--resume", str(tmp_path / "memory"), "--out", str(kept)]
            assert command.main(["run", city(hazard), *more]) == 0
            assert bytes_of(kept) == bytes_of(clean)
    capsys.readouterr()


def test_maps_by_return_period_are_a_hazard(city, tmp_path, capsys):
    for period, depths in ((10, [0.5, 0.0]), (100, [1.5, 1.0])):
        grid = Grid(x=np.array([660_000.0, 660_100.0]), y=np.array([990_000.0]), crs="EPSG:32617")
        write_raster(tmp_path / f"d{period}.tif", Raster(f"d{period}", grid, np.array([depths]), "m"), cog=False)
    text = 'maps = { 10 = "d10.tif", 100 = "d100.tif" }\nperil = "flood"\nscenario = "now"\nyear = 2025\n'
    found = answer(capsys, city(text + 'nodata = "nothing"\nunit = "m"\n'))
    # the map of 10 years stands for 1/10 - 1/100: 0.09*450 + 0.01*2500
    assert found["amounts"][0]["expected"] == pytest.approx(65.5)


@pytest.mark.parametrize(
    ("hazard", "rest", "said"),
    [
        ("", REST, "hazard 1 does not say one source"),
        (TABLES + 'colour = "red"\n', REST, r"hazard 1 has words that are not known \(rows: colour\)"),
        (TABLES.replace("events.csv", "none.csv"), REST, "names none.csv, which does not exist"),
        (TABLES, REST.replace("max_distance_m = 50", ""), "max_distance_m"),
        (TABLES, REST + MEASURES.replace("shift_intensity", "wish"), "measure 1: there is no operation 'wish'"),
        (TABLES, REST + MEASURES.replace("factor = 0.9", "factor = 1.9"), "factor 1.9 lies outside"),
        (TABLES, REST + '[measure]\nid = "a"\n', r"measure is not a list of sections. Write \[\[measure\]\]"),
        (TABLES, REST + '[[measure]]\nid = "a"\noperation = [1]\n', r"measure 1: operation is not a list"),
        (TABLES, REST + MEASURES.replace("factor = 0.9", "by = 1"), "measure 2: scale_damage cannot be read"),
        (TABLES, REST + MEASURES.replace("fixed", "fixes"), r"measure 1: cost has words.*rows: fixes"),
        (TABLES, REST + MEASURES.replace('"house"', '"tower"'), "rows: tower"),
        (TABLES, REST + MEASURES.replace("years = 2", "years = 0"), "years: 1 to 200"),
        (TABLES, REST.replace("max_distance_m = 50", "max_distance_m = 0"), "max_distance_m is 0"),
        (TABLES, REST.replace('value = "value.csv"', ""), "no functions"),
        (TABLES, REST.replace("price_year = 2024", ""), "price_year"),
        (TABLES, REST + '[colour]\na = "b"\n', "rows: colour"),
        (TABLES, REST.replace("[5, 100", "[0, 100"), "return periods"),
        (TABLES, REST.replace("max_distance_m = 50", 'max_distance_m = "50"'), "max_distance_m = '50'.*without quotes"),
        (TABLES, REST.replace("max_distance_m = 50", "max_distance_m = true"), "max_distance_m = True"),
        (TABLES, REST.replace("= 50", '= 50\nsamples = "x"\nseed = "x"'), "samples = 'x', seed = 'x'"),
        (TABLES, REST.replace("[5, 100, 1000]", "10"), "return_periods = 10.*a list of numbers"),
        (TABLES, REST.replace("[5, 100, 1000]", "[]"), "return_periods is empty"),
        (TABLES, REST.replace("= 50", "= 50\ncurve_interval = 1"), "curve_interval = 1.*true or false"),
        (TABLES, REST + MEASURES.replace("years = 2", "years = 30.5"), r"\[horizon\].*years = 30.5"),
        (TABLES, REST + MEASURES.replace("factor = 0.9", "factor = true"), "factor = True"),
        (TABLES, REST + MEASURES.replace('["house"]', '"house"'), "classes = 'house'.*list of texts"),
        (
            TABLES,
            REST.replace('file = "assets.csv"', 'file = "assets.csv"\ncolumns = ["a"]'),
            "columns = .*pairs",
        ),
        (TABLES + "year = true\n", REST, "year = True"),
        (TABLES.replace("32617", "32618"), REST, "hazard 1 is in EPSG:32618 and the assets in EPSG:32617"),
        ('maps = { 10 = "a.tif" }\nyear = "dos mil"\n', REST, "year = 'dos mil'.*whole number"),
        ('folder = "nowhere"\n', REST, "nowhere, which does not exist"),
        ('maps = { 10 = "assets.csv" }\n', REST, "rows: nodata, peril, scenario, year"),
    ],
)
def test_a_city_that_disagrees_is_refused_in_one_sentence(city, capsys, hazard, rest, said):
    assert command.main(["run", city(hazard, rest), "--json"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("manglar-engine: ")
    assert len(err.strip().splitlines()) == 1
    assert re.search(said, err), err


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("assets.csv", ("1000", "inf"), r"value is not finite.*rows: h1"),
        ("assets.csv", ("1000", "1e400"), r"value is not finite.*rows: h1"),
        ("pairs.csv", ("1.5", "inf"), r"not a number \(rows: 4"),
        ("pairs.csv", ("1.5", "9999"), r"nodata\) \(rows: 4: 9999"),
        ("events.csv", ("0.1,2025,flood,now\nrare,0.01", "10,2025,flood,now\nrare,100"), "look like return periods"),
    ],
)
def test_figures_that_are_no_figures_are_refused_with_their_rows(city, capsys, file, change, said):
    path = city()
    (Path(path).parent / file).write_text(FILES[file].replace(*change), encoding="utf-8")
    assert command.main(["run", path]) == 2
    assert re.search(said, capsys.readouterr().err)


def test_the_loops_can_be_compiled_beforehand(capsys):
    assert command.main(["warmup"]) == 0
    assert capsys.readouterr().out == "ready\n"


def test_what_hits_together_is_said_and_how(city, capsys):
    storm = FILES["value.csv"].split("\n", 1)[1].replace("flood", "storm").replace("f,s", "h,s").replace("g,s", "k,s")
    rest = REST.replace("value.csv", "both.csv")
    path = city(TABLES + "[[hazard]]\n" + TABLES.replace("events.csv", "storms.csv"), rest)
    folder = Path(path).parent
    (folder / "both.csv").write_text(FILES["value.csv"] + storm, encoding="utf-8")
    (folder / "storms.csv").write_text(FILES["events.csv"].replace("flood", "storm"), encoding="utf-8")
    assert command.main(["run", path]) == 0
    assert "golpean juntas: sus daños se suman" in capsys.readouterr().out
    text = Path(path).read_text(encoding="utf-8").replace("[settings]", '[settings]\ntogether = "max"')
    Path(path).write_text(text, encoding="utf-8")
    assert command.main(["run", path, "--lang", "en"]) == 0
    assert "hit together: the worse damage" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[[hazard]]", "[hazard]"), r"Write \[\[hazard\]\], with two"),
        (('name = "Ciudad"', 'name = "Ciudad"\nscenario = "SSP2"'), r"\[city\] has words.*rows: scenario"),
    ],
)
def test_sections_written_otherwise_are_refused_with_the_way_to_write_them(city, capsys, change, said):
    path = Path(city())
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    assert command.main(["run", str(path)]) == 2
    assert re.search(said, capsys.readouterr().err)
