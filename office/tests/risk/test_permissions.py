"""Who may ask the engine, and who may read."""

import pytest

from manglar.accounts.choices import Role
from manglar.risk.permissions import may_read_risk, may_run_risk

MAY_RUN = {Role.ANALYST, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_predicates_say(panama, san_miguelito, someone_with, role):
    actor = someone_with(panama, role)
    assert may_run_risk.test(actor, panama) == (role in MAY_RUN)
    assert may_read_risk.test(actor, panama)
    assert not may_run_risk.test(actor, san_miguelito) and not may_read_risk.test(actor, san_miguelito)
    assert not may_read_risk.test(actor, None) and not may_run_risk.test(actor, None)
