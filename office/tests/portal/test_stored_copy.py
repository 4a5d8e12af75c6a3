"""One tap on the page of a record says whether its stored copy is the one that the log says was published."""

import pytest
from django.db import connection
from django.test import Client

from manglar.accounts.actors import program
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.audit.triggers import drop_guards
from manglar.foundation.canonical import digest
from manglar.publication import services as publication
from manglar.publication.models import Release, ReleaseLink
from tests import chain_factories as made

pytestmark = pytest.mark.django_db
OFFICE = program("prueba")


@pytest.fixture
def release(panama):
    finding = made.finding(panama, "El río se desborda")
    publication.release_record(by=OFFICE, government=panama, public_id=finding.public_id, at=made.AT)
    seal()
    return Release.objects.get(subject_id=finding.public_id)


def entry_of(release):
    return Entry.objects.get(table_name="publication_release", row_key=str(release.pk), operation="I")


def asked(release, language=""):
    page = Client().get(f"{language}/hallazgos/{release.subject_id}/?comprobar=1").content.decode()
    return page[page.index('id="comprobar"') :]


def behind_the_triggers(release, **values):
    """Change a stored copy as who owns the machine would: with the triggers away, so that the log says nothing of it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'publication_release'")
            held = cursor.fetchall()
            for name, _sql in held:
                cursor.execute(f'DROP TRIGGER "{name}"')
            Release.objects.filter(pk=release.pk).update(**values)
            for _name, sql in held:
                cursor.execute(sql)
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of the transaction would hold the table
            cursor.execute("ALTER TABLE publication_release DISABLE TRIGGER USER")
            Release.objects.filter(pk=release.pk).update(**values)
            cursor.execute("ALTER TABLE publication_release ENABLE TRIGGER USER")


def test_one_tap_says_since_when_it_is_unchanged_and_in_which_entry(release):
    page = Client().get(f"/hallazgos/{release.subject_id}/").content.decode()
    assert 'href="?comprobar=1#comprobar"' in page
    assert "No ha cambiado" not in page
    told = asked(release)
    assert "No ha cambiado desde que se publicó" in told
    assert f"asiento {entry_of(release).seq} de la cadena «Municipio de Panamá»" in told
    assert 'role="status"' in told
    assert '/transparencia/#comprobar-copia"' in told


def test_a_copy_that_was_altered_with_its_digest_behind_the_triggers_is_told(release):
    payload = {**release.payload, "title": {"es": "El río está en calma"}}
    behind_the_triggers(release, payload=payload, sha256=digest(payload))
    told = asked(release)
    assert "La copia guardada fue alterada" in told
    assert f"asiento {entry_of(release).seq}" in told
    assert 'role="alert"' in told
    assert "No ha cambiado" not in told


def test_a_copy_that_was_altered_alone_is_told(release):
    behind_the_triggers(release, payload={**release.payload, "title": {"es": "El río está en calma"}})
    assert "La copia guardada fue alterada" in asked(release)


def test_a_change_that_the_log_did_see_is_told_too(release):
    payload = {**release.payload, "title": {"es": "El río está en calma"}}
    Release.objects.filter(pk=release.pk).update(payload=payload, sha256=digest(payload))
    seal()
    assert "La copia guardada fue alterada" in asked(release)


def test_a_digest_that_was_altered_beside_a_whole_copy_is_told(release):
    behind_the_triggers(release, sha256="0" * 64)
    assert "los datos guardados a su lado" in asked(release)


@pytest.mark.parametrize("field", ["digests", "at", "previous"])
def test_an_altered_entry_is_told_with_its_chain(release, field):
    entry = entry_of(release)
    drop_guards(connection)
    altered = {"digests": {**entry.digests, "sha256": "0" * 64}, "at": "2020-01-01", "previous": "0" * 64}[field]
    Entry.objects.filter(pk=entry.pk).update(**{field: altered})
    told = asked(release)
    assert "no concuerda" in told
    assert "Cadena «Municipio de Panamá»" in told
    assert "No ha cambiado" not in told


def test_what_is_not_sealed_yet_is_not_called_unchanged(panama):
    finding = made.finding(panama, "El río se desborda")
    publication.release_record(by=OFFICE, government=panama, public_id=finding.public_id, at=made.AT)
    told = asked(Release.objects.get(subject_id=finding.public_id))
    assert "se está sellando" in told
    assert "No ha cambiado" not in told


def test_a_copy_without_an_entry_cannot_be_checked(release):
    entry = entry_of(release)
    drop_guards(connection)
    Entry.objects.filter(pk=entry.pk).update(row_key="0")
    assert "La bitácora no tiene el asiento" in asked(release)


def test_cut_links_are_told(panama):
    whole = made.WholeChain(panama)
    publication.release_chain(by=OFFICE, government=panama, public_id=whole.decision.public_id, at=made.AT)
    seal()
    address = f"/decisiones/{whole.decision.public_id}/?comprobar=1"
    assert "No ha cambiado" in Client().get(address).content.decode()
    ReleaseLink.objects.filter(release__subject_id=whole.decision.public_id).delete()
    assert "los datos guardados a su lado" in Client().get(address).content.decode()


def test_it_answers_in_english(release):
    told = asked(release, "/en")
    assert "It has not changed since it was published" in told
