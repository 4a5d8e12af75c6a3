from __future__ import annotations

import numpy as np
import pytest
from measures.city import cost, measure, situation

from manglar_engine import ChangeClass, ProtectUpTo, ScaleAmount, ScaleDamage, ScaleIntensity, ShiftIntensity
from manglar_engine.measures import moved as module
from manglar_engine.measures.moved import moved

BY_FUNCTIONS = [
    measure("a", ShiftIntensity(0.3), ScaleDamage(0.7), cost=cost(fixed=1.0)),
    measure("b", ScaleIntensity(0.6), cost=cost(fixed=1.0)),
    measure("c", ScaleAmount(0.5), cost=cost(fixed=1.0)),
]
SETS = [[], BY_FUNCTIONS[:1], BY_FUNCTIONS]
FACTORS = [0.5, 1.0, 1.37]


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("chosen", SETS, ids=len)
def test_products_and_plain_evaluations_agree(factor, chosen):
    city = situation()
    plain = city.with_intensity_factor(factor).expected(chosen).sum()
    assert moved(city, SETS, FACTORS)(factor, city.functions, chosen) == pytest.approx(plain, rel=1e-12)


def test_the_hazard_is_read_once_where_functions_tell_everything(monkeypatch):
    read = []
    monkeypatch.setattr(module, "moments", lambda *args, **held: read.append(1) or _moments(*args, **held))
    city = situation()
    way = moved(city, SETS, FACTORS)
    for factor in FACTORS:
        way(factor, city.functions, BY_FUNCTIONS)
    assert len(read) == 1


_moments = module.moments


@pytest.mark.parametrize("most", [None, 0])
def test_a_defence_or_too_many_cells_are_evaluated_plainly(monkeypatch, most):
    chosen = BY_FUNCTIONS if most == 0 else [measure("wall", ProtectUpTo(20.0), cost=cost(fixed=1.0))]
    if most is not None:
        monkeypatch.setattr(module, "MOST_CELLS", most)
    city = situation()
    way = moved(city, [[], chosen], FACTORS)
    plain = city.with_intensity_factor(1.37).expected(chosen).sum()
    assert way(1.37, city.functions, chosen) == plain


def test_a_copy_with_another_factor_keeps_its_links_and_leaves_the_first_alone():
    city = situation()
    other = city.with_intensity_factor(2.0)
    assert other._site is city._site
    assert city.intensity_factor == 1.0
    assert (np.asarray(other.expected()) >= city.expected()).all()


def test_a_class_that_becomes_another_is_among_the_edges():
    names = sorted(set(situation().assets.asset_class))
    change = measure("k", ChangeClass({names[0]: names[-1]}), cost=cost(fixed=1.0))
    city = situation()
    found = moved(city, [[], [change]], FACTORS)(0.5, city.functions, [change])
    assert found == pytest.approx(city.with_intensity_factor(0.5).expected([change]).sum(), rel=1e-12)
