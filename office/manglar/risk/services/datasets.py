"""Data sets: read, understood and kept once for each content and each way to read it."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.canonical import digest
from manglar.foundation.outcomes import CREATED, outcome_counts
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import listed, say
from manglar.governments.models import Government
from manglar.operations import filetypes
from manglar.operations.selectors import file_bytes
from manglar.operations.services import file_import, store_file
from manglar.risk import engine_bridge, selectors
from manglar.risk.choices import LISTED_AS, DatasetKind
from manglar.risk.engine_bridge import FileTerms
from manglar.risk.models import Dataset
from manglar.risk.permissions import may_run_risk
from manglar.risk.rules.datasets import missing
from manglar.risk.rules.spec_parts import FileOrDataset
from manglar.risk.services.faultlines import fault_lines
from manglar.risk.services.uploads import files_of, judged

DEGREES = "EPSG:4326"
_SEISMIC = {
    DatasetKind.FAULTS: engine_bridge.read_faults,
    DatasetKind.FRAGILITIES: engine_bridge.read_fragilities,
    DatasetKind.REPAIRS: engine_bridge.read_repairs,
}


@dataclass(frozen=True, slots=True)
class About:
    """What a person says about a file besides how to read it."""

    name: str = ""
    source: str = ""
    licence: str = ""
    version_note: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """Something read to feed a run, kept already or not yet."""

    kind: DatasetKind
    name: str
    understood: engine_bridge.Understood
    content: bytes = b""
    dataset: Dataset | None = None
    about: About = field(default_factory=About)
    terms: FileTerms = field(default_factory=FileTerms)


def read_feed(
    kind: DatasetKind, *, name: str, content: bytes, about: About | None = None, terms: FileTerms | None = None
) -> Feed:
    """Judge what the bytes are, ask for what nobody said, then understand them; nothing is kept."""
    about, terms, clean = about or About(), terms or FileTerms(), filetypes.clean_name(name)
    judged(kind, name, content)
    terms = replace(terms, source=about.source.strip())
    lacking = missing(kind, {**terms.to_json(), "source": about.source.strip(), "licence": about.licence.strip()})
    if lacking:
        raise InvalidInput(listed(lacking, separator=" "))
    if kind in _SEISMIC:
        understood = _SEISMIC[kind](clean, content)
    else:
        understood = engine_bridge.read_layers(kind, files_of(kind, name, content), terms)
    return Feed(kind, clean, understood, content, about=about, terms=terms)


def find_feed(
    kind: DatasetKind, choice: FileOrDataset, *, government: Government, base_path: Path | None, key: str
) -> Feed:
    """What a spec names: a data set of the government, or a file beside the spec."""
    if choice.dataset:
        dataset = selectors.dataset_by_id(choice.dataset)
        if dataset is None or dataset.government_id != government.pk or dataset.kind != kind:
            raise InvalidInput(
                say(
                    "«{key}.dataset» nombra «{dataset}», que no es un conjunto de {label} de {government}: regístrelo («manglar risk dataset add») o corrija el identificador.",
                    key=key,
                    dataset=choice.dataset,
                    label=kind.label,
                    government=government,
                )
            )
        understood = engine_bridge.Understood(dataset.content, dataset.notes)
        return Feed(kind, dataset.name, understood, dataset=dataset)
    if base_path is None:
        raise InvalidInput(
            say("«{key}.file» no vale aquí: registre el archivo y nómbrelo en «{key}.dataset».", key=key)
        )
    place = base_path / choice.file
    if place.is_dir():
        raise InvalidInput(
            say("«{key}.file» nombra «{file}», que es una carpeta: indique un archivo.", key=key, file=choice.file)
        )
    try:
        content = place.read_bytes()
    except FileNotFoundError as error:
        raise InvalidInput(
            say(
                "«{key}.file» nombra «{file}», que no existe: la ruta es relativa a la carpeta del TOML.",
                key=key,
                file=choice.file,
            )
        ) from error
    except OSError as error:
        raise InvalidInput(
            say(
                "«{key}.file»: no se puede leer «{file}»: {strerror}.",
                key=key,
                file=choice.file,
                strerror=error.strerror,
            )
        ) from error
    return read_feed(kind, name=place.name, content=content)


def keep_feed(*, by: Actor, government: Government, feed: Feed, at: dt.datetime | None = None) -> Dataset:
    """The data set of a feed: the one that there is with the same bytes read the same way, or a new one."""
    if feed.dataset is not None:
        return feed.dataset
    if (before := _held(government, feed)) is not None:
        return before
    cited = sorted({str(each["source"]) for each in feed.understood.content if each.get("source")})
    source = feed.about.source.strip() or "; ".join(cited[:5])
    dataset = Dataset(
        government=government,
        kind=feed.kind,
        name=(feed.about.name.strip() or feed.name)[:200],
        licence=feed.about.licence.strip(),
        crs=feed.understood.crs or (DEGREES if feed.kind is DatasetKind.FAULTS else ""),
        unit=feed.understood.unit,
        year=feed.terms.year,
        version_note=feed.about.version_note.strip(),
        sha256=hashlib.sha256(feed.content).hexdigest(),
        reading_sha256=_reading(feed),
        content=feed.understood.content,
        meaning={} if feed.kind in _SEISMIC else feed.terms.to_json(),
        summary=feed.understood.summary,
        notes=feed.understood.notes,
        mark=Mark.SOURCE if source else Mark.ESTIMATE,
        source_text=source,
    )
    dataset.created_at = at or dataset.created_at
    with act("dataset.registered", by=by, government_id=government.pk, subject=dataset.public_id):
        dataset.file = store_file(by=by, government=government, name=feed.name, content=feed.content)
        dataset.save()
    return dataset


def _held(government: Government, feed: Feed) -> Dataset | None:
    """The data set that holds the same bytes read the same way, or None."""
    return selectors.dataset_by_digest(government, feed.kind, hashlib.sha256(feed.content).hexdigest(), _reading(feed))


def _reading(feed: Feed) -> str:
    """A digest of how a file is read; the seismic tables are read in one way only."""
    meaning = {} if feed.kind in _SEISMIC else feed.terms.to_json()
    return digest(meaning) if meaning else ""


def preview_dataset(
    *, by: Actor, government: Government, kind: DatasetKind, name: str, content: bytes, about: About, terms: FileTerms
) -> Feed:
    """What would be registered: read and checked, and nothing kept; ``dataset`` is the one that there is already."""
    require(may_run_risk, by, government)
    feed = read_feed(kind, name=name, content=content, about=about, terms=terms)
    return replace(feed, dataset=_held(government, feed))


def register_dataset(
    *, by: Actor, government: Government, kind: DatasetKind, name: str, content: bytes, about: About, terms: FileTerms,
    at: dt.datetime | None = None,
) -> Dataset:
    """Register a file of any kind, as an import that may be undone; the same bytes read alike are registered once."""
    feed = preview_dataset(
        by=by, government=government, kind=kind, name=name, content=content, about=about, terms=terms
    )
    if feed.dataset is not None:
        return feed.dataset
    told: dict[str, Any] = {"by": by, "government": government, "at": at}
    with file_import("dataset.imported", kind=LISTED_AS[kind], name=name, content=content, **told) as load:
        load.counts = _counts(feed)
        return keep_feed(feed=feed, **told)


def _counts(feed: Feed) -> dict[str, int]:
    """What came of the file: of faults each one, of the rest the file."""
    if feed.kind is DatasetKind.FAULTS:
        return outcome_counts(fault_lines(feed.understood, language="es"))
    return {CREATED: 1}


def dataset_files(dataset: Dataset) -> Mapping[str, bytes]:
    """The files of a registered data set by their path, as its reader gets them."""
    if dataset.file is None:
        raise InvalidInput(say("«{name}» no guarda su archivo: regístrelo otra vez.", name=dataset.name))
    return files_of(DatasetKind(dataset.kind), dataset.file.name, file_bytes(dataset.file))


def dataset_terms(dataset: Dataset) -> FileTerms:
    """How a registered data set is read."""
    told: dict[str, Any] = dataset.meaning
    return FileTerms(**told)


def register_faults(
    *, by: Actor, government: Government, name: str, content: bytes, licence: str = "", source: str = "",
    at: dt.datetime | None = None,
) -> Dataset:
    """Register a GeoJSON of faults; the same bytes are registered once, with the notes of their reading."""
    return register_dataset(
        by=by, government=government, kind=DatasetKind.FAULTS, name=name, content=content,
        about=About(source=source, licence=licence), terms=FileTerms(), at=at,
    )  # fmt: skip


def register_fragilities(
    *, by: Actor, government: Government, name: str, content: bytes, licence: str = "", source: str = "",
    at: dt.datetime | None = None,
) -> Dataset:
    """Register a table of fragilities in Hazus' layout."""
    return register_dataset(
        by=by, government=government, kind=DatasetKind.FRAGILITIES, name=name, content=content,
        about=About(source=source, licence=licence), terms=FileTerms(), at=at,
    )  # fmt: skip


def register_repairs(
    *, by: Actor, government: Government, name: str, content: bytes, licence: str = "", source: str = "",
    at: dt.datetime | None = None,
) -> Dataset:
    """Register a table of repair costs in Hazus' layout."""
    return register_dataset(
        by=by, government=government, kind=DatasetKind.REPAIRS, name=name, content=content,
        about=About(source=source, licence=licence), terms=FileTerms(), at=at,
    )  # fmt: skip
