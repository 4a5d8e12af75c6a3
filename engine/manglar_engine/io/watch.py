"""Long work watched from outside: how far it is, and whether to stop."""

from __future__ import annotations

from typing import TypeVar

from manglar_engine.errors import Cancelled
from manglar_engine.vocabulary import Cancel, Progress

Value = TypeVar("Value")


class Watch:
    """Counts steps towards a known number of them."""

    def __init__(self, progress: Progress | None, cancel: Cancel | None, steps: int) -> None:
        """Start at nothing done of ``steps``."""
        self._progress, self._cancel, self._steps, self._done = progress, cancel, max(steps, 1), 0

    def after(self, value: Value, label: str, steps: int = 1) -> Value:
        """Return ``value``, telling that it took ``steps``; raise :class:`Cancelled` when asked to stop."""
        if self._cancel is not None and self._cancel():
            raise Cancelled("the run was cancelled; nothing was written")
        self._done += steps
        if self._progress is not None:
            self._progress(min(self._done / self._steps, 1.0), label)
        return value
