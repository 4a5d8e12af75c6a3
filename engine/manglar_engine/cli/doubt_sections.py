"""``[[doubt]]`` of a city file: name, distribution and its figures, source, mark.

Names are those of :data:`~manglar_engine.studies.uncertain_worth.DOUBTS`; distributions and their figures those of
:mod:`~manglar_engine.uncertainty.distributions`, as ``lognormal`` with median and sigma.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from manglar_engine.cli.city_file import (
    Gathered,
    forms_of,
    made,
    refuse_forms,
    refuse_missing,
    refuse_unknown,
    sections_of,
)
from manglar_engine.errors import FormatError
from manglar_engine.uncertainty.distributions import (
    Distribution,
    Doubt,
    Fixed,
    LogNormal,
    Normal,
    Triangular,
    Uniform,
)

DISTRIBUTIONS: Mapping[str, Callable[..., Distribution]] = {
    "fixed": Fixed,
    "uniform": Uniform,
    "triangular": Triangular,
    "normal": Normal,
    "lognormal": LogNormal,
}
WORDS = ("name", "distribution", "source", "mark")


def read_doubts(document: Mapping[str, Any], gathered: Gathered) -> tuple[Doubt, ...] | None:
    """Return the doubts of a city file, and nothing where one is refused, which is left to ``gathered``."""
    sections = gathered.take(lambda: sections_of(document, "doubt"))
    read = gathered.each(_doubt, sections or [])
    kept = tuple(one for one in read if one is not None)
    return kept if sections is not None and len(kept) == len(read) else None


def _doubt(held: Mapping[str, Any], number: int) -> Doubt:
    where = f"doubt {number}" + (f" ({held['name']})" if isinstance(held.get("name"), str) else "")
    refuse_forms(where, held, dict.fromkeys(WORDS, "str"))
    refuse_missing(where, held, WORDS)
    kind = held["distribution"]
    if kind not in DISTRIBUTIONS:
        raise FormatError(f"{where}: there is no distribution {kind!r}", mend=f"Use: {', '.join(DISTRIBUTIONS)}.")
    figures = list(forms_of(DISTRIBUTIONS[kind]))
    refuse_unknown(where, held, [*WORDS, *figures])
    refuse_missing(where, held, figures)
    distribution = made(where, DISTRIBUTIONS[kind], {name: held[name] for name in figures}, figures)
    return Doubt(held["name"], distribution, held["source"], held["mark"])
