from __future__ import annotations

import json
import re

import numpy as np
import pytest
import shapely
from made_toml import REST, answer

import manglar_engine as me
from manglar_engine.cli import main as command
from manglar_engine.io.parquet import Columns, write_parquet
from manglar_engine.io.vectors import VectorLayer, write_vectors

ZONED = """
[zones]
file = "zones.gpkg"
column = "nombre"
[[measure]]
id = "drain"
es = "Drenar"
en = "Drain"
zone = "ribera"
[[measure.operation]]
kind = "scale_damage"
factor = 0.5
[[measure]]
id = "warn"
es = "Avisar"
en = "Warn"
territories = ["B"]
[[measure.operation]]
kind = "scale_damage"
factor = 0.8
"""
RIVER = shapely.box(659_950, 989_950, 660_050, 990_050)  # round h1 of A and the school of B; h2 stays outside
HILL = shapely.box(661_000, 991_000, 662_000, 992_000)  # over no asset


def layer(*shapes, names=("ribera", "loma"), crs="EPSG:32617"):
    columns = {"nombre": np.array(names, dtype=object)}
    return VectorLayer("zones", np.array(shapes or (RIVER, HILL), dtype=object), columns, crs)


@pytest.fixture
def zoned(city, tmp_path):
    def written(rest=ZONED, **changes):
        held = layer(*changes.pop("shapes", ()), **changes)
        (tmp_path / "zones.gpkg").unlink(missing_ok=True)
        write_vectors(tmp_path / "zones.gpkg", held)
        return city(rest=REST + rest)

    return written


def test_a_measure_by_zone_and_one_by_territory_meet_as_worked_by_hand(zoned, capsys):
    # without measures h1 27 (A), h2 8 (B), the school 35 (B)
    drain, warn, both = answer(capsys, zoned())["measures"]
    # the river holds h1 and the school: half of 27 and of 35
    assert (drain["assets"], drain["expected_after"]) == (2, pytest.approx(27 / 2 + 8 + 35 / 2))
    assert drain["avoided_by_territory"] == pytest.approx({"A": 13.5, "B": 17.5})
    # the territory B holds h2 and the school: a fifth of 8 and of 35
    assert (warn["assets"], warn["expected_after"]) == (2, pytest.approx(27 + 8 * 0.8 + 35 * 0.8))
    assert warn["avoided_by_territory"] == pytest.approx({"A": 0, "B": 8.6})
    # together the school has both, 35 * 0.5 * 0.8: 36.1 are avoided, not 31 + 8.6
    assert (both["assets"], both["expected_after"]) == (3, pytest.approx(13.5 + 6.4 + 14))
    assert both["avoided_by_territory"] == pytest.approx({"A": 13.5, "B": 22.6})


def test_a_zone_and_a_class_select_what_is_in_both(zoned, capsys):
    rest = ZONED.replace('zone = "ribera"', 'zone = "ribera"\nclasses = ["school"]')
    drain = answer(capsys, zoned(rest))["measures"][0]
    assert (drain["assets"], drain["expected_after"]) == (1, pytest.approx(27 + 8 + 17.5))


def test_the_manifest_says_which_file_column_and_layer_and_what_lay_in_the_zones(zoned, tmp_path, capsys):
    one = answer(capsys, zoned(), "--out", str(tmp_path / "one"))
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["inputs"]["zones.gpkg"]) == 64
    told = manifest["zones"]
    assert (told["file"], told["column"], told["layer"], list(told["asked"])) == (
        "zones.gpkg",
        "nombre",
        "",
        ["ribera"],
    )
    wider = (shapely.box(659_950, 989_950, 660_150, 990_050), HILL)
    assert answer(capsys, zoned(shapes=wider))["manifest_digest"] != one["manifest_digest"]


def test_a_run_without_zones_or_doubts_keeps_its_name(city, tmp_path, capsys):
    answer(capsys, city(), "--out", str(tmp_path / "one"))
    assert not {"zones", "doubts"} & set(json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8")))


def test_python_gives_the_same_bytes(zoned, tmp_path, capsys):
    told = answer(capsys, zoned(), "--out", str(tmp_path / "out"))
    hazard = me.read_event_tables(
        *(tmp_path / name for name in ("events.csv", "sites.csv", "pairs.csv")),
        crs="EPSG:32617",
        unit="m",
        frequency_unit="1/year",
    )
    assets = me.read_assets(tmp_path / "assets.csv", me.AssetTerms(crs="EPSG:32617", currency="PAB", price_year=2024))
    found = me.impact_study(
        [hazard],
        assets,
        {"value": me.read_functions(tmp_path / "value.csv")},
        me.ImpactSettings(max_distance_m=50, return_periods=(5, 100, 1000)),
        measures=[
            me.Measure("drain", "Drenar", "Drain", (me.ScaleDamage(0.5),), zone="ribera"),
            me.Measure("warn", "Avisar", "Warn", (me.ScaleDamage(0.8),), territories=("B",)),
        ],
        zones=me.read_zones(tmp_path / "zones.gpkg", "nombre", assets),
        doubts=(),
        inputs=json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["inputs"],
    )
    assert json.loads(found.to_json()) == told
    assert found.to_json() == (tmp_path / "out" / "result.json").read_bytes()


def test_zones_come_in_shapefile_and_geoparquet_and_layers_too(zoned, tmp_path, capsys):
    wanted = answer(capsys, zoned())["measures"]
    write_vectors(tmp_path / "zones.shp", layer())
    path = zoned(ZONED.replace("zones.gpkg", "zones.shp"))
    assert answer(capsys, path, "--out", str(tmp_path / "shape"))["measures"] == wanted
    inputs = json.loads((tmp_path / "shape" / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert {"zones.shp", "zones.dbf", "zones.prj"} <= set(inputs)  # the names of the zones stand in the .dbf
    held = layer()
    write_parquet(tmp_path / "zones.parquet", Columns("zones", held.columns, {}, held.geometry, held.crs))
    assert answer(capsys, zoned(ZONED.replace("zones.gpkg", "zones.parquet")))["measures"] == wanted
    path = zoned(ZONED.replace('column = "nombre"', 'column = "nombre"\nlayer = "zones"'))
    assert answer(capsys, path)["measures"] == wanted


@pytest.mark.parametrize(
    ("change", "layers", "said"),
    [
        (('"ribera"', '"rivera"'), {}, "drain: unknown zone 'rivera'. There are: loma, ribera"),
        (('"ribera"', '"loma"'), {}, "drain: zone 'loma' holds no asset. Look at where it is drawn"),
        (("", ""), {"crs": "EPSG:32618"}, "zones.gpkg is in EPSG:32618 and the places in EPSG:32617. Project one"),
        (("", ""), {"shapes": (shapely.Point(1, 2), shapely.Point(3, 4))}, r"not polygons \(rows: 1, 2\).*draw them"),
        (("", ""), {"names": ("ribera", " ")}, r"nombre is blank \(rows: 2\). Give each polygon its name"),
        (("nombre", "zona"), {}, "has no column 'zona'. It has: nombre"),
        (('column = "nombre"', ""), {}, r"\[zones\] does not say all that it must \(rows: column\)"),
        (('column = "nombre"', "column = 3"), {}, "column = 3.*a text"),
        (("column =", "columns ="), {}, r"\[zones\] has words that are not known \(rows: columns\)"),
        (('"zones.gpkg"', '"none.gpkg"'), {}, r"\[zones\] names none.gpkg, which does not exist"),
        (('"zones.gpkg"', '"assets.csv"'), {}, "assets.csv is not a file of polygons.*.gpkg.*.parquet"),
        (("nombre", 'nombre"\nlayer = "other'), {}, "cannot be read: .*other"),
        (
            ('[zones]\nfile = "zones.gpkg"\ncolumn = "nombre"\n', ""),
            {},
            r"no file says where those are \(rows: drain: ribera\). Write \[zones\]",
        ),
    ],
)
def test_zones_that_cannot_tell_are_refused_with_the_way_to_mend_them(zoned, capsys, change, layers, said):
    assert command.main(["run", zoned(ZONED.replace(*change, 1) if change[0] else ZONED, **layers)]) == 2
    err = capsys.readouterr().err
    assert len(err.strip().splitlines()) == 1
    assert re.search(said, err), err


def test_all_that_measures_ask_and_is_not_there_is_said_at_once(zoned, capsys):
    rest = ZONED.replace('"ribera"', '"rivera"').replace('["B"]', '["Z"]').replace("0.8", "1.8")
    more = rest.split("[[measure]]")[1]
    rest += "[[measure]]" + more.replace('"drain"', '"dike"').replace('zone = "rivera"', 'classes = ["tower"]')
    assert command.main(["run", zoned(rest + '[horizon]\nfirst_year = 2026\nyears = "ten"\n')]) == 2
    err = capsys.readouterr().err
    for said in ("4 things disagree", "factor 1.8", "unknown zone 'rivera'", "rows: tower", "years = 'ten'"):
        assert said in err


def test_the_file_of_zones_is_looked_at_also_where_the_assets_are_refused(zoned, tmp_path, capsys):
    path = zoned(ZONED.replace("nombre", "zona"))
    (tmp_path / "assets.csv").write_text("id,x\n", encoding="utf-8")
    assert command.main(["run", path]) == 2
    err = capsys.readouterr().err
    assert "2 things disagree" in err
    assert "no column 'zona'" in err
    assert "unknown zone" not in err
