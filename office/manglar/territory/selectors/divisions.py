"""Reads of divisions: by code, by name, as a tree, on a day."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.territory.choices import Level
from manglar.territory.models import Division
from manglar.territory.rules.names import NameIndex

LEVELS = list(Level.values)


@dataclass(slots=True)
class TreeNode:
    """A division with the divisions that it holds."""

    division: Division
    children: list["TreeNode"] = field(default_factory=list)


def all_divisions() -> QuerySet[Division]:
    """Every division ever recorded, with what it is part of."""
    return Division.objects.select_related("parent", "split_from")


def divisions_on(on: dt.date, *, level: str = "") -> QuerySet[Division]:
    """The divisions that exist on a day."""
    alive = all_divisions().filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    )
    return alive.filter(level=level) if level else alive


def division_by_id(public_id: str) -> Division | None:
    """The division with this public identifier, or None."""
    return all_divisions().filter(public_id=public_id).first()


def division_by_code(code: str, *, on: dt.date | None = None) -> Division | None:
    """The living division with this code, or the one that had it on a day, or None."""
    if on is not None:
        return divisions_on(on).filter(code=code).first()
    return all_divisions().filter(code=code, valid_until__isnull=True).first()


def children_of(division: Division, *, on: dt.date) -> QuerySet[Division]:
    """The divisions that are part of one on a day."""
    return divisions_on(on).filter(parent=division)


def history_of(division: Division) -> QuerySet[Division]:
    """The divisions that split from one, in order."""
    return division.offshoots.order_by("valid_from", "code")


def name_index(*, level: str = "", on: dt.date | None = None) -> NameIndex[int]:
    """All names and aliases of the living divisions (or those of a day), to search many times."""
    chosen = divisions_on(on) if on is not None else all_divisions().filter(valid_until__isnull=True)
    if level:
        chosen = chosen.filter(level=level)
    return NameIndex(
        (division.pk, [division.name, *(alias.name for alias in division.aliases.all())])
        for division in chosen.prefetch_related("aliases")
    )


def find_divisions(
    name: str, *, level: str = "", parent: Division | None = None, on: dt.date | None = None
) -> list[Division]:
    """The divisions that a name may mean, however it is written."""
    found = all_divisions().filter(pk__in=name_index(level=level, on=on).find(name))
    if parent is not None:
        found = found.filter(parent=parent)
    return sorted(found, key=lambda each: (LEVELS.index(each.level), each.code))


def division_by_name(
    name: str, *, level: str = "", parent: Division | None = None, on: dt.date | None = None
) -> Division | None:
    """The one division that a name means, or None; an error naming the candidates when it may mean several."""
    found = find_divisions(name, level=level, parent=parent, on=on)
    if len(found) > 1:
        said = "; ".join(
            f"{each.name} ({each.get_level_display()}, {each.code}{', ' + each.parent.name if each.parent else ''})"
            for each in found
        )
        raise InvalidInput(say("«{name}» puede ser más de un territorio: {said}. Use el código.", name=name, said=said))
    return found[0] if found else None


def tree(*, on: dt.date) -> list[TreeNode]:
    """The divisions that exist on a day as a tree, in one query."""
    nodes = {division.pk: TreeNode(division) for division in divisions_on(on).order_by("code")}
    roots: list[TreeNode] = []
    for node in nodes.values():
        above = nodes.get(node.division.parent_id or 0)
        (above.children if above else roots).append(node)
    return roots


def finest_level() -> str:
    """The narrowest level of which there are living divisions; empty where there are none."""
    present = set(Division.objects.filter(valid_until__isnull=True).values_list("level", flat=True).order_by())
    return next((level for level in reversed(LEVELS) if level in present), "")


def divisions_in_box(
    *, west: float, south: float, east: float, north: float, level: str = ""
) -> QuerySet[Division]:
    """The living divisions whose box meets another."""
    found = all_divisions().filter(
        valid_until__isnull=True, boundaries__is_current=True, boundaries__west__lte=east,
        boundaries__east__gte=west, boundaries__south__lte=north, boundaries__north__gte=south,
    )
    return found.filter(level=level) if level else found
