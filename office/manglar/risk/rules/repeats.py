"""Whether two answers are the same, and where they first differ."""

from collections.abc import Iterator, Mapping
from typing import Any

SHOWN = 8


def differences(before: Any, after: Any) -> list[str]:
    """Where two JSON documents differ, as paths with both values; at most eight, then how many more."""
    found = list(_walk(before, after, ""))
    hidden = len(found) - SHOWN
    return found[:SHOWN] + ([f"y {hidden:,} más"] if hidden > 0 else [])


def _walk(before: Any, after: Any, path: str) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _walk(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _walk(one, other, f"{path}[{place}]")
    elif before != after:
        yield f"{path or 'todo'}: {_shown(before)} → {_shown(after)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value):,} filas"
    return str(value)[:60]


def shown_state(run_state: str, job_state: str | None) -> str:
    """The state of a run as a person should see it: a job that was given up or cancelled ends its run too."""
    if run_state in {"queued", "running"} and job_state in {"failed", "cancelled"}:
        return str(job_state)
    return run_state
