"""A pass that takes its time, for tests that stop something in the middle; other processes import it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slow:
    """Wraps a pass and waits before each tile."""

    work: Any
    seconds: float = 0.1

    def __call__(self, number: int) -> Any:
        time.sleep(self.seconds)
        return self.work(number)

    @property
    def tiles(self) -> Any:
        return self.work.tiles

    def over(self, tile: Any) -> Any:
        time.sleep(self.seconds)
        return self.work.over(tile)
