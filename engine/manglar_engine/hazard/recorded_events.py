"""Past events as sources tell them: dates to the day, the month or the year, and what is not verified."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from manglar_engine.errors import SeriesError
from manglar_engine.io.tables import FIRST_ROW, read_table
from manglar_engine.vocabulary import Note

DATE = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")
PRECISIONS = {"day": 3, "month": 2, "year": 1, "approx": 3}
"""Precision and how many parts of the date it needs; ``approx`` is a day that may be off by a week."""
APPROXIMATE_DAYS = 7
COLUMNS = ("date", "date_precision", "hazard", "place", "corregimiento_codes", "source_url", "confidence")


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One past event, within ``first`` and ``last``; ``territories`` are the codes that the source names.

    ``verified``: neither the date nor the event is marked as unverified in the record.
    """

    row: str
    first: date
    last: date
    perils: tuple[str, ...]
    place: str
    territories: tuple[str, ...]
    verified: bool
    source: str

    @property
    def days(self) -> int:
        """Return over how many days its date may lie."""
        return (self.last - self.first).days + 1

    @property
    def middle(self) -> date:
        """Return the middle of its possible dates."""
        return self.first + timedelta(days=(self.days - 1) // 2)


@dataclass(frozen=True, slots=True)
class EventReading:
    """Events in file order, and notes on dates that are partial or unverified."""

    events: tuple[RecordedEvent, ...]
    notes: tuple[Note, ...]


def read_recorded_events(path: str | Path) -> EventReading:
    """Read events from CSV: date (``2004``, ``2004-09`` or ``2004-09-17``), precision, perils, codes, source.

    ``date_precision`` is ``day``, ``month``, ``year`` or ``approx``; a ``?`` after it, or UNVERIFIED in
    ``confidence``, marks the event as unverified. Perils are separated by ``/``, codes by ``;``.

    Raises:
        SeriesError: dates or precisions that cannot be read, an event without source, or one repeated.
    """
    table = read_table(path, required=COLUMNS)
    columns = {name: table.texts(name) for name in COLUMNS}
    wrong: list[str] = []
    events: list[RecordedEvent] = []
    notes: list[Note] = []
    for i in range(table.length):
        row = {name: columns[name][i] for name in COLUMNS}
        span = _span(row["date"], row["date_precision"])
        if span is None or not row["source_url"] or not row["hazard"]:
            wrong.append(f"{FIRST_ROW + i}: {row['date']} ({row['date_precision'] or 'no precision'})")
            continue
        event = _event(str(FIRST_ROW + i), span, row)
        events.append(event)
        notes += _notes(event, row)
    if wrong:
        raise SeriesError(
            f"{table.name}: events whose date, precision, hazard or source cannot be read",
            rows=wrong,
            mend="Write YYYY, YYYY-MM or YYYY-MM-DD with precision day, month, year or approx, and a source.",
        )
    _refuse_repeated(table.name, events)
    return EventReading(tuple(events), tuple(notes))


def _event(number: str, span: tuple[date, date], row: dict[str, str]) -> RecordedEvent:
    unsure = row["date_precision"].endswith("?") or "unverified" in row["confidence"].lower()
    return RecordedEvent(
        row=number,
        first=span[0],
        last=span[1],
        perils=tuple(part.strip() for part in row["hazard"].split("/")),
        place=row["place"],
        territories=tuple(code.strip() for code in row["corregimiento_codes"].split(";") if code.strip()),
        verified=not unsure,
        source=row["source_url"],
    )


def _span(text: str, precision: str) -> tuple[date, date] | None:
    """Return the first and last possible day, or ``None`` when date and precision disagree."""
    found = DATE.match(text)
    word = precision.rstrip("?")
    if not found or word not in PRECISIONS:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if (3 if day else 2 if month else 1) < PRECISIONS[word]:
        return None
    try:
        if word == "year":
            return date(year, 1, 1), date(year, 12, 31)
        if word == "month":
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        told = date(year, month, day)
    except ValueError:
        return None
    around = timedelta(days=APPROXIMATE_DAYS if word == "approx" else 0)
    return told - around, told + around


def _notes(event: RecordedEvent, row: dict[str, str]) -> list[Note]:
    told = f"{event.row} ({row['date']}, {event.place})"
    notes = []
    if event.days > 1:
        es = f"fecha parcial: entre {event.first} y {event.last}"
        notes.append(Note("interpreted", told, "date", es, f"partial date: between {event.first} and {event.last}"))
    if not event.verified:
        notes.append(
            Note("interpreted", told, "confidence", "sin verificar en el registro", "unverified in the record")
        )
    return notes


def _refuse_repeated(name: str, events: list[RecordedEvent]) -> None:
    seen: dict[tuple[object, ...], str] = {}
    repeated = []
    for event in events:
        key = (event.first, event.last, event.perils, event.territories, event.place)
        if key in seen:
            repeated.append(f"{seen[key]} and {event.row}")
        seen[key] = event.row
    if repeated:
        raise SeriesError(f"{name}: events are repeated", rows=repeated, mend="Write each event once.")
