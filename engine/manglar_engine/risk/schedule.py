"""Tiles computed by threads, processes or a cluster, and added in their order.

The order of the sums is that of the tiles, whoever computes them and whenever they end: results are
the same to the last bit on one thread and on many machines.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from manglar_engine.errors import Cancelled, SettingsError
from manglar_engine.risk.batches import Crew, Part, Pending, Task, do_batch
from manglar_engine.vocabulary import Cancel, Progress

THREADS = "threads"
PROCESSES = "processes"
WAITING = 3
"""Batches for each worker that may be under way or wait to be added: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who computes: ``threads``, ``processes`` or the address of a Dask scheduler, as ``tcp://host:8786``.

    ``workers``: how many, 0 for as many as the machine has (or the cluster says). ``batch``: tiles in
    one task; a cluster wants tasks of 0.2 s or more.
    """

    kind: str = THREADS
    workers: int = 0
    batch: int = 1

    def __post_init__(self) -> None:
        """Refuse with :class:`SettingsError` an unknown kind or numbers below their least."""
        if self.kind not in {THREADS, PROCESSES} and "://" not in self.kind:
            raise SettingsError(
                f"there is no scheduler {self.kind!r}", mend="Use threads, processes or an address as tcp://host:8786."
            )
        if self.workers < 0 or self.batch < 1:
            raise SettingsError(
                f"workers is {self.workers} and batch {self.batch}", mend="Give workers >= 0 and batch >= 1."
            )


_TASK: list[Task[Any]] = []
"""The task of a worker process, sent once when it starts."""


def _start(task: Task[Any]) -> None:
    _TASK[:] = [task]


def _do_sent(numbers: Sequence[int]) -> list[Any]:
    return do_batch(_TASK[0], numbers)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Local:
    """Threads or processes of this machine."""

    def __init__(self, task: Task[Any], schedule: Schedule) -> None:
        self.count = schedule.workers or processors()
        self._task = task
        self._threads = schedule.kind == THREADS
        self._pool: Executor = (
            ThreadPoolExecutor(self.count)
            if self._threads
            else ProcessPoolExecutor(
                self.count, mp_context=multiprocessing.get_context("spawn"), initializer=_start, initargs=(task,)
            )
        )

    def hand_out(self, numbers: Sequence[int]) -> Pending:
        if self._threads:
            return self._pool.submit(do_batch, self._task, numbers)
        return self._pool.submit(_do_sent, numbers)

    def dismiss(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def _crew(task: Task[Any], schedule: Schedule) -> Crew:
    if "://" not in schedule.kind:
        return _Local(task, schedule)
    try:
        cluster = import_module("manglar_engine.risk.cluster")  # an extra: loaded only when a cluster is named
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"a cluster needs a package that is not installed: {error.name}",
            mend="Install manglar-engine[cluster].",
        ) from error
    crew: Crew = cluster.ClusterCrew(task, schedule.kind)
    return crew


def in_order(
    task: Task[Part],
    count: int,
    *,
    schedule: Schedule,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    label: str = "",
) -> Iterator[Part]:
    """Yield ``task(0) .. task(count - 1)`` in that order, computed by many at once.

    Raises:
        Cancelled: ``cancel()`` said so before the last was taken.
        SettingsError: the cluster's package is missing.
    """
    batches = [range(i, min(i + schedule.batch, count)) for i in range(0, count, schedule.batch)]
    crew = _crew(task, schedule)
    waiting: deque[Pending] = deque()
    handed = 0
    try:
        for done in range(len(batches)):
            while handed < len(batches) and len(waiting) < WAITING * crew.count:
                waiting.append(crew.hand_out(batches[handed]))
                handed += 1
            if cancel is not None and cancel():
                raise Cancelled("the run was cancelled; nothing was written")
            yield from waiting.popleft().result()
            if progress is not None:
                progress((done + 1) / len(batches), label)
    finally:
        crew.dismiss()
