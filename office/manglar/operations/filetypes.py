"""What a file really is: judged by its content, its size and its nesting, before anything parses it."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, say
from manglar.foundation.texts import decode

MAX_BYTES = 60_000_000
MAX_UNPACKED = 400_000_000
MAX_RATIO = 200
MAX_MEMBERS = 2_000


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that Manglar reads."""

    name: str
    media_type: str
    endings: tuple[str, ...]


CSV = FileKind("CSV", "text/csv", (".csv", ".tsv", ".txt"))
XLSX = FileKind("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
GEOJSON = FileKind("GeoJSON", "application/geo+json", (".geojson", ".json"))
GPKG = FileKind("GeoPackage", "application/geopackage+sqlite3", (".gpkg",))
SHAPEFILE_ZIP = FileKind("Shapefile (zip)", "application/zip", (".zip",))
SHAPEFILE = FileKind("Shapefile", "application/vnd.shp", (".shp",))
DOCX = FileKind("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
PPTX = FileKind("PowerPoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation", (".pptx",))
ODT = FileKind("OpenDocument (texto)", "application/vnd.oasis.opendocument.text", (".odt",))
TIFF = FileKind("GeoTIFF", "image/tiff", (".tif", ".tiff"))
NETCDF = FileKind("NetCDF", "application/x-netcdf", (".nc",))
PARQUET = FileKind("Parquet", "application/vnd.apache.parquet", (".parquet", ".geoparquet"))
RASTERS_ZIP = FileKind("GeoTIFF (zip)", "application/zip", (".zip",))
TABLES_ZIP = FileKind("CSV (zip)", "application/zip", (".zip",))
ZARR_ZIP = FileKind("Zarr (zip)", "application/zip", (".zip",))
PDF = FileKind("PDF", "application/pdf", (".pdf",))
PNG = FileKind("PNG", "image/png", (".png",))
JPEG = FileKind("JPEG", "image/jpeg", (".jpg", ".jpeg"))
#: What the name of a file that Manglar reads may end with.
ENDINGS = tuple(
    ending
    for kind in (PDF, DOCX, PPTX, ODT, XLSX, CSV, PNG, JPEG, GEOJSON, GPKG, SHAPEFILE_ZIP)
    for ending in kind.endings
)
#: The member that only this kind of office file has.
_OFFICE = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX, "ppt/presentation.xml": PPTX}


def clean_name(name: str) -> str:
    """The last part of a file's name without anything that could lead elsewhere."""
    bare = PurePosixPath(name.replace("\\", "/")).name.replace("\x00", "").strip(". ")
    return "".join(c for c in bare if c.isprintable())[:150] or "archivo"


def recognise(name: str, content: bytes, accepted: tuple[FileKind, ...] = ()) -> FileKind:
    """Say what the bytes are; raise InvalidInput with a sentence when they are nothing that Manglar reads.

    Where only some kinds are ``accepted``, the sentence names only those, and what its name promised and it is not.
    """
    if not content:
        raise InvalidInput(say("«{file}» está vacío.", file=clean_name(name)))
    if len(content) > MAX_BYTES:
        raise InvalidInput(
            say(
                "«{file}» pesa {size:,.0f} MB; el límite es {limit:,.0f} MB. Divídalo o simplifique sus geometrías.",
                file=clean_name(name),
                size=len(content) / 1e6,
                limit=MAX_BYTES / 1e6,
            )
        )
    kind = _by_signature(content) or _by_text(name, content)
    if accepted and kind not in accepted:
        raise InvalidInput(_why_not_accepted(name, accepted))
    if kind is None:
        raise InvalidInput(
            say(
                "«{file}» no es un archivo que Manglar lea: use CSV, XLSX, GeoJSON, GeoPackage, Shapefile en un .zip, GeoTIFF, NetCDF, Zarr en un .zip, Parquet, PDF, Word (.docx), PowerPoint (.pptx), OpenDocument (.odt), PNG o JPEG.",
                file=clean_name(name),
            )
        )
    return kind


def _why_not_accepted(name: str, accepted: tuple[FileKind, ...]) -> Said:
    """What is wrong with a file where only some kinds serve."""
    ending = PurePosixPath(name.lower()).suffix
    promised = next((each for each in accepted if ending in each.endings), None)
    if promised is not None and promised.media_type.startswith("image/"):
        return say("«{file}» está dañado o no es una imagen: tómela otra vez o elija otra.", file=clean_name(name))
    if promised is not None:
        return say(
            "«{file}» está dañado o no es un archivo {kind}: guárdelo de nuevo y súbalo otra vez.",
            file=clean_name(name), kind=promised.name,
        )
    *most, last = [each.name for each in accepted]
    if not most:
        return say("«{file}» no sirve aquí: mande {last}.", file=clean_name(name), last=last)
    return say("«{file}» no sirve aquí: mande {most} o {last}.", file=clean_name(name), most=", ".join(most), last=last)


def _by_signature(content: bytes) -> FileKind | None:
    if content.startswith(b"SQLite format 3\x00"):
        return GPKG
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    for start, kind in (
        (b"%PDF-", PDF),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"\xff\xd8\xff", JPEG),
        (b"\x00\x00\x27\x0a", SHAPEFILE),
        (b"II*\x00", TIFF),
        (b"MM\x00*", TIFF),
        (b"II+\x00", TIFF),
        (b"MM\x00+", TIFF),
        (b"\x89HDF\r\n\x1a\n", NETCDF),
        (b"CDF\x01", NETCDF),
        (b"CDF\x02", NETCDF),
        (b"PAR1", PARQUET),
    ):
        if content.startswith(start):
            return kind
    return None


def _zipped(content: bytes) -> FileKind | None:
    """Tell what the members are together, after making sure that unpacking them is safe."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise InvalidInput(say("El archivo comprimido está dañado: vuelva a crearlo.")) from error
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(content) + 1_000_000:
        raise InvalidInput(say("El archivo comprimido se expande demasiado: no se abre."))
    if any(member.filename.startswith("/") or ".." in PurePosixPath(member.filename).parts for member in members):
        raise InvalidInput(say("El archivo comprimido nombra carpetas fuera de sí mismo: no se abre."))
    names = {member.filename.lower() for member in members}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise InvalidInput(say("El archivo trae macros: guárdelo sin ellas (.docx, .xlsx o .pptx) y súbalo otra vez."))
    for mark, kind in _OFFICE.items():
        if mark in names:
            return kind
    if "content.xml" in names and _mimetype(content) == ODT.media_type:
        return ODT
    if any(name.endswith(".zip") for name in names):
        raise InvalidInput(say("Hay un archivo comprimido dentro de otro: saque el de adentro."))
    return _of_members(names)


def _of_members(names: set[str]) -> FileKind | None:
    """The kind of a compressed file by what it holds; a Zarr store is a folder with its own description."""
    endings = {PurePosixPath(name).suffix for name in names if not name.endswith("/")}
    if ".shp" in endings:
        return SHAPEFILE_ZIP
    if any(PurePosixPath(name).name in {"zarr.json", ".zgroup"} for name in names):
        return ZARR_ZIP
    if endings & set(TIFF.endings):
        return RASTERS_ZIP
    return TABLES_ZIP if endings & {".csv"} else None


def _mimetype(content: bytes) -> str:
    """What an OpenDocument file says that it is; empty for anything else."""
    try:
        return zipfile.ZipFile(io.BytesIO(content)).read("mimetype")[:100].decode("ascii", "replace")
    except (KeyError, zipfile.BadZipFile, RuntimeError):
        return ""


def _by_text(name: str, content: bytes) -> FileKind | None:
    try:
        text = decode(content)
    except (ValueError, UnicodeError):
        return None
    bare = text.lstrip("\ufeff \t\r\n")
    if bare.startswith("{"):
        return GEOJSON if _is_geojson(bare) else None
    if bare.startswith("<"):
        return None
    ending = PurePosixPath(name.lower()).suffix
    return CSV if ending in CSV.endings or "," in bare or ";" in bare or "\t" in bare else None


def _is_geojson(text: str) -> bool:
    try:
        return json.loads(text).get("type") in {"FeatureCollection", "Feature"}
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            say("El archivo parece GeoJSON pero está incompleto o mal escrito: vuelva a exportarlo.")
        ) from error
