"""A list as a sheet that a person may correct: what each cell says, and what it means when it comes back.

A cell that leaves is read back as the same value whatever the spreadsheet did to how it looks; «versión» is a digest of
what the record said when the file was made, so that a change made meanwhile is seen.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from manglar.foundation.canonical import digest
from manglar.foundation.sentences import Said, say
from manglar.foundation.spreadsheets import unescape
from manglar.foundation.texts import fold
from manglar.web.kinds.base import Action, Deed, Editable, Kind

ID = "id"
VERSION = "version"
#: The headings of the two columns that no person fills, in every language.
VERSIONS = frozenset({"version", "versión"})
BETWEEN = "; "
_DIGITS = 16


class UnreadableError(ValueError):
    """A cell that cannot be read; ``said`` says why and what would do."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said


class Cells:
    """One column that may come back: its heading, what it says of a record, and what a cell of it means."""

    def __init__(self, editable: Editable, field: forms.Field) -> None:
        self.editable, self.field, self.name = editable, field, editable.name
        self.many = isinstance(field, forms.MultipleChoiceField)
        self.labels: dict[str, str] = {}
        self.keys: dict[str, set[str]] = {}
        if isinstance(field, forms.ChoiceField):
            self._know_choices(field)

    def _know_choices(self, field: forms.ChoiceField) -> None:
        offered: Iterable[Any] = field.choices  # type: ignore[assignment]  # django-stubs: what was given, not what is held
        choices = [each for each in offered if not isinstance(each[1], list | tuple)]
        self.labels = {str(key): str(label) for key, label in choices if str(key)}
        for language, _name in settings.LANGUAGES:
            with override(language):
                for key, label in choices:
                    if str(key):
                        self.keys.setdefault(fold(str(label)), set()).add(str(key))
        for key in self.labels:
            self.keys[fold(key)] = {key}

    @property
    def heading(self) -> str:
        """Its heading in the language of the page."""
        return str(self.field.label)

    def names(self) -> set[str]:
        """Every heading by which it is known, folded."""
        found = {fold(self.name)}
        for language, _name in settings.LANGUAGES:
            with override(language):
                found.add(fold(str(self.field.label)))
        return found

    def text(self, value: Any) -> str:
        """What the cell says: choices by their words where those are theirs alone, numbers and dates plainly."""
        values = value if isinstance(value, list | tuple) else [value]
        return BETWEEN.join(self._word(each) for each in values if each not in (None, ""))

    def _word(self, value: Any) -> str:
        label = self.labels.get(str(value), "")
        if label and len(self.keys.get(fold(label), ())) == 1 and ";" not in label:
            return label
        return plain(value)

    def read(self, cell: Any) -> Any:
        """The value that a cell means, as the form wants it; raise UnreadableError."""
        text = cell_text(cell)
        if not self.labels:
            return text
        if self.many:
            return [self._key(part.strip()) for part in text.split(";") if part.strip()]
        return self._key(text) if text else ""

    def _key(self, word: str) -> str:
        found = self.keys.get(fold(word), set())
        if len(found) == 1:
            return next(iter(found))
        known = ", ".join(list(self.labels.values())[:12])
        if found:
            raise UnreadableError(say("«{word}» puede ser varios: escriba su identificador.", word=word[:80]))
        raise UnreadableError(say("no se conoce «{word}». Hay: {known}.", word=word[:80], known=known))

    def same(self, value: Any) -> str:
        """A value in the one way in which two equal values are written."""
        if isinstance(value, list | tuple):
            return BETWEEN.join(sorted(str(each) for each in value))
        text = plain(value).replace("\r\n", "\n").strip()
        if (not self.labels and not isinstance(self.field, forms.CharField)) or _is_amount(self.field):
            try:
                return format(Decimal(text.replace(",", "")).normalize(), "f")
            except InvalidOperation:
                return text
        return text


def _is_amount(field: forms.Field) -> bool:
    return type(field).__name__ == "PabFormField"


def plain(value: Any) -> str:
    """A value as programs read it: dates by year, month and day, numbers without thousands."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("sí")) if value else str(_("no"))
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def cell_text(cell: Any) -> str:
    """A cell of a file as the person saw it: 12 for 12.0, the day of a date."""
    if cell is None or cell != cell:  # noqa: PLR0124  # NaN
        return ""
    if isinstance(cell, bool):
        return "sí" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return unescape(str(cell).strip())


class Sheet:
    """The columns of a kind that may come back."""

    def __init__(self, kind: Kind, deed: Deed) -> None:
        self.kind, self.deed = kind, deed
        self.actions: dict[str, Action] = {action.slug: action for action in kind.actions}
        self._forms: dict[str, forms.Form] = {}
        self.cells = [Cells(each, self.form(each.action).fields[each.name]) for each in kind.editable]

    def action(self, slug: str) -> Action:
        """The action with this name; with none, the one that makes a record."""
        found = self.actions.get(slug) if slug else self.kind.create
        if found is None or found.form is None:
            raise LookupError(f"{self.kind.slug} has no action «{slug}» with a form")
        return found

    def form(self, slug: str) -> forms.Form:
        """An empty form of an action, made once."""
        if slug not in self._forms:
            form = self.action(slug).form
            assert form is not None  # noqa: S101  # action() found one
            self._forms[slug] = form(deed=self.deed, record=None)
        return self._forms[slug]

    def names(self) -> Mapping[str, Any]:
        """Field → heading of every column that is read."""
        return {ID: _("Identificador"), **{c.name: c.heading for c in self.cells}, VERSION: _("versión")}

    def understood(self, columns: Sequence[str], asked: Mapping[str, str]) -> dict[str, str]:
        """Field → column of the file: as asked, else the column with its heading in any language."""
        known = {fold(column): column for column in reversed(columns)}
        wanted = {ID: {ID}, **{cells.name: cells.names() for cells in self.cells}, VERSION: VERSIONS}
        found = {
            name: next((known[fold(word)] for word in sorted(words) if fold(word) in known), "")
            for name, words in wanted.items()
        }
        return {name: column for name, column in {**found, **asked}.items() if column and name in wanted}

    def header(self, others: Iterable[str]) -> list[str]:
        """The headings of the file: identifier, what may come back, what is only to read, version."""
        return [ID, *(cells.heading for cells in self.cells), *others, str(_("versión"))]

    def line(self, record: Any, others: Iterable[str]) -> list[str]:
        """The cells of a record."""
        now = {cells.name: cells.editable.value(record) for cells in self.cells}
        texts = [cells.text(now[cells.name]) for cells in self.cells]
        return [self.kind.key(record), *texts, *others, self.version(now)]

    def now(self, record: Any) -> dict[str, Any]:
        """What a record says, by field."""
        return {cells.name: cells.editable.value(record) for cells in self.cells}

    def version(self, values: Mapping[str, Any]) -> str:
        """A short digest of what a record says in the columns that may come back."""
        return digest([[cells.name, cells.same(values.get(cells.name))] for cells in self.cells])[:_DIGITS]
