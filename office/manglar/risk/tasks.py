"""What the worker does later."""

import time
from typing import Any

from django.utils import timezone

from manglar.accounts.actors import program
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.operations.services import Reporter, work
from manglar.risk import selectors
from manglar.risk.services import perform_run
from manglar.risk.services.asking import JOB

REPORT_EVERY_S = 0.3


@work(JOB)
def do_run(report: Reporter, arguments: dict[str, Any]) -> dict[str, Any]:
    """Do one run that was asked; its person's cancellation arrives through the report."""
    run = selectors.run_by_id(str(arguments["run"]))
    if run is None:
        raise Conflict(say("La corrida ya no existe."))
    done = perform_run(
        by=program(f"proceso de fondo, pedido por {run.asked_by}", door="task"),
        run=run,
        at=timezone.now(),
        progress=_seldom(report),
    )
    selectors.warm(selectors.run_by_id(done.public_id) or done)
    return {"run": done.public_id, "result_sha256": done.result_sha256}


def _seldom(report: Reporter) -> Any:
    """Report a few times a second: the engine counts faster than the database should be told."""
    last = 0.0

    def tell(fraction: float, step: str) -> None:
        nonlocal last
        now = time.monotonic()
        if fraction >= 1 or now - last >= REPORT_EVERY_S:
            last = now
            report(fraction, step)

    return tell
