"""Which kinds of record a chain knows, and what each must be able to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Model, Q
from django.db.models.enums import ChoicesType

from manglar.foundation.sentences import Said
from manglar.governments.models import Government
from manglar.publication.rules import Link

Text = dict[str, str]
Known = Mapping[str, set[str]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What every record says of itself, whatever its kind; texts in every language they have."""

    kind: str
    id: str
    government: Government
    title: Text
    text: Text = field(default_factory=dict)
    date: str = ""
    institutions: tuple[tuple[str, Text], ...] = ()
    status: str = ""
    mark: str = ""
    source: str = ""
    divisions: tuple[tuple[str, str], ...] = ()
    order: str = ""
    #: What one of these is called by its government, where a kind holds several sorts (pillar, initiative, action).
    noun: Text = field(default_factory=dict)


class Reader:
    """How one kind of record is loaded, described, linked and made public.

    ``piles_up`` says of a kind that years add thousands below one record: a page asks for the ``latest`` of them.
    ``rank`` is its place in the chain. A record marked ``is_hub`` (an agreement of many commitments, an
    edition of many initiatives) is shown in a chain, but the chain does not run on through it. One that
    ``is_complete_alone`` says all that a chain wants of it however it was loaded, and has none of its kind above it.
    """

    kind: ClassVar[str]
    prefix: ClassVar[str]
    rank: ClassVar[int]
    is_hub: ClassVar[bool] = False
    piles_up: ClassVar[bool] = False
    is_complete_alone: ClassVar[bool] = False
    states: ClassVar[ChoicesType]

    def rows(self, where: Q, *, full: bool = False) -> list[Any]:
        """Records, with what a chain needs of them, or with all that a public copy needs; the one in force first."""
        raise NotImplementedError

    def latest(self, where: Q, most: int) -> list[Any]:  # noqa: ARG002  # most kinds are few
        """The same, no more than ``most`` and the newest of them where the kind piles up."""
        return self.rows(where)

    def mine(self, ids: set[str]) -> Q:
        """The records with these public identifiers."""
        return Q(public_id__in=ids)

    def id_of(self, record: Any) -> str:
        """The public identifier of a record."""
        return str(record.public_id)

    def mine_and_above(self, ids: set[str]) -> Q:
        """The same records and, where records of one kind hang from each other, everything above them."""
        return self.mine(ids)

    def brings(self, record: Any) -> list[tuple[str, Any]]:  # noqa: ARG002  # most bring none
        """Records above this one that were loaded with it, complete enough for a chain: kind and record."""
        return []

    def asks_again(self, *, had_own: bool) -> bool:  # noqa: ARG002  # most do not
        """Whether what follows from what was just found may be of the same kind; ``had_own``: a chain began here."""
        return False

    def following(self, known: Known) -> Q | None:
        """The records that follow directly from any of the known ones; None when none can."""
        raise NotImplementedError

    def links(self, record: Any) -> list[Link]:
        """What a record follows from."""
        raise NotImplementedError

    def facts(self, record: Any) -> Facts:
        """What a record says of itself."""
        raise NotImplementedError

    def fields(self, record: Any) -> dict[str, Any]:
        """What its public copy says besides."""
        raise NotImplementedError

    def why_internal(self, record: Any) -> Said:
        """Why a record may not be public yet; empty when it may."""
        raise NotImplementedError


READERS: dict[str, Reader] = {}


def register(reader: Reader) -> Reader:
    """Make a kind of record known to chains and releases."""
    READERS[reader.kind] = reader
    return reader


def in_rank() -> list[Reader]:
    """The readers from the first to the last of the chain."""
    return sorted(READERS.values(), key=lambda reader: reader.rank)


def reader_of(public_id: str) -> Reader | None:
    """The reader for a public identifier, by its prefix; None for what no chain knows."""
    prefix = public_id.partition("-")[0]
    return next((reader for reader in READERS.values() if reader.prefix == prefix), None)


def reader_of_kind(kind: str) -> Reader | None:
    """The reader for a kind, or None."""
    return READERS.get(kind)


def amount(value: Decimal | None) -> str | None:
    """An amount as it is frozen: exact, as text."""
    return None if value is None else f"{value:.2f}"


def owner(record: Model) -> Government:
    """The government of a record."""
    government: Government = getattr(record, "government")  # noqa: B009  # Model does not declare it
    return government


def any_of(*terms: tuple[set[str] | None, str]) -> Q | None:
    """Join «field in ids» for the terms that have ids."""
    joined = Q()
    for ids, lookup in terms:
        if ids:
            joined |= Q(**{f"{lookup}__in": ids})
    return joined or None
