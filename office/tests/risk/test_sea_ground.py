"""From the levels of a gauge to water on the ground: damage by division and asset, and what is refused."""

import datetime as dt
import tempfile
from pathlib import Path

import manglar_engine as engine
import numpy as np
import pytest
from django.utils import timezone

from manglar.foundation.refusals import InvalidInput
from manglar.risk import selectors, services
from manglar.risk.models import AssetRisk
from manglar.risk.rules.specs import parse_spec, read_spec
from manglar.web.kinds.base import Deed
from manglar.web.kinds.risk_sea_form import SeaLevelForm
from tests.risk import layers
from tests.risk.conftest import SIDE, SOUTH, WEST

DAY = dt.date(2026, 11, 24)
DATUM = "cero del puerto"
FUNCTIONS = layers.FUNCTIONS.replace(",flood,", ",coastal flood,")
RISE = {
    "id": "medio", "name": "2050, escenario medio", "base_year": 2005, "year": 2050, "best_m": 0.5, "min_m": 0.3, "max_m": 0.8,
    "source": "inventada",
}  # fmt: skip


def heights(*, top=4.0, unit="m", columns=25, rows=10, bare=0):
    """Ground over the five divisions that climbs from two metres in the west; ``bare`` columns have no height."""
    step = 5 * SIDE / columns
    grid = engine.Grid(WEST + step * (np.arange(columns) + 0.5), SOUTH + SIDE - SIDE / rows * (np.arange(rows) + 0.5), "EPSG:4326")
    values = np.tile(np.linspace(2.0, top, columns), (rows, 1))
    values[:, :bare] = np.nan
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alturas.tif"
        engine.write_raster(path, engine.Raster("alturas", grid, values, unit), cog=False)
        return path.read_bytes()


def ground_of(office, city, *, datum=DATUM, **made):
    return layers.register(office, city, "elevation", "alturas.tif", heights(**made), datum=datum)


@pytest.fixture
def parts(office, city):
    table = layers.register(office, city, "functions", "costa.csv", FUNCTIONS.encode())
    return {"gauge": layers.gauge(office, city), "functions": table}


def spec(parts, ground, **more):
    return {
        "study": "sea_level", "title": "Balboa en tierra", "samples": 1000, "seed": 3,
        "gauge": {"dataset": parts["gauge"].public_id}, "scenarios": [RISE],
        "assets": {"kinds": ["school"], "classes": {"school": "escuela"}},
        "functions": {"value": {"dataset": parts["functions"].public_id}},
        "ground": {"dataset": ground.public_id, "year": 2025, **more},
    }  # fmt: skip


def ask(office, city, given):
    return services.run_now(by=office, government=city, spec=given, at=timezone.now())


def refused(office, city, given):
    with pytest.raises(InvalidInput) as caught:
        ask(office, city, given)
    return str(caught.value.sentence)


def test_the_sea_of_a_gauge_gives_damage_by_division_and_asset_and_repeats_to_the_byte(office, city, parts):
    run = ask(office, city, spec(parts, ground_of(office, city)))
    page = selectors.run_page(run)
    assert page.levels and page.total.ead_pab.mean > 0 and page.curve
    rows = {row.code: row.ead_pab.mean for row in page.territories}
    assert sum(rows.values()) == pytest.approx(page.total.ead_pab.mean, abs=0.1)
    assert list(rows) == sorted(rows, key=lambda code: (-rows[code], code)) and max(rows, key=rows.get) == min(rows)
    assert AssetRisk.objects.filter(run=run).exists() and run.intensity_unit == "m"
    assert "el mar pasa de" in run.sentence["es"] and "de daño por mar extraordinario" in run.sentence["es"]
    assert any(DATUM in note.text for note in page.notes) and any("se moja todo" in note.text for note in page.limits)
    assert services.repeat_run(by=office, run=run).is_equal
    assert read_spec(run.spec).to_json() == run.spec


def test_depth_is_level_less_ground_by_hand(office, city, parts):
    run = ask(office, city, spec(parts, ground_of(office, city, top=2.0)))
    levels = {row.years: row.level_m.mean for row in selectors.run_page(run).levels if not row.scenario}
    asset = AssetRisk.objects.filter(run=run).first()
    assert asset.intensity_rare == pytest.approx(levels[100] - 2.0, abs=0.02)


def test_a_higher_sea_does_more_damage(office, city, parts):
    ground = ground_of(office, city)
    today, later = (ask(office, city, spec(parts, ground, **more)) for more in ({}, {"year": 2050, "scenario": "medio"}))
    found = selectors.compare(today, later)
    assert found.why_not is None and found.total.change > 0 and {row.code for row in found.rows} <= {f"990{n}" for n in range(5)}


def test_two_datums_need_an_offset_with_its_source(office, city, parts):
    ground = ground_of(office, city, datum="EGM96")
    told = refused(office, city, spec(parts, ground))
    assert DATUM in told and "EGM96" in told and "ground.offset_m" in told
    assert "offset_source" in refused(office, city, spec(parts, ground, offset_m=-0.4))
    lower = ask(office, city, spec(parts, ground, offset_m=-0.4, offset_source="nivelación inventada"))
    same = ask(office, city, spec(parts, ground_of(office, city)))
    assert selectors.run_page(lower).total.ead_pab.mean < selectors.run_page(same).total.ead_pab.mean
    assert any("nivelación inventada" in note.text for note in selectors.run_page(lower).notes)


def test_assets_on_cells_without_height_stay_aside_by_name_and_all_of_them_are_refused(office, city, parts):
    run = ask(office, city, spec(parts, ground_of(office, city, bare=5)))
    assert any(note.kind == "set_aside" and "sin altura" in note.text for note in selectors.run_page(run).notes)
    assert "9900" not in {row.code for row in selectors.run_page(run).territories}
    assert "Ningún activo está en una celda con altura" in refused(office, city, spec(parts, ground_of(office, city, bare=24)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scenario": "otro"}, "medio"),
        ({"dataset": "datos-no"}, "alturas del terreno"),
        ({"offset": 1}, "offset_m"),
        ({"year": "pronto"}, "ground.year"),
    ],
)
def test_what_is_wrong_with_the_ground_is_said(office, city, parts, change, words):
    given = spec(parts, ground_of(office, city))
    assert words in refused(office, city, {**given, "ground": {**given["ground"], **change}})


def test_assets_without_a_ground_and_functions_of_another_hazard_are_refused(office, city, parts):
    given = spec(parts, ground_of(office, city))
    bare = {key: value for key, value in given.items() if key != "ground"}
    assert "assets" in refused(office, city, bare)
    river = layers.functions(office, city)
    assert "coastal flood" in refused(office, city, {**given, "functions": {"value": {"dataset": river.public_id}}})


def test_heights_that_are_not_metres_or_say_no_datum_are_refused(office, city):
    with pytest.raises(InvalidInput) as caught:
        ground_of(office, city, unit="ft")
    assert "metros" in str(caught.value.sentence)
    with pytest.raises(InvalidInput) as caught:
        ground_of(office, city, datum="")
    assert "plano" in str(caught.value.sentence)


def test_the_toml_and_the_stored_spec_are_one(parts, office, city):
    ground = ground_of(office, city)
    text = f'''
study = "sea_level"
title = "Balboa en tierra"
samples = 1000
gauge = {{ dataset = "{parts["gauge"].public_id}" }}
[ground]
dataset = "{ground.public_id}"
year = 2025
[assets]
kinds = ["school"]
classes = {{ school = "escuela" }}
[functions]
value = {{ dataset = "{parts["functions"].public_id}" }}
'''
    told = parse_spec(text)
    assert read_spec(told.to_json()) == told and told.ground.offset_m is None


def test_the_form_says_the_same_spec_and_comes_back_with_its_answers(office, city, parts):
    ground = ground_of(office, city, datum="EGM96")
    deed = Deed(by=office, government=city, on=DAY, at=timezone.now())
    told = {
        "title": "Balboa en tierra", "gauge": parts["gauge"].public_id, "samples": 1000, "seed": 3, "rise_mark": "estimacion",
        "ground": ground.public_id, "ground_year": 2025, "offset_m": -0.4, "offset_source": "nivelación inventada",
        "functions": parts["functions"].public_id, "class_school": "escuela", "price_year": 2010,
    }  # fmt: skip
    form = SeaLevelForm(told, deed=deed)
    assert form.is_valid(), form.errors
    run = ask(office, city, form.cleaned_data["spec"])
    assert selectors.run_page(run).total.ead_pab.mean > 0
    again = SeaLevelForm(deed=deed, record=run)
    assert {key: again.initial[key] for key in ("ground", "offset_m", "class_school")} == {key: told[key] for key in ("ground", "offset_m", "class_school")}
    bare = SeaLevelForm({**told, "class_school": "", "functions": ""}, deed=deed)
    assert not bare.is_valid() and "functions" in bare.errors and bare.non_field_errors()
