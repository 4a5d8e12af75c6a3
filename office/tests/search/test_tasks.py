"""The worker keeps the index up to date."""

import pytest
from django.core.management import call_command

from manglar.operations import services as operations
from manglar.search.models import Document
from manglar.search.tasks import index_what_changed
from tests import chain_factories as make

pytestmark = pytest.mark.django_db


def test_a_round_of_the_worker_indexes_what_changed(panama):
    finding = make.finding(panama)
    call_command("work", "--once")
    assert Document.objects.filter(record_id=finding.public_id).exists()


def test_it_is_registered_once(monkeypatch):
    assert operations.ROUNDS.count(index_what_changed) == 1
    operations.every_round(index_what_changed)
    assert operations.ROUNDS.count(index_what_changed) == 1


def test_a_round_that_fails_is_written_down_and_the_rest_goes_on(monkeypatch, caplog):
    done = []

    def broken():
        raise ValueError("se rompió")

    monkeypatch.setattr(operations, "ROUNDS", [broken, lambda: done.append(1)])
    operations.run_rounds()
    assert done == [1]
    assert "broken" in caplog.text
