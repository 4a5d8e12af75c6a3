"""The chain of a record: why it is being done, and what became of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.db.models import Q, QuerySet

from manglar.foundation.translated import Reading, read_in
from manglar.governments.models import Government
from manglar.governments.selectors import shared_record_ids
from manglar.publication.choices import Kind, Relation
from manglar.publication.models import Release, ReleaseLink
from manglar.publication.rules import Link
from manglar.publication.selectors.registry import READERS, Facts, Reader, in_rank, reader_of

PUBLIC: Literal["public"] = "public"
#: How many milestones, and how many reports, of those that follow from a record a page is given: ten years leave thousands.
LATEST = 60


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
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The record asked for, what is above it and what is below, each in order from the first to the last.

    ``cut`` names the kinds of which only the newest are here; whoever shows the chain says so.
    """

    start: Point
    upstream: tuple[Point, ...]
    downstream: tuple[Point, ...]
    cut: frozenset[str] = frozenset()

    @property
    def points(self) -> tuple[Point, ...]:
        """The whole timeline."""
        return (*self.upstream, self.start, *self.downstream)


def chain_of(
    public_id: str, *, audience: Literal["public"] | Government = PUBLIC, on: dt.date, language: str = "es",
    latest: int | None = LATEST, record: Any = None,
) -> Chain | None:
    """The chain through a record: from releases for the public, from live records for a government.

    ``record`` is the live record itself where the page has it already: what it says is not read again.

    A government also sees what others share with it on that day. None when the record is not there for this audience.
    Of what piles up over the years a live chain holds the ``latest`` so many of each kind; None: all of it.
    """
    if reader_of(public_id) is None:
        return None
    if isinstance(audience, Government):
        return _live_chain(public_id, audience, on, language, latest=latest, record=record)
    return _public_chain(public_id, language)


def _live_chain(
    public_id: str, government: Government, on: dt.date, language: str, *, latest: int | None, record: Any
) -> Chain | None:
    walk = _Walk(government, shared_record_ids(to=government, on=on), latest)
    start = reader_of(public_id)
    at_hand = [record] if record is not None and start and start.is_complete_alone else None
    loaded = walk.load(start, {public_id}, at_hand) if start else []
    if start is None or public_id not in loaded:
        return None
    above = walk.up(start, loaded) - {public_id}
    below = walk.down(start, public_id)
    walk.say_where_agreements_come_from()
    facts = {key: READERS[kind].facts(record) for key, (kind, record) in walk.found.items()}
    chain = _chain(public_id, {key: _point(each, language) for key, each in facts.items()}, walk.links, (above, below))
    return replace(chain, cut=frozenset(walk.cut))


class _Walk:
    """Follows live records up and down, one kind at a time: as many queries as kinds, whatever the records."""

    def __init__(self, government: Government, shared: set[str], latest: int | None) -> None:
        self.government, self.shared, self.latest = government, shared, latest
        self.cut: set[str] = set()
        #: What was met and belongs to somebody who does not share it: it is not asked for again.
        self.hidden: set[str] = set()
        self.found: dict[str, tuple[str, Any]] = {}
        self.links: dict[str, list[Link]] = {}

    def load(self, reader: Reader, ids: set[str], at_hand: list[Any] | None = None) -> list[str]:
        """Load records of a kind and those of the same kind above them; what this government may not see stays out."""
        if at_hand is not None:
            return self._keep(reader, at_hand)
        return self._keep(reader, reader.rows(reader.mine_and_above(ids), full=reader.is_hub and not self.found))

    def _keep(self, reader: Reader, records: Iterable[Any]) -> list[str]:
        new = []
        for record in records:
            key = reader.id_of(record)
            seen = record.government_id == self.government.pk or key in self.shared
            if not seen:
                self.hidden.add(key)
            elif key not in self.found:
                self.found[key] = (reader.kind, record)
                self.links[key] = reader.links(record)
                new.append(key)
        return new

    def up(self, start: Reader, loaded: list[str]) -> set[str]:
        """Everything that the start follows from; ``loaded`` are the start and what was loaded with it."""
        wanted: dict[str, set[str]] = {}
        above = set(loaded)
        self._want(wanted, above, start, loaded)
        for reader in reversed(in_rank()):
            ids = wanted.get(reader.kind, set()) - self.found.keys() - self.hidden
            while ids:
                new = self.load(reader, ids)
                above.update(new)
                self._want(wanted, above, reader, [] if reader.is_hub else new)
                ids = (wanted[reader.kind] - self.found.keys() - self.hidden - ids) if new else set()
        return above

    def _want(self, wanted: dict[str, set[str]], above: set[str], reader: Reader, keys: Iterable[str]) -> None:
        """Note what some records follow from; keep at once what was loaded with them."""
        for key in keys:
            for link in self.links[key]:
                wanted.setdefault(link.kind, set()).add(link.id)
            for kind, record in reader.brings(self.found[key][1]):
                brought = self._keep(READERS[kind], [record])
                above.update(brought)
                self._want(wanted, above, READERS[kind], [] if READERS[kind].is_hub else brought)

    def down(self, start: Reader, public_id: str) -> set[str]:
        """Everything that follows from the start."""
        known: dict[str, set[str]] = {start.kind: {public_id}}
        below: set[str] = set()
        for reader in in_rank():
            if reader.rank < start.rank:
                continue
            had_own = reader.kind in known
            where = reader.following(known)
            while where is not None:
                new = self._keep(reader, self._following(reader, where & ~reader.mine(set(self.found))))
                below.update(new)
                if reader.is_hub or not new:
                    break
                known.setdefault(reader.kind, set()).update(new)
                where = reader.following({reader.kind: set(new)}) if reader.asks_again(had_own=had_own) else None
                had_own = True
        return below

    def _following(self, reader: Reader, where: Q) -> list[Any]:
        """What follows, cut where it piles up: one more than wanted is asked for, to know that it was cut."""
        if self.latest is None or not reader.piles_up:
            return reader.rows(where)
        found = reader.latest(where, self.latest + 1)
        if len(found) > self.latest:
            self.cut.add(reader.kind)
        return found[: self.latest]

    def say_where_agreements_come_from(self) -> None:
        """An agreement follows from the decision of a promise that is in it: read from the promises at hand."""
        for held in list(self.links.values()):
            agreements = [link.id for link in held if link.relation == Relation.AGREED_IN]
            decisions = [Link(link.kind, link.id, link.relation) for link in held
                         if link.relation == Relation.FOLLOWS_FROM and link.id in self.found]
            for agreement in agreements:
                if agreement in self.links:
                    self.links[agreement] = list(dict.fromkeys([*self.links[agreement], *decisions]))


def _public_chain(public_id: str, language: str) -> Chain | None:
    current = Release.objects.filter(is_current=True).select_related("government").order_by("pk")
    start = current.filter(subject_id=public_id).first()
    if start is None:
        return None
    found = {public_id: start}
    above = _climb(current, start, found)
    below = _descend(current, start, found) if start.kind != Kind.EDITION else set()
    points = {key: _point(facts_of_release(release), language) for key, release in found.items()}
    links: dict[str, list[Link]] = {}
    for row in ReleaseLink.objects.filter(release__in=found.values()).select_related("release").order_by("pk"):
        links.setdefault(row.release.subject_id, []).append(Link(row.to_kind, row.to_id, row.relation))
    return _chain(public_id, points, links, (above, below))


def _climb(current: QuerySet[Release], start: Release, found: dict[str, Release]) -> set[str]:
    """What is public above a release, one query per step; through hubs only when the chain begins there."""
    frontier, above = [start], set[str]()
    while frontier:
        linked = Q(subject_id__in=ReleaseLink.objects.filter(release__in=frontier).values("to_id"))
        path = {step["id"] for release in frontier for step in release.payload["fields"].get("path", [])}
        fresh = list(current.filter(linked | Q(subject_id__in=path)).exclude(subject_id__in=found.keys()))
        found.update({release.subject_id: release for release in fresh})
        above |= {release.subject_id for release in fresh}
        frontier = [release for release in fresh if not READERS[release.kind].is_hub ]
    return above


def _descend(current: QuerySet[Release], start: Release, found: dict[str, Release]) -> set[str]:
    """What is public below a release, one query per step."""
    frontier, below = [start], set[str]()
    while frontier:
        ids = [release.subject_id for release in frontier]
        linking = ReleaseLink.objects.filter(to_id__in=ids, release__is_current=True).values("release")
        fresh = list(current.filter(pk__in=linking).exclude(subject_id__in=found.keys()))
        found.update({release.subject_id: release for release in fresh})
        below |= {release.subject_id for release in fresh}
        frontier = [release for release in fresh if not READERS[release.kind].is_hub]
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
    if reader is None or status not in reader.states.values:
        return status
    return str(reader.states(status).label)


def _point(facts: Facts, language: str) -> Point:
    names = [read_in(name, language) for _, name in facts.institutions]
    institution = Reading(", ".join(name.text for name in names), names[0].language if names else language)
    return Point(
        facts.kind, facts.id, read_in(facts.title, language), read_in(facts.text, language), facts.date, institution,
        facts.status, status_label(facts.kind, facts.status), facts.mark, facts.source, facts.government.code,
        order=facts.order, noun=read_in(facts.noun, language).text if facts.noun else "",
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
