"""The words of an enumeration in every language: a file may be written in any, whoever imports it."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import override


def in_every_language(choices: type[TextChoices]) -> list[tuple[str, str]]:
    """Value and label of each choice, once per language; the source language comes first."""
    found: list[tuple[str, str]] = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found += [(str(value), str(label)) for value, label in choices.choices]
    return list(dict.fromkeys(found))
