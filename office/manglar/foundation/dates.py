"""Dates that may be known only to the month or the year, as in the record of past events."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import total_ordering
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from manglar.foundation.sentences import say

_ISO = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, or a day."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read ``2004``, ``2004-09`` or ``2004-09-17``; raise ValueError with a sentence otherwise."""
        match = _ISO.match(text.strip())
        if not match:
            raise ValueError(say("«{text}» no es una fecha: escriba AAAA, AAAA-MM o AAAA-MM-DD.", text=text))
        year, month, day = (int(part) if part is not None else None for part in match.groups())
        try:
            dt.date(year or 0, 1 if month is None else month, 1 if day is None else day)
        except ValueError as error:
            raise ValueError(say("«{text}» no existe en el calendario.", text=text)) from error
        return cls(year or 0, month, day)

    @property
    def first_day(self) -> dt.date:
        """The first day that the date may mean."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> dt.date:
        """The last day that the date may mean."""
        if self.day and self.month:
            return self.first_day
        if self.month == 12 or self.month is None:
            return dt.date(self.year, 12, 31)
        return dt.date(self.year, self.month + 1, 1) - dt.timedelta(days=1)

    @property
    def iso(self) -> str:
        """The text that ``parse`` reads; sorts as the dates do."""
        return "-".join([f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part is not None])

    def __str__(self) -> str:
        return self.iso

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return (self.first_day, self.last_day) < (other.first_day, other.last_day)


if TYPE_CHECKING:  # the stubs are generic, the class at run time is not
    _PartialDateText = models.CharField[PartialDate | str | None, PartialDate | None]
else:
    _PartialDateText = models.CharField


class PartialDateField(_PartialDateText):
    """A partial date, stored as its ISO text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: object) -> PartialDate | None:
        return PartialDate.parse(value) if value else None

    def to_python(self, value: object) -> PartialDate | None:
        if value is None or value == "" or isinstance(value, PartialDate):
            return value or None  # type: ignore[return-value]  # narrowed by the test above
        try:
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: object) -> str | None:
        read = self.to_python(value)
        return read.iso if read else ("" if not self.null else None)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")


def over_before(path: str, day: dt.date) -> Q:
    """The rows whose partial date at ``path`` is over before a day: the last day that it may mean has passed.

    The texts sort as the dates do; the month and the year in which the day falls sort before it and are not over.
    """
    iso = day.isoformat()
    return Q(**{f"{path}__gt": "", f"{path}__lt": iso}) & ~Q(**{f"{path}__in": [iso[:4], iso[:7]]})


def last_day_text(path: str) -> Substr:
    """What orders rows by the last day that their partial date may mean: a month stands after each of its days."""
    text = models.CharField()
    whole = Concat(F(path), Value("-99-99"), output_field=text)
    return Substr(whole, 1, 10, output_field=text)
