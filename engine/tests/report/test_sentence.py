from __future__ import annotations

import pytest
from made import QUICK, exposure, fault

from manglar_engine import Retrofit, SettingsError, plain_sentence, seismic_risk

NAMES = {"080801": "San Felipe", "080819": "Tocumen"}


def test_both_languages_tell_damage_people_place_measure_and_defaults():
    measure = Retrofit("m", "Reforzar escuelas", level_map={"PC": "MC"}, cost_share_of_value=0.2)
    result = seismic_risk([fault()], exposure(), settings=QUICK, retrofit=measure)
    es, en = plain_sentence(result, "es", NAMES), plain_sentence(result, "en", NAMES)
    for words in ("En un año cualquiera se esperan B/. ", "personas al año", "Reforzar escuelas", "estimación"):
        assert words in es
    for words in ("In any one year, B/. ", "people a year", "Reforzar escuelas", "estimates"):
        assert words in en
    assert ("Tocumen" in es) != ("San Felipe" in es)


def test_nobody_inside_one_territory_and_a_measure_that_changes_nothing_are_told_plainly():
    same = Retrofit("m", "Nada", level_map={"HC": "HC"}, cost_pab_per_asset=1.0)
    one = exposure(2, people=[0, 0], territory=["a", "a"])
    result = seismic_risk([fault()], one, settings=QUICK, retrofit=same)
    assert "personas" not in plain_sentence(result)
    assert "Donde más" not in plain_sentence(result)
    assert "no cambia ningún activo" in plain_sentence(result)
    assert "changes no asset" in plain_sentence(result, "en")


def test_another_language_is_refused():
    with pytest.raises(SettingsError, match="fr"):
        plain_sentence(seismic_risk([fault()], exposure(1), settings=QUICK), "fr")
