"""The worker tells followers in every round, and goes on when that fails."""

import pytest
from django.core.management import call_command
from django.db import OperationalError

from manglar.margin import selectors, services
from manglar.operations import services as operations
from tests.margin.conftest import AT

pytestmark = pytest.mark.django_db


def test_one_round_of_the_worker_tells_the_followers(river, lectora, editora, capsys):
    services.follow(by=lectora, record=river, at=AT)
    services.write_comment(by=editora, record=river, text="Ya está", at=AT)
    call_command("work", "--once")
    assert selectors.unread_count(lectora.user) == 1
    call_command("work", "--once")
    assert selectors.unread_count(lectora.user) == 1


def test_a_chore_that_fails_is_logged_and_the_others_are_done(office, monkeypatch, caplog):
    done = []

    def breaks(by, at):
        raise RuntimeError("se rompió")

    monkeypatch.setattr(operations.jobs, "CHORES", {})
    operations.chore("breaks")(breaks)
    operations.chore("works")(lambda _by, at: done.append(at) or 3)
    assert operations.do_chores(by=office, at=AT) == 3
    assert done == [AT]
    assert "chore breaks failed" in caplog.text


def test_a_database_that_is_away_stops_the_round(office, monkeypatch):
    def away(by, at):
        raise OperationalError("no responde")

    monkeypatch.setattr(operations.jobs, "CHORES", {"away": away})
    with pytest.raises(OperationalError):
        operations.do_chores(by=office, at=AT)
