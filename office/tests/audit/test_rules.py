"""The fast ways of the sealer write what the plain ones write."""

import json

from hypothesis import given
from hypothesis import strategies as st

from manglar.audit import rules

SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


@given(VALUES)
def test_a_value_is_written_as_sorted_compact_json(value):
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert rules.canonical(value) == plain.encode()


@given(SCALARS, SCALARS)
def test_before_and_after_are_written_as_any_other_value(before, after):
    plain = json.dumps([before, after], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert rules.canonical([before, after]) == plain.encode()


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5))
def test_values_sealed_together_check_like_values_sealed_alone(values):
    salts = "".join(f"{number:032x}" for number in range(len(values)))
    digests, text = rules.sealed_values(values, salts)
    held = json.loads(text)
    assert {field: each["value"] for field, each in held.items()} == json.loads(json.dumps(values))
    assert rules.check_values(1, 1, digests, held, set()) == []
    for place, field in enumerate(values):
        assert held[field]["salt"] == f"{place:032x}"
        assert digests[field] == rules.value_digest(held[field]["salt"], values[field])
