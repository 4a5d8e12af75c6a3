"""Batches of tiles: what whoever computes them, here or far away, is given and gives back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

Part = TypeVar("Part")
Task = Callable[[int], Part]


class Pending(Protocol):
    """What was handed out and will have a result."""

    def result(self) -> Any:
        """Wait and return it."""


class Crew(Protocol):
    """Those who compute batches of one task."""

    count: int

    def hand_out(self, numbers: Sequence[int]) -> Pending:
        """Start a batch."""

    def dismiss(self) -> None:
        """Stop what has not begun and let everyone go."""


def do_batch(task: Task[Part], numbers: Sequence[int]) -> list[Part]:
    """Compute the tiles of one batch."""
    return [task(number) for number in numbers]
