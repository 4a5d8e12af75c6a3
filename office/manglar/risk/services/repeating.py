"""Asking the same again: the answer must be the same to the byte, or it is said what differs."""

import json
from dataclasses import dataclass

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.foundation.refusals import Conflict, Refusal
from manglar.foundation.sentences import say
from manglar.operations.selectors import file_bytes
from manglar.risk import selectors
from manglar.risk.choices import Study
from manglar.risk.engine_bridge import Cancelled, Progress
from manglar.risk.models import Run
from manglar.risk.permissions import may_read_risk
from manglar.risk.rules.repeats import differences
from manglar.risk.rules.specs import read_spec
from manglar.risk.services.datasets import dataset_files
from manglar.risk.services.studying import ask_engine, make_ready


@dataclass(frozen=True, slots=True)
class Repeat:
    """What came of asking again."""

    is_equal: bool
    sentence: str
    differences: tuple[str, ...]
    result_sha256: str
    manifest_digest: str
    engine_then: str
    engine_now: str
    city_changes: tuple[str, ...]


def repeat_run(*, by: Actor, run: Run, progress: Progress | None = None, cancelled: Cancelled | None = None) -> Repeat:
    """Ask the engine again with the inputs that were kept, and compare byte by byte; nothing is written.

    It also says what has changed in the city's records since, which is why a new run may say something else.
    """
    require(may_read_risk, by, run.government)
    if run.result is None or run.inputs is None:
        raise Conflict(say("La corrida no terminó: no hay qué repetir."))
    before, inputs = file_bytes(run.result), file_bytes(run.inputs)
    files = {
        each.sha256: dataset_files(each) for each in selectors.datasets_named_by(run) if run.study != Study.SEISMIC
    }
    answer = ask_engine(run.study, inputs, files=files, progress=progress, cancelled=cancelled)
    is_equal = answer.content == before
    return Repeat(
        is_equal=is_equal,
        sentence=_sentence(run, answer.engine_version, is_equal=is_equal),
        differences=() if is_equal else tuple(differences(json.loads(before), json.loads(answer.content))),
        result_sha256=run.result_sha256,
        manifest_digest=answer.manifest_digest,
        engine_then=run.engine_version,
        engine_now=answer.engine_version,
        city_changes=_city_changes(run, inputs),
    )


def _sentence(run: Run, engine_now: str, *, is_equal: bool) -> str:
    if is_equal:
        return f"Igual, byte por byte: el resultado es otra vez {run.result_sha256}."
    if engine_now != run.engine_version:
        return f"Distinto: se calculó con el motor {run.engine_version} y ahora está instalado el {engine_now}."
    return "Distinto con el mismo motor: guarde esta salida y avise a quien mantiene el programa."


def _city_changes(run: Run, inputs: bytes) -> tuple[str, ...]:
    """What the same spec would take today that it did not take then."""
    try:
        today = make_ready(read_spec(run.spec), government=run.government, base_path=None).prepared.inputs
    except Refusal as refusal:
        return (refusal.sentence,)
    return () if today == inputs else tuple(differences(json.loads(inputs), json.loads(today)))
