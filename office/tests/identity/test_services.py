"""Only the administration changes how a government presents itself; a logo is its pixels and nothing else."""

import io

import pytest
from PIL import Image, PngImagePlugin

from manglar.accounts.choices import Role
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.identity import services
from manglar.identity.models import Identity
from manglar.identity.selectors import (
    address_of_logo,
    government_with_identity,
    home_with_identity,
    identity_of,
    style_of,
)
from manglar.operations.models import StoredFile
from manglar.operations.selectors import file_bytes

pytestmark = pytest.mark.django_db
TEXT = {"es": "Escudo de muestra"}


@pytest.fixture(autouse=True)
def _files_are_thrown_away(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(size=(120, 60), kind="PNG", mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, size, "#1d4f91" if mode in {"RGB", "RGBA"} else 0).save(out, format=kind, **more)
    return out.getvalue()


def put(government, by, name="logo.png", content=None, description=TEXT):
    return services.set_logo(
        by=by, government=government, name=name, content=picture() if content is None else content, description=description
    )


def events():
    seal(limit=10_000)
    return list(Entry.objects.filter(operation="event", event__startswith="identity").order_by("pk").values_list("event", flat=True))


def test_what_was_never_said_costs_no_row(panama, office):
    assert identity_of(home_with_identity()).pk is None
    services.change_identity(by=office, government=panama, accent="", office_name={})
    assert not Identity.objects.exists()
    assert events() == []


def test_the_identity_changes_with_one_act_and_once(panama, someone_with):
    by = someone_with(panama, Role.ADMINISTRATOR)
    services.change_identity(by=by, government=panama, accent="0B5C4A", office_name={"es": "  Dirección   de Resiliencia "})
    services.change_identity(by=by, government=panama, accent="#0b5c4a")
    own = identity_of(government_with_identity("panama"))
    assert (own.accent, own.office_name) == ("#0b5c4a", {"es": "Dirección de Resiliencia"})
    assert events() == ["identity.changed"]


def test_the_identity_comes_with_its_government_in_one_query(panama, office, django_assert_num_queries):
    put(panama, office)
    services.change_identity(by=office, government=panama, accent="#0b5c4a")
    with django_assert_num_queries(1):
        home = home_with_identity()
        assert identity_of(home).logo.name == "logo.png"
        assert address_of_logo(identity_of(home))
        assert style_of(home).css
    with django_assert_num_queries(1):
        assert style_of(government_with_identity("panama")).digest


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATOR])
def test_nobody_else_changes_it(panama, someone_with, office, role):
    by = someone_with(panama, role)
    put(panama, office)
    for deed in (
        lambda: services.change_identity(by=by, government=panama, accent="#0b5c4a"),
        lambda: services.change_government(by=by, government=panama, name={"es": "Otro"}),
        lambda: put(panama, by),
        lambda: services.remove_logo(by=by, government=panama),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_the_administration_of_another_government_does_not_either(panama, san_miguelito, someone_with):
    with pytest.raises(NotAllowed):
        services.change_identity(by=someone_with(san_miguelito, Role.ADMINISTRATOR), government=panama, accent="#0b5c4a")


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"accent": "#ffcc00"}, "tono más parecido"),
        ({"accent": "verde"}, "no es un color"),
        ({"website": "javascript:alert(1)"}, "https://"),
        ({"website": "www"}, "https://"),
        ({"website": "https://a.pa/" + "x" * 250}, "200"),
        ({"office_name": {"es": "x" * 121}}, "121"),
        ({"contact": {"fr": "rue"}}, "fr"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(panama, office, told, word):
    with pytest.raises(InvalidInput) as refused:
        services.change_identity(by=office, government=panama, office_name=told.pop("office_name", {"es": "Oficina"}), **told)
    assert word in refused.value.sentence
    assert not Identity.objects.exists()


def test_the_government_changes_its_name_language_and_hours(panama, office):
    changed = services.change_government(
        by=office, government=panama, name={"es": "Ciudad de Panamá", "en": ""}, language="en", time_zone="America/Lima"
    )
    changed.refresh_from_db()
    assert (changed.name, changed.language, changed.time_zone) == ({"es": "Ciudad de Panamá"}, "en", "America/Lima")


@pytest.mark.parametrize("told", [{"name": {"en": "Only"}}, {"language": "fr"}, {"time_zone": "America/Nowhere"}, {"time_zone": "../x"}])
def test_a_government_without_a_spanish_name_or_of_no_place_is_refused(panama, office, told):
    with pytest.raises(InvalidInput):
        services.change_government(by=office, government=panama, **told)


def test_a_logo_is_written_again_without_anything_but_its_pixels(panama, office):
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "persona-secreta")
    content = picture(pnginfo=info) + b"PK\x03\x04 oculto al final"
    own = put(panama, office, name="../../mi logo.PNG", content=content)
    kept = file_bytes(own.logo)
    assert b"persona-secreta" not in kept
    assert b"oculto" not in kept
    assert kept.endswith(b"IEND\xaeB`\x82")
    assert own.logo.name == "mi logo.png"
    assert (own.logo_width_px, own.logo_height_px, own.logo_text) == (120, 60, TEXT)


def test_a_photograph_loses_where_it_was_taken_and_stands_upright(panama, office):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "camara-secreta"
    own = put(panama, office, name="foto.jpeg", content=picture(kind="JPEG", exif=exif))
    kept = file_bytes(own.logo)
    assert b"camara-secreta" not in kept
    assert (own.logo_width_px, own.logo_height_px) == (60, 120)
    assert Image.open(io.BytesIO(kept)).size == (60, 120)


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGBA", "1"])
def test_any_sort_of_png_is_kept_and_its_transparency_too(panama, office, mode):
    own = put(panama, office, content=picture(mode=mode))
    assert Image.open(io.BytesIO(file_bytes(own.logo))).mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("logo.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "SVG"),
        ("logo.png", b'\xef\xbb\xbf<SVG onload="x"/>', "SVG"),
        ("logo.png", b"", "vacío"),
        ("logo.png", b"%PDF-1.7 nada", "PDF"),
        ("logo.png", b"GIF89a" + b"\x00" * 40, "no es un archivo"),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "dañado"),
        ("logo.png", picture()[:-30], "dañado"),
        ("logo.png", b"\x00" * 300_001, "301 kB"),
        ("logo.png", picture(size=(20, 20)), "al menos 32"),
        ("logo.png", picture(size=(5_000, 5_000), mode="1"), "2000"),
    ],
)
def test_what_is_no_logo_is_refused_saying_why(panama, office, name, content, word):
    with pytest.raises(InvalidInput) as refused:
        put(panama, office, name=name, content=content)
    assert word in refused.value.sentence
    assert not StoredFile.objects.exists()


def test_a_logo_without_words_is_refused_and_its_words_are_not_taken_away(panama, office):
    with pytest.raises(InvalidInput):
        put(panama, office, description={"en": "Only English"})
    put(panama, office)
    with pytest.raises(InvalidInput):
        services.change_identity(by=office, government=panama, logo_text={})
    services.change_identity(by=office, government=panama, logo_text={"es": "Otro"})
    assert identity_of(government_with_identity("panama")).logo_text == {"es": "Otro"}


def test_a_logo_is_taken_away_once_and_its_file_stays(panama, office):
    put(panama, office)
    services.remove_logo(by=office, government=panama)
    assert identity_of(government_with_identity("panama")).logo is None
    assert StoredFile.objects.count() == 1
    with pytest.raises(Conflict):
        services.remove_logo(by=office, government=panama)
    assert events() == ["identity.logo_set", "identity.logo_removed"]
