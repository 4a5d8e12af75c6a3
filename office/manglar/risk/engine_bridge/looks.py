"""A file looked at before it is kept: what the engine read in it, and what is worth seeing."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.risk.choices import DatasetKind
from manglar.risk.engine_bridge.door import Understood, in_spanish, notes_of
from manglar.risk.engine_bridge.files import (
    Files,
    FileTerms,
    assets_of,
    elevation_of,
    event_tables_of,
    gauge_of,
    laid_out,
    rasters_of,
    reading_of,
    stack_of,
)
from manglar.risk.engine_bridge.pictures import layer_facts, picture_of
from manglar.risk.rules.exposure import note

if TYPE_CHECKING:
    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")


def read_layers(kind: DatasetKind, files: Files, terms: FileTerms) -> Understood:
    """Understand a file of layers, series, functions or assets; refuse in words what the engine cannot use."""
    with in_spanish(of="file"), laid_out(files) as folder:
        return _READERS[kind](folder, next(iter(files)), terms)


def _read_maps(folder: Path, first: str, terms: FileTerms) -> Understood:  # noqa: ARG001  # one shape for every reader
    rasters = rasters_of(folder, terms)
    engine.hazard_of_return_period_maps(rasters, reading_of(terms))
    some = next(iter(rasters.values()))
    layers = [layer_facts(f"{raster.name}", years, raster.values) for years, raster in rasters.items()]
    return _understood_layers(layers, some.grid, some.unit, list(rasters.values())[-1].values)


def _read_stack(folder: Path, first: str, terms: FileTerms) -> Understood:
    stack = stack_of(folder, first, terms)
    engine.hazard_of_return_period_maps(stack, reading_of(terms))
    layers = [layer_facts(stack.name, float(label), stack.values[i]) for i, label in enumerate(stack.labels)]
    return _understood_layers(layers, stack.grid, stack.unit, stack.values[-1])


def _understood_layers(layers: list[dict[str, Any]], grid: "engine.Grid", unit: str, last: Any) -> Understood:
    step_x, step_y = (abs(each) for each in grid.step)
    bounds = [
        grid.x.min() - step_x / 2,
        grid.y.min() - step_y / 2,
        grid.x.max() + step_x / 2,
        grid.y.max() + step_y / 2,
    ]
    empty = [f"{each['name']}: {each['missing']:,}" for each in layers if each["missing"]]
    told = "; ".join(empty)
    notes = (
        [note("interpreted", "", "nodata", es=f"celdas sin dato, {told}", en=f"cells without datum, {told}")]
        if empty
        else []
    )
    return Understood(
        [],
        notes,
        crs=grid.crs,
        unit=unit,
        summary={
            "layers": layers,
            "bounds": [float(each) for each in bounds],
            "cell": [step_x, step_y],
            "shape": list(grid.shape),
            "picture": picture_of(last, falls=bool(grid.y[0] > grid.y[-1])),
        },
    )


def _read_events(folder: Path, first: str, terms: FileTerms) -> Understood:  # noqa: ARG001  # one shape for every reader
    found = event_tables_of(folder, terms)
    sites, often = found.footprints.sites, found.events.frequency
    values = found.footprints.intensity.data
    return Understood(
        [],
        [],
        crs=sites.crs,
        unit=found.footprints.unit,
        summary={
            "events": len(found.events),
            "sites": len(sites),
            "bounds": [float(v) for v in (sites.x.min(), sites.y.min(), sites.x.max(), sites.y.max())],
            "least": float(values.min()) if values.size else 0.0,
            "most": float(values.max()) if values.size else 0.0,
            "rarest_years": float(1 / often.min()),
            "years": sorted(set(found.events.year)),
            "scenarios": sorted(set(found.events.scenario)),
        },
    )


def _read_gauge(folder: Path, first: str, terms: FileTerms) -> Understood:
    series = gauge_of(folder / first, terms)
    return Understood(
        [],
        notes_of(series.notes),
        unit=terms.unit,
        summary={
            "values": len(series.values_m),
            "observed_years": series.observed_years,
            "first": int(series.years.min()),
            "last": int(series.years.max()),
            "least": float(series.values_m.min()),
            "most": float(series.values_m.max()),
            "set_aside": len(series.notes),
            "datum": series.datum,
        },
    )


def _read_records(folder: Path, first: str, terms: FileTerms) -> Understood:  # noqa: ARG001  # one shape for every reader
    reading = engine.read_recorded_events(folder / first)
    perils = Counter(peril for event in reading.events for peril in event.perils)
    rows: list[dict[str, Any]] = [
        {"row": e.row, "first": e.first.isoformat(), "last": e.last.isoformat(), "place": e.place,
         "perils": list(e.perils), "territories": list(e.territories), "verified": e.verified, "source": e.source}
        for e in reading.events
    ]  # fmt: skip
    return Understood(
        rows,
        notes_of(reading.notes),
        summary={
            "events": len(rows),
            "perils": dict(sorted(perils.items())),
            "first": min(row["first"] for row in rows) if rows else "",
            "last": max(row["last"] for row in rows) if rows else "",
            "unverified": sum(not row["verified"] for row in rows),
            "without_place": sum(not row["territories"] for row in rows),
        },
    )


def _read_functions(folder: Path, first: str, terms: FileTerms) -> Understood:  # noqa: ARG001  # one shape for every reader
    rows: list[dict[str, Any]] = [
        {"id": f.id, "peril": f.peril, "asset_class": f.asset_class, "unit": f.unit, "source": f.source, "mark": f.mark,
         "has_bounds": f.low is not None, "nodes": len(f.intensity), "most": float(f.ratio.max())}
        for f in engine.read_functions(folder / first).values()
    ]  # fmt: skip
    bare = [row["id"] for row in rows if not row["has_bounds"]]
    told = ", ".join(bare)
    notes = []
    if bare:
        es = f"funciones sin límites: lo que se calcule con ellas no lleva intervalo ({told})"
        notes.append(
            note("limit", "", "low, high", es=es, en=f"functions without bounds: no interval with them ({told})")
        )
    units = sorted({row["unit"] for row in rows})
    return Understood(
        rows, notes, unit=units[0] if len(units) == 1 else "", summary={"functions": len(rows), "units": units}
    )


def _read_assets(folder: Path, first: str, terms: FileTerms) -> Understood:
    found = assets_of(folder / first, terms)
    return Understood(
        [],
        [],
        crs=found.crs,
        unit=found.currency,
        summary={
            "assets": len(found),
            "classes": dict(sorted(Counter(found.asset_class).items())),
            "territories": dict(sorted(Counter(found.territory).items())),
            "value": float(found.value.sum()),
            "people": float(found.people.sum()),
            "price_year": found.price_year,
            "bounds": [float(v) for v in (found.x.min(), found.y.min(), found.x.max(), found.y.max())],
        },
    )


def _read_elevation(folder: Path, first: str, terms: FileTerms) -> Understood:
    raster = elevation_of(folder / first, terms)
    facts = layer_facts(raster.name, 0.0, raster.values)
    es, en = f"celdas sin altura: {facts['missing']:,}", f"cells without height: {facts['missing']:,}"
    grid = raster.grid
    return Understood(
        [],
        [note("interpreted", "", "nodata", es=es, en=en)] if facts["missing"] else [],
        crs=grid.crs,
        unit=raster.unit,
        summary={"least": facts["least"], "most": facts["most"], "missing": facts["missing"], "shape": list(grid.shape)},
    )


_READERS = {
    DatasetKind.ELEVATION: _read_elevation,
    DatasetKind.MAPS: _read_maps,
    DatasetKind.STACK: _read_stack,
    DatasetKind.EVENTS: _read_events,
    DatasetKind.GAUGE: _read_gauge,
    DatasetKind.RECORDS: _read_records,
    DatasetKind.FUNCTIONS: _read_functions,
    DatasetKind.EXPOSURE: _read_assets,
}
