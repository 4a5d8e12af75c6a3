"""What a run of impact says of itself: its limits, and what in it looks wrong without being impossible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from manglar_engine.errors import HazardError
from manglar_engine.exposure.assets import Assets
from manglar_engine.hazard.events import Hazard
from manglar_engine.hazard.tiling import TiledHazard, Tiles, tiled_hazard
from manglar_engine.io.canonical import array_digest
from manglar_engine.risk.impact import Impact
from manglar_engine.studies.curve_interval import Ends
from manglar_engine.studies.doubt_words import doubt_words
from manglar_engine.studies.measures_answer import MeasuresAnswer
from manglar_engine.studies.uncertain_worth import DOUBTS, QUANTITY, VULNERABILITY
from manglar_engine.uncertainty.distributions import Doubt
from manglar_engine.vocabulary import Note
from manglar_engine.vulnerability.impact_function import ImpactFunctionSet

NOTHING = 1e-12
"""A measure that changes the expected impact by a smaller share does nothing: less is the order of the sums."""
NOTES = (
    Note(
        kind="limit",
        row="",
        field="curve",
        es="La curva es la de los eventos dados, sin interpolar; más allá del período más largo es una cota inferior.",
        en="The curve is that of the events given, not interpolated; beyond the longest period it is a lower bound.",
    ),
    Note(
        kind="limit",
        row="",
        field="interval",
        es="El intervalo sólo lleva la incertidumbre de las funciones que tienen límites, independientes entre sí; "
        "ni la de las frecuencias ni la de los valores.",
        en="The interval holds only the uncertainty of functions that have bounds, independent of each other; "
        "neither that of frequencies nor that of values.",
    ),
    Note(
        kind="limit",
        row="",
        field="expected",
        es="Lo que no está en la tabla de eventos no cuenta: ni los más frecuentes ni los más raros que ella.",
        en="What is not in the table of events does not count: neither more frequent nor rarer ones.",
    ),
)


def refuse_twice(hazards: Sequence[Hazard | TiledHazard]) -> None:
    """Refuse with :class:`HazardError` two hazards of the same rates and intensities: all would count twice."""
    for (i, one), (j, other) in combinations(enumerate(hazards, start=1), 2):
        if one.peril == other.peril and _same(tiled_hazard(one), tiled_hazard(other)):
            raise HazardError(
                f"hazards {i} and {j} are the same: their damage would count twice",
                rows=(one.peril,),
                mend="Leave one of them out, or name the file that was meant.",
            )


def _same(one: TiledHazard, other: TiledHazard) -> bool:
    """Return whether rates, places and intensities are equal; tiles are read only where all before is."""
    pairs = (
        (one.events.frequency, other.events.frequency),
        (one.tiles.sites.x, other.tiles.sites.x),
        (one.tiles.sites.y, other.tiles.sites.y),
    )
    if not all(np.array_equal(a, b) for a, b in pairs) or len(one.tiles) != len(other.tiles):
        return False
    return all(a == b for a, b in zip(_digests(one.tiles), _digests(other.tiles), strict=True))


def _digests(tiles: Tiles) -> Iterator[str]:
    for number in range(len(tiles)):
        tile = tiles.tile(number)
        yield array_digest(tile.events, *tile.pairs)


def notes_of_run(
    hazards: Sequence[Hazard | TiledHazard],
    assets: Assets,
    functions: Mapping[str, ImpactFunctionSet],
    impacts: Mapping[str, Impact],
    measured: Sequence[MeasuresAnswer],
) -> tuple[Note, ...]:
    """Return what a person should look at again: losses beyond the value, other units, measures that do nothing."""
    return (
        *_beyond_value(assets, impacts),
        *_beyond_functions(hazards, assets, functions),
        *_idle(measured),
    )


def _beyond_value(assets: Assets, impacts: Mapping[str, Impact]) -> Iterator[Note]:
    for amount, found in impacts.items():
        exposed = float(assets.amount(amount).sum())
        if found.expected > exposed:
            yield Note(
                kind="limit",
                row=amount,
                field="expected",
                es=f"Se espera perder cada año más ({found.expected:,.0f}) de lo que hay ({exposed:,.0f}): revise las "
                "frecuencias; ¿son períodos de retorno?",
                en=f"More is expected to be lost each year ({found.expected:,.0f}) than there is ({exposed:,.0f}): "
                "look at the frequencies; are they return periods?",
            )


def _beyond_functions(
    hazards: Sequence[Hazard | TiledHazard], assets: Assets, functions: Mapping[str, ImpactFunctionSet]
) -> Iterator[Note]:
    """Note a hazard whose every intensity lies beyond the last node of every function: another unit, most likely."""
    classes = sorted(set(assets.asset_class))
    for hazard in hazards:
        last = max(float(held[hazard.peril, c].intensity[-1]) for held in functions.values() for c in classes)
        if _all_beyond(tiled_hazard(hazard).tiles, last):
            unit = tiled_hazard(hazard).tiles.unit
            yield Note(
                kind="limit",
                row=hazard.peril,
                field="intensity",
                es=f"Toda intensidad pasa del último nodo de las funciones ({last:g} {unit}): revise la unidad.",
                en=f"Every intensity lies beyond the last node of the functions ({last:g} {unit}): look at the unit.",
            )


def _all_beyond(tiles: Tiles, last: float) -> bool:
    """Return whether there are intensities and all lie beyond; the first tile mostly says no."""
    found = False
    for number in range(len(tiles)):
        intensity = tiles.tile(number).pairs.intensity
        wet = intensity[intensity != 0]
        found = found or bool(wet.size)
        if wet.size and wet.min() <= last:
            return False
    return found


def _idle(measured: Sequence[MeasuresAnswer]) -> Iterator[Note]:
    for row in measured:
        if abs(row.expected_before - row.expected_after) <= NOTHING * row.expected_before:
            name = " + ".join(row.measures)
            yield Note(
                kind="limit",
                row=name,
                field="measures",
                es=f"{name} no cambia nada de lo esperado: revise a quién llega, su amenaza y sus cifras.",
                en=f"{name} changes nothing of what is expected: look at who it reaches, its peril and its figures.",
            )


def notes_of_doubts(doubts: Sequence[Doubt] | None, measured: Sequence[MeasuresAnswer]) -> tuple[Note, ...]:
    """Return what the worth of measures does not carry; nothing where ``doubts`` are weighed elsewhere."""
    if doubts is None or all(row.worth is None for row in measured):
        return ()
    if not doubts:
        es = "El valor de las medidas no lleva intervalo: no se dijo qué no se sabe de él (dudas, con su fuente)."
        en = "The worth of the measures carries no interval: nobody said what is not known (doubts, with a source)."
        return (Note("limit", "", "worth", es, en),)
    weighed = [row.uncertain for row in measured if row.uncertain is not None]
    unbounded = dict.fromkeys(note for one in weighed for note in one.notes if note.field == VULNERABILITY)
    open_names = {doubt.name for doubt in doubts if doubt.is_open}
    return (*_known(open_names), *unbounded, *_quantity(open_names))


def _known(open_names: set[str]) -> Iterator[Note]:
    closed = [name for name in DOUBTS if name not in open_names]
    if closed:
        told = {lang: ", ".join(doubt_words(name, lang) for name in closed) for lang in ("es", "en")}
        es = f"Del valor de las medidas se toman como conocidos: {told['es']}; las dudas son independientes entre sí."
        en = f"Of the worth of the measures these are taken as known: {told['en']}; doubts are independent."
        yield Note("limit", "", "doubts", es, en)


def _quantity(open_names: set[str]) -> Iterator[Note]:
    if QUANTITY in open_names:
        es = "La duda de la cantidad mueve sólo el costo: el efecto sigue siendo el de los activos que la medida elige."
        en = (
            "The doubt of the quantity moves only the cost: the effect is still on the assets that the measure selects."
        )
        yield Note("limit", "", QUANTITY, es, en)


def notes_of_curves(asked: bool, ends: Mapping[str, Ends | None]) -> tuple[Note, ...]:  # noqa: FBT001 - a setting of the run
    """Return what the intervals of the curves carry and what they do not; nothing where nobody asked for them."""
    if not asked:
        return ()
    if all(end is None for end in ends.values()):
        es = "La curva no lleva intervalo: ninguna función en uso tiene límites."
        return (Note("limit", "", "curve", es, "The curve carries no interval: no function in use has bounds."),)
    es = (
        "El intervalo de la curva mueve juntas todas las funciones entre sus límites: si unas clases compensan a otras "
        "es más estrecho. No lleva lo que no se sabe de los eventos ni de sus frecuencias, ni de los valores."
    )
    en = (
        "The interval of the curve moves all functions together between their bounds: if classes compensate each other "
        "it is narrower. It holds nothing of what is not known of events, their frequencies or values."
    )
    return (Note("limit", "", "curve", es, en),)
