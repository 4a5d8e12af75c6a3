from __future__ import annotations

import numpy as np
import pytest

from manglar_engine import FormatError, Triple
from manglar_engine.io.canonical import array_digest, canonical_bytes, digest


def test_keys_are_sorted_and_floats_have_ten_digits():
    assert canonical_bytes({"b": 1 / 3, "a": [1, True, None, "ñ"]}) == (
        b'{"a":[1,true,null,"' + "ñ".encode() + b'"],"b":0.3333333333}'
    )


def test_negative_zero_is_zero_and_dataclasses_open():
    assert canonical_bytes([-0.0, Triple(1.0, 0.5, 2.0)]) == b'[0.0,{"best":1.0,"max":2.0,"min":0.5}]'


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), object(), {1, 2}])
def test_what_json_cannot_keep_is_refused(wrong):
    with pytest.raises(FormatError):
        canonical_bytes(wrong)


def test_digests_do_not_depend_on_the_order_of_keys_but_on_every_bit_of_arrays():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    one = np.array([1.0])
    assert array_digest(one) != array_digest(np.nextafter(one, 2.0))
    assert array_digest(np.zeros(2)) != array_digest(np.zeros(1), np.zeros(1))
