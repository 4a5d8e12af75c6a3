"""A hazard in three tables: events, sites, and a row for each pair of them with its intensity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from manglar_engine.errors import HazardError
from manglar_engine.hazard.event_files import read_events
from manglar_engine.hazard.events import Hazard, Sites, footprints_of
from manglar_engine.io.columns import refuse_repeated
from manglar_engine.io.tables import FIRST_ROW, read_table


def read_event_tables(
    events: Path, sites: Path, footprints: Path, *, crs: str, unit: str, frequency_unit: str = ""
) -> Hazard:
    """Read a hazard from tables; sites have id, x, y and footprints have event, site, intensity.

    Raises:
        FormatError: a file that is unreadable or lacks a column, or no coordinate system.
        HazardError: pairs that name events or sites which do not exist, by row, or what the records refuse.
    """
    table = read_events(events, frequency_unit=frequency_unit)
    places = read_table(sites, required=("id", "x", "y"))
    refuse_repeated("site", places.texts("id"), HazardError)
    pairs = read_table(footprints, required=("event", "site", "intensity"))
    held = Sites(places.numbers("x"), places.numbers("y"), crs)
    return Hazard(
        table,
        footprints_of(
            _positions("event", pairs.texts("event"), table.ids, footprints.name),
            _positions("site", pairs.texts("site"), places.texts("id"), footprints.name),
            pairs.measured("intensity"),
            events=len(table),
            sites=held,
            unit=unit,
        ),
    )


def _positions(what: str, named: tuple[str, ...], known: Sequence[str], file: str) -> np.ndarray:
    place = {name: i for i, name in enumerate(known)}
    unknown = [f"{row}: {name}" for row, name in enumerate(named, start=FIRST_ROW) if name not in place]
    if unknown:
        raise HazardError(f"{file} names {what} ids that its table lacks", rows=unknown, mend="Correct the id.")
    return np.array([place[name] for name in named], dtype=np.int64)
