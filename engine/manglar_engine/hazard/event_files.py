"""The event table in Parquet or CSV: id, annual frequency, year, peril, scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from manglar_engine.errors import FormatError, HazardError
from manglar_engine.hazard.events import EventSet
from manglar_engine.io.parquet import PARQUET, Columns, read_parquet, write_parquet
from manglar_engine.io.tables import Table, read_table

COLUMNS = ("id", "frequency", "year", "peril", "scenario")
UNIT = "1/year"


def read_events(path: str | Path, *, frequency_unit: str = "") -> EventSet:
    """Read an event table.

    Args:
        path: ``.parquet``, or CSV.
        frequency_unit: must be ``1/year``; may be left out where the Parquet file says it.

    Raises:
        FormatError: unreadable, missing columns, blank cells, or a frequency whose unit nobody says.
        HazardError: a frequency in another unit, or what :class:`EventSet` refuses.
    """
    path = Path(path)
    if path.suffix in PARQUET:
        held = read_parquet(path)
        unit = frequency_unit or held.told("frequency_unit")
        columns = {name: held.column(name) for name in COLUMNS}
    else:
        if not frequency_unit:
            raise FormatError(
                f"{path.name} does not say the unit of its frequencies", mend="Say it, as frequency_unit='1/year'."
            )
        unit, table = frequency_unit, read_table(path, required=COLUMNS)
        columns = {name: _column(table, name) for name in COLUMNS}
    if unit != UNIT:
        raise HazardError(f"frequencies are in {unit!r}", mend="Convert them to occurrences per year, 1/year.")
    years = np.asarray(columns["year"], dtype=np.float64)
    broken = np.flatnonzero(years % 1 != 0)
    if broken.size:
        raise HazardError("years are not whole", rows=(broken + 1).tolist(), mend="Correct them.")
    return EventSet(
        ids=columns["id"].tolist(),
        frequency=columns["frequency"],
        year=years.astype(np.int64).tolist(),
        peril=columns["peril"].tolist(),
        scenario=columns["scenario"].tolist(),
    )


def _column(table: Table, name: str) -> np.ndarray:
    return table.numbers(name) if name in {"frequency", "year"} else np.array(table.texts(name), dtype=object)


def write_events(path: str | Path, events: EventSet) -> None:
    """Write an event table as Parquet, with the unit of its frequencies.

    Raises:
        OSError: the place cannot be written; nothing is left half-written.
    """
    columns = {
        "id": np.array(events.ids, dtype=object),
        "frequency": events.frequency,
        "year": np.array(events.year),
        "peril": np.array(events.peril, dtype=object),
        "scenario": np.array(events.scenario, dtype=object),
    }
    write_parquet(path, Columns(Path(path).name, columns, {"frequency_unit": UNIT}))
