"""Use cases of the risk desk, by noun."""

from manglar.risk.engine_bridge import FileTerms
from manglar.risk.engine_bridge import library_measures as measures_offered
from manglar.risk.services.asking import ask_run, cancel_run, perform_run
from manglar.risk.services.datasets import (
    About,
    Feed,
    preview_dataset,
    register_dataset,
    register_faults,
    register_fragilities,
    register_repairs,
)
from manglar.risk.services.faultlines import fault_lines
from manglar.risk.services.findings import make_finding_from_run
from manglar.risk.services.repeating import Repeat, repeat_run
from manglar.risk.services.runs import run_now

__all__ = [
    "About",
    "Feed",
    "FileTerms",
    "Repeat",
    "ask_run",
    "cancel_run",
    "fault_lines",
    "make_finding_from_run",
    "measures_offered",
    "perform_run",
    "preview_dataset",
    "register_dataset",
    "register_faults",
    "register_fragilities",
    "register_repairs",
    "repeat_run",
    "run_now",
]
