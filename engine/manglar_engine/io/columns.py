"""Aligned columns that several records share: numbers frozen, texts checked, rows named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manglar_engine.errors import EngineError

Floats = NDArray[np.float64]


def frozen_numbers(name: str, given: ArrayLike, refusal: type[EngineError]) -> Floats:
    """Return ``given`` as a read-only column of float64; refuse what is not numbers."""
    try:
        column = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise refusal(
            f"{name} holds something that is not a number: {error}", mend=f"Give {name} as numbers."
        ) from error
    column.setflags(write=False)
    return column


def refuse_repeated(what: str, ids: Sequence[str], refusal: type[EngineError]) -> None:
    """Refuse ``ids`` that stand more than once or are blank, naming them."""
    if len(set(ids)) != len(ids):
        repeated = [name for name, times in Counter(ids).items() if times > 1]
        raise refusal(f"{what} ids are repeated", rows=repeated, mend=f"Give every {what} its own id.")
    if "" in set(map(str.strip, ids)):
        blank = [row for row, name in enumerate(ids, start=1) if not name.strip()]
        raise refusal(f"{what} ids are blank", rows=blank, mend=f"Give every {what} an id.")


def refuse_outside(
    name: str, ids: Sequence[object], values: Floats, *, low: float, high: float, mend: str, refusal: type[EngineError]
) -> None:
    """Refuse values that are not finite or lie outside ``low..high``, naming rows and values."""
    if values.size and low <= values.min() and values.max() <= high and np.isfinite(values.max()):
        return
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= low) & (values <= high)))
    if wrong.size:
        raise refusal(
            f"{name} is not finite or lies outside {low:g}..{high:g}",
            rows=[f"{ids[i]}: {float(values[i])!r}" for i in wrong.tolist()],
            mend=mend,
        )


UNKNOWN = (-9999.0, 9999.0, -99999.0, 99999.0, -32768.0, -999.0)
"""Numbers that programs write where nothing is known; so is anything of 1e20 and beyond."""
BEYOND = 1e20


def among_unknown(values: Floats) -> NDArray[np.bool_]:
    """Return which values are what programs write where nothing is known."""
    return np.asarray(np.isin(values, UNKNOWN) | (np.abs(values) >= BEYOND))


def refuse_lengths(count: int, lengths: Mapping[str, tuple[int, ...]], refusal: type[EngineError]) -> None:
    """Refuse columns whose shape is not ``(count,)``, naming them."""
    wrong = [f"{name} {shape}" for name, shape in lengths.items() if shape != (count,)]
    if wrong:
        raise refusal(
            f"columns do not have {count} entries as ids do: {'; '.join(wrong)}",
            mend="Give every column one entry per row.",
        )
