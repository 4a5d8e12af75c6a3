"""Recording, splitting and ending divisions, and their limits."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.db import transaction

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.territory import selectors
from manglar.territory.choices import Level
from manglar.territory.models import Boundary, Division, DivisionAlias
from manglar.territory.permissions import may_change_territory
from manglar.territory.rules.codes import MAX_CODE, why_dates_disagree
from manglar.territory.rules.geometry import CannotMendError, Geometry, in_degrees, mended
from manglar.territory.rules.names import name_key
from manglar.territory.services.tiles import refresh_division_tiles


@dataclass(frozen=True, slots=True)
class Population:
    """How many people, counted when, and how far that may be trusted."""

    people: int
    year: int
    mark: str = Mark.SOURCE
    source_text: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline to be recorded: a GeoJSON geometry or a shapely one, in degrees."""

    geometry: Any
    is_schematic: bool = False
    mark: str = Mark.SOURCE
    source_text: str = ""


def record_division(
    *, by: Actor, government: Government, code: str, name: str, level: str, parent: Division | None = None,
    valid_from: dt.date | None = None, split_from: Division | None = None, area_km2: float | None = None,
    population: Population | None = None, outline: Outline | None = None, aliases: Sequence[str] = (),
) -> Division:
    """Record a division that does not exist yet, with its outline when there is one."""
    require(may_change_territory, by, government)
    code, name = code.strip(), " ".join(name.split())
    _check_new(code=code, name=name, level=level, parent=parent)
    division = Division(
        government=government, code=code, name=name, level=level, parent=parent, valid_from=valid_from,
        split_from=split_from, area_km2=area_km2, **_population_fields(population),
    )
    with act("division.recorded", by=by, government_id=government.pk, subject=division.public_id):
        division.save()
        for alias in aliases:
            _keep_alias(division, alias)
        if outline is not None:
            _keep_boundary(division, outline, valid_from=valid_from)
    return division


def _check_new(*, code: str, name: str, level: str, parent: Division | None) -> None:
    if not code or len(code) > MAX_CODE:
        raise InvalidInput(
            say("El código «{code}» debe tener entre 1 y {max_code} caracteres.", code=code, max_code=MAX_CODE)
        )
    if not name:
        raise InvalidInput(say("Al territorio {code} le falta el nombre.", code=code))
    if level not in Level.values:
        raise InvalidInput(
            say("No existe el nivel «{level}». Hay: {values}.", level=level, values=", ".join(Level.values))
        )
    check_parent(level=level, parent=parent)
    held = selectors.division_by_code(code)
    if held is not None:
        raise Conflict(
            say(
                "El código {code} ya es de «{name}» ({level}).",
                code=code,
                name=held.name,
                level=held.get_level_display(),
            )
        )


def check_parent(*, level: str, parent: Division | None) -> None:
    """Refuse a parent that is not wider than its part."""
    order = list(Level.values)
    if parent is not None and order.index(parent.level) >= order.index(level):
        raise InvalidInput(
            say(
                "«{name}» es {level}: no puede contener un territorio de nivel {label}.",
                name=parent.name,
                level=parent.get_level_display(),
                label=Level(level).label,
            )
        )


def _population_fields(population: Population | None) -> dict[str, Any]:
    if population is None:
        return {}
    return {"population": population.people, "population_year": population.year,
            "population_mark": population.mark, "population_source": population.source_text}


def revise_division(
    *, by: Actor, division: Division, name: str | None = None, parent: Division | None = None,
    area_km2: float | None = None, population: Population | None = None, reason: str = "",
) -> Division:
    """Change what is said of a division; the name that it had stays as another name of it."""
    require(may_change_territory, by, division.government)
    check_parent(level=division.level, parent=parent)
    with act("division.revised", by=by, government_id=division.government_id, subject=division.public_id, reason=reason):
        if name and name.strip() != division.name:
            _keep_alias(division, division.name)
            division.name = " ".join(name.split())
        if parent is not None:
            division.parent = parent
        if area_km2 is not None:
            division.area_km2 = area_km2
        for field, value in _population_fields(population).items():
            setattr(division, field, value)
        division.save()
        transaction.on_commit(refresh_division_tiles, robust=True)
    return division


def add_alias(*, by: Actor, division: Division, name: str) -> DivisionAlias:
    """Record another name of a division, as Bethania of Betania; adding it twice changes nothing."""
    require(may_change_territory, by, division.government)
    held = DivisionAlias.objects.filter(division=division, folded=name_key(name)).first()
    if held is not None:
        return held
    with act("division.alias_added", by=by, government_id=division.government_id, subject=division.public_id):
        return _keep_alias(division, name)


def _keep_alias(division: Division, name: str) -> DivisionAlias:
    if not name_key(name):
        raise InvalidInput(say("Escriba el otro nombre del territorio."))
    alias, _ = DivisionAlias.objects.get_or_create(
        division=division, folded=name_key(name),
        defaults={"government": division.government, "name": " ".join(name.split())},
    )
    return alias


def record_boundary(
    *, by: Actor, division: Division, outline: Outline, valid_from: dt.date | None = None, reason: str = ""
) -> Boundary:
    """Record the limit of a division; the one that it had stays as a past one."""
    require(may_change_territory, by, division.government)
    with act("boundary.recorded", by=by, government_id=division.government_id, subject=division.public_id, reason=reason):
        return _keep_boundary(division, outline, valid_from=valid_from)


def _keep_boundary(division: Division, outline: Outline, *, valid_from: dt.date | None) -> Boundary:
    shape, repaired = _shape_of(outline.geometry)
    boundary = store_boundary(division, shape, outline, valid_from=valid_from, repaired=repaired)
    transaction.on_commit(refresh_division_tiles, robust=True)
    return boundary


def store_boundary(
    division: Division, shape: Geometry, outline: Outline, *, valid_from: dt.date | None, repaired: bool
) -> Boundary:
    """Write a limit that was mended already, inside the caller's act."""
    Boundary.objects.filter(division=division, is_current=True).update(is_current=False)
    west, south, east, north = shape.bounds
    return Boundary.objects.create(
        government=division.government, division=division, geometry=shapely.to_wkb(shape), west=west, south=south,
        east=east, north=north, is_schematic=outline.is_schematic, mark=outline.mark,
        source_text=outline.source_text, valid_from=valid_from, repaired=repaired,
    )


def _shape_of(geometry: Any) -> tuple[Geometry, bool]:
    if isinstance(geometry, Mapping):
        geometry = shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
    try:
        shape, repaired = mended(geometry)
    except CannotMendError as error:
        raise InvalidInput(say("No sirve como límite: {error}", error=error)) from error
    if not in_degrees(shape):
        raise InvalidInput(say("Las coordenadas del límite no son grados (longitud y latitud)."))
    return shape, repaired


def split_division(
    *, by: Actor, division: Division, code: str, name: str, on: dt.date, outline: Outline | None = None,
    aliases: Sequence[str] = (), instrument: str = "",
) -> Division:
    """A new division splits from another on a day; with an outline, that ground is taken from the old one."""
    require(may_change_territory, by, division.government)
    if not selectors.divisions_on(on).filter(pk=division.pk).exists():
        raise Conflict(
            say("«{name}» no existía el {on}: nada puede separarse de ella ese día.", name=division.name, on=on)
        )
    with act("division.split", by=by, government_id=division.government_id, subject=division.public_id, reason=instrument):
        part = record_division(
            by=by, government=division.government, code=code, name=name, level=division.level,
            parent=division.parent, valid_from=on, split_from=division, outline=outline, aliases=aliases,
        )
        held = selectors.outline_of(division)
        if outline is not None and held is not None:
            _take_from(held, part, on=on)
    return part


def _take_from(held: selectors.Outlined, part: Division, *, on: dt.date) -> None:
    taken = selectors.outline_of(part)
    rest = shapely.difference(held.geometry, taken.geometry) if taken else held.geometry
    try:
        shape, _ = mended(rest)
    except CannotMendError as error:
        raise InvalidInput(
            say("«{name}» ocuparía todo «{whole}»: no quedaría límite.", name=part.name, whole=held.division.name)
        ) from error
    boundary = held.boundary
    kept = Outline(shape, is_schematic=boundary.is_schematic, mark=boundary.mark, source_text=boundary.source_text)
    store_boundary(held.division, shape, kept, valid_from=on, repaired=False)


def record_origin(*, by: Actor, division: Division, split_from: Division, on: dt.date, instrument: str = "") -> Division:
    """Say of a division that is already recorded from which one it split, and when."""
    require(may_change_territory, by, division.government)
    if split_from.pk == division.pk or split_from.level != division.level:
        raise InvalidInput(
            say("«{name}» no puede haberse separado de «{origin}».", name=division.name, origin=split_from.name)
        )
    _check_dates(valid_from=on, valid_until=division.valid_until)
    with act("division.split", by=by, government_id=division.government_id, subject=division.public_id, reason=instrument):
        division.split_from, division.valid_from = split_from, on
        division.save(update_fields=["split_from", "valid_from"])
    return division


def end_division(*, by: Actor, division: Division, on: dt.date, instrument: str = "") -> Division:
    """A division exists until a day (its last); its code may then be another's."""
    require(may_change_territory, by, division.government)
    if division.valid_until is not None:
        raise Conflict(
            say("«{name}» ya dejó de existir el {valid_until}.", name=division.name, valid_until=division.valid_until)
        )
    _check_dates(valid_from=division.valid_from, valid_until=on)
    parts = division.children.filter(valid_until__isnull=True)
    if parts.exists():
        names = ", ".join(parts.values_list("name", flat=True)[:5])
        raise Conflict(
            say(
                "«{name}» todavía contiene a {names}: termínelos o páselos a otro territorio antes.",
                name=division.name,
                names=names,
            )
        )
    with act("division.ended", by=by, government_id=division.government_id, subject=division.public_id, reason=instrument):
        division.valid_until = on
        division.save(update_fields=["valid_until"])
        transaction.on_commit(refresh_division_tiles, robust=True)
    return division


def _check_dates(*, valid_from: dt.date | None, valid_until: dt.date | None) -> None:
    sentence = why_dates_disagree(valid_from=valid_from, valid_until=valid_until)
    if sentence:
        raise InvalidInput(sentence)
