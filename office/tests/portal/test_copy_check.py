"""What the verifier says of a file: the copy in force, an older or withdrawn one, an altered one, or none at all."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from manglar.accounts.actors import program
from manglar.portal.copy_check import verdict_of
from manglar.publication import services as publication
from manglar.publication.models import Release
from manglar.publication.selectors import document_of
from tests import chain_factories as made

pytestmark = pytest.mark.django_db
OFFICE = program("prueba")


@pytest.fixture
def release(panama):
    finding = made.finding(panama, "El río <b>se desborda</b>")
    publication.release_record(by=OFFICE, government=panama, public_id=finding.public_id, at=made.AT)
    return Release.objects.get(subject_id=finding.public_id)


def test_the_copy_in_force_is_named_by_its_title_with_a_link(release):
    verdict = verdict_of(document_of(release).encode())
    assert verdict.level == "success"
    assert f'<a href="/hallazgos/{release.subject_id}/">«El río &lt;b&gt;se desborda&lt;/b&gt;»</a>' in verdict.told
    assert "No ha cambiado" in verdict.told


def test_an_altered_copy_says_which_publication_it_claims_to_be(release):
    altered = document_of(release).replace("desborda", "calma").encode()
    verdict = verdict_of(altered)
    assert verdict.level == "warning"
    assert "Dice ser" in verdict.told
    assert "versión 1, pero no coincide con lo publicado" in verdict.told


@pytest.mark.parametrize(
    "content",
    [b"\xff\xd8\xff\xe0 una foto", b"", b"[]", b"null", b'{"id": "nadie", "version": 1}', b'{"id": "a\\u0000b", "version": "x"}', b'{"id": 1, "version": 1e999}', b"[" * 100_000],
)
def test_what_is_no_copy_of_this_site_says_so(release, content):
    verdict = verdict_of(content)
    assert verdict.level == "error"
    assert "no es una copia de este sitio" in verdict.told


def test_a_withdrawn_copy_says_so_and_leads_nowhere(release, panama):
    publication.withdraw_release(by=OFFICE, release=release, reason="Error", at=made.AT)
    release.refresh_from_db()
    verdict = verdict_of(document_of(release).encode())
    assert "retirada después" in verdict.told
    assert "href" not in verdict.told
    assert "href" not in verdict_of(document_of(release).replace("desborda", "calma").encode()).told


def test_the_result_stands_beside_the_form_and_the_page_of_a_record_leads_there(release):
    told = json.dumps(release.payload).encode()
    page = Client().post("/transparencia/", {"copy": SimpleUploadedFile("copia.json", told)}).content.decode()
    assert page.index('id="comprobar-copia"') < page.index("Dice ser") < page.index('name="copy"')
    record = Client().get(f"/hallazgos/{release.subject_id}/").content.decode()
    assert 'href="/transparencia/#comprobar-copia"' in record
