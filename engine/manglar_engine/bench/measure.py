"""Seconds, memory and bandwidth of a piece of work."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

Result = TypeVar("Result")
STATUS, REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RESET_PEAK = "5"
"""Written to ``clear_refs`` it sets the peak resident memory to the present one (Linux, proc(5))."""
COPIED = 32_000_000


@dataclass(frozen=True, slots=True)
class Measured(Generic[Result]):
    """The shortest of the runs, the most memory that a run took beyond what was held, and what it gave.

    ``processor_seconds``: of all threads, the least of the runs; it does not grow where others use the
    machine too.
    """

    seconds: float
    processor_seconds: float
    extra_bytes: int | None
    result: Result


def measure(work: Callable[[], Result], *, runs: int = 1) -> Measured[Result]:
    """Run ``work`` some times; memory is not known where the system does not tell it."""
    seconds, processor, extra = [], [], None
    gc.collect()
    for _ in range(runs):
        before = _reset_peak()
        start, spent = time.perf_counter(), time.process_time()
        result = work()
        processor.append(time.process_time() - spent)
        seconds.append(time.perf_counter() - start)
        peak = _resident("VmHWM")
        if before is not None and peak is not None:
            extra = max(extra or 0, peak - before)
    return Measured(min(seconds), min(processor), extra, result)


def _resident(line: str) -> int | None:
    try:
        held = dict(row.split(":", 1) for row in STATUS.read_text(encoding="ascii").splitlines())
    except OSError:
        return None
    return int(held[line].split()[0]) * 1024


def _reset_peak() -> int | None:
    try:
        REFS.write_text(RESET_PEAK, encoding="ascii")
    except OSError:
        return None
    return _resident("VmRSS")


def bandwidth(threads: int) -> float:
    """Return bytes a second that ``threads`` copy together, read and written, at their best of five."""
    parts = [(np.ones(COPIED // threads), np.empty(COPIED // threads)) for _ in range(threads)]
    best = 0.0
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(5):
            start = time.perf_counter()
            list(pool.map(lambda pair: np.copyto(pair[1], pair[0]), parts))
            best = max(best, 2 * 8 * COPIED / (time.perf_counter() - start))
    return best
