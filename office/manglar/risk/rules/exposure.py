"""From the city's assets to the columns of a run: what is missing is filled from named defaults, and said."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, listed, say

OUTSIDE = "fuera de los límites"
NAMED = 40
FILLABLE = ("value_pab", "people", "building_class", "occupancy")
_WORDS = {
    "value_pab": ("valor de reposición", "supuesto", "replacement value"),
    "people": ("personas", "supuestas", "people"),
    "building_class": ("clase constructiva", "supuesta", "building class"),
    "occupancy": ("uso", "supuesto", "occupancy"),
}


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """What the city knows of one asset; empty or None is what it does not know."""

    key: str
    name: str
    kind: str
    lon: float | None
    lat: float | None
    territory: str
    value_pab: float | None = None
    people: float | None = None
    building_class: str = ""
    occupancy: str = ""
    place_is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """What is supposed of a kind of asset when nobody has said; ``value`` takes the people inside."""

    building_class: str = ""
    occupancy: str = ""
    value: Callable[[float], float] | None = None
    people: float | None = None
    source_es: str = ""
    source_en: str = ""


@dataclass(slots=True)
class Filled:
    """Aligned columns of the assets that enter a run, in the order of their keys, and what was done to get them."""

    columns: dict[str, list[Any]]
    defaulted: dict[str, list[bool]]
    kinds: list[str]
    notes: list[dict[str, str]] = field(default_factory=list)


def fill(
    facts: Iterable[AssetFacts], defaults: Mapping[str, KindDefaults], *, needed: Sequence[str] = FILLABLE
) -> Filled:
    """Order, set aside and fill; ``InvalidInput`` when nothing is left or a kind cannot be filled with what is ``needed``."""
    ordered = sorted(facts, key=lambda each: each.key)
    _refuse_repeated(ordered)
    placed = [each for each in ordered if _is_placed(each)]
    if not placed:
        raise InvalidInput(
            say(
                "No hay ningún activo dentro de los límites con esas clases y territorios: importe activos y límites, o cambie «assets.kinds» y «assets.territories»."
            )
        )
    _refuse_nonsense(placed)
    _refuse_unfillable(placed, defaults, needed)
    usual = _usual_people(placed)
    filled = Filled(
        columns={
            "ids": [each.key for each in placed],
            "lon": [each.lon for each in placed],
            "lat": [each.lat for each in placed],
            "territory": [each.territory for each in placed],
            **{name: [] for name in FILLABLE},
        },
        defaulted={
            **{name: [getattr(each, name) in (None, "") for each in placed] for name in FILLABLE},
            **{name: [each.place_is_approximate for each in placed] for name in ("lon", "lat")},
        },
        kinds=[each.kind for each in placed],
        notes=_set_aside_notes([each for each in ordered if not _is_placed(each)]),
    )
    for each in placed:
        _fill_one(each, defaults.get(each.kind, KindDefaults()), filled.columns, usual)
    filled.notes += _filled_notes(filled, defaults, needed)
    return filled


def _is_placed(each: AssetFacts) -> bool:
    return bool(each.territory) and each.lon is not None and each.lat is not None


def _refuse_repeated(ordered: Sequence[AssetFacts]) -> None:
    repeated = [key for key, times in Counter(each.key for each in ordered).items() if times > 1]
    if repeated:
        raise InvalidInput(
            say("Hay activos con la misma clave: {repeated}. Déjelos con una clave cada uno.", repeated=named(repeated))
        )


def _refuse_nonsense(placed: Sequence[AssetFacts]) -> None:
    """A value or a place that is no number would spoil every sum: it is refused here, by name."""
    wrong = [
        f"{each.name or each.key}: {column}"
        for each in placed
        for column, low, high in (
            ("lon", -180.0, 180.0),
            ("lat", -90.0, 90.0),
            ("value_pab", 0.0, 1e15),
            ("people", 0.0, 1e9),
        )
        if (number := getattr(each, column)) is not None and not (math.isfinite(number) and low <= number <= high)
    ]
    if wrong:
        raise InvalidInput(
            say("Hay activos con números imposibles: {wrong}. Corríjalos o quítelos.", wrong=named(wrong))
        )


def _refuse_unfillable(
    placed: Sequence[AssetFacts], defaults: Mapping[str, KindDefaults], needed: Sequence[str]
) -> None:
    lacking: dict[str, set[str]] = defaultdict(set)
    for each in placed:
        known = defaults.get(each.kind, KindDefaults())
        lacking[each.kind] |= {
            name
            for name, given in (
                ("building_class", each.building_class or known.building_class),
                ("occupancy", each.occupancy or known.occupancy),
                ("value_pab", each.value_pab is not None or known.value is not None),
            )
            if not given and name in needed
        }
    said = [
        f"«{kind}» ({', '.join(_WORDS[name][0] for name in sorted(names))})"
        for kind, names in sorted(lacking.items())
        if names
    ]
    if said:
        raise InvalidInput(
            say(
                "Faltan datos que el motor no supone para estas clases de activos: {said}. Complételos en los activos o en su clase, o elija otras clases en «assets.kinds».",
                said=named(said),
            )
        )


def _usual_people(placed: Sequence[AssetFacts]) -> dict[str, float]:
    """The median of the people inside, by kind, of the assets that say it."""
    known: dict[str, list[float]] = defaultdict(list)
    for each in placed:
        if each.people is not None:
            known[each.kind].append(each.people)
    return {kind: float(statistics.median(values)) for kind, values in known.items()}


def _fill_one(each: AssetFacts, known: KindDefaults, columns: dict[str, list[Any]], usual: Mapping[str, float]) -> None:
    people = each.people
    if people is None:
        people = known.people if known.people is not None else usual.get(each.kind, 0.0)
    value = each.value_pab
    if value is None:
        value = known.value(people) if known.value else 0.0
    columns["people"].append(float(people))
    columns["value_pab"].append(float(value))
    columns["building_class"].append(each.building_class or known.building_class)
    columns["occupancy"].append(each.occupancy or known.occupancy)


def _set_aside_notes(aside: Sequence[AssetFacts]) -> list[dict[str, str]]:
    notes = []
    for each in aside[:NAMED]:
        has_place = each.lon is not None and each.lat is not None
        es = "fuera de los límites: no entra en la corrida" if has_place else "sin coordenadas: no entra en la corrida"
        en = "outside every boundary: left out" if has_place else "without coordinates: left out"
        notes.append(note("set_aside", each.name or each.key, "territory" if has_place else "place", es=es, en=en))
    if (hidden := len(aside) - NAMED) > 0:
        es, en = f"y {hidden:,} activos más {OUTSIDE} o sin coordenadas", f"and {hidden:,} more assets left out"
        notes.append(note("set_aside", "", "territory", es=es, en=en))
    return notes


def _filled_notes(filled: Filled, defaults: Mapping[str, KindDefaults], needed: Sequence[str]) -> list[dict[str, str]]:
    notes = []
    all_of = Counter(filled.kinds)
    for name in needed:
        supposed = Counter(kind for kind, flag in zip(filled.kinds, filled.defaulted[name], strict=True) if flag)
        for kind in sorted(supposed):
            known = defaults.get(kind, KindDefaults())
            es, en = _how(name, known, filled, kind)
            notes.append(
                note(
                    "assumed",
                    kind,
                    name,
                    es=f"{_WORDS[name][0]} {_WORDS[name][1]} en {supposed[kind]:,} de {all_of[kind]:,} activos{es} (estimación)",
                    en=f"{_WORDS[name][2]} assumed for {supposed[kind]:,} of {all_of[kind]:,} assets{en} (estimate)",
                )
            )
    return notes


def _how(name: str, known: KindDefaults, filled: Filled, kind: str) -> tuple[str, str]:
    place = next(
        i for i, (k, f) in enumerate(zip(filled.kinds, filled.defaulted[name], strict=True)) if f and k == kind
    )
    given = filled.columns[name][place]
    if name == "value_pab":
        return (f": {known.source_es}", f": {known.source_en}") if known.source_es else ("", "")
    if name == "people":
        if known.people is not None:
            return f": {given:g}", f": {given:g}"
        has_median = not all(f for k, f in zip(filled.kinds, filled.defaulted[name], strict=True) if k == kind)
        if has_median:
            return f": {given:g}, la mediana de los que sí lo dicen", f": {given:g}, the median of those that say it"
        return ": nadie", ": nobody"
    return f": {given}", f": {given}"


def note(kind: str, row: str, field_name: str, *, es: str, en: str) -> dict[str, str]:
    """A note in the shape of the engine's: kind, row, field, and the words in both languages."""
    return {"kind": kind, "row": row, "field": field_name, "es": es, "en": en}


def named(items: Sequence[object], shown: int = 8) -> Said:
    """The first items, then how many more."""
    hidden = len(items) - shown
    first = listed(items[:shown])
    return say("{first} y {hidden:,} más", first=first, hidden=hidden) if hidden > 0 else first
