"""One way to write a record as bytes, so that the same answer has the same digest."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np

from manglar_engine.errors import FormatError

SIGNIFICANT_DIGITS = 10
"""Floats are written with ten digits: below that lies the noise of the order of sums."""


def round_float(value: float) -> float:
    """Return ``value`` with ten significant digits and no negative zero; refuse NaN and infinity."""
    if not math.isfinite(value):
        raise FormatError(
            f"the number {value!r} cannot be written",
            mend="Only finite numbers are stored; find where it was divided by zero.",
        )
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}") + 0.0


def plain(value: object) -> object:
    """Return ``value`` as dictionaries, lists, texts and rounded numbers (dataclasses opened)."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return round_float(float(value))
    return _plain_parts(value)


def _plain_parts(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise FormatError(
        f"a {type(value).__name__} cannot be written",
        mend="Give numbers, texts, lists, mappings or dataclasses.",
    )


def canonical_bytes(value: object) -> bytes:
    """Return ``value`` as UTF-8 JSON with sorted keys, no spaces and rounded floats."""
    text = json.dumps(plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8")


def digest(value: object) -> str:
    """Return the SHA-256 of :func:`canonical_bytes` as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def array_digest(*arrays: np.ndarray) -> str:
    """Return the SHA-256 of arrays as little-endian float64, to the bit, with their shapes."""
    total = hashlib.sha256()
    for array in arrays:
        whole = np.ascontiguousarray(array, dtype="<f8")
        total.update(repr(whole.shape).encode("ascii"))
        total.update(whole.tobytes())
    return total.hexdigest()
