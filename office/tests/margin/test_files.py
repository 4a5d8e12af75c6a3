"""Files beside records: judged by what they are, kept once, withdrawn with a reason, read by nobody afterwards."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.audit.selectors import history_of
from manglar.audit.services import seal
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.margin import selectors, services
from manglar.margin.models import Attachment
from manglar.operations.filetypes import DOCX, ODT, PPTX, recognise
from manglar.operations.models import StoredFile
from tests import chain_factories as make
from tests.margin.conftest import AT, OFFICE

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n"


def attach(by, record, content=PDF, name="acta.pdf", **more):
    return services.attach_file(by=by, record=record, name=name, content=content, at=AT, **more)


def packed(**members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return held.getvalue()


def test_a_file_stands_beside_its_record_and_in_its_history(river, editora):
    made = attach(editora, river, title="  Acta   del 4 de mayo ")
    assert (made.title, made.author_name, made.file.media_type) == (
        "Acta del 4 de mayo", "Editora Segunda", "application/pdf",
    )  # fmt: skip
    assert selectors.files_of(river) == [made]
    seal()
    assert "file.attached" in {line.event for line in history_of(river.public_id)}


def test_without_a_title_a_file_is_called_by_its_name(river, editora):
    assert attach(editora, river, name="..\\..\\etc\\acta.pdf").title == "acta.pdf"


def test_a_reader_and_somebody_of_another_government_may_not_attach(river, lectora, vecina):
    for by in (lectora, vecina):
        with pytest.raises(NotAllowed):
            attach(by, river)
    assert not StoredFile.objects.exists()


def test_the_same_bytes_stand_beside_a_record_once_and_leave_nothing_behind(river, editora):
    attach(editora, river, title="Acta")
    with pytest.raises(Conflict, match="«Acta»"):
        attach(editora, river, name="otra.pdf")
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "vacío"), (b"<svg onload='x'/>", "no es un archivo"), (b"MZ\x90\x00\x03", "no es un archivo")],
)
def test_what_is_not_a_document_is_refused_in_words(river, editora, content, word):
    with pytest.raises(InvalidInput, match=word):
        attach(editora, river, content, "documento.pdf")
    assert not StoredFile.objects.exists()


def test_office_files_are_known_by_their_content_and_macros_are_refused():
    assert recognise("a", packed(word__document_xml="<w/>")) is DOCX
    assert recognise("a", packed(ppt__presentation_xml="<p/>")) is PPTX
    assert recognise("a", packed(mimetype=ODT.media_type, content_xml="<o/>")) is ODT
    with pytest.raises(InvalidInput, match="macros"):
        recognise("a.docx", packed(word__document_xml="<w/>", word__vbaProject_bin="x"))


def test_a_withdrawn_file_keeps_its_place_in_the_log_and_is_read_no_more(river, editora):
    made = attach(editora, river)
    with pytest.raises(InvalidInput, match="por qué"):
        services.withdraw_file(by=editora, attachment=made, reason=" \u202e", at=AT)
    services.withdraw_file(by=editora, attachment=made, reason="Tenía datos personales", at=AT)
    assert selectors.files_of(river) == []
    assert selectors.is_withdrawn(made.file)
    with pytest.raises(Conflict, match="ya estaba"):
        services.withdraw_file(by=editora, attachment=made, reason="otra vez", at=AT)
    attach(editora, river)


def test_a_person_who_is_erased_leaves_their_files_unsigned(panama, river, editora):
    made = attach(editora, river)
    services.erase_author(by=OFFICE, government=panama, user=editora.user, on=AT.date(), reason="Carta del 3 de mayo")
    made.refresh_from_db()
    assert (made.author, made.author_name) == (None, "Persona borrada a petición")


def client_of(actor):
    client = Client()
    client.force_login(actor.user)
    return client


def test_from_the_page_a_file_is_attached_read_and_withdrawn(panama, editora, lectora):
    finding, client = make.finding(panama), client_of(editora)
    page, beside = (
        f"/desk/panama/hallazgos/{finding.public_id}/",
        f"/desk/panama/al-margen/hallazgos/{finding.public_id}/adjuntar/",
    )
    assert "Elija el archivo" in client.post(beside, {}, follow=True).content.decode()
    sent = SimpleUploadedFile("acta.pdf", PDF)
    told = client.post(beside, {"file": sent, "title": "<b>Acta</b>"}, follow=True).content.decode()
    assert "&lt;b&gt;Acta&lt;/b&gt;" in told
    held = Attachment.objects.get()
    address = f"/desk/panama/archivos/{held.file.public_id}/"
    assert client.get(address).content == PDF
    assert "Adjuntar un archivo" not in client_of(lectora).get(page).content.decode()
    away = f"/desk/panama/adjuntos/{held.public_id}/retirar/"
    assert "por qué se retira" in client.post(away, {"reason": ""}, follow=True).content.decode()
    assert "se retiró" in client.post(away, {"reason": "Era otro"}, follow=True).content.decode()
    assert client.get(address).status_code == 404


def test_the_api_attaches_lists_and_withdraws_with_the_same_words(panama, someone_with):
    actor, finding = someone_with(panama, Role.EDITOR), make.finding(panama)
    token = accounts.issue_api_token(by=OFFICE, government=panama, user=actor.user, at=timezone.now())
    api = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)
    root = f"/api/v1/desk/panama/al-margen/hallazgos/{finding.public_id}"
    assert "multipart" in api.post(f"{root}/adjuntar").json()["detail"]
    made = api.post(f"{root}/adjuntar", {"file": SimpleUploadedFile("acta.pdf", PDF), "title": "Acta"}).json()
    assert [each["id"] for each in api.get(f"{root}/archivos").json()["items"]] == [made["id"]]
    asked = api.post(
        f"/api/v1/desk/panama/adjuntos/{made['id']}/retirar", json.dumps({"reason": "Era otro"}),
        content_type="application/json",
    )  # fmt: skip
    assert asked.json()["withdrawn"] is True
    assert api.get(f"{root}/archivos").json()["items"] == []
    said = api.post(f"{root}/comentar", json.dumps({"text": "Bien"}), content_type="application/json").json()
    (line,) = api.get(f"{root}/comentarios").json()["items"]
    assert (line["id"], line["text"]) == (said["id"], "Bien")
    assert api.get("/api/v1/desk/panama/al-margen/hallazgos/hallazgo-2222222222/archivos").status_code == 404
    assert api.get(f"/api/v1/desk/panama/al-margen/nada/{finding.public_id}/archivos").status_code == 404


