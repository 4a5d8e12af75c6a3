"""What a measure does, as data: operations on the assets that it selects.

All operations of all measures that reach one asset meet in one :class:`Effect`. The order in which
measures are named changes nothing: factors multiply, shifts add up after the factors, an asset takes the
class that every measure agrees on, and it is protected from an event if any measure protects it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from manglar_engine.errors import MeasureError


@dataclass(frozen=True, slots=True)
class ScaleIntensity:
    """Multiply the intensity felt by ``factor`` (0..1): a wave field behind mangroves."""

    factor: float
    peril: str = ""


@dataclass(frozen=True, slots=True)
class ShiftIntensity:
    """Take ``by`` (unit of the hazard, 0 or more) off the intensity felt: a floor raised by so much.

    Where intensities may not be negative nothing falls below zero.
    """

    by: float
    peril: str = ""


@dataclass(frozen=True, slots=True)
class ScaleDamage:
    """Multiply the mean damage ratio by ``factor`` (0..1): a warning that lets people save their goods."""

    factor: float
    peril: str = ""


@dataclass(frozen=True, slots=True)
class ScaleAmount:
    """Leave only ``factor`` (0..1) of what is exposed there: homes bought and removed, people moved."""

    factor: float
    peril: str = ""


@dataclass(frozen=True, slots=True)
class ChangeClass:
    """Give assets of one class another, as ``{"RM1.L.LC": "RM1.L.MC"}``; the rest stay as they are."""

    classes: Mapping[str, str] = field(default_factory=dict)
    peril: str = ""


@dataclass(frozen=True, slots=True)
class ProtectUpTo:
    """Nothing happens in events that, without any measure, are passed once in ``period_years`` or oftener.

    Events are ranked by the impact that they have on the assets selected. A rarer event overtops the
    defence and does all that it would have done.
    """

    period_years: float
    peril: str = ""


Operation = ScaleIntensity | ShiftIntensity | ScaleDamage | ScaleAmount | ChangeClass | ProtectUpTo


def check_operations(owner: str, operations: Sequence[Operation]) -> None:
    """Refuse with :class:`MeasureError` no operations, or figures outside what they can mean."""
    if not operations:
        raise MeasureError("the measure does nothing", rows=(owner,), mend="Give one operation or more.")
    wrong = [text for text in map(_fault, operations) if text]
    if wrong:
        raise MeasureError(f"operations: {'; '.join(wrong)}", rows=(owner,), mend="Correct them.")


def _fault(operation: Operation) -> str:
    if isinstance(operation, ScaleIntensity | ScaleDamage | ScaleAmount):
        return "" if 0 <= operation.factor <= 1 else f"factor {operation.factor!r} lies outside 0..1"
    if isinstance(operation, ShiftIntensity):
        return "" if np.isfinite(operation.by) and operation.by >= 0 else f"shift {operation.by!r} is not 0 or more"
    if isinstance(operation, ProtectUpTo):
        good = np.isfinite(operation.period_years) and operation.period_years > 0
        return "" if good else f"period {operation.period_years!r} is not above 0"
    return "" if operation.classes else "no class changes"


@dataclass(frozen=True, slots=True)
class Effect:
    """What reaches one asset: ``protected`` numbers the :class:`ProtectUpTo` operations by who declares them."""

    scale: float = 1.0
    shift: float = 0.0
    damage: float = 1.0
    amount: float = 1.0
    asset_class: str = ""
    protected: tuple[str, ...] = ()


def effect_on(asset_class: str, peril: str, owned: Iterable[tuple[str, Operation]]) -> Effect:
    """Join the operations ``(measure id, operation)`` that reach an asset of ``asset_class``.

    Raises:
        MeasureError: two measures that give the asset different classes.
    """
    scale, shift, damage, amount = 1.0, 0.0, 1.0, 1.0
    becomes: dict[str, str] = {}
    protected: list[str] = []
    for owner, operation in sorted(owned, key=lambda pair: pair[0]):
        if operation.peril not in {"", peril}:
            continue
        match operation:
            case ScaleIntensity(factor):
                scale *= factor
            case ShiftIntensity(by):
                shift += by
            case ScaleDamage(factor):
                damage *= factor
            case ScaleAmount(factor):
                amount *= factor
            case ChangeClass(classes) if asset_class in classes:
                becomes[owner] = classes[asset_class]
            case ProtectUpTo():
                protected.append(owner)
    if len(set(becomes.values())) > 1:
        raise MeasureError(
            f"measures give class {asset_class!r} different classes",
            rows=[f"{owner}: {name}" for owner, name in becomes.items()],
            mend="Choose one of them for these assets.",
        )
    return Effect(scale, shift, damage, amount, next(iter(becomes.values()), asset_class), tuple(protected))
