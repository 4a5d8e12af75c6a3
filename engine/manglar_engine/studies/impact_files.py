"""The answer of a run as files that others open: JSON, Parquet, and Zarr for events by territory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import zarr
from numpy.typing import NDArray
from zarr.codecs import BloscCodec

from manglar_engine.exposure.assets import Assets
from manglar_engine.hazard.flood_rates import FloodRate
from manglar_engine.hazard.sea_level import ReturnLevel
from manglar_engine.io.canonical import canonical_bytes
from manglar_engine.io.files import not_written, refuse_occupied, write_whole, written_whole
from manglar_engine.io.parquet import Columns, write_parquet
from manglar_engine.studies.city_answer import CityAnswer
from manglar_engine.studies.impact_answer import ImpactAnswer
from manglar_engine.studies.measures_answer import MeasuresAnswer

ANSWER = frozenset(
    {
        "result.json",
        "manifest.json",
        "events.parquet",
        "assets.parquet",
        "by_event.zarr",
        "measures.parquet",
        "sea_level.parquet",
        "flood_rates.parquet",
    }
)
"""All that an answer may hold: a folder with anything else is not replaced by one."""
HEADLINES = ("avoided", "present_benefit", "present_cost", "net_present_value", "benefit_cost")
"""What a set of measures is worth, by the names of the answer; what it avoids stands as before and after."""


def refuse_folder(folder: Path, *, beside: Sequence[Path] = ()) -> None:
    """Refuse a folder that an answer may not replace; see :func:`~manglar_engine.io.files.refuse_occupied`."""
    refuse_occupied(folder, ANSWER, mark="manifest.json", beside=beside)


def write_answer(folder: Path, answer: CityAnswer | ImpactAnswer, assets: Assets | None = None) -> None:
    """Write a folder, whole or not at all; the same answer has the same bytes.

    ``result.json`` and ``manifest.json``. Of impact ``events.parquet`` (id, frequency, impact by amount),
    ``assets.parquet`` (a GeoParquet of points: id, territory, expected annual impact by amount, and by amount,
    peril and period where maps were asked) and ``by_event.zarr`` (for each
    amount ``(events, territories)``, with the codes of the territories in its attributes). Of measures
    ``measures.parquet``: a row for each set of them, NaN where it has no cost or nobody gave doubts. Of the sea
    ``sea_level.parquet`` (metres by scenario and period), of recorded floods ``flood_rates.parquet``.

    Raises:
        FormatError: the folder holds what no answer wrote, or cannot be written; nothing is left half-written.
    """
    refuse_folder(folder)
    held = CityAnswer(answer) if isinstance(answer, ImpactAnswer) else answer
    try:
        _write(folder.resolve(), held, assets)
    except OSError as error:
        raise not_written(folder, error) from error


def _write(folder: Path, held: CityAnswer, assets: Assets | None) -> None:
    with written_whole(folder) as made:
        made.mkdir()
        write_whole(made / "result.json", held.to_json())
        write_whole(made / "manifest.json", canonical_bytes(held.manifest))
        if held.impact is not None and assets is not None:
            _write_impact(made, held.impact, assets)
        if held.sea_level is not None:
            meaning = {"unit": "m", "datum": held.sea_level.datum}
            _write_rows(made / "sea_level.parquet", held.sea_level.levels, meaning)
        if held.flood_rates is not None:
            _write_rows(made / "flood_rates.parquet", held.flood_rates.by_territory, {"frequency_unit": "1/year"})


def _write_rows(path: Path, rows: Sequence[ReturnLevel | FloodRate], meaning: Mapping[str, str]) -> None:
    """Write records of one kind, a column for each field."""
    names = [field.name for field in fields(rows[0])]
    columns = {name: np.array([getattr(row, name) for row in rows]) for name in names}
    write_parquet(path, Columns(path.stem, columns, meaning))


def _write_impact(made: Path, answer: ImpactAnswer, assets: Assets) -> None:
    first = next(iter(answer.impacts.values()))
    units = {name: found.unit for name, found in answer.impacts.items()}
    events: dict[str, Any] = {"id": np.array(first.event_ids, dtype=object), "frequency": first.frequency}
    events |= {name: found.total_by_event for name, found in answer.impacts.items()}
    write_parquet(made / "events.parquet", Columns("events", events, {**units, "frequency_unit": "1/year"}))
    rows: dict[str, Any] = {
        "id": np.array(assets.ids, dtype=object),
        "territory": np.array(assets.territory, dtype=object),
    }
    rows |= {f"expected_{name}": found.expected_by_asset for name, found in answer.impacts.items()}
    for (amount, peril), impact in answer.maps.items():
        rows |= {f"{amount}_{peril}_{period:g}y": impact[:, i] for i, period in enumerate(answer.map_periods)}
    points = shapely.points(assets.x, assets.y)
    write_parquet(made / "assets.parquet", Columns("assets", rows, units, points, assets.crs))
    if answer.measures:
        _write_measures(made / "measures.parquet", answer.measures, assets)
    group: Any = zarr.create_group(
        str(made / "by_event.zarr"), zarr_format=3, attributes={"territories": list(first.territories)}
    )
    for name, found in answer.impacts.items():
        group.create_array(
            name,
            data=np.ascontiguousarray(found.by_event),
            compressors=BloscCodec(typesize=8, cname="zstd", clevel=5, shuffle="bitshuffle"),
            attributes={"unit": found.unit},
        )


def _write_measures(path: Path, rows: Sequence[MeasuresAnswer], assets: Assets) -> None:
    """Write sets of measures: assets reached, expected impact, and of each headline its figure and its interval."""
    columns: dict[str, Any] = {
        "measures": np.array([" + ".join(row.measures) for row in rows], dtype=object),
        "assets": np.array([row.assets for row in rows]),
        "expected_before": np.array([row.expected_before for row in rows]),
        "expected_after": np.array([row.expected_after for row in rows]),
    }
    columns |= {name: _figures(rows, "worth", name) for name in HEADLINES if name != "avoided"}
    ends = [(name, end) for name in HEADLINES for end in ("p05", "p95")]
    columns |= {f"{name}_{end}": _figures(rows, "uncertain", name, end) for name, end in ends}
    columns["pays"] = _figures(rows, "uncertain", "pays")
    meaning = {"currency": assets.currency, "price_year": str(assets.price_year), "pays": "share of samples"}
    write_parquet(path, Columns("measures", columns, meaning))


def _figures(rows: Sequence[MeasuresAnswer], *names: str) -> NDArray[np.float64]:
    """Return a figure of each row, found by field within field, NaN where the row lacks one of them."""
    found: Sequence[Any] = rows
    for name in names:
        found = [getattr(one, name, None) for one in found]
    return np.array(found, dtype=np.float64)
