"""Two workers, or one form twice, at the very same moment."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from manglar.accounts.choices import Role
from manglar.audit.models import Entry
from manglar.audit.services import act, seal
from manglar.audit.verification import verify
from manglar.margin import services
from manglar.margin.models import Comment, Notification, Record
from tests.margin.conftest import AT, OFFICE, RIVER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _several_writers(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite tiene un solo escritor a la vez: esto se prueba sobre PostgreSQL")


def at_once(work, times=4):
    """Do the same in several threads that start together; return what each answered."""
    gate, answers = Barrier(times), []

    def run():
        try:
            gate.wait()
            answers.append(work())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_workers_that_read_the_log_at_once_tell_each_follower_once(panama, someone_with):
    followers = [someone_with(panama, Role.READER) for _ in range(3)]
    for each in followers:
        services.follow(by=each, record=Record(panama, RIVER, "hitos"), at=AT)
    for _ in range(5):
        with act("milestone.reported", by=OFFICE, government_id=panama.pk, subject=RIVER):
            pass
    seal()
    answers = at_once(lambda: services.tell_followers(by=OFFICE, at=timezone.now()))
    assert sorted(answers) == [0, 0, 0, 15]
    assert Notification.objects.count() == 15


def test_one_form_sent_several_times_at_once_is_one_comment_and_one_act(panama, someone_with):
    author, record = someone_with(panama, Role.READER), Record(panama, RIVER, "hitos")
    answers = at_once(lambda: services.write_comment(by=author, record=record, text="Una vez", at=AT, form_key="k"))
    assert sorted(written.is_new for written in answers) == [False, False, False, True]
    assert len({written.comment.pk for written in answers}) == Comment.objects.count() == 1
    seal()
    assert Entry.objects.filter(event="comment.written", operation="event").count() == 1
    assert verify().is_sound


def test_following_several_times_at_once_is_one_follow(panama, someone_with):
    follower, record = someone_with(panama, Role.READER), Record(panama, RIVER, "hitos")
    answers = at_once(lambda: services.follow(by=follower, record=record, at=AT))
    assert len({made.pk for made in answers}) == 1
