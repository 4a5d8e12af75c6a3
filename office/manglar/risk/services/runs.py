"""One run from its spec to its stored answer: everything is computed first, and written in one transaction."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.translated import translated
from manglar.governments.models import Government
from manglar.operations.services import store_bytes
from manglar.risk.choices import RunState
from manglar.risk.engine_bridge import Answer, Cancelled, Progress
from manglar.risk.models import AssetRisk, Run, TerritoryRate, TerritoryRisk
from manglar.risk.permissions import may_run_risk
from manglar.risk.services.preparing import Prepared, Spec, hazard_of, spec_of
from manglar.risk.services.rows import asset_records, check_intervals, rate_records, territory_records
from manglar.risk.services.studying import ask_engine, keep_ready, make_ready

JSON = "application/json"
BATCH = 500


def run_now(
    *,
    by: Actor,
    government: Government,
    spec: Spec,
    at: dt.datetime,
    base_path: Path | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Run:
    """Run now and wait; nothing is written before the engine has answered, so that stopping leaves nothing."""
    require(may_run_risk, by, government)
    asked = spec_of(spec)
    ready = make_ready(asked, government=government, base_path=base_path)
    prepared = ready.prepared
    answer = ask_engine(
        asked.study,
        prepared.inputs,
        files=prepared.files,
        workers=prepared.workers,
        progress=progress,
        cancelled=cancelled,
    )
    run = Run(
        government=government,
        study=asked.study,
        title=asked.title,
        seed=asked.seed,
        samples=asked.samples,
        asked_by=by.name,
        asked_at=at,
        started_at=at,
    )
    with act("risk_run.done", by=by, government_id=government.pk, subject=run.public_id):
        resolved, run.faults = keep_ready(by=by, government=government, ready=ready)
        run.spec = resolved.to_json()
        run.hazard = hazard_of(ready.hazard, by=by)
        store_answer(by=by, run=run, prepared=prepared, answer=answer)
    return run


def store_answer(*, by: Actor, run: Run, prepared: Prepared, answer: Answer) -> None:
    """Write what the engine said into a run, inside the caller's act: all of it or nothing."""
    document: dict[str, Any] = json.loads(answer.content)["result"]
    check_intervals(document)
    for name, content in (("inputs", prepared.inputs), ("result", answer.content)):
        kept = store_bytes(
            by=by, government=run.government, name=f"{run.public_id}-{name}.json", content=content, media_type=JSON
        )
        setattr(run, name, kept)
        setattr(run, f"{name}_sha256", kept.sha256)
    run.engine_version = answer.engine_version
    run.manifest, run.manifest_digest = answer.manifest, answer.manifest_digest
    run.sentence = translated(answer.es, answer.en)
    run.intensity_unit = answer.intensity_unit
    run.often_years, run.rare_years = answer.periods or (None, None)
    run.notes = prepared.notes
    run.state, run.error = RunState.DONE, ""
    run.finished_at = max(timezone.now(), run.asked_at)
    run.save()
    TerritoryRisk.objects.bulk_create(territory_records(run, document, prepared), batch_size=BATCH)
    TerritoryRate.objects.bulk_create(rate_records(run, document, prepared), batch_size=BATCH)
    AssetRisk.objects.bulk_create(asset_records(run, document, prepared), batch_size=BATCH)
