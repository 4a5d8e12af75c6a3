"""Who may write in the margins."""

import pytest

from manglar.accounts.actors import ANONYMOUS
from manglar.accounts.choices import Role
from manglar.margin import permissions as may

MEMBERS = (may.may_read_margin, may.may_comment, may.may_follow, may.may_save_views)
REMEMBER = {Role.ANALYST, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_predicates_say(panama, san_miguelito, someone_with, role):
    actor = someone_with(panama, role)
    for each in MEMBERS:
        assert each.test(actor, panama)
    assert may.may_remember_columns.test(actor, panama) == (role in REMEMBER)
    for each in (may.may_tidy_shared_views, may.may_erase_authors):
        assert each.test(actor, panama) == (role == Role.ADMINISTRATOR)
    for each in (*MEMBERS, may.may_remember_columns, may.may_tidy_shared_views, may.may_erase_authors):
        assert not each.test(actor, san_miguelito)
        assert not each.test(actor, None)
        assert not each.test(ANONYMOUS, panama)
