"""Use cases of the risk desk, by noun."""

from manglar.risk.services.asking import ask_run, cancel_run, perform_run
from manglar.risk.services.datasets import preview_faults, register_faults, register_fragilities, register_repairs
from manglar.risk.services.findings import make_finding_from_run
from manglar.risk.services.repeating import Repeat, repeat_run
from manglar.risk.services.runs import run_seismic

__all__ = [
    "Repeat",
    "ask_run",
    "cancel_run",
    "make_finding_from_run",
    "perform_run",
    "preview_faults",
    "register_faults",
    "register_fragilities",
    "register_repairs",
    "repeat_run",
    "run_seismic",
]
