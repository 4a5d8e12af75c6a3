"""Whether two runs may be compared, and what was asked differently: pure, over what each run kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from manglar.foundation.sentences import Said, listed, say


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run asked and was answered with, as far as comparing needs it."""

    id: str
    name: str
    study: str
    hazards: tuple[str, ...]
    is_done: bool
    engine_version: str
    spec: Mapping[str, Any]
    datasets: Sequence[str]
    price_year: int | None = None
    assets: frozenset[str] = field(default_factory=frozenset)
    territories: frozenset[str] = field(default_factory=frozenset)


def why_not(one: Asked, other: Asked) -> Said | None:
    """Why two runs may not stand side by side; None when they may."""
    unfinished = next((each for each in (one, other) if not each.is_done), None)
    if unfinished is not None:
        return say("«{name}» no ha terminado: todavía no dice nada.", name=unfinished.name)
    if one.id == other.id:
        return say("Es la misma corrida: elija dos.")
    if one.study != other.study:
        return say("Una es de un estudio y la otra de otro: contestan preguntas distintas y sus cifras no se restan.")
    if sorted(one.hazards) != sorted(other.hazards):
        return say(
            "Son de amenazas distintas ({one} y {other}): una no es el antes ni el después de la otra.",
            one=", ".join(one.hazards),
            other=", ".join(other.hazards),
        )
    if one.territories and other.territories and not one.territories & other.territories:
        return say("No tienen ningún territorio en común: no hay qué restar.")
    if one.price_year != other.price_year:
        return say(
            "Sus valores son de años distintos ({one} y {other}): restarlos mezclaría el daño con los precios.",
            one=one.price_year,
            other=other.price_year,
        )
    return None


def what_differs(one: Asked, other: Asked) -> list[Said]:
    """What was asked differently, in words; nothing when both asked the same."""
    found: list[Said] = []
    if one.engine_version != other.engine_version:
        found.append(say("El motor: {one} y {other}.", one=one.engine_version, other=other.engine_version))
    gone, new = [n for n in one.datasets if n not in other.datasets], [n for n in other.datasets if n not in one.datasets]
    if gone or new:
        found.append(say("Los datos: «{gone}» en la primera, «{new}» en la segunda.", gone=", ".join(gone) or "—", new=", ".join(new) or "—"))
    left, came = len(one.assets - other.assets), len(other.assets - one.assets)
    if left or came:
        found.append(say("Los activos: {left:,} solo en la primera y {came:,} solo en la segunda.", left=left, came=came))
    for key, label in _LABELS.items():
        before, after = (_part(key, each.spec.get(key)) for each in (one, other))
        if str(before) != str(after):
            found.append(say("{label}: {before} y {after}.", label=label, before=before or "—", after=after or "—"))
    return found


_LABELS: Mapping[str, Said] = {
    "seed": say("La semilla"),
    "samples": say("Las muestras"),
    "settings": say("Los ajustes"),
    "measures": say("Las medidas"),
    "retrofit": say("El refuerzo"),
    "horizon": say("El horizonte"),
    "periods": say("Los períodos"),
    "scenarios": say("Los escenarios"),
    "windows": say("Las ventanas de registro"),
    "prior": say("La creencia previa"),
}


def _part(key: str, value: Any) -> Said:
    """A part of a spec as people say it."""
    if key == "measures" and value:
        return listed([say("{quantity} de «{id}»", quantity=_told(row["quantity"]), id=row["id"]) for row in value])
    if key == "horizon" and value:
        rate = f"{value['discount_rate']:.3g}"
        return say("{years} años, tasa de descuento {rate}", years=value["years"], rate=rate)
    return _told(value)


def _told(value: Any) -> str:
    """A part of a spec on one line."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_told(item)}" for key, item in sorted(value.items()))
    if isinstance(value, list | tuple):
        return ", ".join(_told(item) for item in value)
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
