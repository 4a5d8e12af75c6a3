"""From the bytes of a file to the files that the engine reads: judged first, unpacked after, never trusted by name."""

import io
import zipfile
from pathlib import PurePosixPath

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.operations import filetypes
from manglar.risk.choices import DatasetKind

TABLES = (filetypes.CSV,)
ACCEPTED: dict[DatasetKind, tuple[filetypes.FileKind, ...]] = {
    DatasetKind.FAULTS: (filetypes.GEOJSON,),
    DatasetKind.FRAGILITIES: TABLES,
    DatasetKind.REPAIRS: TABLES,
    DatasetKind.MAPS: (filetypes.TIFF, filetypes.RASTERS_ZIP),
    DatasetKind.STACK: (filetypes.NETCDF, filetypes.ZARR_ZIP),
    DatasetKind.EVENTS: (filetypes.TABLES_ZIP,),
    DatasetKind.GAUGE: TABLES,
    DatasetKind.RECORDS: TABLES,
    DatasetKind.FUNCTIONS: TABLES,
    DatasetKind.EXPOSURE: (filetypes.PARQUET, filetypes.GEOJSON, filetypes.CSV, filetypes.GPKG),
    DatasetKind.ELEVATION: (filetypes.TIFF,),
}
#: The engine knows what a file is by its ending; the judge knew by its bytes.
_ENDING = {
    filetypes.TIFF: ".tif",
    filetypes.NETCDF: ".nc",
    filetypes.CSV: ".csv",
    filetypes.PARQUET: ".parquet",
    filetypes.GEOJSON: ".geojson",
    filetypes.GPKG: ".gpkg",
}


def judged(kind: DatasetKind, name: str, content: bytes) -> filetypes.FileKind:
    """What the bytes are; refused when they are nothing that this kind of data comes in."""
    found, wanted = filetypes.recognise(name, content), ACCEPTED[kind]
    if found not in wanted:
        raise InvalidInput(
            say(
                "«{file}» es {name}; para {label} se usa {wanted}.",
                file=filetypes.clean_name(name),
                name=found.name,
                label=kind.label,
                wanted=", ".join(each.name for each in wanted),
            )
        )
    return found


def files_of(kind: DatasetKind, name: str, content: bytes) -> dict[str, bytes]:
    """The files of an upload by their path, one or the members of a compressed one."""
    found = judged(kind, name, content)
    if found in _ENDING:
        stem = PurePosixPath(filetypes.clean_name(name)).stem or "archivo"
        return {f"{stem}{_ENDING[found]}": content}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = {each.filename: packed.read(each) for each in packed.infolist() if not each.is_dir()}
    if found is filetypes.RASTERS_ZIP:
        members = {
            path: held for path, held in members.items() if PurePosixPath(path).suffix.lower() in filetypes.TIFF.endings
        }
        for path, held in members.items():
            _refuse_disguised(path, held)
    return members


def _refuse_disguised(path: str, content: bytes) -> None:
    """A member named .tif that is something else is not given to a reader of maps."""
    if filetypes.recognise(path, content) is not filetypes.TIFF:
        raise InvalidInput(
            say("«{file}» dice ser un GeoTIFF y no lo es: vuelva a exportarlo.", file=filetypes.clean_name(path))
        )
