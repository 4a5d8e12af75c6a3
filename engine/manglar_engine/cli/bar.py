"""A progress bar on a terminal with the time left; silence elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 30
TAIL = 34
"""Room for the percentage, the label and the time left."""
SOON_S = 1.0
"""Before so long nothing is known of the pace."""


class Bar:
    """Draws a fraction and a label over the same line of ``stream`` when it is a terminal."""

    def __init__(self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Draw on ``stream``, usually the standard error; ``clock`` gives seconds."""
        self._stream = stream
        self._clock = clock
        self._start = clock()
        self._shown = stream.isatty()
        self._last = -1

    def __call__(self, fraction: float, label: str) -> None:
        """Show ``fraction`` (0..1) and what is being done, once per hundredth."""
        percent = int(100 * fraction)
        if not self._shown or percent == self._last:
            return
        self._last = percent
        full = round(WIDTH * fraction)
        self._stream.write(
            f"\r[{'█' * full}{'·' * (WIDTH - full)}] {percent:3d}% {label:<8} {self._left(fraction):<12}"
        )
        self._stream.flush()

    def _left(self, fraction: float) -> str:
        """Return the time left at the pace so far, as ``12 s`` or ``3 min``."""
        spent = self._clock() - self._start
        if spent < SOON_S or not 0 < fraction < 1:
            return ""
        left = spent * (1 - fraction) / fraction
        return f"{left:.0f} s" if left < 2 * 60 else f"{left / 60:.0f} min"

    def close(self) -> None:
        """Leave the line free for what comes next."""
        if self._shown and self._last >= 0:
            self._stream.write("\r" + " " * (WIDTH + TAIL) + "\r")
            self._stream.flush()
