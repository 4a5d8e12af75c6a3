"""Slip rates as fault databases write them: text triples, several components, missing parts.

The GEM databases give ``(best, min, max)`` as text, with a sign for the sense of slip (Styron et al.
2020, doi 10.5194/nhess-20-831-2020, and the table of the repository central_am_carib_faults).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from manglar_engine.errors import FormatError
from manglar_engine.vocabulary import Triple

PARTS = 3
COMPONENT_FIELDS = ("net_slip_rate", "strike_slip_rate", "vert_slip_rate", "shortening_rate")
MINOR_SHARE = 0.5
"""A single component below this share of the net slip cannot tell it."""
FLATTENED_DEG = 85.0
"""Beyond this dip a horizontal rate across the fault no longer tells its slip."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A triple that was read; ``has_range`` when it had limits, ``mended`` the text if corrected."""

    triple: Triple
    has_range: bool
    mended: str = ""


def read_triple(raw: object) -> Reading | None:
    """Read a number, a list or a text such as ``"(5.,3.5,8.)"``; blank gives ``None``.

    Signs are dropped (they tell the sense of slip) and limits are put in order. A text with one
    number cut by a decimal comma is joined when there is only one way to do it.

    Raises:
        FormatError: anything that cannot be read in exactly one way.
    """
    if raw is None or isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return _ordered([float(raw)])
    tokens = (
        [str(item).strip() for item in raw]
        if isinstance(raw, list | tuple)
        else [token.strip() for token in str(raw).strip().strip("()[]").split(",")]
    )
    if not any(tokens):
        return None
    if len(tokens) <= PARTS:
        return _ordered([_number(token, raw) for token in tokens if token])
    return _joined(tokens, raw)


def _number(token: str, raw: object) -> float:
    try:
        value = float(token)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FormatError(f"{raw!r} holds {token!r}", mend="Write (best,min,max) with decimal points.")
    return value


def _ordered(values: Sequence[float], mended: str = "") -> Reading:
    """Build the reading from one value (best) or three (best, and two limits in any order)."""
    best, *limits = (abs(value) for value in values)
    if not limits:
        return Reading(Triple(best, best, best), has_range=False, mended=mended)
    triple = Triple(best, min(limits), max(limits))
    if len(limits) == 1 or not triple.is_ordered:
        raise FormatError(
            f"{tuple(values)!r} is not a best value between two limits",
            mend="Write (best,min,max).",
        )
    return Reading(triple, has_range=True, mended=mended)


def _joined(tokens: Sequence[str], raw: object) -> Reading:
    """Join one pair of whole numbers that a decimal comma cut in two, when only one pair fits."""
    found = []
    for i in range(len(tokens) - 1):
        whole, decimals = tokens[i], tokens[i + 1]
        if not (whole.lstrip("-").isdigit() and decimals.isdigit()):
            continue
        parts = [*tokens[:i], f"{whole}.{decimals}", *tokens[i + 2 :]]
        if len(parts) != PARTS or not all(parts):
            continue
        try:
            found.append(_ordered([_number(part, raw) for part in parts], mended=",".join(parts)))
        except FormatError:
            continue
    if len(found) != 1:
        raise FormatError(
            f"{raw!r} has {len(tokens)} parts and can be read in {len(found)} ways",
            mend="Write (best,min,max) with decimal points.",
        )
    return found[0]


def net_slip(rates: Mapping[str, Triple], *, dip_deg: float, rake_deg: float) -> tuple[Triple, str] | None:
    """Return the net slip rate and how it was found, or ``None`` where no component tells it.

    The net rate itself when given; else the strike and dip components in quadrature; else the only
    component over the cosine (strike) or sine (dip) of the rake. The dip component is the vertical
    rate over ``sin(dip)``, or else the shortening over ``cos(dip)``.
    """
    if "net_slip_rate" in rates:
        return rates["net_slip_rate"], "net_slip_rate"
    strike = rates.get("strike_slip_rate")
    down = _down_dip(rates, dip_deg)
    if strike and down:
        dip_slip, name = down
        net = Triple(
            math.hypot(strike.best, dip_slip.best),
            math.hypot(strike.min, dip_slip.min),
            math.hypot(strike.max, dip_slip.max),
        )
        return net, f"strike_slip_rate + {name}"
    rake = math.radians(rake_deg)
    if strike:
        return _over(strike, abs(math.cos(rake)), "strike_slip_rate")
    if down:
        return _over(down[0], abs(math.sin(rake)), down[1])
    return None


def _down_dip(rates: Mapping[str, Triple], dip_deg: float) -> tuple[Triple, str] | None:
    dip = math.radians(dip_deg)
    if "vert_slip_rate" in rates:
        return _scaled(rates["vert_slip_rate"], math.sin(dip)), "vert_slip_rate"
    if "shortening_rate" in rates and dip_deg <= FLATTENED_DEG:
        return _scaled(rates["shortening_rate"], math.cos(dip)), "shortening_rate"
    return None


def _over(triple: Triple, share: float, how: str) -> tuple[Triple, str] | None:
    return (_scaled(triple, share), how) if share >= MINOR_SHARE else None


def _scaled(triple: Triple, share: float) -> Triple:
    return Triple(triple.best / share, triple.min / share, triple.max / share)
