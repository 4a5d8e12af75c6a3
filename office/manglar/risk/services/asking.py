"""Runs that wait for the worker: asked from a page, done later, cancelled by a person."""

import datetime as dt
from pathlib import Path

from django.utils import timezone

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.refusals import Conflict, Refusal
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.operations.services import JobCancelled, ask_job, cancel_job
from manglar.risk.choices import ENDED, RunState
from manglar.risk.engine_bridge import Cancelled, Progress, RunCancelled
from manglar.risk.models import Run
from manglar.risk.permissions import may_run_risk
from manglar.risk.rules.specs import read_spec
from manglar.risk.services.preparing import Spec, hazard_of, spec_of
from manglar.risk.services.runs import store_answer
from manglar.risk.services.studying import ask_engine, keep_ready, make_ready

JOB = "risk.run"


def ask_run(*, by: Actor, government: Government, spec: Spec, at: dt.datetime, base_path: Path | None = None) -> Run:
    """Queue a run after making sure that it can be prepared; the worker does it after the commit."""
    require(may_run_risk, by, government)
    asked = spec_of(spec)
    ready = make_ready(asked, government=government, base_path=base_path)
    run = Run(
        government=government,
        study=asked.study,
        title=asked.title,
        seed=asked.seed,
        samples=asked.samples,
        asked_by=by.name,
        asked_at=at,
    )
    with act("risk_run.asked", by=by, government_id=government.pk, subject=run.public_id):
        resolved, run.faults = keep_ready(by=by, government=government, ready=ready)
        run.spec = resolved.to_json()
        run.hazard = hazard_of(ready.hazard, by=by)
        run.job = ask_job(by=by, government=government, kind=JOB, title=asked.title, arguments={"run": run.public_id})
        run.save()
    return run


def perform_run(
    *, by: Actor, run: Run, at: dt.datetime, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Run:
    """Do a run that was asked; done again after a worker died, it starts over and stores one answer."""
    run = _started(by=by, run=run, at=at)
    if run.state == RunState.DONE:
        return run
    try:
        prepared = make_ready(read_spec(run.spec), government=run.government, base_path=None).prepared
        answer = ask_engine(
            run.study,
            prepared.inputs,
            files=prepared.files,
            workers=prepared.workers,
            progress=progress,
            cancelled=cancelled,
        )
        with act("risk_run.done", by=by, government_id=run.government_id, subject=run.public_id):
            held = Run.objects.select_for_update().select_related("government").get(pk=run.pk)
            if held.state == RunState.RUNNING:
                store_answer(by=by, run=held, prepared=prepared, answer=answer)
    except (JobCancelled, RunCancelled):
        _end(by=by, run=run, state=RunState.CANCELLED)
        raise
    except Refusal as refusal:
        _end(by=by, run=run, state=RunState.FAILED, error=refusal.kept)
        raise
    except Exception:
        _end(
            by=by,
            run=run,
            state=RunState.FAILED,
            error="La corrida falló por un error del programa: avise a quien lo mantiene.",
        )
        raise
    return held


def _started(*, by: Actor, run: Run, at: dt.datetime) -> Run:
    with act("risk_run.started", by=by, government_id=run.government_id, subject=run.public_id):
        held = Run.objects.select_for_update().select_related("government").get(pk=run.pk)
        if held.state in {RunState.FAILED, RunState.CANCELLED}:
            raise Conflict(say("La corrida está {state}: pídala de nuevo.", state=held.get_state_display()))
        if held.state != RunState.DONE:
            held.state, held.started_at = RunState.RUNNING, at
            held.save(update_fields=["state", "started_at"])
    return held


def _end(*, by: Actor, run: Run, state: RunState, error: str = "") -> None:
    """Close a run that gave no answer; one that another worker closed meanwhile stays as it is."""
    with act(f"risk_run.{state}", by=by, government_id=run.government_id, subject=run.public_id):
        held = Run.objects.select_for_update().get(pk=run.pk)
        if held.state not in ENDED:
            held.state, held.error, held.finished_at = state, error, max(timezone.now(), held.asked_at)
            held.save(update_fields=["state", "error", "finished_at"])


def cancel_run(*, by: Actor, run: Run) -> Run:
    """Stop a run: at once while it waits, at its next step while it runs."""
    require(may_run_risk, by, run.government)
    if run.job is None or run.state in ENDED:
        raise Conflict(say("La corrida ya terminó."))
    with act("risk_run.cancel_asked", by=by, government_id=run.government_id, subject=run.public_id):
        cancel_job(by=by, job=run.job)
        held = Run.objects.select_for_update().get(pk=run.pk)
        if held.state == RunState.QUEUED:
            _end(by=by, run=held, state=RunState.CANCELLED)
    return Run.objects.select_related("government", "hazard", "job").get(pk=run.pk)
