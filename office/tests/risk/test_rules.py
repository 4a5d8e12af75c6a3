"""Rules of the risk desk, without a database."""

import math
from dataclasses import fields

import manglar_engine
import pytest

from manglar.foundation.refusals import InvalidInput
from manglar.risk.rules.engine_words import explain
from manglar.risk.rules.exposure import AssetFacts, KindDefaults, fill
from manglar.risk.rules.repeats import differences, shown_state
from manglar.risk.rules.sentences import division_sentence, pab_words, people_words
from manglar.risk.rules.settings import SETTINGS
from manglar.risk.rules.specs import parse_spec, read_spec

GOOD = """
title = "Riesgo sísmico de escuelas y torres"
hazard = "earthquake"
seed = 20261123
samples = 1000
[faults]
file = "faults.geojson"
[assets]
kinds = ["telecom_tower", "school"]
[settings]
vs30_default = 360
b_value = [1.0, 0.8, 1.2]
return_periods = [50, 475]
[retrofit]
id = "reforzar"
name = "Reforzar escuelas"
level_map = { PC = "MC", LC = "MC" }
kinds = ["school"]
cost_share_of_value = 0.25
"""


def told(text):
    with pytest.raises(InvalidInput) as caught:
        parse_spec(text)
    return caught.value.sentence


def test_a_spec_is_read_and_reads_again_from_what_is_stored():
    spec = parse_spec(GOOD)
    assert spec.seed == 20261123 and spec.assets.kinds == ("school", "telecom_tower")
    assert spec.retrofit.cost_share_of_value == 0.25
    assert read_spec(spec.to_json()) == spec


def test_a_spec_without_functions_or_measure_leaves_the_choice_to_the_engine():
    spec = parse_spec('title = "x"\nhazard = "earthquake"\n[faults]\ndataset = "datos-0000000000"')
    assert (spec.vulnerability, spec.retrofit, dict(spec.settings), spec.seed, spec.samples) == (
        None,
        None,
        {},
        1,
        1000,
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("seed = 20261123", "sed = 20261123", ("«sed»", "¿quiso decir «seed»?")),
        ("samples = 1000", 'samples = "mil"', ("«samples»", "entero", "«'mil'»")),
        ("samples = 1000", "samples = true", ("«samples»", "«true»")),
        ("samples = 1000", "samples = 5", ("de 20 a 100,000",)),
        ("seed = 20261123", "seed = -1", ("«seed»",)),
        ("vs30_default = 360", "vs30_default = nan", ("«settings.vs30_default»", "«nan»")),
        ("vs30_default = 360", "vs30_default = inf", ("«settings.vs30_default»",)),
        ("vs30_default = 360", "zzz = 360", ("«settings.zzz»", "Se usan: ", "b_value, ", "vs30_default")),
        ("vs30_default = 360", "vs30_defalt = 360", ("¿quiso decir «vs30_default»?",)),
        ("vs30_default = 360", "seed = 3", ("«seed» se escribe arriba",)),
        ("[1.0, 0.8, 1.2]", "[0.8, 1.0, 1.2]", ("«settings.b_value»", "[mejor, mínimo, máximo]")),
        ("[50, 475]", "[475, 50]", ("«settings.return_periods»", "creciente")),
        ('hazard = "earthquake"', 'hazard = "flood"', ("«hazard»", "earthquake")),
        ('title = "Riesgo sísmico de escuelas y torres"', "", ("Falta «title»",)),
        ("[faults]", "[fallas]", ("Falta la sección [faults]", "¿quiso decir «faults»?")),
        ('file = "faults.geojson"', "", ("[faults] nombra «file»", "uno de los dos")),
        ('file = "faults.geojson"', 'file = "a"\ndataset = "b"', ("uno de los dos",)),
        ('kinds = ["telecom_tower", "school"]', 'kinds = "school"', ("«assets.kinds»", "lista de textos")),
        ('level_map = { PC = "MC", LC = "MC" }', "", ("to_class", "level_map")),
        ('level_map = { PC = "MC", LC = "MC" }', "level_map = { PC = 3 }", ("«retrofit.level_map»",)),
        ("cost_share_of_value = 0.25", "", ("cuánto cuesta",)),
        ("cost_share_of_value = 0.25", "cost_share_of_value = nan", ("«retrofit.cost_share_of_value»",)),
        ('id = "reforzar"', "id = 7", ("«retrofit.id»", "texto entre comillas")),
        ("[assets]", "[assets", ("línea 8",)),
    ],
)
def test_a_wrong_spec_is_refused_naming_the_key_and_how_to_mend_it(before, after, words):
    assert before in GOOD
    sentence = told(GOOD.replace(before, after, 1))
    assert all(word in sentence for word in words), sentence


def test_all_errors_of_a_spec_are_said_at_once():
    sentence = told(GOOD.replace("seed = 20261123", "sed = 1").replace("samples = 1000", "samples = 1"))
    assert "tiene 2 errores" in sentence and "«sed»" in sentence and "«samples»" in sentence


def test_a_section_that_is_no_section_is_refused():
    assert "es una sección" in told('title = "x"\nhazard = "earthquake"\nfaults = 3')


def test_the_settings_are_those_of_the_engine():
    engines = {field.name for field in fields(manglar_engine.SeismicSettings)} - {"seed", "samples"}
    assert set(SETTINGS) == engines


def test_our_ranges_are_accepted_by_the_engine():
    low = {name: rule.low for name, rule in SETTINGS.items() if hasattr(rule, "is_whole")}
    high = {name: rule.high for name, rule in SETTINGS.items() if hasattr(rule, "is_whole")}
    for values in (low, high):
        whole = {name: int(v) if SETTINGS[name].is_whole else v for name, v in values.items()}
        manglar_engine.SeismicSettings(**whole)


SCHOOL = KindDefaults("RM1.L.LC", "EDU1", value=lambda people: 10.0 * people, source_es="diez por persona")


def facts(key, **more):
    return AssetFacts(
        **{"key": key, "name": key, "kind": "school", "lon": -79.5, "lat": 9.0, "territory": "9900"} | more
    )


def test_assets_enter_in_the_order_of_their_keys_and_keep_what_they_know():
    filled = fill(
        [facts("b", people=5, value_pab=7.0), facts("a", people=3, building_class="W1.MC")], {"school": SCHOOL}
    )
    assert filled.columns["ids"] == ["a", "b"]
    assert filled.columns["value_pab"] == [30.0, 7.0]
    assert filled.columns["building_class"] == ["W1.MC", "RM1.L.LC"]
    assert filled.defaulted["value_pab"] == [True, False]
    assert filled.defaulted["building_class"] == [False, True]


def test_people_that_nobody_said_are_the_median_of_the_kind_and_it_is_said():
    filled = fill([facts("a", people=10), facts("b", people=30), facts("c")], {"school": SCHOOL})
    assert filled.columns["people"] == [10, 30, 20]
    note = next(n for n in filled.notes if n["field"] == "people")
    assert "1 de 3 activos" in note["es"] and "mediana" in note["es"] and "median" in note["en"]


def test_a_zero_that_was_given_is_not_a_default():
    filled = fill([facts("a", people=0, value_pab=0.0)], {"school": SCHOOL})
    assert filled.columns["people"] == [0] and filled.defaulted["people"] == [False]
    assert filled.defaulted["value_pab"] == [False]


def test_an_asset_outside_every_limit_or_without_a_place_is_set_aside_by_name():
    filled = fill(
        [facts("a", people=1), facts("b", territory="", name="Torre lejana"), facts("c", lon=None, lat=None)],
        {"school": SCHOOL},
    )
    assert filled.columns["ids"] == ["a"]
    aside = [n for n in filled.notes if n["kind"] == "set_aside"]
    assert [(n["row"], n["es"]) for n in aside] == [
        ("Torre lejana", "fuera de los límites: no entra en la corrida"),
        ("c", "sin coordenadas: no entra en la corrida"),
    ]


def test_many_assets_set_aside_are_named_up_to_a_limit():
    filled = fill([facts("a", people=1), *(facts(f"z{i}", territory="") for i in range(60))], {"school": SCHOOL})
    assert [n for n in filled.notes if n["kind"] == "set_aside"][-1]["es"].startswith("y 20 activos más")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([], "No hay ningún activo"),
        ([facts("a", territory="")], "No hay ningún activo"),
        ([facts("a", people=1), facts("a", people=1)], "misma clave"),
        ([facts("a", value_pab=math.nan)], "a: value_pab"),
        ([facts("a", people=-1)], "a: people"),
        ([facts("a", lon=500.0)], "a: lon"),
        ([facts("a", kind="hospital")], "«hospital» (clase constructiva, uso, valor de reposición)"),
    ],
)
def test_assets_that_cannot_be_used_are_refused_by_name(wrong, words):
    with pytest.raises(InvalidInput) as caught:
        fill(wrong, {"school": SCHOOL})
    assert words in caught.value.sentence


def test_an_approximate_place_counts_as_supposed():
    filled = fill([facts("a", people=1, place_is_approximate=True)], {"school": SCHOOL})
    assert filled.defaulted["lon"] == filled.defaulted["lat"] == [True]


def test_differences_are_told_by_path():
    assert differences({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == ["a[1].b: 2 → 3"]
    assert differences({"a": [1]}, {"a": [1, 2]}) == ["a: 1 filas → 2 filas"]
    assert differences({"a": 1}, {"a": 1}) == []
    assert differences(list(range(20)), list(range(1, 21)))[-1] == "y 12 más"


@pytest.mark.parametrize(
    ("run", "job", "shown"),
    [
        ("queued", "queued", "queued"),
        ("queued", "cancelled", "cancelled"),
        ("running", "failed", "failed"),
        ("done", "failed", "done"),
        ("done", None, "done"),
        ("running", "done", "running"),
    ],
)
def test_a_job_that_was_given_up_ends_its_run(run, job, shown):
    assert shown_state(run, job) == shown


def test_amounts_are_said_as_people_say_them():
    assert pab_words(18_432_000) == "B/. 18.4 millones"
    assert pab_words(592_123, "en") == "B/. 592,000"
    assert pab_words(0.4) == "B/. 0.40"
    assert people_words(1453.9) == "1,500"
    assert people_words(6.44) == "6.4"


def test_a_division_has_its_sentence_in_both_languages():
    es, en = (
        division_sentence("Tocumen", damage=(2e6, 1e6, 5e6), people=(10, 2, 30), language=lang) for lang in ("es", "en")
    )
    assert es.startswith("En Tocumen se esperan B/. 2 millones") and "entre 2 y 30" in es
    assert en.startswith("In Tocumen, B/. 2 million")


def test_what_the_engine_refuses_is_said_in_spanish():
    assert "proyéctelo a grados" in explain("FormatError", "the file names the coordinate system X", "Project it.", ())
    said = explain("ExposureError", "building classes without a function", "Use", ("X9",))
    assert "sin función de daño: X9" in said


def test_an_unforeseen_refusal_of_the_engine_is_quoted():
    said = explain("FaultError", "something new", "Mend it.", tuple("abcdefghij"))
    assert str(said).startswith("Las fallas no se pueden usar (a, b, c, d, e, f, g, h y 2 más)")
    assert "something new. Mend it." in said


def test_what_the_engine_counts_is_said_in_words_of_the_office():
    falls = explain("HazardError", "a longer period has less than a shorter one", "", ("a.tif to b.tif: 10890 cells",), of="study")
    assert "de a.tif a b.tif: 10,890 celdas" in str(falls)
    column = str(explain("FormatError", "f.csv has no column 'id'", "It has: x.", (), of="study"))
    assert "«id»" in column and "has no" not in column
    prices = str(explain("MeasureError", "prices are of 2017 and 2010 was asked for", "Give price_factor.", (), of="study"))
    assert "price_" not in prices
