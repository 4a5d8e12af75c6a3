"""One run from its spec to its stored answer: everything is computed first, and written in one transaction."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.money import CENT
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.foundation.translated import translated
from manglar.governments.models import Government
from manglar.operations.services import store_bytes
from manglar.risk import engine_bridge
from manglar.risk.choices import RunState
from manglar.risk.engine_bridge import Answer, Cancelled, Progress
from manglar.risk.models import AssetRisk, Run, TerritoryRisk
from manglar.risk.permissions import may_run_risk
from manglar.risk.services.preparing import Prepared, Spec, find_feeds, hazard_of, keep_feeds, prepare, spec_of

JSON = "application/json"
BATCH = 500


def run_seismic(
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
    feeds = find_feeds(asked, government=government, base_path=base_path)
    prepared = prepare(asked, government=government, feeds=feeds)
    answer = engine_bridge.study(prepared.inputs, workers=prepared.workers, progress=progress, cancelled=cancelled)
    run = Run(
        government=government,
        title=asked.title,
        seed=asked.seed,
        samples=asked.samples,
        asked_by=by.name,
        asked_at=at,
        started_at=at,
    )
    with act("risk_run.done", by=by, government_id=government.pk, subject=run.public_id):
        resolved, run.faults = keep_feeds(by=by, government=government, spec=asked, feeds=feeds)
        run.spec = resolved.to_json()
        run.hazard = hazard_of(asked.hazard, by=by)
        store_answer(by=by, run=run, prepared=prepared, answer=answer)
    return run


def store_answer(*, by: Actor, run: Run, prepared: Prepared, answer: Answer) -> None:
    """Write what the engine said into a run, inside the caller's act: all of it or nothing."""
    document: dict[str, Any] = json.loads(answer.content)["result"]
    _check_intervals(document)
    for name, content in (("inputs", prepared.inputs), ("result", answer.content)):
        kept = store_bytes(
            by=by, government=run.government, name=f"{run.public_id}-{name}.json", content=content, media_type=JSON
        )
        setattr(run, name, kept)
        setattr(run, f"{name}_sha256", kept.sha256)
    run.engine_version = answer.engine_version
    run.manifest, run.manifest_digest = answer.manifest, answer.manifest_digest
    run.sentence = translated(answer.es, answer.en)
    run.notes = prepared.notes
    run.state, run.error = RunState.DONE, ""
    run.finished_at = max(timezone.now(), run.asked_at)
    run.save()
    TerritoryRisk.objects.bulk_create(_territories(run, document, prepared), batch_size=BATCH)
    AssetRisk.objects.bulk_create(_assets(run, document, prepared), batch_size=BATCH)


def _check_intervals(document: Mapping[str, Any]) -> None:
    """Few samples may leave the mean outside its own interval: such an answer is not stored."""
    rows = [document["total"], *document["by_territory"]]
    intervals = [row[key] for row in rows for key in ("ead_pab", "people_affected_per_year")]
    effect = document["retrofit"] or {"by_territory": []}
    intervals += [row["ead_avoided_pab"] for row in effect["by_territory"]]
    slack = 1e-6
    if any(not each["p05"] - slack <= each["mean"] <= each["p95"] + slack for each in intervals):
        raise Conflict(
            say("Con tan pocas muestras, una media quedó fuera de su intervalo: suba «samples» (por ejemplo a 1000).")
        )


def _territories(run: Run, document: Mapping[str, Any], prepared: Prepared) -> list[TerritoryRisk]:
    effect = document["retrofit"] or {"by_territory": []}
    avoided = {row["code"]: row["ead_avoided_pab"] for row in effect["by_territory"]}
    rows = []
    for row in document["by_territory"]:
        saved = avoided.get(row["code"])
        rows.append(
            TerritoryRisk(
                government=run.government,
                run=run,
                division_id=prepared.division_pk_of[row["code"]],
                assets=row["assets"],
                value_pab=_pab(row["value_pab"]),
                people=row["people"],
                share=min(1.0, row["share_of_total"]),
                **_interval("ead", row["ead_pab"], "_pab"),
                **_interval("affected", row["people_affected_per_year"], ""),
                **(_interval("avoided", saved, "_pab") if saved else {}),
            )
        )
    return rows


def _interval(name: str, value: Mapping[str, float], unit: str) -> dict[str, Any]:
    """The three columns of an interval, rounded alike so that the mean stays inside."""
    return {
        f"{name}_{part}{unit}": _pab(value[part]) if unit else round(value[part], 6) for part in ("mean", "p05", "p95")
    }


def _assets(run: Run, document: Mapping[str, Any], prepared: Prepared) -> list[AssetRisk]:
    return [
        AssetRisk(
            government=run.government,
            run=run,
            asset_id=prepared.pk_of[row["id"]],
            asset_name=prepared.facts[row["id"]].name,
            kind_code=prepared.facts[row["id"]].kind,
            division_id=prepared.division_pk_of[row["territory"]],
            ead_pab=_pab(row["ead_pab"]),
            people_affected=row["people_affected_per_year"],
            pga_475_g=row["pga_475_g"],
            pga_2475_g=row["pga_2475_g"],
        )
        for row in document["by_asset"]
    ]


def _pab(amount: float) -> Decimal:
    return Decimal(repr(amount)).quantize(CENT)
