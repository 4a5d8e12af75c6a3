"""Importing from the page: columns, preview, once, and taking it back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from manglar.accounts.choices import Role
from manglar.audit.services import seal
from manglar.margin.models import ColumnMapping
from manglar.network.models import Institution
from manglar.operations.filetypes import MAX_BYTES
from manglar.operations.models import FileImport
from manglar.territory.models import Division

pytestmark = pytest.mark.django_db
URL = "/desk/panama/importar/instituciones/"
FILE = "Abrev.,Cómo se llama,Tipo\nMOP,Obras Públicas,ministerio\nMINSA,Salud,ministerio\n"


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.APPROVER).user)
    return client


def sent(text, name="red.csv"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def hidden(response, *names):
    """The hidden fields of the form, as a browser would send them back."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', response.content.decode()))
    return {name: found[name] for name in names or ("once", "kept", "seen", "viendo") if name in found}


def test_a_file_is_uploaded_its_columns_said_previewed_imported_and_taken_back(desk, panama):
    first = desk.post(URL, {"file": sent(FILE)})
    page = first.content.decode()
    assert first.status_code == 422
    assert "Qué es cada columna" in page
    assert "--map" not in page
    assert [c.name for c in first.context["columns"]] == ["Abrev.", "Cómo se llama", "Tipo"]
    assert first.context["columns"][0].samples == "MOP · MINSA"

    chosen = {"columns": "1", "column-0": "code", "column-1": "name", "column-2": "kind"}
    second = desk.post(URL, {**hidden(first), **chosen})
    assert second.status_code == 200
    assert "no-store" not in second.headers["Cache-Control"]  # going back after importing shows it again
    assert second.context["preview"].counts == {"created": 2}
    assert [row.cells[0].text for row in second.context["table"].rows] == ["MOP Obras Públicas", "MINSA Salud"]
    assert not Institution.objects.exists()

    done = desk.post(URL, {**hidden(second), **chosen, "apply": "1"}, follow=True)
    load = FileImport.objects.get()
    assert done.redirect_chain[-1][0].endswith(f"/importaciones/{load.public_id}/")
    assert "2 nuevas" in done.content.decode()
    assert Institution.objects.count() == 2
    assert ColumnMapping.objects.get().columns == {"code": "Abrev.", "name": "Cómo se llama"}

    seal(limit=1_000)
    asked = desk.get(f"/desk/panama/importaciones/{load.public_id}/deshacer/")
    assert "se quitan 2 registros que creó" in asked.content.decode()
    desk.post(f"/desk/panama/importaciones/{load.public_id}/deshacer/", {"reason": "archivo equivocado"})
    assert not Institution.objects.exists()
    seal(limit=1_000)
    shown = desk.get(f"/desk/panama/importaciones/{load.public_id}/")
    assert "archivo equivocado" in shown.content.decode()
    assert shown.context["offered"] == []

    again = desk.post(URL, {"file": sent(FILE, "otro.csv")})
    assert again.status_code == 200, "the columns are remembered"
    assert "mismos encabezados" in again.content.decode()


def test_the_back_button_after_importing_does_nothing_twice(desk):
    seen = desk.post(URL, {"file": sent(FILE.replace("Abrev.", "siglas").replace("Cómo se llama", "nombre"))})
    again = {**hidden(seen), "apply": "1"}
    desk.post(URL, again)
    page = desk.post(URL, again, follow=True).content.decode()
    assert "no se hizo dos veces" in page
    assert FileImport.objects.count() == 1
    back = desk.post(URL, hidden(seen))  # the browser asks for the preview again
    assert "ya se importó desde esta página" in back.content.decode()
    assert hidden(back)["once"] != again["once"]
    assert not back.context["preview"].changes_anything


def test_a_refused_import_may_be_tried_again_with_the_same_form(desk, panama):
    text = "siglas,nombre,tipo\nX,Equis,marciana\n"
    seen = desk.post(URL, {"file": sent(text)})
    assert "name=\"apply\"" not in seen.content.decode()
    refused = desk.post(URL, {**hidden(seen), "apply": "1"})
    assert refused.status_code == 422
    assert "marciana" in refused.content.decode()
    assert not FileImport.objects.exists()
    assert "no se hizo dos veces" not in desk.post(URL, {**hidden(seen), "apply": "1"}, follow=True).content.decode()


def test_what_changed_since_the_preview_is_shown_again_instead_of_imported(desk, panama, office):
    seen = desk.post(URL, {"file": sent("siglas,nombre,tipo\nMOP,Obras,ministerio\n")})
    Institution.objects.create(government=panama, code="mop", name={"es": "Otra"}, kind="ministry")
    stale = desk.post(URL, {**hidden(seen), "apply": "1"})
    assert "Algo cambió desde que usted vio" in stale.content.decode()
    assert stale.context["preview"].counts == {"changed": 1}
    desk.post(URL, {**hidden(stale), "apply": "1"})
    assert Institution.objects.get().name == {"es": "Obras"}


def test_many_rows_come_by_pages_and_one_outcome_at_a_time(desk, panama):
    Institution.objects.create(government=panama, code="i0", name={"es": "Vieja"}, kind="ministry")
    text = "siglas,nombre,tipo\n" + "".join(f"i{n},Institución {n},ministerio\n" for n in range(120))
    seen = desk.post(URL, {"file": sent(text)})
    assert [(t.outcome, t.count) for t in seen.context["tabs"]] == [("", 120), ("changed", 1), ("created", 119)]
    assert len(seen.context["table"].rows) == 50
    last = desk.post(URL, {**hidden(seen), "pagina": "3"})
    assert len(last.context["table"].rows) == 20
    one = desk.post(URL, {**hidden(seen), "ver": "changed"})
    assert [row.cells[1].text for row in one.context["table"].rows] == ["2"]
    cell = str(one.context["table"].rows[0].cells[3].text)
    assert "<del>Vieja</del>" in cell
    assert "<ins>Institución 0</ins>" in cell
    kept = desk.post(URL, {**hidden(one), "pagina": "1"})
    assert kept.context["shown"] == "changed"


def test_markup_in_a_file_is_text(desk, panama):
    seen = desk.post(URL, {"file": sent("siglas,nombre,tipo\nX,<script>alert(1)</script>,ministerio\nY,b,<b>no</b>\n")})
    page = seen.content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>no</b>" not in page


def test_choosing_another_file_forgets_the_columns_of_the_first(desk):
    first = desk.post(URL, {"file": sent(FILE)})
    other = desk.post(
        URL, {**hidden(first), "columns": "1", "column-0": "name", "file": sent("tipo,nombre,siglas\nministerio,Salud,MINSA\n")}
    )
    assert other.status_code == 200
    assert [row.cells[0].text for row in other.context["table"].rows] == ["MINSA Salud"]


def test_a_form_that_lacks_something_keeps_the_file(desk):
    url = "/desk/panama/importar/estrategia/"
    first = desk.post(url, {"file": sent("código,título\n1,Agua\n1.1,Río\n", "plan.csv"), "language": "es"})
    assert first.status_code == 422
    assert "plan.csv" in first.content.decode()
    told = {"strategy_title": "Ciudad", "edition_label": "2026", "language": "es"}
    assert desk.post(url, {**hidden(first, "once", "kept"), **told}).context["preview"].counts == {"created": 2}


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("vacío.csv", b"", "vacío"),
        ("foto.csv", b"\x89PNG\r\n\x1a\n0000", "PNG"),
        ("solo.csv", b"siglas,nombre,tipo\n", "ninguna fila"),
        ("roto.xlsx", b"PK\x03\x04 nada", "dañado"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_changes_nothing(desk, name, content, word):
    page = desk.post(URL, {"file": sent(content, name)})
    assert page.status_code in {409, 422}
    assert word in page.content.decode()
    assert not FileImport.objects.exists()


def test_without_a_file_it_is_asked_for(desk):
    assert "Elija el archivo" in desk.post(URL, {}).content.decode()


def test_a_file_over_the_limit_is_refused_in_words(desk, settings):
    too_big = SimpleUploadedFile("x.csv", b"a,b\n")
    too_big.size = MAX_BYTES + 1
    from manglar.desk import importing

    request = type("R", (), {"FILES": {"file": too_big}, "POST": {}, "actor": None, "government": None})()
    request.actor = Institution  # whoever asks: the size is judged first
    with pytest.raises(importing.InvalidInput, match="60 MB"):
        importing._upload(request)


def test_options_of_the_command_are_fields_of_the_page(desk, panama):
    url = "/desk/panama/importar/territorio/"
    text = "codigo,nombre,dist_nomb,poblacion\n080812,Juan Díaz,Panamá,10\n,,,\nX1,,Panamá,1\n"
    seen = desk.post(url, {"file": sent(text, "t.csv"), "level": "corregimiento"})
    assert seen.context["preview"].counts["refused"] == 1
    assert not re.search(r"--[a-z]", re.sub(r"(?s)<[^>]*>", " ", seen.content.decode()))  # in what is read: a token may hold anything
    told = {"level": "corregimiento", "leave_refused": "on", "population_year": "2023", "create_parents": "on"}
    ready = desk.post(url, {**hidden(seen, "once", "kept"), **told})
    assert ready.context["preview"].is_clean
    desk.post(url, {**hidden(ready, "once", "kept", "seen"), **told, "apply": "1"})
    assert Division.objects.get(code="080812").population == 10


def test_each_list_offers_its_imports_and_the_log_of_them(desk, panama):
    labels = [offer.label for offer in desk.get("/desk/panama/instituciones/").context["imports"]]
    assert labels == ["Importar instituciones", "Importar la lista corregida"]
    assert "Todavía no se ha importado" in desk.get("/desk/panama/importaciones/").content.decode()


def test_only_who_may_do_such_an_import_takes_it_back(desk, panama, someone_with):
    seen = desk.post(URL, {"file": sent("siglas,nombre,tipo\nMOP,Obras,ministerio\n")})
    desk.post(URL, {**hidden(seen), "apply": "1"})
    load = FileImport.objects.get()
    analyst = Client()
    analyst.force_login(someone_with(panama, Role.ANALYST).user)
    analyst.post(f"/desk/panama/importaciones/{load.public_id}/deshacer/", {})
    assert Institution.objects.count() == 1


def test_another_file_with_the_same_headings_keeps_what_was_chosen(desk, panama):
    first = desk.post(URL, {"file": sent(FILE)})
    named = {c.named: c.name for c in first.context["columns"]}
    chosen = {"columns": "1", "column-0": "code", "column-1": "name", "column-2": "kind", **named}
    again = desk.post(URL, {**hidden(first), **chosen, "file": sent("Tipo,Abrev.,Cómo se llama\nministerio,MOP,Obras\n")})
    assert again.status_code == 200
    assert [row.cells[0].text for row in again.context["table"].rows] == ["MOP Obras"]
    other = desk.post(URL, {**hidden(first), **chosen, "file": sent("x,y,z\nministerio,MOP,Obras\n")})
    assert other.status_code == 422


def test_usual_headings_and_usual_words_are_understood_and_made_up_siglas_are_said(desk, panama):
    seen = desk.post(URL, {"file": sent("Sigla oficial,Nombre largo,Qué es\nIPCT,Instituto de Pruebas,autoridad\n,Río Limpio,ONG\nX,Equis,cosa rara\n")})
    rows = {row.cells[0].text: row.cells[3].text for row in seen.context["table"].rows}
    assert "IPCT Instituto de Pruebas" in rows
    assert "no trae sus siglas" in rows["rio-limpio Río Limpio"]
    assert "«cosa rara»" in rows["Equis"]  # the wrong row is named, not only numbered
