"""Followers are told of what others do, once, in the order of the log."""

import pytest
from django.utils import timezone

from manglar.audit.models import Entry, RawChange
from manglar.audit.services import act, erase_actor, seal
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.governments.models import SharingGrant
from manglar.margin import selectors, services
from manglar.margin.models import Follow, Notification, Reading, Record
from manglar.margin.services import follows
from manglar.operations.models import OutboxMessage
from tests.margin.conftest import AT, OFFICE, RIVER, leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(office):
    """One reading of the log, after sealing what waits."""

    def once(**more):
        seal()
        return services.tell_followers(by=office, at=timezone.now(), **more)

    return once


def touch(by, government, subject=RIVER, event="milestone.reported"):
    """An act of somebody on a record."""
    with act(event, by=by, government_id=government.pk, subject=subject):
        pass


def test_a_follower_is_told_of_what_somebody_else_did_and_only_once(river, panama, lectora, editora, worker):
    services.follow(by=lectora, record=river, at=AT)
    touch(editora, panama)
    assert [worker(), worker(), worker()] == [1, 0, 0]
    (notice,) = selectors.notifications_of(lectora.user).notices
    assert (notice.who, notice.event, notice.title, notice.kind) == (
        "Editora Segunda", "milestone.reported", "Limpiar el río", "change",
    )


def test_nobody_is_told_of_their_own_acts_nor_of_what_came_before(river, panama, lectora, editora, worker):
    touch(editora, panama)
    seal()
    services.follow(by=lectora, record=river, at=AT)
    touch(lectora, panama)
    assert worker() == 0
    assert not Notification.objects.exists()


def test_who_starts_later_is_not_told_of_what_an_older_follower_is(river, panama, lectora, editora, worker):
    services.follow(by=editora, record=river, at=AT)
    touch(OFFICE, panama, event="milestone.before")
    seal()
    services.follow(by=lectora, record=river, at=AT)
    touch(OFFICE, panama, event="milestone.after")
    assert worker() == 3
    assert [n.event for n in selectors.notifications_of(lectora.user).notices] == ["milestone.after"]


def test_the_same_entries_read_again_tell_nobody_twice(river, panama, lectora, editora, worker):
    services.follow(by=lectora, record=river, at=AT)
    touch(editora, panama)
    assert worker() == 1
    Reading.objects.update(entry=0)  # a place that was lost, or a second worker that read it too
    assert worker() == 0
    assert Notification.objects.count() == 1


def test_a_worker_that_dies_in_the_middle_tells_everything_the_next_time(
    river, panama, lectora, editora, worker, monkeypatch
):
    services.follow(by=lectora, record=river, at=AT)
    touch(editora, panama)
    with monkeypatch.context() as patch:
        patch.setattr(follows, "_mail", lambda *_: (_ for _ in ()).throw(RuntimeError("muere")))
        with pytest.raises(RuntimeError):
            worker()
    assert not Notification.objects.exists()
    assert worker() == 1


def test_the_log_does_not_grow_by_being_read(river, panama, lectora, editora, worker):
    services.follow(by=lectora, record=river, at=AT)
    touch(editora, panama)
    worker()
    worker()
    held = Entry.objects.count()
    for _turn in range(3):
        assert worker() == 0
    assert (Entry.objects.count(), RawChange.objects.count()) == (held, 0)


def test_a_long_log_is_read_in_batches_and_in_order(river, panama, lectora, editora, worker):
    services.follow(by=lectora, record=river, at=AT)
    for n in range(5):
        touch(editora, panama, event=f"milestone.step{n}")
    assert [worker(limit=2) for _turn in range(4)] == [1, 2, 2, 0]  # the first entry read is that it is followed
    told = Notification.objects.order_by("pk").values_list("event", flat=True)
    assert list(told) == [f"milestone.step{n}" for n in range(5)]


def test_an_act_that_changes_the_row_of_the_record_is_told_once(panama, san_miguelito, lectora, editora, worker):
    """The act and the row it changes both name the record; an act without subject is found by the row."""
    grant = SharingGrant(
        government=panama, to=san_miguelito, record_id="x", reason="r", from_on=timezone.localdate()
    )
    services.follow(by=lectora, record=Record(panama, grant.public_id, "permisos"), at=AT)
    with act("record.shared", by=editora, government_id=panama.pk, subject=grant.public_id):
        grant.save()
    assert worker() == 1
    with act("grant.revoked", by=editora, government_id=panama.pk):
        grant.reason = "otro"
        grant.save()
    assert worker() == 1
    assert set(Notification.objects.values_list("event", flat=True)) == {"record.shared", "grant.revoked"}


def test_a_change_outside_the_services_is_told_too(panama, san_miguelito, lectora, worker):
    grant = SharingGrant(
        government=panama, to=san_miguelito, record_id="x", reason="r", from_on=timezone.localdate()
    )
    services.follow(by=lectora, record=Record(panama, grant.public_id, "permisos"), at=AT)
    grant.save()
    assert worker() == 1
    (notice,) = selectors.notifications_of(lectora.user).notices
    assert (notice.event, notice.who) == ("outside.changed", "desconocido, fuera de servicio")


def test_what_another_government_does_with_the_same_name_tells_nobody(river, san_miguelito, lectora, vecina, worker):
    services.follow(by=lectora, record=river, at=AT)
    touch(vecina, san_miguelito)
    assert worker() == 0
    with pytest.raises(NotAllowed):
        services.follow(by=vecina, record=river, at=AT)


def test_who_lost_their_role_is_told_nothing_more(river, panama, lectora, editora, worker):
    services.follow(by=lectora, record=river, at=AT)
    leave(lectora)
    touch(editora, panama)
    assert worker() == 0


def test_following_twice_or_stopping_twice_changes_nothing(river, panama, lectora, editora, worker):
    one = services.follow(by=lectora, record=river, at=AT)
    assert services.follow(by=lectora, record=river, at=AT) == one
    assert selectors.is_following(lectora.user, river)
    assert not selectors.is_following(editora.user, river)
    assert selectors.follower_count(river) == 1
    assert [f.subject for f in selectors.follows_of(lectora.user, panama)] == [RIVER]
    services.stop_following(by=lectora, record=river)
    services.stop_following(by=lectora, record=river)
    assert not Follow.objects.exists()
    touch(editora, panama)
    assert worker() == 0
    seal()
    acts = Entry.objects.filter(subject=RIVER, operation="event").values_list("event", flat=True)
    assert list(acts.order_by("pk")) == ["follow.started", "follow.ended", "milestone.reported"]


def test_that_somebody_follows_or_corrects_a_comment_is_no_news(river, lectora, editora, worker):
    services.follow(by=lectora, record=river, at=AT)
    services.follow(by=editora, record=river, at=AT)
    services.stop_following(by=editora, record=river)
    comment = services.write_comment(by=editora, record=river, text="Uno", at=AT).comment
    services.change_comment(by=editora, comment=comment, text="Dos", at=AT)
    services.withdraw_comment(by=editora, comment=comment, at=AT)
    assert worker() == 1
    assert [n.event for n in selectors.notifications_of(lectora.user).notices] == ["comment.written"]


def test_a_follower_who_is_mentioned_is_told_once(river, lectora, editora, worker):
    services.follow(by=lectora, record=river, at=AT)
    services.write_comment(by=editora, record=river, text="@Lectora Primera", at=AT)
    assert worker() == 0
    assert [n.kind for n in selectors.notifications_of(lectora.user).notices] == ["mention"]


def test_one_mail_a_reading_goes_to_who_wants_everything(river, panama, lectora, editora, worker):
    services.choose_mails(by=lectora, government=panama, mails="everything")
    services.choose_mails(by=editora, government=panama, mails="mentions")
    for number in range(25):
        record = Record(panama, f"hito-00000000{number:02d}", "hitos", f"Hito {number}")
        services.follow(by=lectora, record=record, at=AT)
        services.follow(by=editora, record=record, at=AT)
        touch(OFFICE, panama, record.public_id)
        touch(OFFICE, panama, record.public_id)
    assert worker() == 100
    mail = OutboxMessage.objects.get()
    assert mail.subject == "Cambiaron 25 cosas que usted sigue"
    assert "Hito 19\n" in mail.body
    assert "Y 5 más" in mail.body
    assert "Hito 20\n" not in mail.body


def test_an_erased_actor_is_shown_as_erased_in_the_notification(river, panama, lectora, editora, office, worker):
    services.follow(by=lectora, record=river, at=AT)
    touch(editora, panama)
    worker()
    erase_actor(by=office, actor_ref=editora.ref, reason="petición 7", on=AT.date())
    assert selectors.notifications_of(lectora.user).notices[0].who == "(borrado por petición)"


def test_without_followers_the_log_is_not_read(panama, editora, worker, django_assert_max_num_queries):
    touch(editora, panama)
    seal()
    with django_assert_max_num_queries(2):
        assert services.tell_followers(by=OFFICE, at=AT) == 0
    assert not Reading.objects.exists()


def test_a_record_without_a_proper_name_is_not_followed(panama, lectora):
    with pytest.raises(InvalidInput):
        services.follow(by=lectora, record=Record(panama, "río", "hitos"), at=AT)
