"""Text that people of more than one language read: one decision for all records (ADR 0004).

A translated text is one JSON object per value, ``{"es": "…", "en": "…"}``: not one column per
language (a new language would be a migration) nor one row per language (a list would be a join).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SOURCE_LANGUAGE = "es"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as one reader gets it, and the language it is really in."""

    text: str
    language: str


def read_in(value: Mapping[str, str], language: str) -> Reading:
    """Return the text in ``language``, else in Spanish, else in whatever there is."""
    for code in (language, SOURCE_LANGUAGE, *sorted(value)):
        if value.get(code):
            return Reading(value[code], code)
    return Reading("", language)


def in_page_language(value: Mapping[str, str]) -> str:
    """The text in the language that is active now, else as ``read_in`` finds it: what a record is called on a page."""
    return read_in(value, (get_language() or SOURCE_LANGUAGE).partition("-")[0]).text


def translated(es: str, en: str = "") -> dict[str, str]:
    """Build a translated text; languages without text are left out."""
    return {code: text.strip() for code, text in (("es", es), ("en", en)) if text and text.strip()}


def check_translated(value: object) -> None:
    """Refuse anything but a mapping of language codes to texts."""
    if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
        raise ValidationError(_("Un texto traducido es un texto por idioma, por ejemplo {'es': 'Agua'}."))


class TranslatedTextField(models.JSONField):
    """A JSON column of texts by language."""

    default_validators = [check_translated]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)
