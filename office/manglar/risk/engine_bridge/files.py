"""Files of layers, series, functions and assets: what the engine reads in them, and what is worth seeing before keeping them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.risk.choices import DatasetKind
from manglar.risk.engine_bridge.door import Understood, in_spanish, notes_of
from manglar.risk.engine_bridge.library import peril_of
from manglar.risk.engine_bridge.pictures import layer_facts, picture_of
from manglar.risk.engine_bridge.systems import is_degrees, same_crs
from manglar.risk.rules.exposure import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")
rasterio = lazy_loader.load("rasterio")
xarray = lazy_loader.load("xarray")

#: Maps of more cells than this, all together, are refused before they are unpacked: compressed, sixty megabytes hold anything.
MAX_CELLS = 24_000_000
EVENT_FILES = ("events.csv", "sites.csv", "footprints.csv")
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class FileTerms:
    """What a person says of a file and the file does not: nothing of it is guessed."""

    hazard: str = ""
    scenario: str = ""
    year: int | None = None
    crs: str = ""
    unit: str = ""
    #: Name of the file of each map → its return period in years.
    periods: Mapping[str, float] = field(default_factory=dict)
    nodata: str = ""
    falls: str = ""
    variable: str = ""
    along: str = ""
    frequency_unit: str = ""
    extremes: str = ""
    value_column: str = ""
    threshold: float | None = None
    datum: str = ""
    source: str = ""
    currency: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The terms as plain data, without those that were not said."""
        return {key: value for key, value in asdict(self).items() if value not in ("", None) and value != {}}


@contextmanager
def laid_out(files: Files) -> "Iterator[Path]":
    """The files in a folder of their own, for the engine to read; their names were checked before."""
    with TemporaryDirectory(prefix="manglar-") as folder:
        root = Path(folder)
        for name, content in files.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        yield root


def read_layers(kind: DatasetKind, files: Files, terms: FileTerms) -> Understood:
    """Understand a file of layers, series, functions or assets; refuse in words what the engine cannot use."""
    with in_spanish(of="file"), laid_out(files) as folder:
        return _READERS[kind](folder, next(iter(files)), terms)


def hazard_from(
    kind: str, files: Files, terms: FileTerms, *, near: tuple[Any, Any] | None = None
) -> "tuple[engine.Hazard, float]":
    """The events of a registered file, and the distance of a point in a cell to its centre (0 without cells)."""
    with laid_out(files) as folder:
        if kind == DatasetKind.EVENTS:
            return _event_tables(folder, terms), 0.0
        maps = _rasters(folder, terms) if kind == DatasetKind.MAPS else _stack(folder, next(iter(files)), terms)
        grid = next(iter(maps.values())).grid if isinstance(maps, dict) else maps.grid
        made = engine.hazard_of_return_period_maps(maps, _reading(terms), near=near)
        return made, _reach(grid)


def grid_of(kind: str, files: Files, terms: FileTerms) -> "engine.Grid | None":
    """Where the cells of a registered map lie; None for events at sites."""
    if kind == DatasetKind.EVENTS:
        return None
    with laid_out(files) as folder:
        if kind == DatasetKind.STACK:
            return _stack(folder, next(iter(files)), terms).grid
        return next(iter(_rasters(folder, terms).values())).grid


def gauge_from(files: Files, terms: FileTerms) -> "engine.ExtremeSeries":
    """The extremes of a registered tide gauge."""
    with laid_out(files) as folder:
        return _gauge(folder / next(iter(files)), terms)


def records_from(files: Files) -> "engine.EventReading":
    """The events of a registered record."""
    with laid_out(files) as folder:
        return engine.read_recorded_events(folder / next(iter(files)))


def functions_from(files: Files) -> "engine.ImpactFunctionSet":
    """The impact functions of a registered table."""
    with laid_out(files) as folder:
        return engine.read_functions(folder / next(iter(files)))


def assets_from(files: Files, terms: FileTerms) -> "engine.Assets":
    """The assets of a registered file."""
    with laid_out(files) as folder:
        return _assets(folder / next(iter(files)), terms)


def _reading(terms: FileTerms) -> "engine.MapReading":
    return engine.MapReading(
        peril=peril_of(terms.hazard),
        scenario=terms.scenario,
        year=terms.year or 0,
        nodata=terms.nodata,
        falls=terms.falls or "refuse",
    )


def _reach(grid: "engine.Grid") -> float:
    """How far from its centre a point of a cell may be, in metres, with a hair's breadth more."""
    across = [abs(step) * (111_320.0 if is_degrees(grid.crs) else 1.0) for step in grid.step]
    return float((across[0] ** 2 + across[1] ** 2) ** 0.5 / 2 * 1.01)


def _rasters(folder: Path, terms: FileTerms) -> "dict[float, engine.Raster]":
    here = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    missing = sorted(set(terms.periods) - set(here))
    if missing or not terms.periods:
        raise InvalidInput(
            say(
                "Diga cada cuántos años es cada mapa, uno por línea («10 = archivo.tif»). En el archivo hay: {files}.",
                files=", ".join(here),
            )
        )
    cells = 0
    for name in terms.periods:
        cells += _cells_of(here[name])
        _refuse_huge(name, cells)
    found = {years: engine.read_raster(here[name], unit=terms.unit) for name, years in terms.periods.items()}
    if len(found) != len(terms.periods):
        raise InvalidInput(say("Dos mapas tienen el mismo período de retorno: dé a cada uno el suyo."))
    for raster in found.values():
        if terms.crs and not same_crs(terms.crs, raster.grid.crs):
            raise InvalidInput(
                say(
                    "«{file}» dice estar en {told} y usted escribió {given}: corrija uno de los dos.",
                    file=raster.name,
                    told=raster.grid.crs,
                    given=terms.crs,
                )
            )
    return dict(sorted(found.items()))


def _cells_of(path: Path) -> int:
    """How many cells a map says that it has; read without unpacking it."""
    try:
        with rasterio.open(path) as source:
            return int(source.width * source.height)
    except rasterio.errors.RasterioError as error:
        raise InvalidInput(
            say("«{file}» no se puede leer como mapa: expórtelo como GeoTIFF.", file=path.name)
        ) from error


def _refuse_huge(name: str, cells: int) -> None:
    if cells > MAX_CELLS:
        raise InvalidInput(
            say(
                "«{file}» tiene {cells:,} celdas; el límite es {limit:,}. Recórtelo a la ciudad o use celdas más grandes.",
                file=name,
                cells=cells,
                limit=MAX_CELLS,
            )
        )


def _stack(folder: Path, first: str, terms: FileTerms) -> "engine.Stack":
    stores = sorted(
        {path.parent for path in folder.rglob("zarr.json")} | {path.parent for path in folder.rglob(".zgroup")}
    )
    path = min(stores, key=lambda each: len(each.parts)) if stores else folder / first
    if stores and path.suffix != ".zarr":
        named = path / "layers.zarr" if path == folder else path.with_suffix(".zarr")
        path = _renamed(path, named, folder)
    if not terms.variable or not terms.along:
        raise InvalidInput(say("Diga qué variable de la pila es la intensidad y por qué dimensión van sus capas."))
    try:
        held = xarray.open_zarr(path, consolidated=False) if stores else xarray.open_dataset(path, engine="h5netcdf")
    except (OSError, ValueError, KeyError) as error:
        raise InvalidInput(
            say("El archivo no se puede leer como pila de capas: guárdelo como NetCDF 4 o Zarr.")
        ) from error
    with held:
        if terms.variable in held:
            _refuse_huge(terms.variable, int(held[terms.variable].size))
    return engine.read_stack(path, terms.variable, along=terms.along, unit=terms.unit, crs=terms.crs)


def _renamed(path: Path, named: Path, folder: Path) -> Path:
    """The engine knows a store by its ending; one at the root of the file gets a folder of its own."""
    if path != folder:
        return path.rename(named)
    held = list(folder.iterdir())
    named.mkdir()
    for each in held:
        each.rename(named / each.name)
    return named


def _read_maps(folder: Path, first: str, terms: FileTerms) -> Understood:  # noqa: ARG001  # one shape for every reader
    rasters = _rasters(folder, terms)
    engine.hazard_of_return_period_maps(rasters, _reading(terms))
    some = next(iter(rasters.values()))
    layers = [layer_facts(f"{raster.name}", years, raster.values) for years, raster in rasters.items()]
    return _understood_layers(layers, some.grid, some.unit, list(rasters.values())[-1].values)


def _read_stack(folder: Path, first: str, terms: FileTerms) -> Understood:
    stack = _stack(folder, first, terms)
    engine.hazard_of_return_period_maps(stack, _reading(terms))
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


def _event_tables(folder: Path, terms: FileTerms) -> "engine.Hazard":
    paths = [next(folder.rglob(name), None) for name in EVENT_FILES]
    missing = [name for name, path in zip(EVENT_FILES, paths, strict=True) if path is None]
    if missing:
        raise InvalidInput(
            say("Al archivo le falta: {missing}. Lleva las tres tablas de los sucesos.", missing=", ".join(missing))
        )
    held: Sequence[Path] = [path for path in paths if path is not None]
    # The reader of the three tables is not among the engine's public names; loading its module here costs nothing before.
    tables = import_module("manglar_engine.hazard.event_tables")
    found: engine.Hazard = tables.read_event_tables(
        *held, crs=terms.crs, unit=terms.unit, frequency_unit=terms.frequency_unit
    )
    others = sorted(set(found.events.peril) - {peril_of(terms.hazard)})
    if others:
        raise InvalidInput(
            say(
                "La tabla de sucesos dice otra amenaza: {others}. Escriba ahí «{peril}».",
                others=", ".join(others),
                peril=peril_of(terms.hazard),
            )
        )
    return found


def _read_events(folder: Path, first: str, terms: FileTerms) -> Understood:  # noqa: ARG001  # one shape for every reader
    found = _event_tables(folder, terms)
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


def _gauge(path: Path, terms: FileTerms) -> "engine.ExtremeSeries":
    said: dict[str, Any] = {
        "value_column": terms.value_column,
        "unit": terms.unit,
        "datum": terms.datum,
        "source": terms.source,
    }
    if terms.extremes == "peaks":
        if terms.threshold is None:
            raise InvalidInput(say("Diga sobre qué umbral se tomaron los picos, en la unidad de la columna."))
        return engine.read_peaks_over_threshold(path, threshold=terms.threshold, **said)
    return engine.read_annual_maxima(path, **said)


def _read_gauge(folder: Path, first: str, terms: FileTerms) -> Understood:
    series = _gauge(folder / first, terms)
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


def _assets(path: Path, terms: FileTerms) -> "engine.Assets":
    said = engine.AssetTerms(
        crs=terms.crs, currency=terms.currency, price_year=terms.year, columns=dict(terms.columns) or None
    )
    return engine.read_assets(path, said)


def _read_assets(folder: Path, first: str, terms: FileTerms) -> Understood:
    found = _assets(folder / first, terms)
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


_READERS = {
    DatasetKind.MAPS: _read_maps,
    DatasetKind.STACK: _read_stack,
    DatasetKind.EVENTS: _read_events,
    DatasetKind.GAUGE: _read_gauge,
    DatasetKind.RECORDS: _read_records,
    DatasetKind.FUNCTIONS: _read_functions,
    DatasetKind.EXPOSURE: _read_assets,
}
