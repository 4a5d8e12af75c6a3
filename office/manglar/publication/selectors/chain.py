"""The chain of a record: why it is being done, and what became of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from manglar.foundation.translated import Reading, read_in
from manglar.governments.models import Government
from manglar.governments.selectors import shared_record_ids
from manglar.publication.choices import Kind, Relation
from manglar.publication.models import Release
from manglar.publication.rules import Link
from manglar.publication.selectors.registry import READERS, Facts, Reader, in_rank, reader_of

PUBLIC: Literal["public"] = "public"


@dataclass(frozen=True, slots=True)
class Point:
    """One record of a chain, as a reader in one language sees it."""

    kind: str
    id: str
    title: Reading
    text: Reading
    date: str
    institution: Reading
    status: str
    status_label: str
    mark: str
    source: str
    government: str
    links: tuple[Link, ...] = ()
    relation: str = ""
    position: str = "start"
    order: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The record asked for, what is above it and what is below, each in order from the first to the last."""

    start: Point
    upstream: tuple[Point, ...]
    downstream: tuple[Point, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """The whole timeline."""
        return (*self.upstream, self.start, *self.downstream)


def chain_of(
    public_id: str, *, audience: Literal["public"] | Government = PUBLIC, on: dt.date, language: str = "es"
) -> Chain | None:
    """The chain through a record: from releases for the public, from live records for a government.

    A government also sees what others share with it on that day. None when the record is not there for this audience.
    """
    if reader_of(public_id) is None:
        return None
    if isinstance(audience, Government):
        return _live_chain(public_id, audience, on, language)
    return _public_chain(public_id, language)


def _live_chain(public_id: str, government: Government, on: dt.date, language: str) -> Chain | None:
    walk = _Walk(government, shared_record_ids(to=government, on=on))
    start = reader_of(public_id)
    if start is None or not walk.load(start, {public_id}):
        return None
    above = walk.up(public_id)
    below = walk.down(start, public_id)
    walk.say_where_agreements_come_from()
    facts = {key: READERS[kind].facts(record) for key, (kind, record) in walk.found.items()}
    return _chain(public_id, {key: _point(each, language) for key, each in facts.items()}, walk.links, (above, below))


class _Walk:
    """Follows live records up and down, one kind at a time: as many queries as kinds, whatever the records."""

    def __init__(self, government: Government, shared: set[str]) -> None:
        self.government, self.shared = government, shared
        self.found: dict[str, tuple[str, Any]] = {}
        self.links: dict[str, list[Link]] = {}

    def load(self, reader: Reader, ids: set[str]) -> list[str]:
        """Load the records of a kind; those that this government may not see stay out."""
        return self._keep(reader, reader.rows(reader.mine(ids), full=not self.found))

    def _keep(self, reader: Reader, records: Iterable[Any]) -> list[str]:
        new = []
        for record in records:
            key = reader.id_of(record)
            seen = record.government_id == self.government.pk or key in self.shared
            if key not in self.found and seen:
                self.found[key] = (reader.kind, record)
                self.links[key] = reader.links(record)
                new.append(key)
        return new

    def up(self, public_id: str) -> set[str]:
        """Everything that the start follows from."""
        wanted: dict[str, set[str]] = {}
        self._want(wanted, [public_id])
        above: set[str] = set()
        for reader in reversed(in_rank()):
            ids = wanted.get(reader.kind, set()) - self.found.keys()
            while ids:
                new = self.load(reader, reader.with_above(ids) - self.found.keys())
                above.update(new)
                if not reader.is_hub:
                    self._want(wanted, new)
                ids = (wanted[reader.kind] - self.found.keys() - ids) if new else set()
        return above

    def _want(self, wanted: dict[str, set[str]], keys: Iterable[str]) -> None:
        for key in keys:
            for link in self.links[key]:
                wanted.setdefault(link.kind, set()).add(link.id)

    def down(self, start: Reader, public_id: str) -> set[str]:
        """Everything that follows from the start."""
        known: dict[str, set[str]] = {start.kind: {public_id}}
        below: set[str] = set()
        for reader in in_rank():
            if reader.rank < start.rank:
                continue
            where = reader.following(known)
            while where is not None:
                new = [key for key in self._keep(reader, reader.rows(where)) if key != public_id]
                below.update(new)
                if reader.is_hub or not new:
                    break
                known.setdefault(reader.kind, set()).update(new)
                where = reader.following({reader.kind: set(new)}) if reader.kind in _CHAINED else None
        return below


    def say_where_agreements_come_from(self) -> None:
        """An agreement follows from the decision of a promise that is in it: read from the promises at hand."""
        for held in list(self.links.values()):
            agreements = [link.id for link in held if link.relation == Relation.AGREED_IN]
            decisions = [Link(link.kind, link.id, link.relation) for link in held
                         if link.relation == Relation.FOLLOWS_FROM and link.id in self.found]
            for agreement in agreements:
                if agreement in self.links:
                    self.links[agreement] = list(dict.fromkeys([*self.links[agreement], *decisions]))


#: Kinds of which one record may follow another of the same kind, and so on.
_CHAINED = {Kind.DECISION.value}


def _public_chain(public_id: str, language: str) -> Chain | None:
    current = Release.objects.filter(is_current=True).select_related("government").prefetch_related("links_up")
    start = current.filter(subject_id=public_id).first()
    if start is None:
        return None
    found = {public_id: start}
    above = _climb(current, start, found)
    below = _descend(current, start, found)
    points = {key: _point(facts_of_release(release), language) for key, release in found.items()}
    links = {key: [Link(row.to_kind, row.to_id, row.relation) for row in release.links_up.all()]
             for key, release in found.items()}
    return _chain(public_id, points, links, (above, below))


def _climb(current: Any, start: Release, found: dict[str, Release]) -> set[str]:
    frontier = _above(start)
    above: set[str] = set()
    while frontier:
        rows = list(current.filter(subject_id__in=frontier - found.keys()).order_by("pk"))
        found.update({row.subject_id: row for row in rows})
        above |= {row.subject_id for row in rows}
        frontier = {key for row in rows if not READERS[row.kind].is_hub for key in _above(row)} - found.keys()
    return above


def _above(release: Release) -> set[str]:
    path = release.payload.get("fields", {}).get("path", [])
    return {row.to_id for row in release.links_up.all()} | {step["id"] for step in path}


def _descend(current: Any, start: Release, found: dict[str, Release]) -> set[str]:
    frontier = {start.subject_id} if start.kind != Kind.EDITION else set()
    below: set[str] = set()
    while frontier:
        rows = current.filter(links_up__to_id__in=frontier).exclude(subject_id__in=found.keys()).distinct().order_by("pk")
        fresh = {row.subject_id: row for row in rows}
        found.update(fresh)
        below |= fresh.keys()
        frontier = {key for key, row in fresh.items() if not READERS[row.kind].is_hub}
    return below


def facts_of_release(release: Release) -> Facts:
    """What a frozen copy says of its record."""
    said = release.payload
    return Facts(
        release.kind, release.subject_id, release.government, said.get("title", {}), said.get("text", {}),
        said.get("date", ""), tuple((each["id"], each["name"]) for each in said.get("institutions", [])),
        said.get("status", ""), said.get("mark", ""), said.get("source", ""),
        tuple((each["code"], each["name"]) for each in said.get("divisions", [])), said.get("order", ""),
    )


def status_label(kind: str, status: str) -> str:
    """The name of a status in the reader's language."""
    reader = READERS.get(kind)
    labels = {value: str(label) for value, label in reader.states.choices} if reader else {}
    return labels.get(status, status)


def _point(facts: Facts, language: str) -> Point:
    names = [read_in(name, language) for _, name in facts.institutions]
    institution = Reading(", ".join(name.text for name in names), names[0].language if names else language)
    return Point(
        facts.kind, facts.id, read_in(facts.title, language), read_in(facts.text, language), facts.date, institution,
        facts.status, status_label(facts.kind, facts.status), facts.mark, facts.source, facts.government.code,
        order=facts.order,
    )


def _chain(
    public_id: str, points: dict[str, Point], links: dict[str, list[Link]], sides: tuple[set[str], set[str]]
) -> Chain:
    def place(key: str, position: str) -> Point:
        shown = tuple(link for link in links.get(key, []) if link.id in points)
        return replace(points[key], links=shown, relation=shown[0].relation if shown else "", position=position)

    def side(keys: set[str], position: str) -> tuple[Point, ...]:
        made = [place(key, position) for key in keys]
        return tuple(sorted(made, key=lambda p: (READERS[p.kind].rank, p.order, p.date or "9999", p.id)))

    return Chain(place(public_id, "start"), side(sides[0], "upstream"), side(sides[1] - sides[0], "downstream"))
