from __future__ import annotations

import re

import pytest
from made_toml import MEASURES, REST

from manglar_engine.cli import main as command
from manglar_engine.cli.measure_text import pays_text

DOUBTS = """
[[doubt]]
name = "cost"
distribution = "lognormal"
median = 1.0
sigma = 0.4
source = "three bids"
mark = "estimación"
[[doubt]]
name = "frequency"
distribution = "uniform"
low = 0.5
high = 1.5
source = "gauge"
mark = "fuente"
"""


# drawn four million times apart from the engine: 0.521, 0.222 and 1.161, 9.3% pay, 11% of the variance from the
# frequency; ten thousand samples err by 0.3 of every hundred
LINES = {
    "es": "raise: evita por año 27 (90%: 15–39); beneficio por unidad gastada 0.52 (90%: 0.23–1.17); "
    "conviene en 10 de cada 100 muestras\n"
    "    de qué viene la duda: el costo por unidad 89%, la frecuencia de los eventos 11%\n",
    "en": "raise: avoids a year 27 (90%: 15–39); benefit for each unit spent 0.52 (90%: 0.23–1.17); "
    "pays in 10 of every 100 samples\n"
    "    what the doubt comes from: the cost of a unit 89%, the frequency of the events 11%\n",
}


@pytest.mark.parametrize("lang", LINES)
def test_the_line_of_a_measure_says_interval_probability_and_where_the_doubt_comes_from(city, capsys, lang):
    assert command.main(["run", city(rest=REST + MEASURES + DOUBTS), "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert LINES[lang] in out
    assert ("warn: evita" if lang == "es" else "warn: avoids") in out
    known = "Del valor de las medidas se toman como conocidos: la intensidad"
    assert (known if lang == "es" else "these are taken as known: the intensity") in out


def test_the_figure_told_lies_inside_its_interval_also_where_the_doubt_is_not_around_it(city, capsys):
    dear = DOUBTS.replace("median = 1.0", "median = 3.0")
    assert command.main(["run", city(rest=REST + MEASURES + dear), "--lang", "en"]) == 0
    found = re.search(r"each unit spent ([\d.]+) \(90%: ([\d.]+)–([\d.]+)\)", capsys.readouterr().out)
    middle, low, high = map(float, found.groups())
    assert low < middle < high < 0.54  # the plain ratio, which no such cost gives


def test_without_doubts_the_line_is_the_one_it_was(city, capsys):
    assert command.main(["run", city(rest=REST + MEASURES)]) == 0
    out = capsys.readouterr().out
    assert "raise: evita por año 27; beneficio por unidad gastada 0.54\n" in out
    assert "- El valor de las medidas no lleva intervalo" in out


@pytest.mark.parametrize(
    ("share", "es", "en"),
    [
        (0.834, "conviene en 83 de cada 100 muestras", "pays in 83 of every 100 samples"),
        (0.004, "conviene en menos de 1 de cada 100 muestras", "pays in fewer than 1 of every 100 samples"),
        (0.9991, "conviene en más de 99 de cada 100 muestras", "pays in more than 99 of every 100 samples"),
        (0.0, "no conviene en ninguna muestra", "pays in no sample"),
        (1.0, "conviene en todas las muestras", "pays in every sample"),
    ],
)
def test_all_and_none_are_said_only_where_it_is_so(share, es, en):
    assert (pays_text(share, "es"), pays_text(share, "en")) == (es, en)
