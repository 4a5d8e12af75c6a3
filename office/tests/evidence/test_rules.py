"""The life of a finding: no database."""

import pytest

from manglar.evidence.choices import FindingState
from manglar.evidence.rules import lacks_source, may_become, may_revise

PAIRS = {("draft", "reviewed"), ("reviewed", "superseded")}


@pytest.mark.parametrize("state", FindingState.values)
@pytest.mark.parametrize("wanted", FindingState.values)
def test_what_may_follow_what(state, wanted):
    assert may_become(state, wanted) is ((state, wanted) in PAIRS)


def test_only_a_draft_is_changed():
    assert [state for state in FindingState.values if may_revise(state)] == ["draft"]


def test_a_finding_with_a_source_names_it():
    assert lacks_source(mark="fuente", sources=0, source_text=" ")
    assert not lacks_source(mark="fuente", sources=1, source_text="")
    assert not lacks_source(mark="fuente", sources=0, source_text="censo")
    assert not lacks_source(mark="estimacion", sources=0, source_text="")
