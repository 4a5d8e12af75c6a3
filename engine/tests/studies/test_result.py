from __future__ import annotations

import json

import pytest
from made import QUICK, exposure, fault

from manglar_engine import FormatError, Retrofit, SeismicResult, seismic_risk

MEASURE = Retrofit("m", "Reforzar", to_class="C1.L.HC", cost_pab_per_asset=500.0)


@pytest.fixture(scope="module")
def result() -> SeismicResult:
    return seismic_risk([fault()], exposure(), settings=QUICK, retrofit=MEASURE)


def test_a_result_survives_its_own_bytes(result):
    data = result.to_json()
    again = SeismicResult.from_json(data)
    assert again.to_json() == data
    assert again.manifest_digest == result.manifest_digest
    assert again.retrofit is not None
    assert [row.code for row in again.by_territory] == ["080801", "080819"]


def test_the_manifest_tells_what_the_run_was_made_of(result):
    manifest = result.manifest
    assert manifest["seed"] == 1
    assert manifest["parameters"]["samples"] == 40
    assert "workers" not in manifest["parameters"]
    assert all(len(digest) == 64 for digest in manifest["inputs"].values())
    richer = seismic_risk([fault()], exposure(people=[1, 2, 3, 4, 5, 7]), settings=QUICK, retrofit=MEASURE)
    differing = {k for k, v in manifest["inputs"].items() if richer.manifest["inputs"][k] != v}
    assert differing == {"exposure"}


@pytest.mark.parametrize("data", [b"{", b"[]", b"{}", b"\xff", json.dumps({"schema": "other"}).encode()])
def test_other_bytes_are_refused(data):
    with pytest.raises(FormatError):
        SeismicResult.from_json(data)


def test_a_result_with_a_part_missing_is_refused(result):
    document = json.loads(result.to_json())
    del document["result"]["total"]["losses"]
    with pytest.raises(FormatError):
        SeismicResult.from_json(json.dumps(document))
