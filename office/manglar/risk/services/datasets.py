"""Data sets: read, understood and kept once for each content."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.outcomes import RowOutcome, outcome_counts
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.operations import filetypes
from manglar.operations.services import file_import, store_file
from manglar.risk import engine_bridge, selectors
from manglar.risk.choices import DatasetKind
from manglar.risk.models import Dataset
from manglar.risk.permissions import may_run_risk
from manglar.risk.rules.specs import FileOrDataset
from manglar.risk.services.faultlines import fault_lines

_ACCEPTED = {
    DatasetKind.FAULTS: filetypes.GEOJSON,
    DatasetKind.FRAGILITIES: filetypes.CSV,
    DatasetKind.REPAIRS: filetypes.CSV,
}
DEGREES = "EPSG:4326"
#: What the imports of faults are listed under.
FAULTS_IMPORT = "fallas"


@dataclass(frozen=True, slots=True)
class Feed:
    """Something read to feed a run, kept already or not yet."""

    kind: DatasetKind
    name: str
    understood: engine_bridge.Understood
    content: bytes = b""
    dataset: Dataset | None = None
    licence: str = ""
    source: str = ""


def read_feed(kind: DatasetKind, *, name: str, content: bytes, licence: str = "", source: str = "") -> Feed:
    """Judge what the bytes are, then understand them."""
    found = filetypes.recognise(name, content)
    wanted = _ACCEPTED[kind]
    if found is not wanted:
        raise InvalidInput(
            say(
                "«{file}» es {name}; para {label} se usa {wanted}.",
                file=filetypes.clean_name(name),
                name=found.name,
                label=kind.label,
                wanted=wanted.name,
            )
        )
    if kind is DatasetKind.FAULTS:
        understood = engine_bridge.read_faults(content)
    elif kind is DatasetKind.FRAGILITIES:
        understood = engine_bridge.read_fragilities(filetypes.clean_name(name), content)
    else:
        understood = engine_bridge.read_repairs(filetypes.clean_name(name), content)
    return Feed(kind, filetypes.clean_name(name), understood, content, licence=licence.strip(), source=source.strip())


def find_feed(
    kind: DatasetKind, choice: FileOrDataset, *, government: Government, base_path: Path | None, key: str
) -> Feed:
    """What a spec names: a data set of the government, or a file beside the spec."""
    if choice.dataset:
        dataset = selectors.dataset_by_id(choice.dataset)
        if dataset is None or dataset.government_id != government.pk or dataset.kind != kind:
            raise InvalidInput(
                say(
                    "«{key}.dataset» nombra «{dataset}», que no es un conjunto de {label} de {government}: regístrelo («manglar risk faults ARCHIVO») o corrija el identificador.",
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


def keep_feed(*, by: Actor, government: Government, feed: Feed) -> Dataset:
    """The data set of a feed: the one that there is, or a new one."""
    if feed.dataset is not None:
        return feed.dataset
    sha256 = hashlib.sha256(feed.content).hexdigest()
    before = selectors.dataset_by_digest(government, feed.kind, sha256)
    if before is not None:
        return before
    cited = sorted({str(each["source"]) for each in feed.understood.content if each.get("source")})
    source = feed.source or "; ".join(cited[:5])
    dataset = Dataset(
        government=government,
        kind=feed.kind,
        name=feed.name,
        licence=feed.licence,
        crs=DEGREES if feed.kind is DatasetKind.FAULTS else "",
        sha256=sha256,
        content=feed.understood.content,
        notes=feed.understood.notes,
        mark=Mark.SOURCE if source else Mark.ESTIMATE,
        source_text=source,
    )
    with act("dataset.registered", by=by, government_id=government.pk, subject=dataset.public_id):
        dataset.file = store_file(by=by, government=government, name=feed.name, content=feed.content)
        dataset.save()
    return dataset


def _register(
    kind: DatasetKind, *, by: Actor, government: Government, name: str, content: bytes, licence: str, source: str
) -> Dataset:
    require(may_run_risk, by, government)
    feed = read_feed(kind, name=name, content=content, licence=licence, source=source)
    return keep_feed(by=by, government=government, feed=feed)


def register_faults(
    *, by: Actor, government: Government, name: str, content: bytes, licence: str = "", source: str = ""
) -> Dataset:
    """Register a GeoJSON of faults; the same bytes are registered once, with the notes of their reading."""
    require(may_run_risk, by, government)
    feed = read_feed(DatasetKind.FAULTS, name=name, content=content, licence=licence, source=source)
    held = selectors.dataset_by_digest(government, feed.kind, hashlib.sha256(content).hexdigest())
    if held is not None:
        return held
    with file_import(
        "faults.imported", by=by, government=government, kind=FAULTS_IMPORT, name=name, content=content
    ) as load:
        load.counts = outcome_counts(fault_lines(feed.understood, language="es"))
        return keep_feed(by=by, government=government, feed=feed)


def preview_faults(
    *, by: Actor, government: Government, name: str, content: bytes, language: str
) -> list[RowOutcome]:
    """How each fault of a file is understood, and what would come of registering it; nothing is written."""
    require(may_run_risk, by, government)
    feed = read_feed(DatasetKind.FAULTS, name=name, content=content)
    held = selectors.dataset_by_digest(government, feed.kind, hashlib.sha256(content).hexdigest())
    return fault_lines(feed.understood, language=language, is_held=held is not None)


def register_fragilities(
    *, by: Actor, government: Government, name: str, content: bytes, licence: str = "", source: str = ""
) -> Dataset:
    """Register a table of fragilities in Hazus' layout."""
    return _register(
        DatasetKind.FRAGILITIES,
        by=by,
        government=government,
        name=name,
        content=content,
        licence=licence,
        source=source,
    )


def register_repairs(
    *, by: Actor, government: Government, name: str, content: bytes, licence: str = "", source: str = ""
) -> Dataset:
    """Register a table of repair costs in Hazus' layout."""
    return _register(
        DatasetKind.REPAIRS, by=by, government=government, name=name, content=content, licence=licence, source=source
    )
