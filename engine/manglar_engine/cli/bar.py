"""A progress bar on a terminal; silence elsewhere."""

from __future__ import annotations

from typing import TextIO

WIDTH = 30


class Bar:
    """Draws a fraction and a label over the same line of ``stream`` when it is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        """Draw on ``stream``, usually the standard error."""
        self._stream = stream
        self._shown = stream.isatty()
        self._last = -1

    def __call__(self, fraction: float, label: str) -> None:
        """Show ``fraction`` (0..1) and what is being done, once per hundredth."""
        percent = int(100 * fraction)
        if not self._shown or percent == self._last:
            return
        self._last = percent
        full = round(WIDTH * fraction)
        self._stream.write(f"\r[{'█' * full}{'·' * (WIDTH - full)}] {percent:3d}% {label:<8}")
        self._stream.flush()

    def close(self) -> None:
        """Leave the line free for what comes next."""
        if self._shown and self._last >= 0:
            self._stream.write("\r" + " " * (WIDTH + 18) + "\r")
            self._stream.flush()
