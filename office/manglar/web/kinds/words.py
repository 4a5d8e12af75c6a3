"""How values of records are written in cells and facts."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manglar.design.shapes import Fact, Status, Tone
from manglar.design.templatetags.design import long_date, partial_date
from manglar.foundation.translated import SOURCE_LANGUAGE, Reading, read_in
from manglar.governments.models import Government, OwnedModel
from manglar.network.selectors import institutions_of
from manglar.operations.models import StoredFile
from manglar.strategy.selectors import node_names
from manglar.territory.selectors import divisions_on, finest_level
from manglar.web.kinds.base import Filter

Owned = TypeVar("Owned", bound=OwnedModel)
TONES: dict[str, Tone] = {
    "draft": "draft",
    "pending": "warn",
    "submitted": "warn",
    "revise": "warn",
    "queued": "neutral",
    "running": "info",
    "reviewed": "ok",
    "approved": "ok",
    "decided": "ok",
    "taken": "ok",
    "adopted": "ok",
    "in_force": "ok",
    "done": "ok",
    "fulfilled": "ok",
    "in_progress": "info",
    "planned": "neutral",
    "open": "neutral",
    "unknown": "neutral",
    "late": "late",
    "broken": "late",
    "failed": "late",
    "stale": "late",
    "due": "warn",
    "due_soon": "warn",
}


def of_choices(key: str, label: Any, where: str, choices: type[models.TextChoices]) -> Filter:
    """A filter by the values of an enumeration."""
    return Filter(key, label, where, lambda government, on: choices.choices)


def places(government: Government, on: dt.date) -> list[tuple[str, str]]:
    """The divisions of the narrowest level, to choose from."""
    return [(each.code, each.name) for each in divisions_on(on, level=finest_level())]


def initiatives(government: Government, *, empty: str = "") -> list[tuple[str, str]]:
    """A government's own pillars, objectives, initiatives and actions, to choose from."""
    first = [("", empty)] if empty else []
    return [*first, *node_names(government, language=get_language() or SOURCE_LANGUAGE)]


def institutions(government: Government, on: dt.date) -> list[tuple[str, str]]:
    """The institutions of a government, to choose from."""
    return [(each.public_id, str(each)) for each in institutions_of(government)]


def own(record: Owned | None, government: Government) -> Owned | None:
    """A record, if this government owns it: nobody reaches another's by its identifier."""
    return record if record is not None and record.government_id == government.pk else None


def said(value: Any, language: str) -> str:
    """A translated text in a language; says which language it is in when it is another."""
    reading = read_in(value or {}, language)
    if reading.text and reading.language != language:
        return f"{reading.text} [{reading.language}]"
    return reading.text


def in_its_language(reading: Reading, language: str) -> str:
    """A text; inside an element with its language when it is another than the page's."""
    if not reading.text or reading.language == language:
        return reading.text
    return format_html('<span lang="{}">{}</span>', reading.language, reading.text)


def state(record: Any, field: str = "state") -> Status:
    """The state of a record as a tag."""
    value = str(getattr(record, field))
    return Status(str(getattr(record, f"get_{field}_display")()), TONES.get(value, "neutral"))


def day(value: Any) -> str:
    """A date or partial date in words."""
    if not value:
        return ""
    return str(partial_date(value)) if hasattr(value, "iso") else str(long_date(value))


@dataclass(frozen=True, slots=True)
class Internal:
    """A value of a fact that no public copy of its record holds."""

    value: Any


def facts(*pairs: tuple[Any, Any]) -> list[Fact]:
    """A fact list without the lines that have no value; what is ``Internal`` is marked so."""
    made = []
    for label, given in pairs:
        value = given.value if isinstance(given, Internal) else given
        if value not in (None, ""):
            text = value if isinstance(value, SafeString) else str(value)
            made.append(Fact(str(label), text, is_public=False if isinstance(given, Internal) else None))
    return made


def file_link(stored: StoredFile | None) -> str:
    """A kept file by its name, leading to its bytes; empty where there is none."""
    if stored is None:
        return ""
    url = reverse("desk:file", args=[stored.government.code, stored.public_id])
    return format_html('<a href="{}">{}</a>', url, stored.name)


def file_shown(stored: StoredFile | None) -> str:
    """A kept file as ``file_link``, with the picture itself where it is one."""
    link = file_link(stored)
    if stored is None or not stored.media_type.startswith("image/"):
        return link
    url = reverse("desk:file", args=[stored.government.code, stored.public_id])
    return format_html('{}<img class="m-preview" src="{}" alt="{}" loading="lazy">', link, url, stored.name)


def provenance(record: Any) -> Fact:
    """The mark of a record with its source."""
    source = in_its_language(Reading(record.source_text, SOURCE_LANGUAGE), get_language() or SOURCE_LANGUAGE)
    return Fact(_("Procedencia"), source or "—", mark=record.mark)
