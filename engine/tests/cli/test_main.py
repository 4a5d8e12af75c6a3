from __future__ import annotations

import io
import json

import pytest

from manglar_engine.cli import main as command
from manglar_engine.cli.bar import Bar

FAULTS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [[-79.6, 8.9], [-79.6, 9.2]]},
            "properties": {"id": "PM", "name": "Falla", "slip_type": "Dextral", "slip_rate_mm_yr": "(5,3.5,8)"},
        }
    ],
}
ASSETS = """id,lon,lat,territory,value_pab,people,building_class,occupancy
a,-79.52,9.0,T1,1000000,100,RM1.L.LC,EDU1
b,-79.45,9.05,T2,,50,,EDU1
"""
CITY = """[city]
name = "Ciudad de prueba"
price_year = 2010
[faults]
file = "faults.geojson"
[assets]
file = "assets.csv"
[assets.defaults]
value_pab = 500000
building_class = "RM1.L.LC"
[settings]
samples = 30
b_value = [1.0, 0.9, 1.1]
[retrofit]
id = "m"
name = "Reforzar"
to_class = "RM1.L.MC"
cost_share_of_value = 0.2
[names]
T1 = "Uno"
"""


@pytest.fixture
def city(tmp_path):
    (tmp_path / "faults.geojson").write_text(json.dumps(FAULTS), encoding="utf-8")
    (tmp_path / "assets.csv").write_text(ASSETS, encoding="utf-8")
    path = tmp_path / "city.toml"
    path.write_text(CITY, encoding="utf-8")
    return path


def test_forms_of_a_seismic_city_are_refused_in_words(tmp_path, capsys):
    for text, said in (
        ('[city]\nprice_year = "dos mil"\n', "price_year = 'dos mil'"),
        ("[city]\nprice_year = true\n", "price_year = True"),
    ):
        (tmp_path / "c.toml").write_text(text, encoding="utf-8")
        assert command.main(["seismic", str(tmp_path / "c.toml")]) == 2
        assert said in capsys.readouterr().err


def test_a_city_is_told_in_words(city, capsys):
    assert command.main(["seismic", str(city)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Ciudad de prueba\nEn un año cualquiera")
    assert "Uno" in out
    assert err == ""


def test_json_and_files_hold_the_same_result(city, capsys, tmp_path):
    assert command.main(["seismic", str(city), "--json", "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out.strip().encode()
    assert (tmp_path / "out" / "result.json").read_bytes() == printed
    document = json.loads(printed)
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes()) == document["result"]["manifest"]
    shares = {row["id"]: row["share"] for row in document["result"]["defaults"]}
    assert 0 < shares["value_pab"] == shares["building_class"] < 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("price_year = 2010", "", "price_year"),
        ("price_year = 2010", "price_year = ", "TOML"),
        ("[assets.defaults]\nvalue_pab = 500000", "[assets.defaults]", "rows: 3"),
        ("[assets.defaults]", "[assets.defaults]\nlon = 1", "lon"),
        ("samples = 30", "sample = 30", "sample"),
        ("samples = 30", 'samples = "many"', "setting"),
        ("b_value = [1.0, 0.9, 1.1]", "b_value = 1", "b_value"),
        ("samples = 30", "samples = 3", "samples"),
        ("[names]", "[nombres]", "nombres"),
        ("[names]\nT1", "names", "names"),
        ('to_class = "RM1.L.MC"', 'to_class = "X"', "X"),
        ('to_class = "RM1.L.MC"', 'target = "X"', "retrofit"),
        ('file = "faults.geojson"', "", "faults"),
        ("assets.csv", "nothing.csv", "nothing.csv"),
        ("[settings]", '[vulnerability]\nrepair = "x.csv"\n[settings]', "fragilities"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(city, capsys, old, new, words):
    assert old in CITY
    city.write_text(CITY.replace(old, new), encoding="utf-8")
    assert command.main(["seismic", str(city)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("manglar-engine: ")
    assert err.count("\n") == 1
    assert words in err


def test_a_city_may_bring_its_own_functions(city, capsys):
    states = range(1, 5)
    heads = ",".join(f"LS{i}-Family,LS{i}-Theta_0,LS{i}-Theta_1" for i in states)
    curve = ",".join(f"lognormal,{0.2 * i},0.5" for i in states)
    (city.parent / "f.csv").write_text(
        f"ID,Demand-Type,Demand-Unit,{heads}\nPROPIA,Peak Ground Acceleration,g,{curve}\n", encoding="utf-8"
    )
    costs = "".join(f"{part}.EDU1-Cost,0.01,0.05,0.1,0.3\n" for part in ("STR", "NSA", "NSD"))
    ratios = ",".join(f"DS{i}-Theta_0" for i in states)
    (city.parent / "r.csv").write_text(f"ID,{ratios}\n{costs}", encoding="utf-8")
    (city.parent / "assets.csv").write_text(ASSETS.replace("RM1.L.LC", "PROPIA"), encoding="utf-8")
    own = '[vulnerability]\nfragilities = "f.csv"\nrepair = "r.csv"\n[settings]'
    text = CITY.replace("[settings]", own).replace("RM1.L.LC", "PROPIA").replace("RM1.L.MC", "PROPIA")
    city.write_text(text, encoding="utf-8")
    assert command.main(["seismic", str(city), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)["result"]
    shares = {row["id"]: row["share"] for row in result["defaults"]}
    assert shares["engine_functions"] == 0.0
    assert "fragility" not in {note["field"] for note in result["notes"]}


def test_a_missing_city_is_bad_input(tmp_path, capsys):
    assert command.main(["seismic", str(tmp_path / "none.toml")]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_an_interruption_writes_nothing(city, capsys, monkeypatch, tmp_path):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "seismic_risk", interrupted)
    assert command.main(["seismic", str(city), "--out", str(tmp_path / "out")]) == 130
    assert not (tmp_path / "out").exists()
    assert "nothing was written" in capsys.readouterr().err


def test_the_reading_of_faults_is_shown_with_its_notes(city, capsys):
    path = str(city.parent / "faults.geojson")
    assert command.main(["faults", path]) == 0
    out = capsys.readouterr().out
    assert "Falla" in out
    assert "buzamiento supuesto" in out
    assert command.main(["faults", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "PM"
    assert command.main(["faults", str(city)]) == 2


def test_the_bar_draws_on_a_terminal_only():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    shown, hidden = Terminal(), io.StringIO()
    for stream in (shown, hidden):
        bar = Bar(stream)
        bar(0.5, "sismos")
        bar(0.501, "sismos")
        bar.close()
    assert shown.getvalue().count("50%") == 1
    assert hidden.getvalue() == ""


def test_a_bar_tells_the_time_left_at_the_pace_so_far():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    moments = iter([0.0, 0.5, 10.0, 100.0, 400.0])
    shown = Terminal()
    bar = Bar(shown, clock=lambda: next(moments))
    for share in (0.1, 0.25, 0.26, 1.0):
        bar(share, "x")
    told = [part[part.index("%") + 1 :].split() for part in shown.getvalue().split("\r")[1:]]
    assert told == [["x"], ["x", "30", "s"], ["x", "5", "min"], ["x"]]
