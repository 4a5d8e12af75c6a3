"""Whether a file is the exact copy of a publication, an altered one, or no copy at all; nothing of it is kept."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from manglar.design.templatetags.design import long_date
from manglar.foundation.refusals import InvalidInput
from manglar.portal.copies import Copy, copies
from manglar.publication.models import Release
from manglar.publication.selectors import versions_of

MAX_COPY_BYTES = 5_000_000

if TYPE_CHECKING:  # the stubs are generic, the class at run time is not
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a file, safe to be shown: «success», «warning» (altered) or «error» (no copy)."""

    level: str
    told: str
    digest: str


def check_copy(upload: Upload) -> dict[str, Any]:
    """What to say of the copy that somebody uploads. A file too large for a copy is refused unread."""
    if (upload.size or 0) > MAX_COPY_BYTES:
        raise InvalidInput(_("El archivo pasa de 5 MB: no es la copia de una publicación."))
    return {"copy_verdict": verdict_of(upload.read())}


def verdict_of(content: bytes) -> Verdict:
    """Compare the bytes with everything that was ever published."""
    digest = sha256(content.strip()).hexdigest()
    release = Release.objects.filter(sha256=digest).order_by("-pk").first()
    if release is not None:
        return Verdict("success", _known(copies([release])[0]), digest)
    said = _said_to_be(content)
    if said is None:
        return Verdict("error", _("El archivo no es una copia de este sitio: no dice de qué publicación es."), digest)
    return Verdict("warning", _altered(*said), digest)


def _known(copy: Copy) -> str:
    release = copy.release
    said = {"version": release.version, "day": long_date(release.released_at)}
    if release.withdrawn_at:
        rest = _("Es la versión %(version)s, publicada el %(day)s y retirada después; el archivo no ha cambiado.") % said
        return format_html("{}. {}", format_html(_("«{}»"), copy.heading), rest)
    if not release.is_current:
        rest = _("Es la versión %(version)s, publicada el %(day)s, sin cambios; hay una más nueva.") % said
    else:
        rest = _("Es la versión vigente (la %(version)s). No ha cambiado desde que se publicó, el %(day)s.") % said
    return format_html("{}. {}", _link(copy), rest)


def _altered(copy: Copy, version: int) -> str:
    told = _("Dice ser {title}, versión {version}, pero no coincide con lo publicado: alguien cambió el archivo.")
    back = _("Ábrala para leer lo publicado o bajar la copia exacta.")
    shown = _link(copy) if copy.release.is_current else format_html(_("«{}»"), copy.heading)
    return format_html("{} {}", format_html(told, title=shown, version=version), back if copy.release.is_current else "")


def _link(copy: Copy) -> SafeString:
    """The title of what was published, as a link to its page where it has one."""
    return format_html('<a href="{}">{}</a>', copy.url, format_html(_("«{}»"), copy.heading)) if copy.url else format_html(_("«{}»"), copy.heading)


def _said_to_be(content: bytes) -> tuple[Copy, int] | None:
    """Which publication a file says that it is a copy of; None where it names none of this site."""
    try:
        told = json.loads(content)
        name, version = str(told["id"]), int(told["version"])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None
    rows = list(versions_of(name)[:50]) if len(name) <= 40 and "\x00" not in name else []
    held = next((each for each in rows if each.version == version), rows[0] if rows else None)
    return (copies([held])[0], version) if held else None
