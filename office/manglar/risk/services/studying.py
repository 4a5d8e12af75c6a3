"""One way through the studies: make ready, keep what came from files, ask the engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from manglar.accounts.actors import Actor
from manglar.governments.models import Government
from manglar.risk import engine_bridge
from manglar.risk.choices import Study
from manglar.risk.engine_bridge import Answer, Cancelled, Progress
from manglar.risk.models import Dataset
from manglar.risk.rules.impact_spec import ImpactSpec
from manglar.risk.rules.seismic_spec import RunSpec
from manglar.risk.rules.series_spec import SeaLevelSpec
from manglar.risk.rules.specs import AnySpec
from manglar.risk.services.layer_preparing import hazard_code, prepare_impact, prepare_rates
from manglar.risk.services.preparing import Feeds, Prepared, find_feeds, keep_feeds, prepare_seismic
from manglar.risk.services.sea_preparing import prepare_sea_level

_ASK = {
    Study.IMPACT: engine_bridge.impact_study,
    Study.SEA_LEVEL: engine_bridge.sea_level_study,
    Study.FLOOD_RATES: engine_bridge.rates_study,
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A run that can be asked: its spec, what it is fed with, what the engine will get, and its hazard."""

    spec: AnySpec
    prepared: Prepared
    hazard: str
    feeds: Feeds | None = None


def make_ready(spec: AnySpec, *, government: Government, base_path: Path | None) -> Ready:
    """Resolve everything that a spec names; nothing is written."""
    if isinstance(spec, RunSpec):
        feeds = find_feeds(spec, government=government, base_path=base_path)
        return Ready(spec, prepare_seismic(spec, government=government, feeds=feeds), spec.hazard, feeds)
    if isinstance(spec, ImpactSpec):
        prepared = prepare_impact(spec, government=government)
    elif isinstance(spec, SeaLevelSpec):
        prepared = prepare_sea_level(spec, government=government)
    else:
        prepared = prepare_rates(spec, government=government)
    return Ready(spec, prepared, hazard_code(spec, government))


def keep_ready(*, by: Actor, government: Government, ready: Ready) -> tuple[AnySpec, Dataset | None]:
    """Register what came from files; return the spec that names only data sets, and the faults where there are some."""
    if isinstance(ready.spec, RunSpec) and ready.feeds is not None:
        return keep_feeds(by=by, government=government, spec=ready.spec, feeds=ready.feeds)
    return ready.spec, None


def ask_engine(
    study: str,
    inputs: bytes,
    *,
    files: Mapping[str, Mapping[str, bytes]],
    workers: int = 1,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Answer:
    """The engine's answer to the inputs of any study; the same inputs and files give the same bytes."""
    if study == Study.SEISMIC:
        return engine_bridge.study(inputs, workers=workers, progress=progress, cancelled=cancelled)
    return _ASK[Study(study)](inputs, files, progress=progress, cancelled=cancelled)
