"""Fields and forms that the declared kinds share."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from manglar.foundation.dates import PartialDate
from manglar.foundation.money import parse_pab
from manglar.foundation.provenance import Mark
from manglar.foundation.translated import translated
from manglar.web.kinds.base import Deed
from manglar.web.kinds.plain import in_plain_words

#: Most characters of a text of one line, which pages show as a title, and of one of several.
SHORT, LONG = 300, 5_000


class DeedForm(forms.Form):
    """A form that knows who acts, in which government, on which record."""

    def __init__(self, *args: Any, deed: Deed, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deed = deed
        self.record = record
        self.prepare()
        for each in self.fields.values():
            _pick_from_boxes(each)
        in_plain_words(self)

    def clean(self) -> dict[str, Any]:
        """«Fuente» without naming one is no provenance."""
        told = super().clean() or {}
        if told.get("mark") == Mark.SOURCE and "source_text" in self.fields and not told.get("source_text"):
            self.add_error("source_text", _("Diga la fuente: quién lo publicó, dónde y cuándo."))
        return told

    def prepare(self) -> None:
        """Fill choices and first values from the record."""

    def as_it_is(self) -> dict[str, Any]:
        """What every field would say of the record as it stands: what going back asks for."""
        return {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}

    def offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """Give a select its choices."""
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = list(choices)

    def pair(self, name: str) -> dict[str, str]:
        """The Spanish and English texts of ``name`` and ``name_en`` as one translated text."""
        return translated(self.cleaned_data.get(name, ""), self.cleaned_data.get(f"{name}_en", ""))


def _pick_from_boxes(field: forms.Field) -> None:
    """Several are chosen by their boxes: a list that wants Ctrl held down loses its choices to one stray click."""
    if isinstance(field, forms.MultipleChoiceField) and isinstance(field.widget, forms.SelectMultiple):
        choices = field.choices
        field.widget = forms.CheckboxSelectMultiple(attrs=field.widget.attrs)
        field.choices = choices


class ReasonForm(DeedForm):
    """Why."""

    reason = forms.CharField(label=_("Motivo"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)


class PartialDateFormField(forms.CharField):
    """A date known to the year, the month or the day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("dd/mm/aaaa, mm/aaaa o solo el año; también AAAA-MM-DD"))
        super().__init__(max_length=10, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        iso = _as_iso(text)
        try:
            return PartialDate.parse(iso)
        except ValueError as error:  # told in the date that the person wrote
            raise ValidationError(str(error).replace(iso, text)) from error


_DAY_FIRST = re.compile(r"^(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})$")


def _as_iso(text: str) -> str:
    """A date as it is written in Panama (30/09/2026, 09/2026), year first; anything else as it came."""
    found = _DAY_FIRST.match(text.strip())
    if not found:
        return text
    day, month, year = found.groups()
    return "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])


class PabFormField(forms.CharField):
    """An amount as people write it: B/. 1,234.50."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("En balboas, por ejemplo 1,234.50"))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_pab(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


def spanish(label: Any, *, rows: int = 0, required: bool = True) -> forms.CharField:
    """A text in Spanish."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, widget=widget, required=required, max_length=LONG if rows else SHORT)


def english(label: Any, *, rows: int = 0) -> forms.CharField:
    """The same text in English; never required."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, widget=widget, required=False, max_length=LONG if rows else SHORT)


def mark_field() -> forms.ChoiceField:
    """Where a figure or statement comes from; what says «fuente» names it in ``source_text``."""
    return forms.ChoiceField(label=_("Procedencia"), choices=Mark.choices, initial=Mark.ESTIMATE)


def choices_of(rows: Any, *, empty: Any = "", key: str = "public_id") -> list[tuple[str, str]]:
    """Choices of a select from records, by their public identifier."""
    first = [("", str(empty))] if empty else []
    return [*first, *((str(getattr(row, key)), str(row)) for row in rows)]
