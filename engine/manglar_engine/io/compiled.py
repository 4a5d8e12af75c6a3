"""Loops compiled to machine code once and kept on disk beside the source (numba's cache)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Return ``loop`` compiled: sums in the order written, the interpreter's lock released.

    With ``NUMBA_DISABLE_JIT=1`` in the environment it runs as plain Python, which small tests do.
    """
    return cast("Loop", njit(cache=True, nogil=True, error_model="numpy")(loop))
