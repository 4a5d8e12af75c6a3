"""Files of layers, series, functions and assets: what the engine reads in them, and what is worth seeing before keeping them."""

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
from manglar.risk.engine_bridge.library import peril_of
from manglar.risk.engine_bridge.systems import is_degrees, same_crs

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



def hazard_from(
    kind: str, files: Files, terms: FileTerms, *, near: tuple[Any, Any] | None = None
) -> "tuple[engine.Hazard, float]":
    """The events of a registered file, and the distance of a point in a cell to its centre (0 without cells)."""
    with laid_out(files) as folder:
        if kind == DatasetKind.EVENTS:
            return event_tables_of(folder, terms), 0.0
        maps = rasters_of(folder, terms) if kind == DatasetKind.MAPS else stack_of(folder, next(iter(files)), terms)
        grid = next(iter(maps.values())).grid if isinstance(maps, dict) else maps.grid
        made = engine.hazard_of_return_period_maps(maps, reading_of(terms), near=near)
        return made, _reach(grid)


def grid_of(kind: str, files: Files, terms: FileTerms) -> "engine.Grid | None":
    """Where the cells of a registered map lie; None for events at sites."""
    if kind == DatasetKind.EVENTS:
        return None
    with laid_out(files) as folder:
        if kind == DatasetKind.STACK:
            return stack_of(folder, next(iter(files)), terms).grid
        return next(iter(rasters_of(folder, terms).values())).grid


def gauge_from(files: Files, terms: FileTerms) -> "engine.ExtremeSeries":
    """The extremes of a registered tide gauge."""
    with laid_out(files) as folder:
        return gauge_of(folder / next(iter(files)), terms)


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
        return assets_of(folder / next(iter(files)), terms)


def reading_of(terms: FileTerms) -> "engine.MapReading":
    """How maps of these terms are read."""
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


def rasters_of(folder: Path, terms: FileTerms) -> "dict[float, engine.Raster]":
    """Maps by their period in years, rising."""
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


def stack_of(folder: Path, first: str, terms: FileTerms) -> "engine.Stack":
    """The layers of a NetCDF file or of a Zarr store."""
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





def event_tables_of(folder: Path, terms: FileTerms) -> "engine.Hazard":
    """The events of three tables."""
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



def gauge_of(path: Path, terms: FileTerms) -> "engine.ExtremeSeries":
    """The extremes of a tide gauge."""
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





def assets_of(path: Path, terms: FileTerms) -> "engine.Assets":
    """The assets of a file."""
    said = engine.AssetTerms(
        crs=terms.crs, currency=terms.currency, price_year=terms.year, columns=dict(terms.columns) or None
    )
    return engine.read_assets(path, said)
