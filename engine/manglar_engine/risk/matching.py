"""Events of several hazards matched by id: what hits together, and at which frequency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import HazardError, SettingsError
from manglar_engine.hazard.events import EventSet
from manglar_engine.risk.impact import APART, MAX, SUM

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Matched:
    """Events of a run: ``rows (events, hazards)`` is the row of each in each table, -1 where it has none."""

    event_ids: tuple[str, ...]
    frequency: Floats
    rows: Indices
    combined: str


def match(tables: Sequence[EventSet], together: str) -> Matched:
    """Return the events of ``tables`` in the order in which they first appear.

    Raises:
        SettingsError: ``together`` is neither ``sum`` nor ``max``.
        HazardError: no tables; one id with two frequencies; events of several scenarios or years.
    """
    if together not in {SUM, MAX}:
        raise SettingsError(f"together is {together!r}", mend=f"Use {SUM!r} or {MAX!r}.")
    if not tables:
        raise HazardError("there are no hazards", mend="Give one or more.")
    _refuse_several_futures(tables)
    place: dict[str, int] = {}
    for events in tables:
        for name in events.ids:
            place.setdefault(name, len(place))
    rows = np.full((len(place), len(tables)), -1, dtype=np.intp)
    frequency = np.full(len(place), np.nan)
    differing = []
    for column, events in enumerate(tables):
        at = np.array([place[name] for name in events.ids], dtype=np.intp)
        other = np.flatnonzero(~np.isnan(frequency[at]) & (frequency[at] != events.frequency))
        differing += [f"{events.ids[i]}: {frequency[at[i]]:g} and {events.frequency[i]:g}" for i in other.tolist()]
        rows[at, column] = np.arange(len(events))
        frequency[at] = events.frequency
    if differing:
        raise HazardError(
            "hazards that share an event give it different frequencies",
            rows=differing,
            mend="Give the event one frequency, or another id where it is another event.",
        )
    shared = bool(((rows >= 0).sum(axis=1) > 1).any())
    return Matched(tuple(place), frequency, rows, together if shared else APART)


def _refuse_several_futures(tables: Sequence[EventSet]) -> None:
    futures = {pair for events in tables for pair in zip(events.scenario, events.year, strict=True)}
    if len(futures) > 1:
        raise HazardError(
            "one run holds events of several scenarios or years, whose rates do not add up",
            rows=sorted(futures),
            mend="Run each apart: Hazard.chosen(scenario=..., year=...).",
        )
