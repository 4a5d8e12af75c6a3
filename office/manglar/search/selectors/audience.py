"""Who is searching, as a condition on documents: it stands in every query, so that counts and suggestions keep it too."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from manglar.governments.models import Government
from manglar.governments.selectors import shared_record_ids
from manglar.search.choices import Face


@dataclass(frozen=True, slots=True)
class Desk:
    """A government in which a person has a role: the kinds that the person may read there, and what is shared with it."""

    government_id: int
    kinds: frozenset[str]
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Audience:
    """The documents that someone may find."""

    face: Face
    desks: tuple[Desk, ...] = ()
    #: On the portal: the identifiers of what is public at this moment, whatever the index still holds.
    within: "QuerySet[Any] | None" = None

    def may_see(self) -> Q:
        """The condition on the document of a posting."""
        if self.face == Face.PORTAL:
            return Q(document__face=Face.PORTAL, document__record_id__in=self.within)
        seen = Q(pk__in=())
        for desk in self.desks:
            seen |= self._of(desk)
        return Q(document__face=Face.DESK) & seen

    def _of(self, desk: Desk) -> Q:
        mine = [each.government_id for each in self.desks]
        own = Q(document__desk_id=desk.government_id, document__government_id=desk.government_id)
        seen = own | Q(document__is_common=True)
        if desk.shared:
            # What is shared between two governments of the same person is found once, at its owner's.
            shared = Q(document__desk_id=desk.government_id, document__record_id__in=desk.shared)
            seen |= shared & ~Q(document__government_id__in=mine)
        return Q(document__kind__in=desk.kinds) & seen


def desk_audience(held: Iterable[tuple[Government, Iterable[str]]], *, on: dt.date) -> Audience:
    """Whoever may read these kinds in these governments, with what others share with them on a day."""
    desks = [
        Desk(government.pk, frozenset(kinds), frozenset(shared_record_ids(to=government, on=on)))
        for government, kinds in held
    ]
    return Audience(Face.DESK, tuple(desks))


def portal_audience(public: "QuerySet[Any]") -> Audience:
    """Anyone; ``public`` gives the identifiers of what is public now."""
    return Audience(Face.PORTAL, within=public)
