"""How the portal says texts of several languages, states, and where a record is shown."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manglar.design.shapes import Crumb, Status, Tone
from manglar.foundation.translated import SOURCE_LANGUAGE, Reading, read_in
from manglar.publication.choices import Kind
from manglar.publication.selectors import status_label

TONES: dict[str, Tone] = {
    "late": "late", "broken": "late", "stale": "late", "revoked": "late",
    "due_soon": "warn", "due": "warn", "suspended": "warn",
    "fulfilled": "ok", "done": "ok", "approved": "ok", "taken": "ok", "in_force": "ok", "adopted": "ok",
    "in_progress": "info", "on_time": "info",
}  # fmt: skip
#: Kind of record → the route of its page. A report is shown on the page of its milestone.
ROUTES: dict[str, str] = {
    Kind.FINDING: "portal:finding",
    Kind.EDITION: "portal:edition",
    Kind.INITIATIVE: "portal:initiative",
    Kind.NOTE: "portal:note",
    Kind.DECISION: "portal:decision",
    Kind.AGREEMENT: "portal:agreement",
    Kind.COMMITMENT: "portal:commitment",
    Kind.MILESTONE: "portal:milestone",
}


def language() -> str:
    """The language of the page."""
    return (get_language() or "es").partition("-")[0]


def read(value: Mapping[str, str] | None) -> Reading:
    """A text of several languages as this page's reader gets it."""
    return read_in(value or {}, language())


def said(reading: Reading) -> str:
    """A text; inside an element with its language when it is not the page's."""
    if not reading.text or reading.language == language():
        return reading.text
    return format_html('<span lang="{}">{}</span>', reading.language, reading.text)


def says(value: Mapping[str, str] | None) -> str:
    """A text of several languages, marked when it is in another language than the page."""
    return said(read(value))


def as_written(text: str) -> str:
    """A text that is kept in one language, the office's: marked where the page is in another."""
    return said(Reading(text, SOURCE_LANGUAGE))


def in_its_language(text: str) -> str:
    """A title that is kept as its author wrote it: where the page is in another language, it says that it is in Spanish."""
    if not text or language() == SOURCE_LANGUAGE:
        return text
    return format_html("{} ({})", as_written(text), _("en español"))


def paragraphs(reading: Reading) -> str:
    """A text as paragraphs, in their language."""
    parts = [part.strip() for part in reading.text.splitlines() if part.strip()]
    if reading.language == language():
        return format_html_join("", "<p>{}</p>", ((part,) for part in parts))
    return format_html_join("", '<p lang="{}">{}</p>', ((reading.language, part) for part in parts))


def language_note(readings: Iterable[Reading]) -> str:
    """What to tell a reader when some text of the page is in another language; empty when none is."""
    others = {each.language for each in readings if each.text} - {language()}
    if not others:
        return ""
    if others == {"es"}:
        return _("Parte de este texto todavía está solo en español.")
    if others == {"en"}:
        return _("Parte de este texto todavía está solo en inglés.")
    return _("Parte de este texto todavía está en otro idioma.")


def status_of(kind: str, status: str) -> Status | None:
    """The state of a released record as a tag; none where it says nothing."""
    if not status or status == "unknown" or kind in {Kind.FINDING, Kind.NOTE, Kind.UPDATE}:
        return None
    return Status(status_label(kind, status), TONES.get(status, "neutral"))


def address_of(kind: str, public_id: str, above: Mapping[str, str] | None = None) -> str:
    """Where a released record is shown; ``above`` gives, by kind, what it hangs from."""
    if kind == Kind.UPDATE:
        milestone = (above or {}).get(Kind.MILESTONE, "")
        return f"{reverse('portal:milestone', args=[milestone])}#{public_id}" if milestone else ""
    return reverse(ROUTES[kind], args=[public_id]) if kind in ROUTES else ""


def safe_address(url: str) -> str:
    """An address of the web as it is; anything else is not a link."""
    return url if url.startswith(("https://", "http://")) else ""


def crumbs(*steps: tuple[str, str] | str) -> list[Crumb]:
    """The way from the portal's home to this page; a step without address is the page itself."""
    way: list[Any] = [(_("Inicio"), reverse("portal:home")), *steps]
    return [Crumb(step) if isinstance(step, str) else Crumb(step[0], step[1]) for step in way]
