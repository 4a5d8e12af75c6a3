"""What the measure of a run is worth: its figures for an option of an advice note, and a frozen copy of how sure they are."""

from decimal import Decimal
from typing import Any

from manglar.foundation.provenance import Mark
from manglar.risk.models import Run
from manglar.risk.selectors.rows import Interval
from manglar.risk.selectors.runs import RunPage


def frozen_summary(page: RunPage) -> dict[str, Any]:
    """What a run said, in plain data: its sentence, the damage before and after, and what its measure is worth.

    ``worth`` has ``ratio`` (benefit per balboa, PAB per PAB) with the limits of its 90% interval ``ratio_low`` and
    ``ratio_high``, and ``probability`` (share between 0 and 1 of the samples in which the benefit reaches the cost);
    what the run did not compute is absent.
    """
    run = page.run
    told: dict[str, Any] = {"title": run.title, "sentence": dict(run.sentence), "manifest": run.manifest_digest}
    if page.total is not None:
        told |= {"before": page.total.ead_pab.mean}
    measure = page.retrofit
    if measure is None:
        return told
    told |= {"before": measure.total.before_pab.mean, "after": measure.total.after_pab.mean}
    worth: dict[str, Any] = {}
    if measure.benefit_cost is not None:
        worth |= _limits(measure.benefit_cost)
    if measure.probability_worth_it is not None:
        worth |= {"probability": measure.probability_worth_it}
    return told | ({"worth": worth} if worth else {})


def _limits(ratio: Interval) -> dict[str, float]:
    known = {"ratio_low": ratio.low, "ratio_high": ratio.high} if ratio.is_known else {}
    return {"ratio": ratio.mean, **known}


def option_figures(page: RunPage) -> dict[str, Any]:
    """Cost and avoided damage a year with its 90% interval (PAB, cents); only what the run computed, each with its mark."""
    measure = page.retrofit
    if measure is None:
        return {}
    avoided = measure.total.avoided_pab
    found: dict[str, Any] = {"avoided_damage_pab": _cents(avoided.mean), "avoided_damage_mark": Mark.ESTIMATE}
    if avoided.is_known:
        found |= {"avoided_damage_low_pab": _cents(avoided.low), "avoided_damage_high_pab": _cents(avoided.high)}
    if measure.cost_pab:
        found |= {"cost_pab": _cents(measure.cost_pab), "cost_mark": Mark.ESTIMATE}
    return found


def runs_with_a_measure(runs: list[Run]) -> list[Run]:
    """Those of some runs that were asked about a measure, and so may say what an option avoids."""
    return [run for run in runs if run.spec.get("retrofit") or run.spec.get("measures")]


def _cents(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("1.00"))
