"""Use cases of the identity: what a government is called, its office, its colour and its logo."""

import io
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from PIL import Image, ImageOps

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.identity.models import Identity
from manglar.identity.permissions import may_change_settings
from manglar.identity.rules import parse_colour, why_refused, why_sides_refused, why_too_heavy
from manglar.operations import filetypes
from manglar.operations.services import store_file

Text = dict[str, str]
#: Longest name of a government or an office, and longest line of contact: what a header and a footer hold.
NAME, LINE = 120, 300


def change_government(
    *, by: Actor, government: Government, name: Text | None = None, language: str | None = None, time_zone: str | None = None
) -> Government:
    """Change what a government is called, its main language or its time zone; what is None stays as it is."""
    require(may_change_settings, by, government)
    wanted: dict[str, Any] = {}
    if name is not None:
        wanted["name"] = _line(name, say("nombre del gobierno"), NAME)
        if not wanted["name"].get("es"):
            raise InvalidInput(say("El gobierno necesita su nombre en español."))
    if language is not None:
        wanted["language"] = _language(language)
    if time_zone is not None:
        wanted["time_zone"] = _time_zone(time_zone)
    with _held(government) as (held, identity):
        changed = [field for field, value in wanted.items() if getattr(held, field) != value]
        if changed:
            with act("government.changed", by=by, government_id=held.pk, subject=identity.public_id):
                for field in changed:
                    setattr(held, field, wanted[field])
                held.save(update_fields=changed)
    return held


def change_identity(
    *,
    by: Actor,
    government: Government,
    office_name: Text | None = None,
    contact: Text | None = None,
    website: str | None = None,
    accent: str | None = None,
    logo_text: Text | None = None,
) -> Identity:
    """Change how a government presents itself; what is None stays as it is, an empty text is taken away."""
    require(may_change_settings, by, government)
    wanted: dict[str, Any] = {}
    if office_name is not None:
        wanted["office_name"] = _line(office_name, say("nombre de la oficina"), NAME)
    if contact is not None:
        wanted["contact"] = _line(contact, say("cómo se le escribe"), LINE)
    if website is not None:
        wanted["website"] = _website(website)
    if accent is not None:
        wanted["accent"] = _accent(accent)
    if logo_text is not None:
        wanted["logo_text"] = _line(logo_text, say("descripción del logo"), LINE)
    with _held(government) as (held, identity):
        if identity.logo_id and "logo_text" in wanted:
            _require_description(wanted["logo_text"])
        return _write(by, held, identity, "identity.changed", wanted)


def set_logo(*, by: Actor, government: Government, name: str, content: bytes, description: Text) -> Identity:
    """Put a logo: judged by its content, written again with its pixels and nothing else, described for who does not see it."""
    require(may_change_settings, by, government)
    told = _line(description, say("descripción del logo"), LINE)
    _require_description(told)
    image, kind = read_logo(name, content)
    clean = _written_again(image, kind)
    if sentence := why_too_heavy(len(clean)):
        raise InvalidInput(sentence)
    bare = PurePosixPath(filetypes.clean_name(name)).stem
    with (
        _held(government) as (held, identity),
        act("identity.logo_set", by=by, government_id=held.pk, subject=identity.public_id),
    ):
        stored = store_file(by=by, government=held, name=f"{bare}{kind.endings[0]}", content=clean, accepted=(kind,))
        identity.logo, identity.logo_text = stored, told
        identity.logo_width_px, identity.logo_height_px = image.size
        identity.save()
    return identity


def remove_logo(*, by: Actor, government: Government) -> Identity:
    """Take the logo away; its file stays, as everything that was once shown."""
    require(may_change_settings, by, government)
    with _held(government) as (held, identity):
        if not identity.logo_id:
            raise Conflict(say("No hay un logo que quitar."))
        gone: dict[str, Any] = {"logo": None, "logo_text": {}, "logo_width_px": 0, "logo_height_px": 0}
        return _write(by, held, identity, "identity.logo_removed", gone)


@contextmanager
def _held(government: Government) -> Iterator[tuple[Government, Identity]]:
    """The government and its identity, held until the end: two people who say the first thing wait for each other."""
    with transaction.atomic():
        held = Government.objects.select_for_update().get(pk=government.pk)
        identity = Identity.objects.filter(government=held).first() or Identity(government=held)
        yield held, identity


def _write(by: Actor, held: Government, identity: Identity, event: str, wanted: dict[str, Any]) -> Identity:
    """Write what differs, with its act; nothing where nothing does."""
    changed = {field: value for field, value in wanted.items() if getattr(identity, field) != value}
    if changed:
        with act(event, by=by, government_id=held.pk, subject=identity.public_id):
            for field, value in changed.items():
                setattr(identity, field, value)
            identity.save()
    return identity


def _line(told: Text, what: object, most: int) -> Text:
    """A text of one line by language, without the empty ones."""
    languages = {code for code, _ in settings.LANGUAGES}
    if unknown := sorted(set(told) - languages):
        raise InvalidInput(
            say("No se escribe en «{language}»: los idiomas son {languages}.", language=unknown[0], languages=", ".join(sorted(languages)))
        )
    clean = {code: " ".join(text.split()) for code, text in told.items() if text.split()}
    for text in clean.values():
        if len(text) > most:
            raise InvalidInput(say("«{what}» tiene {length} letras; caben {most}.", what=what, length=len(text), most=most))
    return clean


def _require_description(told: Text) -> None:
    if not told.get("es"):
        raise InvalidInput(say("Describa el logo en español, para quien no lo ve: por ejemplo «Escudo del municipio»."))


def _language(code: str) -> str:
    known = dict(settings.LANGUAGES)
    if code not in known:
        raise InvalidInput(
            say("No se conoce el idioma «{language}»: los idiomas son {languages}.", language=code[:20], languages=", ".join(known))
        )
    return code


def _time_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise InvalidInput(say("No existe la zona horaria «{zone}»: escriba una como «America/Panama».", zone=name[:60]))
    return name


def _website(url: str) -> str:
    url = url.strip()
    if url:
        try:
            URLValidator(schemes=["https", "http"])(url)
        except ValidationError as error:
            raise InvalidInput(say("«{url}» no es la dirección de un sitio: empieza por https://.", url=url[:80])) from error
        if len(url) > 200:
            raise InvalidInput(say("La dirección del sitio pasa de 200 letras."))
    return url


def _accent(text: str) -> str:
    if not text.strip():
        return ""
    try:
        colour = parse_colour(text)
    except ValueError as error:
        raise InvalidInput(error.args[0]) from error
    if sentence := why_refused(colour):
        raise InvalidInput(sentence)
    return colour


def read_logo(name: str, content: bytes) -> tuple[Image.Image, filetypes.FileKind]:
    """The image of a logo, turned as it is meant to be seen; refuse what is not one, in words."""
    shown = filetypes.clean_name(name)
    if b"<svg" in content[:2_000].lower():
        raise InvalidInput(
            say("«{file}» es SVG: puede llevar programas dentro, que se ejecutarían en cada página. Expórtelo como PNG.", file=shown)
        )
    if sentence := why_too_heavy(len(content)):
        raise InvalidInput(sentence)
    kind = filetypes.recognise(name, content)
    if kind not in (filetypes.PNG, filetypes.JPEG):
        raise InvalidInput(say("«{file}» es {kind}; el logo es PNG o JPEG.", file=shown, kind=kind.name))
    try:
        image = Image.open(io.BytesIO(content), formats=[kind.name])
        if sentence := why_sides_refused(*image.size):  # before any pixel is unpacked
            raise InvalidInput(sentence)
        image.load()
        return ImageOps.exif_transpose(image), kind
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidInput(say("«{file}» está dañado o incompleto: vuelva a guardarlo.", file=shown)) from error


def _written_again(image: Image.Image, kind: filetypes.FileKind) -> bytes:
    """The bytes of an image with its pixels alone: no metadata, no profile, nothing after its end."""
    has_alpha = kind == filetypes.PNG and (image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info)
    pixels = image.convert("RGBA" if has_alpha else "RGB")
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    written = io.BytesIO()
    bare.save(written, format=kind.name, optimize=True, **({"quality": 90} if kind == filetypes.JPEG else {}))
    return written.getvalue()
