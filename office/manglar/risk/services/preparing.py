"""From a spec to the bytes that the engine gets: reads files and tables, writes nothing. The seismic screening is here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from manglar.accounts.actors import Actor, program
from manglar.evidence.models import HazardType
from manglar.evidence.selectors import hazard_by_code
from manglar.evidence.services import ensure_hazards
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.risk import engine_bridge, selectors
from manglar.risk.choices import DatasetKind
from manglar.risk.models import Dataset
from manglar.risk.rules.exposure import AssetFacts, fill, note
from manglar.risk.rules.seismic_spec import RunSpec, VulnerabilityChoice
from manglar.risk.rules.spec_parts import FileOrDataset
from manglar.risk.rules.specs import AnySpec, read_spec
from manglar.risk.services.datasets import Feed, find_feed, keep_feed

Spec = AnySpec | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Feeds:
    """What a spec names beside the assets."""

    faults: Feed
    fragilities: Feed | None = None
    repairs: Feed | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run ready for the engine, with what is needed to store its answer."""

    inputs: bytes
    facts: Mapping[str, AssetFacts]
    pk_of: Mapping[str, int]
    division_pk_of: Mapping[str, int]
    notes: list[dict[str, str]]
    workers: int = 1
    #: Files that the inputs name by their digest.
    files: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)


def spec_of(given: Spec) -> AnySpec:
    """A spec, whatever form it came in."""
    return read_spec(given) if isinstance(given, Mapping) else given


def find_feeds(spec: RunSpec, *, government: Government, base_path: Path | None) -> Feeds:
    """Everything that the spec names, understood."""

    def find(kind: DatasetKind, choice: FileOrDataset, key: str) -> Feed:
        return find_feed(kind, choice, government=government, base_path=base_path, key=key)

    faults = find(DatasetKind.FAULTS, spec.faults, "faults")
    if spec.vulnerability is None:
        return Feeds(faults)
    return Feeds(
        faults,
        find(DatasetKind.FRAGILITIES, spec.vulnerability.fragilities, "vulnerability.fragilities"),
        find(DatasetKind.REPAIRS, spec.vulnerability.repair, "vulnerability.repair"),
    )


def keep_feeds(*, by: Actor, government: Government, spec: RunSpec, feeds: Feeds) -> tuple[RunSpec, Dataset]:
    """Register what came from files; return the spec that names the data sets, and the faults."""

    def kept(feed: Feed) -> Dataset:
        return keep_feed(by=by, government=government, feed=feed)

    faults = kept(feeds.faults)
    resolved = replace(spec, faults=FileOrDataset(dataset=faults.public_id))
    if feeds.fragilities is not None and feeds.repairs is not None:
        functions = VulnerabilityChoice(
            FileOrDataset(dataset=kept(feeds.fragilities).public_id),
            FileOrDataset(dataset=kept(feeds.repairs).public_id),
        )
        resolved = replace(resolved, vulnerability=functions)
    return resolved, faults


def prepare_seismic(spec: RunSpec, *, government: Government, feeds: Feeds) -> Prepared:
    """Everything that the engine will be given for a seismic screening, and what the office did to get it."""
    exposed = selectors.exposed_assets(government, spec.assets)
    filled = fill(exposed.facts, selectors.kinds_with_defaults(engine_bridge.kind_defaults()))
    retrofit = spec.retrofit
    question = engine_bridge.Question(
        filled=filled,
        faults=feeds.faults.understood.content,
        settings={**spec.settings, "seed": spec.seed, "samples": spec.samples},
        retrofit=retrofit,
        retrofit_territories=tuple(selectors.codes_within(retrofit.territories)) if retrofit else (),
        names=exposed.names,
        price_year=spec.assets.price_year,
        fragilities=feeds.fragilities.understood.content if feeds.fragilities else None,
        repairs=feeds.repairs.understood.content if feeds.repairs else None,
    )
    return Prepared(
        inputs=engine_bridge.inputs_of(question),
        facts={each.key: each for each in exposed.facts},
        pk_of=exposed.pk_of,
        division_pk_of=selectors.division_pks(filled.columns["territory"]),
        notes=filled.notes + _price_notes(spec, filled.defaulted["value_pab"]),
        workers=int(spec.settings.get("workers", 1)),
    )


def _price_notes(spec: RunSpec, supposed: list[bool]) -> list[dict[str, str]]:
    """Values of the city and supposed ones are added as if they were of one year: say so."""
    own = supposed.count(False)
    if not own:
        return []
    year = spec.assets.price_year
    return [
        note(
            "assumed",
            "",
            "price_year",
            es=f"el valor de {own:,} activos lo dio la ciudad y se toma como balboas de {year} («assets.price_year»)",
            en=f"the value of {own:,} assets was given by the city and is taken as balboas of {year}",
        )
    ]


def hazard_of(code: str, *, by: Actor) -> HazardType:
    """The hazard with this code; the usual ones are recorded when an installation has none yet."""
    found = hazard_by_code(code)
    if found is None:
        ensure_hazards(by=program(by.name, door=by.door))
        found = hazard_by_code(code)
    if found is None:
        raise Conflict(say("No existe la amenaza «{code}»: créela en Evidencia.", code=code))
    return found
