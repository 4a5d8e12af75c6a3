"""The door to the engine."""

import subprocess
import sys

import pytest

from manglar.foundation.refusals import InvalidInput
from manglar.risk import engine_bridge


def test_starting_django_does_not_load_the_engine_nor_its_weight():
    program = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup(); "
        "print([name for name in ('scipy', 'vl_convert', 'manglar_engine.studies.seismic') if name in sys.modules and "
        "'lazy' not in type(sys.modules[name]).__name__.lower()])"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_what_the_engine_supposes_of_a_kind_has_its_source():
    kinds = engine_bridge.kind_defaults()
    assert {"school", "telecom_tower"} <= set(kinds)
    assert kinds["school"].value(100) == pytest.approx(6 * 1100.590425 * 100)
    assert "m²/persona" in kinds["school"].source_es and "m²/person" in kinds["school"].source_en


def test_faults_that_are_stored_badly_are_refused():
    with pytest.raises(InvalidInput, match="incompleta"):
        engine_bridge.check_faults([{"id": "x"}])
    with pytest.raises(InvalidInput):
        engine_bridge.check_faults([{"id": "x", "slip_mm_yr": {"best": float("nan"), "min": 1, "max": 2}}])
