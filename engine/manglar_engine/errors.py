"""Errors of the engine: each says what disagrees, in which rows, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

ROWS_SHOWN = 8
"""How many rows a message names before it only counts the rest."""


def name_rows(rows: Iterable[object]) -> str:
    """Return ``rows`` as people read them: the first eight, then how many more."""
    named = [str(row) for row in rows]
    shown = ", ".join(named[:ROWS_SHOWN])
    hidden = len(named) - ROWS_SHOWN
    return f"{shown} and {hidden} more" if hidden > 0 else shown


class EngineError(ValueError):
    """Input that the engine refuses; ``rows`` names the records and ``mend`` the way out."""

    def __init__(self, what: str, *, mend: str, rows: Sequence[object] = ()) -> None:
        """Build the message from the disagreement, the rows and the way to mend it."""
        self.what = what
        self.mend = mend
        self.rows = tuple(str(row) for row in rows)
        where = f" (rows: {name_rows(self.rows)})" if self.rows else ""
        super().__init__(f"{what}{where}. {mend}")


class FormatError(EngineError):
    """A file or text cannot be read as what it claims to be."""


class FaultError(EngineError):
    """Fault geometry or rates disagree."""


class HazardError(EngineError):
    """Events, their frequencies or their footprints disagree."""


class ExposureError(EngineError):
    """What stands in the city disagrees with itself or with the hazard."""


class VulnerabilityError(EngineError):
    """A fragility or repair function is missing or impossible."""


class SettingsError(EngineError):
    """A setting of the run is outside its range."""


class RetrofitError(EngineError):
    """A retrofit measure selects nothing, or names what does not exist."""


class SeriesError(EngineError):
    """A tide-gauge series or a record of past events cannot carry the answer asked of it."""


class MeasureError(EngineError):
    """A measure, its costs or a combination of measures disagrees with itself or with the atoms."""


class Cancelled(Exception):  # noqa: N818 - it is not an error of the input: someone stopped the run
    """The caller asked to stop; nothing was written."""
