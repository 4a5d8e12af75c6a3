"""The page of the settings: each part saved by itself, refused in words, never over somebody else's change unseen."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from manglar.accounts.choices import Role
from manglar.audit.services import seal
from manglar.foundation.translated import translated
from manglar.governments.models import Government
from manglar.identity import services as identity
from manglar.identity.selectors import government_with_identity, identity_of
from manglar.operations.models import OutboxMessage
from manglar.strategy import services as strategy
from manglar.strategy.selectors import level_names
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
PAGE = "/desk/panama/ajustes/"


@pytest.fixture(autouse=True)
def _files_are_thrown_away(settings, tmp_path):
    settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.ADMINISTRATOR).user)
    return client


@pytest.fixture
def plan(panama, office):
    levels = [(translated("pilar"), translated("pilares")), (translated("acción"), translated("acciones"))]
    return strategy.create_strategy(by=office, government=panama, title=translated("Plan 2030"), levels=levels)


def form_of(client, section):
    """What the form of a section carries: its version, its number and its values."""
    text = client.get(PAGE).content.decode()
    held = text.split(f'id="{section}"')[1].split("</section>")[0]
    told = {name: value for name, value in re.findall(r'name="([\w.-]+)" value="([^"]*)"', held) if name != "look"}
    return {k: v for k, v in told.items() if k != "csrfmiddlewaretoken"}


def own():
    return identity_of(government_with_identity("panama"))


def test_the_navigation_leads_there_only_whom_it_lets_in(desk, panama, someone_with):
    assert PAGE in desk.get("/desk/panama/").content.decode()
    other = Client()
    other.force_login(someone_with(panama, Role.EDITOR).user)
    assert PAGE not in other.get("/desk/panama/").content.decode()
    assert other.get(PAGE).status_code == 403
    assert other.post(f"{PAGE}color/", {"accent": "#0b5c4a"}).status_code == 403


def test_the_colour_is_saved_and_every_page_wears_it(desk):
    answer = desk.post(f"{PAGE}color/", {**form_of(desk, "color"), "accent": "0B5C4A"}, follow=True)
    assert "Guardado" in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith("/ajustes/#color")
    for page in (PAGE, "/", "/estrategia/", "/cuenta/login/", "/no-hay/"):
        text = (desk if page == PAGE else Client()).get(page).content.decode()
        sheet = re.search(r'href="(/identidad/panama/\w+\.css)"', text)
        assert sheet, page
        assert "#0b5c4a" in Client().get(sheet.group(1)).content.decode()


def test_a_colour_that_cannot_be_read_is_refused_in_words_and_stays_in_its_box(desk):
    told = {**form_of(desk, "color"), "accent": "#ffcc00"}
    text = desk.post(f"{PAGE}color/", told).content.decode()
    assert "contrasta" in text
    assert 'value="#ffcc00"' in text
    assert own().accent == ""
    assert "Guardado" in desk.post(f"{PAGE}color/", {**told, "accent": "#0b5c4a"}, follow=True).content.decode()


def test_a_colour_is_looked_at_before_it_is_saved(desk):
    text = desk.post(f"{PAGE}color/", {**form_of(desk, "color"), "accent": "#8a1c4a", "look": "1"}).content.decode()
    assert "Así se vería #8a1c4a" in text
    sample = re.search(r'href="(/desk/panama/ajustes/muestra/8a1c4a\.css)"', text).group(1)
    assert "--m-primary:#8a1c4a" in desk.get(sample).content.decode()
    assert own().accent == ""
    bad = desk.post(f"{PAGE}color/", {"accent": "#ffcc00", "look": "1"}).content.decode()
    assert "contrasta" in bad
    assert "Así se vería #ffcc00" not in bad
    assert desk.get(f"{PAGE}muestra/ffcc00.css").status_code == 404
    assert desk.get(f"{PAGE}muestra/verde.css").status_code == 404


def test_a_change_by_someone_else_is_shown_before_it_is_overwritten(desk, panama, office):
    mine = {**form_of(desk, "oficina"), "office_name__es": "La mía"}
    identity.change_identity(by=office, government=panama, office_name=translated("La de otra persona"))
    answer = desk.post(f"{PAGE}oficina/", mine)
    assert answer.status_code == 409
    assert "Otra persona cambió este registro" in answer.content.decode()
    assert 'value="La mía"' in answer.content.decode()
    assert own().office_name == {"es": "La de otra persona"}
    again = {**mine, "version": form_of(desk, "oficina")["version"]}
    desk.post(f"{PAGE}oficina/", again)
    assert own().office_name == {"es": "La mía"}


def test_a_change_elsewhere_does_not_hold_up_a_section(desk, panama, office):
    mine = {**form_of(desk, "oficina"), "office_name__es": "La mía"}
    identity.change_identity(by=office, government=panama, accent="#0b5c4a")
    assert desk.post(f"{PAGE}oficina/", mine).status_code == 302


def test_a_form_sent_twice_is_done_once(desk):
    told = {**form_of(desk, "oficina"), "office_name__es": "Una"}
    desk.post(f"{PAGE}oficina/", told)
    again = desk.post(f"{PAGE}oficina/", {**told, "version": ""}, follow=True)
    assert "no se hizo dos veces" in again.content.decode()


def test_the_government_changes_its_name_and_its_code_and_currency_stay(desk):
    told = {"name__es": "Ciudad de Panamá", "name__en": "Panama City", "language": "en", "time_zone": "America/Lima", "code": "x", "currency": "USD"}
    desk.post(f"{PAGE}gobierno/", {**form_of(desk, "gobierno"), **told})
    held = Government.objects.get(code="panama")
    assert (held.name, held.language, held.currency) == ({"es": "Ciudad de Panamá", "en": "Panama City"}, "en", "PAB")
    assert "Panama City" in desk.get(f"/en{PAGE}").content.decode()


def test_hours_and_invitations_are_those_of_the_government(desk, panama, office):
    identity.change_government(by=office, government=panama, time_zone="Pacific/Kiritimati", language="en")  # UTC+14
    seal(limit=1_000)
    first = hour_of(desk)
    identity.change_government(by=office, government=panama, time_zone="Pacific/Honolulu")  # UTC-10: the same hour, a day before
    assert hour_of(desk) != first
    desk.post("/desk/panama/usuarios/", {"display_name": "Ana", "email": "ana@example.org", "role": "reader"})
    assert OutboxMessage.objects.get().subject == "Invitation to Manglar"


def hour_of(client):
    """When the last entry of the log that the page shows happened."""
    return re.findall(r'm-log__when">(?:<a[^>]*>)?([^<]+)', client.get("/desk/panama/bitacora/").content.decode())[-1]


def test_the_words_of_a_strategy_change_on_its_pages_at_once(desk, plan, panama):
    section = f"palabras-{plan.public_id}"
    told = {**form_of(desk, section), f"strategy__{plan.public_id}__level__1__singular__es": "eje"}
    assert desk.post(f"{PAGE}{section}/", told).status_code == 302
    assert level_names(plan)[1].singular == {"es": "eje"}
    assert level_names(plan)[1].plural == {"es": "pilares"}
    edition = strategy.start_edition(by=make.OFFICE, strategy=plan, label="1")
    strategy.add_node(by=make.OFFICE, edition=edition, parent=None, title=translated("Agua"), code="1", mark="estimacion")
    assert "<td" in (text := desk.get("/desk/panama/iniciativas/").content.decode())
    assert "eje" in text
    assert "eje" in b"".join(desk.get("/desk/panama/iniciativas/?formato=csv").streaming_content).decode("utf-8-sig")


def test_a_level_without_a_word_is_refused(desk, plan):
    section = f"palabras-{plan.public_id}"
    told = {**form_of(desk, section), f"strategy__{plan.public_id}__level__1__singular__es": " "}
    text = desk.post(f"{PAGE}{section}/", told).content.decode()
    assert "Hay algo que corregir" in text
    assert level_names(plan)[1].singular == {"es": "pilar"}


def test_days_out_of_order_are_refused_in_words(desk, plan):
    section = f"dias-{plan.public_id}"
    told = {**form_of(desk, section), f"strategy__{plan.public_id}__due_after_days": "90"}
    assert "de menos a más" in desk.post(f"{PAGE}{section}/", told).content.decode()
    plan.refresh_from_db()
    assert plan.due_after_days == 30


def test_a_logo_is_put_shown_with_its_words_and_taken_away(desk):
    out = io.BytesIO()
    Image.new("RGB", (120, 60), "#1d4f91").save(out, format="PNG")
    told = {**form_of(desk, "logo"), "logo_text__es": "Escudo", "file": SimpleUploadedFile("l.png", out.getvalue())}
    assert "Guardado" in desk.post(f"{PAGE}logo/", told, follow=True).content.decode()
    text = Client().get("/").content.decode()
    address = re.search(r'<img class="m-brand__logo" src="([^"]+)" alt="Escudo" width="120" height="60">', text).group(1)
    shown = Client().get(address)
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/png")
    assert "immutable" in shown.headers["Cache-Control"]
    assert Client().get(address, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert Client().get("/identidad/panama/otro.png").status_code == 404
    desk.post(f"{PAGE}logo/quitar/")
    assert "m-brand__logo" not in Client().get("/").content.decode()
    assert Client().get(address).status_code == 404


def test_an_svg_is_refused_saying_why_and_no_file_at_all_too(desk):
    svg = SimpleUploadedFile("l.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/png")
    told = {**form_of(desk, "logo"), "logo_text__es": "Escudo"}
    assert "SVG" in desk.post(f"{PAGE}logo/", {**told, "file": svg}).content.decode()
    assert "Elija el archivo" in desk.post(f"{PAGE}logo/", told).content.decode()


def test_the_history_says_who_changed_what(desk, plan):
    desk.post(f"{PAGE}color/", {**form_of(desk, "color"), "accent": "#0b5c4a"})
    desk.post(f"{PAGE}gobierno/", {**form_of(desk, "gobierno"), "name__es": "Otro nombre", "language": "es", "time_zone": "America/Panama"})
    section = f"palabras-{plan.public_id}"
    desk.post(f"{PAGE}{section}/", {**form_of(desk, section), f"strategy__{plan.public_id}__level__1__singular__es": "eje"})
    seal(limit=10_000)
    aside = desk.get(PAGE).content.decode().split("<aside")[-1]
    for words in ("cambió cómo se presenta", "#0b5c4a", "cambió los datos del gobierno", "Otro nombre", "puso nombre a los niveles", "eje"):
        assert words in aside, words
    assert "ALARMA" not in aside


def test_a_section_that_does_not_exist_is_not_found(desk):
    assert desk.post(f"{PAGE}no-hay/", {}).status_code == 404
    assert desk.get(f"{PAGE}color/").status_code == 302


def test_the_page_says_where_the_synonyms_are_and_which_are_in_force(desk, tmp_path):
    assert "no existe" in desk.get(PAGE).content.decode()
    file = tmp_path / "sinonimos.toml"
    file.write_text('[[sinonimos]]\nes = ["llena", "crecida"]\n')
    text = desk.get(PAGE).content.decode()
    assert "llena · crecida" in text
    assert str(file) in text
    file.write_text("[[sinonimos")
    assert "El archivo no se usa" in desk.get(PAGE).content.decode()
    file.write_bytes(b"\xff\xfe\xfa")
    assert "no es texto" in desk.get(PAGE).content.decode()


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_how_a_government_presents_itself_costs_no_query_on_any_page(desk, panama, office):
    finding = make.finding(panama, reviewed=True)
    pages = ["/", "/estrategia/", "/desk/panama/", "/desk/panama/hallazgos/", f"/desk/panama/hallazgos/{finding.public_id}/"]
    seal(limit=1_000)
    for address in pages:
        desk.get(address)  # what is kept after the first time
    before = {address: queries(desk, address) for address in pages}
    out = io.BytesIO()
    Image.new("RGB", (120, 60), "#1d4f91").save(out, format="PNG")
    identity.set_logo(by=office, government=panama, name="l.png", content=out.getvalue(), description=translated("Escudo"))
    identity.change_identity(by=office, government=panama, accent="#0b5c4a", office_name=translated("Oficina"))
    seal(limit=1_000)
    assert {address: queries(desk, address) for address in pages} == before
    assert queries(desk, PAGE) <= 30


def test_an_old_address_of_the_colour_gives_todays_and_is_not_kept(panama, office):
    identity.change_identity(by=office, government=panama, accent="#0b5c4a")
    old = Client().get("/identidad/panama/0000.css")
    assert "no-cache" in old.headers["Cache-Control"]
    assert "#0b5c4a" in old.content.decode()
    assert old.headers["Content-Type"].startswith("text/css")
    new = Client().get(f"/identidad/panama/{old.headers['ETag'][1:-1]}.css")
    assert "immutable" in new.headers["Cache-Control"]
    assert Client().get("/identidad/no-hay/0000.css").status_code == 404
