"""``manglar seed``: what it says, and what it refuses."""

import dataclasses
import json

import pytest
from django.core.management import call_command

from manglar.governments.models import Government
from manglar.seed import loading
from manglar.seed.management.commands import seed as command
from manglar.seed.sizes import SIZES
from tests.seed.test_loading import TINY

pytestmark = pytest.mark.django_db


@pytest.fixture
def _tiny(monkeypatch, tmp_path, settings):
    """The smallest city, in a throw-away folder, on a connection that the tests keep."""
    settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path
    monkeypatch.setitem(SIZES, "small", dataclasses.replace(TINY, name="small"))
    monkeypatch.setattr(command, "settle", lambda: None)


def test_a_database_with_something_in_it_is_refused_in_a_sentence(panama, capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("seed", "--size", "small")
    assert stopped.value.code == 2
    assert "base vacía" in capsys.readouterr().err
    assert Government.objects.count() == 1


@pytest.mark.usefixtures("_tiny")
def test_it_says_what_it_made_as_json(capsys):
    call_command("seed", "--size", "small", "--seed", "5", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["ok"]
    assert (said["size"], said["seed"], said["buildings"]) == ("small", 5, TINY.buildings)
    assert said["entries"] > 300


@pytest.mark.usefixtures("_tiny")
def test_stopped_while_sealing_it_says_how_to_finish(monkeypatch, capsys):
    def stop(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "seal", stop)
    with pytest.raises(SystemExit) as stopped:
        call_command("seed")
    assert stopped.value.code == 2
    assert "manglar verify" in capsys.readouterr().err
