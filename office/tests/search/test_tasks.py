"""The worker keeps the index up to date."""

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from manglar.operations import services as operations
from manglar.search.models import Document
from manglar.search.tasks import index_what_changed
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


def test_a_round_of_the_worker_indexes_what_changed(panama):
    finding = make.finding(panama)
    call_command("work", "--once")
    assert Document.objects.filter(record_id=finding.public_id).exists()


def test_it_is_a_chore_of_the_worker():
    assert operations.CHORES["search.index"] is index_what_changed


def test_a_chore_that_fails_is_written_down_and_the_rest_goes_on(office, monkeypatch, caplog):
    def broken(by, at):
        raise ValueError("se rompió")

    monkeypatch.setattr(operations.jobs, "CHORES", {"broken": broken, "sound": lambda *_: 3})
    assert operations.do_chores(by=office, at=timezone.now()) == 3
    assert "broken" in caplog.text


def test_a_database_that_is_away_stops_the_round(office, monkeypatch):
    def away(by, at):
        raise OperationalError("no responde")

    monkeypatch.setattr(operations.jobs, "CHORES", {"away": away})
    with pytest.raises(OperationalError):
        operations.do_chores(by=office, at=timezone.now())
