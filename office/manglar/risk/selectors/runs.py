"""Reads of runs and of what they are fed with."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from manglar.evidence.models import Finding
from manglar.foundation.translated import read_in
from manglar.governments.models import Government
from manglar.operations.models import StoredFile
from manglar.operations.selectors import file_bytes
from manglar.risk.choices import EARTHQUAKE, RunState, Study
from manglar.risk.models import Dataset, Run
from manglar.risk.rules.repeats import shown_state
from manglar.risk.rules.series_spec import datasets_named
from manglar.risk.selectors.rows import (
    CurvePoint,
    DefaultRow,
    FaultRow,
    LevelRow,
    NoteRow,
    RateRow,
    Retrofit,
    RunRow,
    TerritoryRow,
    Total,
    curve_points,
    default_rows,
    fault_rows,
    level_rows,
    measures_of,
    note_rows,
    retrofit_of,
    total_of,
)
from manglar.risk.selectors.territories import rate_rows, territory_rows


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with everything that its page shows; what the engine said is empty until it is done."""

    run: Run
    state: str
    state_label: str
    is_done: bool
    sentence: str
    total: Total | None
    territories: tuple[TerritoryRow, ...]
    curve: tuple[CurvePoint, ...]
    faults: tuple[FaultRow, ...]
    defaults: tuple[DefaultRow, ...]
    rests_on_defaults: float
    #: The measure of the run; of several, all of them together.
    retrofit: Retrofit | None
    measures: tuple[Retrofit, ...]
    levels: tuple[LevelRow, ...]
    rates: tuple[RateRow, ...]
    limits: tuple[NoteRow, ...]
    notes: tuple[NoteRow, ...]
    findings: tuple[Finding, ...]


def runs_of(government: Government | None) -> QuerySet[Run]:
    """The runs of a government, or of all, newest first."""
    runs = Run.objects.select_related("government", "hazard", "job", "faults", "result", "inputs")
    return runs.filter(government=government) if government is not None else runs


def run_by_id(public_id: str) -> Run | None:
    """The run with this public identifier, or None."""
    return runs_of(None).filter(public_id=public_id).first()


def latest_run(government: Government | None = None, hazard: str = EARTHQUAKE) -> Run | None:
    """The newest run that ended well, of a government or of any, for a hazard."""
    return runs_of(government).filter(hazard__code=hazard, state=RunState.DONE).first()


def run_rows(government: Government | None, *, language: str = "es", limit: int = 50) -> list[RunRow]:
    """The runs for a list, newest first, in one query."""
    rows = []
    for run in runs_of(government)[:limit]:
        state, label = _state(run)
        rows.append(
            RunRow(
                public_id=run.public_id,
                title=run.title,
                hazard=read_in(run.hazard.name, language).text,
                state=state,
                state_label=label,
                asked_by=run.asked_by,
                asked_at=run.asked_at,
                finished_at=run.finished_at,
                sentence=read_in(run.sentence, language).text,
                job_id=run.job.public_id if run.job else "",
                error=run.error or (run.job.error if run.job else ""),
            )
        )
    return rows


def _state(run: Run) -> tuple[str, str]:
    state = shown_state(run.state, run.job.state if run.job else None)
    return state, str(RunState(state).label)


def is_under_way(run: Run) -> bool:
    """Whether a run waits or is being computed; one whose job ended without an answer is not."""
    return run.state in {RunState.QUEUED, RunState.RUNNING} and _state(run)[0] == run.state and run.job is not None


def result_document(run: Run) -> dict[str, Any]:
    """What the engine said in a run, parsed once while its bytes stay the same; an error when it is not done."""
    if run.result is None:
        raise ValueError(f"{run.public_id} has no result")
    return _document(run.result.pk, run.result_sha256)


@lru_cache(maxsize=4)
def _document(file_pk: int, sha256: str) -> dict[str, Any]:  # noqa: ARG001  # the digest is part of the key
    document = json.loads(file_bytes(StoredFile.objects.get(pk=file_pk)))
    found: dict[str, Any] = document["result"]
    return found


def run_page(run: Run, *, language: str = "es") -> RunPage:
    """Everything that the page of a run shows, in one language."""
    state, label = _state(run)
    is_done = run.state == RunState.DONE
    document = result_document(run) if is_done else {}
    defaults = default_rows(document.get("defaults", []), language)
    retrofit = retrofit_of(document.get("retrofit"))
    measures = (retrofit,) if retrofit else measures_of(document.get("measures", []), language)
    notes = note_rows([*run.notes, *document.get("notes", [])], language)
    return RunPage(
        run=run,
        state=state,
        state_label=label,
        is_done=is_done,
        sentence=read_in(run.sentence, language).text,
        total=total_of(document["total"]) if "total" in document else None,
        territories=tuple(territory_rows(run)) if is_done else (),
        curve=curve_points(document.get("curve", [])),
        faults=fault_rows(document.get("by_fault", [])),
        defaults=defaults,
        rests_on_defaults=next((row.share for row in defaults if row.id == "any_asset_column"), 0.0),
        retrofit=measures[-1] if measures else None,
        measures=measures,
        levels=level_rows(document),
        rates=tuple(rate_rows(run)) if run.study == Study.FLOOD_RATES and is_done else (),
        limits=tuple(each for each in notes if each.kind == "limit"),
        notes=tuple(each for each in notes if each.kind != "limit"),
        findings=tuple(Finding.objects.filter(run_link__run=run).select_related("hazard")),
    )


def datasets_of(government: Government, *, kind: str = "") -> QuerySet[Dataset]:
    """The data sets of a government, newest first."""
    found = Dataset.objects.filter(government=government).select_related("file")
    return found.filter(kind=kind) if kind else found


def datasets_named_by(run: Run) -> list[Dataset]:
    """The data sets that a run was fed with, in the order in which its spec names them, in one query."""
    names = list(dict.fromkeys(datasets_named(run.spec)))
    found = {
        each.public_id: each
        for each in Dataset.objects.filter(public_id__in=names).select_related("government", "file").order_by("pk")
    }
    return [found[name] for name in names if name in found]


def dataset_by_id(public_id: str) -> Dataset | None:
    """The data set with this public identifier, or None."""
    return Dataset.objects.select_related("government", "file").filter(public_id=public_id).first()


def dataset_by_digest(government: Government, kind: str, sha256: str, reading: str = "") -> Dataset | None:
    """The data set of a government with these bytes read in this way, or None."""
    return Dataset.objects.filter(government=government, kind=kind, sha256=sha256, reading_sha256=reading).first()
