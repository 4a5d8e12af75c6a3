"""What the log says of a record."""

import pytest
from django.utils import timezone

from manglar.accounts.actors import program
from manglar.audit.selectors import acts_on, history_of, last_entry, who_acted
from manglar.audit.services import act, seal
from manglar.governments.models import SharingGrant

pytestmark = pytest.mark.django_db
BY = program("prueba")


@pytest.fixture
def grant(panama, san_miguelito):
    seal()
    return SharingGrant(government=panama, to=san_miguelito, record_id="x", reason="r", from_on=timezone.localdate())


def do(event, grant, *, subject="", save=True, reason=""):
    with act(event, by=BY, government_id=grant.government_id, subject=subject, reason=reason):
        if save:
            grant.record_id = event
            grant.save()
    seal()


def test_a_history_holds_the_changes_of_the_row_and_the_acts_that_changed_other_rows(grant):
    do("record.shared", grant, subject=grant.public_id, reason="porque sí")
    do("comment.written", grant, subject=grant.public_id, save=False)
    do("grant.revoked", grant)
    do("node.added", grant, subject="otro-0000000000", save=False)
    told = [(line.event, line.why, bool(line.what)) for line in history_of(grant.public_id)]
    assert told == [("grant.revoked", "", True), ("comment.written", "", False), ("record.shared", "porque sí", True)]


def test_the_acts_on_a_record_are_read_between_two_entries_and_in_order(grant):
    start = last_entry()
    do("record.shared", grant, subject=grant.public_id)
    middle = last_entry()
    do("grant.revoked", grant)
    wanted = {"subjects": [grant.public_id, "otro"], "up_to": last_entry(), "limit": 10}
    assert [seen.event for seen in acts_on(after=middle, **wanted)] == ["grant.revoked"]
    seen = acts_on(after=start, **wanted)
    assert [each.event for each in seen] == ["record.shared", "record.shared", "grant.revoked"]
    assert len({each.source for each in seen}) == 2
    assert {each.chain for each in seen} == {grant.government_id}
    assert who_acted([each.source for each in seen]) == {each.source: "prueba" for each in seen}
    assert acts_on(after=start, **{**wanted, "limit": 1})[0].entry == seen[0].entry
    assert acts_on(after=start, **{**wanted, "subjects": ["otro"]}) == []
