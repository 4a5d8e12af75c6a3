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


def test_it_is_among_the_chores_of_the_worker():
    assert operations.CHORES["search"] is index_what_changed
