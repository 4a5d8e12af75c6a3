"""Two people import at the very same moment: one waits for the other, and nothing comes in twice."""

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import connection

from manglar.audit.services import seal
from manglar.audit.verification import verify
from manglar.network.models import Institution
from manglar.operations.models import FileImport
from manglar.operations.services import undo_import
from manglar.web.importing import IMPORTS, apply_import
from manglar.web.kinds.base import Deed
from manglar.web.kinds.importable import Upload
from tests.margin.conftest import OFFICE

pytestmark = pytest.mark.django_db(transaction=True)
AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _several_writers(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite tiene un solo escritor a la vez: esto se prueba sobre PostgreSQL")


def at_once(*works):
    """Do some things in threads that start together; return what each answered."""
    gate, answers = Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            gate.wait()
            answers[place] = work()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_second_waits_and_finds_what_the_first_brought(panama):
    deed = Deed(by=OFFICE, government=panama, at=AT, on=AT.date())
    what = IMPORTS["instituciones"]
    rows = "".join(f"i{n},Institución {n},ministerio\n" for n in range(200))

    def bring():
        return apply_import(what, deed, Upload("red.csv", f"siglas,nombre,tipo\n{rows}".encode()), {"default_kind": ""}, {})

    answers = at_once(bring, bring, bring)
    assert Institution.objects.count() == 200
    assert not [each for each in answers if isinstance(each, Exception)], answers
    seal(limit=100_000)
    assert verify().is_sound


def test_an_import_is_taken_back_once(panama):
    deed = Deed(by=OFFICE, government=panama, at=AT, on=AT.date())
    text = b"siglas,nombre,tipo\nMOP,Obras,ministerio\n"
    apply_import(IMPORTS["instituciones"], deed, Upload("red.csv", text), {"default_kind": ""}, {})
    load = FileImport.objects.get()

    def back():
        return undo_import(by=OFFICE, load=load, at=AT)

    answers = at_once(back, back)
    assert sorted(type(each).__name__ for each in answers) == ["Conflict", "Undone"]
    assert not Institution.objects.exists()
