"""Codes of divisions as files write them, and when a division exists."""

import datetime as dt
import re
import unicodedata
from collections.abc import Container, Sequence

from manglar.foundation.sentences import Said, say

MAX_CODE = 20
_ROUND = re.compile(r"^(-?\d+)\.0+$")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def tidy_code(value: object) -> str:
    """A code as text, whatever type the file gave it (``80801.0`` is «80801»)."""
    text = "" if value is None or value != value else str(value).strip()  # noqa: PLR0124  # NaN is not itself
    match = _ROUND.match(text)
    return match.group(1) if match else text


def restored_code(code: str, known: Container[str]) -> str:
    """Give back the zero that a spreadsheet takes from «080801», when only so it is a known code."""
    return f"0{code}" if code.isdigit() and code not in known and f"0{code}" in known else code


def composed_code(parts: Sequence[object]) -> str:
    """The code of a parent from the columns that hold its parts; empty when one is missing."""
    tidy = [tidy_code(part) for part in parts]
    if not tidy or not all(tidy):
        return ""
    return "".join(part.zfill(2) if part.isdigit() else part for part in tidy)


def parent_in_code(code: str, known: Container[str]) -> str:
    """The longest known code with which this one begins, as «0808» in «080801»; empty when there is none."""
    for end in range(len(code) - 1, 1, -1):
        if code[:end] in known:
            return code[:end]
    return ""


def code_from_name(name: str, *, prefix: str = "") -> str:
    """A code for a division of a file that has none."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    return (prefix + _NOT_PLAIN.sub("-", bare).strip("-"))[:MAX_CODE]


def is_alive(*, valid_from: dt.date | None, valid_until: dt.date | None, on: dt.date) -> bool:
    """Whether a division exists on a day; both its first and its last day count."""
    return (valid_from is None or valid_from <= on) and (valid_until is None or on <= valid_until)


def why_dates_disagree(*, valid_from: dt.date | None, valid_until: dt.date | None) -> Said:
    """A sentence when a division would end before it begins; empty when all is well."""
    if valid_from and valid_until and valid_until < valid_from:
        return say(
            "No puede dejar de existir el {valid_until} si empezó el {valid_from}.",
            valid_until=valid_until,
            valid_from=valid_from,
        )
    return ""
