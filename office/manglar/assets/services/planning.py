"""What an import of assets would do, before it does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.db.models import Count, Max

from manglar.assets import rules
from manglar.assets.models import Asset, AssetKind
from manglar.assets.selectors import box_of_assets
from manglar.assets.services.assetfile import AssetReading, ReadAsset, folded_name
from manglar.assets.services.lines import Lines
from manglar.assets.services.previews import LISTED, AssetOptions, AssetPreview
from manglar.foundation.outcomes import CHANGED, CREATED, UNCHANGED
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, say
from manglar.foundation.texts import fold
from manglar.governments.models import Government
from manglar.territory import selectors as territory
from manglar.territory.models import Division
from manglar.territory.services import SWAPPED, box_around, place_of_file

SAME_ID_WITHIN_M = 1_000.0
#: The fields of an asset that a file says.
COMPARED = ("name", "lon", "lat", "division_id", "people", "value_pab", "building_class", "occupancy", "is_critical",
            "external_id", "attributes", "is_outside", "position_is_approximate")
Say = Callable[[float, str], None]


@dataclass(slots=True)
class AssetPlan:
    """The preview, the assets to create and those to change with the values that they had."""

    preview: AssetPreview
    stamp: tuple[int, int] = (0, 0)
    new: list[Asset] = field(default_factory=list)
    changed: list[tuple[Asset, dict[str, Any]]] = field(default_factory=list)


def make_plan(
    reading: AssetReading, *, government: Government, kind: AssetKind, options: AssetOptions, tell: Say
) -> AssetPlan:
    """Compare a reading with what the government has."""
    preview = AssetPreview(kind.code, rows=len(reading.rows), columns=reading.columns, notes=list(reading.notes))
    preview.notes += [
        say("«{column}»: {count} filas sin dato.", column=column, count=count)
        for column, count in reading.blanks.items()
    ]
    kept = _without_copies(reading.rows, preview)
    tell(0.4, "Buscando el territorio de cada fila")
    finder = _Places(preview, government)
    places = finder.find(kept)
    tell(0.6, "Comparando con lo que hay")
    plan = AssetPlan(preview, stamp=stamp_of(government, kind))
    wanted = [_values(read, *places[number], options=options) for number, read in enumerate(kept)]
    matches = _matches(kept, wanted, government=government, kind=kind)
    mark = {"mark": options.mark, "source_text": options.source_text}
    told = Lines(preview, {key: each.name for key, each in finder.divisions.items()})
    for number, values in enumerate(wanted):
        held = matches.get(number)
        if held is None:
            plan.new.append(Asset(government=government, kind=kind, **mark, **values))
            told.add(kept[number], CREATED)
            continue
        before = {key: getattr(held, key) for key in COMPARED if getattr(held, key) != values[key]}
        told.add(kept[number], CHANGED if before else UNCHANGED, before, values)
        if before:
            for key in before:
                setattr(held, key, values[key])
            plan.changed.append((held, before))
        else:
            preview.unchanged += 1
    preview.created, preview.changed = len(plan.new), len(plan.changed)
    _list_odd(kept, preview)
    told.finish()
    return plan


def stamp_of(government: Government, kind: AssetKind) -> tuple[int, int]:
    """What changes when somebody adds or removes assets of a kind."""
    if kind.pk is None:
        return (0, 0)
    held = Asset.objects.filter(government=government, kind=kind).order_by().aggregate(n=Count("pk"), last=Max("pk"))
    return (held["n"], held["last"] or 0)


def _without_copies(rows: list[ReadAsset], preview: AssetPreview) -> list[ReadAsset]:
    """Keep the first of identical rows; the others are named with all that they say."""
    names = [folded_name(row) for row in rows]
    contents = [_content(row) for row in rows]
    found = rules.repeated(
        len(rows), name=names.__getitem__, place=lambda row: rows[row].place, content=contents.__getitem__
    )
    preview.duplicates = [
        {"row": rows[copy].number, "of_row": rows[first].number, "name": rows[copy].name,
         "lon": rows[copy].lon, "lat": rows[copy].lat, "attributes": rows[copy].attributes}
        for copy, first in found.copies.items()
    ]
    preview.lookalikes = [
        {"rows": [rows[row].number for row in group], "name": rows[group[0]].name} for group in found.lookalikes
    ]
    return [row for place, row in enumerate(rows) if place not in found.copies]


def _content(row: ReadAsset) -> str:
    """All that a row says except where exactly it is."""
    coordinates = {"lon", "lat", "longitud", "latitud", "lon_dec", "lat_dec", "x", "y"}
    rest = sorted((key, str(cell)) for key, cell in row.attributes.items() if fold(key) not in coordinates)
    return repr((row.people, row.value_pab, row.building_class, row.occupancy, row.is_critical, row.external_id, rest))


class _Places:
    """Finds the division of every row, and says what is odd about where it is."""

    def __init__(self, preview: AssetPreview, government: Government) -> None:
        self.preview, self.government = preview, government
        self.locator = territory.locator()
        level = self.locator.outlines[0].division.level if self.locator.outlines else ""
        self.names = territory.name_index(level=level or territory.finest_level())
        self.divisions = {each.pk: each for each in territory.all_divisions().filter(valid_until__isnull=True)}
        self.parents = {key: fold(each.parent.name) for key, each in self.divisions.items() if each.parent}
        self.cache: dict[tuple[str, str], Division | None] = {}
        if not self.locator.outlines:
            preview.notes.append(say("No hay límites en esta instalación: se tomó el territorio que dice el archivo."))
        elif self.locator.is_schematic:
            preview.notes.append(say("Los límites son un esquema: manda el territorio que dice el archivo."))

    def find(self, reads: list[ReadAsset]) -> list[tuple[Division | None, bool]]:
        """For each row its division and whether it is outside every limit."""
        nowhere = (float("nan"), float("nan"))
        points = shapely.points([read.place or nowhere for read in reads], handle_nan="skip") if reads else []
        located = self.locator.locate(points)
        swapped = self._swapped(reads, located)
        found = [self._decide(read, at, number in swapped) for number, (read, at) in enumerate(zip(reads, located, strict=True))]
        self.preview.outside_count = sum(outside for _, outside in found)
        return found

    def _swapped(self, reads: list[ReadAsset], located: list[territory.Located]) -> set[int]:
        """Rows that would be inside the city if latitude and longitude changed places."""
        box = self.locator.box()
        if box is None:
            self._say_where(reads)
            return set()
        lost = [n for n, (read, at) in enumerate(zip(reads, located, strict=True)) if at.division is None and read.place]
        swapped = {
            n for n in lost
            if box.west <= (reads[n].lat or 0) <= box.east and box.south <= (reads[n].lon or 0) <= box.north
        }
        if rules.mostly(len(swapped), len(reads)):
            raise InvalidInput(SWAPPED)
        return swapped

    def _say_where(self, reads: list[ReadAsset]) -> None:
        """Where there is no limit to compare with, the assets that there are say where the city is, else a person."""
        there = box_around([shapely.Point(read.place) for read in reads if read.place])
        if there is None:
            return
        here = box_of_assets(self.government)
        said = place_of_file(there, here)
        if here is None:
            self.preview.notes.append(said)

    def _decide(self, read: ReadAsset, at: territory.Located, is_swapped: bool) -> tuple[Division | None, bool]:  # noqa: FBT001  # private
        if read.place_fault:
            self._outside(read, read.place_fault)
            return None, True
        said = self._said(read)
        if not self.locator.outlines:
            return said, False
        if self.locator.is_schematic and said is not None:
            return said, False
        if at.division is None:
            self._outside(
                read,
                say("la latitud y la longitud parecen cambiadas") if is_swapped else say("está fuera de todo límite"),
            )
            return None, True
        if said is not None and said.pk in {each.pk for each in (at.division, *at.others)}:
            return said, False
        if said is not None or read.division_said:
            self._disagreement(read, at.division)
        return at.division, False

    def _said(self, read: ReadAsset) -> Division | None:
        """The division that the row names, when it can only be one."""
        if not read.division_said:
            return None
        key = (read.division_said, read.parent_said)
        if key not in self.cache:
            found = self.names.find(read.division_said)
            if len(found) > 1 and read.parent_said:
                found = {each for each in found if self.parents.get(each) == fold(read.parent_said)}
            self.cache[key] = self.divisions[next(iter(found))] if len(found) == 1 else None
        return self.cache[key]

    def _outside(self, read: ReadAsset, sentence: Said) -> None:
        if len(self.preview.outside) < LISTED:
            self.preview.outside.append(
                {"row": read.number, "name": read.name, "lon": read.lon, "lat": read.lat, "sentence": sentence})

    def _disagreement(self, read: ReadAsset, found: Division) -> None:
        self.preview.disagreement_count += 1
        if len(self.preview.disagreements) < LISTED:
            self.preview.disagreements.append(
                {"row": read.number, "name": read.name, "said": read.division_said, "found": found.name})


def _values(read: ReadAsset, division: Division | None, is_outside: bool, *, options: AssetOptions) -> dict[str, Any]:  # noqa: FBT001  # private
    return {
        "name": read.name, "lon": read.lon, "lat": read.lat, "division_id": division.pk if division else None,
        "people": read.people, "value_pab": read.value_pab, "building_class": read.building_class,
        "occupancy": read.occupancy, "is_critical": read.is_critical or options.is_critical,
        "external_id": read.external_id, "attributes": read.attributes, "is_outside": is_outside,
        "position_is_approximate": read.position_is_approximate or options.position_is_approximate,
    }


def _matches(
    reads: list[ReadAsset], wanted: list[dict[str, Any]], *, government: Government, kind: AssetKind
) -> dict[int, Asset]:
    """Row → the asset that it is about: by identifier, else by name and place, equals before look-alikes."""
    if kind.pk is None:  # a kind that would be created
        return {}
    held = {asset.pk: asset for asset in Asset.objects.filter(government=government, kind=kind)}
    by_id = {asset.external_id: asset for asset in held.values() if asset.external_id}
    near: rules.Neighbourhood[int] = rules.Neighbourhood()
    for asset in held.values():
        near.add(asset.pk, fold(asset.name), _place_of(asset))
    found: dict[int, Asset] = {}
    taken: set[int] = set()
    for want_equal in (True, False):
        for number, read in enumerate(reads):
            if number in found:
                continue
            candidates = [held[key] for key in near.near(folded_name(read), read.place)]
            same_id = by_id.get(read.external_id) if read.external_id else None
            if same_id is not None and _may_be(same_id, read):
                candidates.insert(0, same_id)
            for asset in candidates:
                if asset.pk not in taken and (not want_equal or _is_equal(asset, wanted[number])):
                    found[number] = asset
                    taken.add(asset.pk)
                    break
    return found


def _place_of(asset: Asset) -> tuple[float, float] | None:
    return None if asset.lon is None or asset.lat is None else (asset.lon, asset.lat)


def _may_be(asset: Asset, read: ReadAsset) -> bool:
    """Whether an asset with the identifier of a row can be it: another file may number other things so."""
    if fold(asset.name) == folded_name(read):
        return True
    place = _place_of(asset)
    return place is not None and read.place is not None and rules.metres_apart(place, read.place) <= SAME_ID_WITHIN_M


def _is_equal(asset: Asset, values: Mapping[str, Any]) -> bool:
    return all(getattr(asset, key) == values[key] for key in COMPARED)


def _list_odd(reads: list[ReadAsset], preview: AssetPreview) -> None:
    for read in reads:
        preview.odd_count += len(read.odd)
        if read.odd and len(preview.odd) < LISTED:
            preview.odd += [
                {"row": read.number, "name": read.name, "column": column, "sentence": sentence}
                for column, sentence in read.odd
            ]
