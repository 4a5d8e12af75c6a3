"""``[[measure]]``, ``[zones]``, ``[horizon]`` and ``[[doubt]]`` of a city file.

A measure says id, es, en, sources, who it reaches (territories, classes, zone), from_year, one
``[[measure.operation]]`` or more (kind, and factor, by, classes or period_years; peril), and its
``[measure.cost]`` where somebody has said it.

``[zones]``: the file of polygons, the column with their names, and the layer where the file has several.
``[[doubt]]`` (:mod:`~manglar_engine.cli.doubt_sections`): what is not known of what the measures are worth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any

from manglar_engine.cli.city_file import (
    Files,
    Gathered,
    made,
    refuse_forms,
    refuse_missing,
    refuse_unknown,
    section_of,
    sections_of,
)
from manglar_engine.cli.doubt_sections import read_doubts
from manglar_engine.errors import FormatError, MeasureError
from manglar_engine.exposure.assets import Assets
from manglar_engine.exposure.places import ZonesRead, read_zone_layer, zones_of
from manglar_engine.measures.measure import Cost, Measure
from manglar_engine.measures.operations import (
    ChangeClass,
    Operation,
    ProtectUpTo,
    ScaleAmount,
    ScaleDamage,
    ScaleIntensity,
    ShiftIntensity,
)
from manglar_engine.measures.worth import Horizon
from manglar_engine.studies.measures_answer import MeasuresAsked, refuse_pointless

OPERATIONS: Mapping[str, Callable[..., Operation]] = {
    "scale_intensity": ScaleIntensity,
    "shift_intensity": ShiftIntensity,
    "scale_damage": ScaleDamage,
    "scale_amount": ScaleAmount,
    "change_class": ChangeClass,
    "protect_up_to": ProtectUpTo,
}
SELECTORS = ("id", "es", "en", "territories", "classes", "zone", "from_year", "sources")
ZONES = ("file", "column", "layer")


def read_asked(files: Files, document: Mapping[str, Any], assets: Assets | None, gathered: Gathered) -> MeasuresAsked:
    """Return what a city file asks of measures; whatever is refused is left to ``gathered``.

    Who each measure reaches is looked at here, where the assets could be read.
    """
    read = gathered.each(_measure, gathered.take(lambda: sections_of(document, "measure")) or [])
    measures = tuple(one for one in read if one is not None)
    zones = _zones(files, document, assets, gathered)
    horizon = gathered.take(lambda: read_horizon(document.get("horizon")))
    doubts = read_doubts(document, gathered)
    gathered.take(lambda: _refuse_no_zones(document, measures))
    if assets is not None:
        for measure in measures:
            if not measure.zone or zones is not None:
                gathered.take(partial(measure.selected, assets, zones or {}))
    asked = MeasuresAsked(measures, horizon, zones, doubts or ())
    if len(measures) == len(read) and (horizon is not None or "horizon" not in document):
        gathered.take(lambda: refuse_pointless(asked))
    return asked


def read_horizon(section: object) -> Horizon | None:
    """Return the horizon of a city file, or none.

    Raises:
        FormatError: a section or word that cannot be read. MeasureError: figures that disagree.
    """
    return None if section is None else made("[horizon]", Horizon, section, [f.name for f in fields(Horizon)])


def _measure(held: Mapping[str, Any], number: int) -> Measure:
    where = f"measure {number}"
    operations = held.get("operation", [])
    if not isinstance(operations, list) or not all(isinstance(one, Mapping) for one in operations):
        raise FormatError(f"{where}: operation is not a list", mend="Write [[measure.operation]].")
    words = {name: value for name, value in held.items() if name not in {"operation", "cost"}}
    words["operations"] = tuple(_operation(where, operation) for operation in operations)
    if "cost" in held:
        words["cost"] = made(f"{where}: cost", Cost, held["cost"], [f.name for f in fields(Cost)])
    return made(where, Measure, words, [*SELECTORS, "operations", "cost"])


def _operation(where: str, held: Mapping[str, Any]) -> Operation:
    words = dict(held)
    kind = words.pop("kind", None)
    if kind not in OPERATIONS:
        raise FormatError(f"{where}: there is no operation {kind!r}", mend=f"Use: {', '.join(OPERATIONS)}.")
    return made(f"{where}: {kind}", OPERATIONS[kind], words, list(words))


def _zones(files: Files, document: Mapping[str, Any], assets: Assets | None, gathered: Gathered) -> ZonesRead | None:
    """Return the zones; their file is read also where the assets are refused, to say what is wrong with both."""
    if "zones" not in document:
        return None
    held = gathered.take(lambda: _zone_words(document))
    if held is None:
        return None
    column, layer = str(held["column"]), str(held.get("layer", ""))
    read = gathered.take(lambda: read_zone_layer(files.file(held["file"], "[zones]"), layer=layer))
    if read is None:
        return None
    if assets is None:
        gathered.take(lambda: read.column(column))
        return None
    flags = gathered.take(lambda: zones_of(read, column, assets))
    return None if flags is None else ZonesRead(flags, read.name, column, layer)


def _zone_words(document: Mapping[str, Any]) -> Mapping[str, Any]:
    held = section_of(document, "zones")
    refuse_unknown("[zones]", held, ZONES)
    refuse_missing("[zones]", held, ("file", "column"))
    refuse_forms("[zones]", held, dict.fromkeys(ZONES, "str"))
    return held


def _refuse_no_zones(document: Mapping[str, Any], measures: Sequence[Measure]) -> None:
    asking = [f"{measure.id}: {measure.zone}" for measure in measures if measure.zone]
    if asking and "zones" not in document:
        raise MeasureError(
            "measures select zones and no file says where those are",
            rows=asking,
            mend="Write [zones] with the file of polygons and the column of their names.",
        )
