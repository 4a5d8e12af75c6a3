"""Reads of the log."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from manglar.audit.choices import Door, Operation
from manglar.audit.models import Context, Entry, PublishedHead, RawChange

ERASED_SHOWN = "(borrado por petición)"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry as a person reads it."""

    chain: int
    seq: int
    at: str
    event: str
    door: str
    who: str
    why: str
    subject: str
    table: str
    what: dict[str, list[Any]]
    digest: str
    is_alarm: bool


def latest_entries(*, chain: int | None = None, limit: int = 50) -> QuerySet[Entry]:
    """The newest entries, digests only."""
    entries = Entry.objects.order_by("-pk")
    return (entries if chain is None else entries.filter(chain=chain))[:limit]


def latest_acts(*, chains: list[int], limit: int = 50) -> list[LogLine]:
    """The newest acts and unexplained changes of some chains, as lines to read."""
    entries = (
        Entry.objects.filter(chain__in=chains, operation=Operation.EVENT)
        | Entry.objects.filter(chain__in=chains, door=Door.OUTSIDE)
    ).select_related("payload")
    return [_line(entry) for entry in entries.order_by("-pk")[:limit]]


def history_of(subject: str, *, limit: int = 100) -> list[LogLine]:
    """Every change of one record, newest first: who, when, what, why; and the acts on it that changed other rows."""
    told = Entry.objects.filter(chain=OuterRef("chain"), event_seq=OuterRef("seq"), subject=subject)
    entries = list(
        Entry.objects.filter(subject=subject)
        .exclude(Q(operation=Operation.EVENT) & Exists(told))
        .select_related("payload")
        .order_by("-pk")[:limit]
    )
    acts = _acts_of(entries)
    return [_line(entry, acts.get((entry.chain, entry.event_seq or 0))) for entry in entries]


def _acts_of(entries: Collection[Entry]) -> dict[tuple[int, int], Entry]:
    """The acts that explain some entries, by chain and number."""
    wanted = {(e.chain, e.event_seq) for e in entries if e.event_seq}
    found = Entry.objects.filter(
        chain__in={c for c, _ in wanted}, seq__in={s for _, s in wanted}, operation=Operation.EVENT
    ).select_related("payload")
    return {(e.chain, e.seq): e for e in found}


#: How far after its act a change is looked for in its chain: others may have been sealed in between.
NEAR = 200


def acts_with_changes(subjects: Collection[str], events: Collection[str], *, limit: int) -> list[tuple[LogLine, list[LogLine]]]:
    """The newest acts of some sorts on some records, each with the changes that it explains, whatever row they are of."""
    acts = list(
        Entry.objects.filter(subject__in=subjects, operation=Operation.EVENT, event__in=events)
        .select_related("payload")
        .order_by("-pk")[:limit]
    )
    near = Q(pk__in=[])
    for each in acts:
        near |= Q(chain=each.chain, seq__gt=each.seq, seq__lte=each.seq + NEAR, event_seq=each.seq)
    changes: dict[tuple[int, int], list[LogLine]] = {}
    for entry in Entry.objects.filter(near).select_related("payload").order_by("pk"):
        changes.setdefault((entry.chain, entry.event_seq or 0), []).append(_line(entry))
    return [(_line(each), changes.get((each.chain, each.seq), [])) for each in acts]


@dataclass(frozen=True, slots=True)
class ActSeen:
    """An act, or a change that no act explains, on one record."""

    entry: int
    chain: int
    source: str
    event: str
    subject: str
    actor_ref: str


def last_entry() -> int:
    """The newest entry of the log, in the order in which they were sealed; 0 when there is none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def acts_on(subjects: Any, *, after: int, up_to: int, limit: int) -> list[ActSeen]:
    """What the log says of some records between two entries, oldest first; a change tells the act that explains it."""
    entries = list(
        Entry.objects.filter(pk__gt=after, pk__lte=up_to, subject__in=subjects)
        .select_related("payload")
        .order_by("pk")[:limit]
    )
    acts = _acts_of(entries)
    return [_seen(entry, acts.get((entry.chain, entry.event_seq or 0), entry)) for entry in entries]


def _seen(entry: Entry, act: Entry) -> ActSeen:
    who = act.payload.values.get("actor_ref", {})
    return ActSeen(
        entry=entry.pk,
        chain=entry.chain,
        source=act.source_ref,
        event=act.event,
        subject=entry.subject,
        actor_ref=str(who.get("value", "")),
    )


def who_acted(sources: Collection[str]) -> dict[str, str]:
    """The names of those who did some acts, by the reference of the act."""
    found = Entry.objects.filter(source_ref__in=sources).select_related("payload")
    return {entry.source_ref: _told(entry.payload.values, "actor") for entry in found}


def _line(entry: Entry, act: Entry | None = None) -> LogLine:
    told = (act or entry).payload.values
    what = {
        name: (held["value"] if "erased" not in held else [ERASED_SHOWN, ERASED_SHOWN])
        for name, held in entry.payload.values.items()
        if name not in {"actor", "actor_ref", "reason"}
    }
    return LogLine(
        chain=entry.chain,
        seq=entry.seq,
        at=entry.at,
        event=entry.event,
        door=entry.get_door_display(),
        who=_told(told, "actor"),
        why=_told(told, "reason"),
        subject=entry.subject,
        table=entry.table_name,
        what=what,
        digest=entry.digest,
        is_alarm=entry.door == Door.OUTSIDE,
    )


def _told(values: dict[str, Any], name: str) -> str:
    held = values.get(name, {})
    return ERASED_SHOWN if "erased" in held else str(held.get("value", ""))


def heads() -> QuerySet[PublishedHead]:
    """The published heads, newest first."""
    return PublishedHead.objects.all()


def head_of(chain: int) -> PublishedHead | None:
    """The newest published head of a chain; while it has none, that of the installation's."""
    return PublishedHead.objects.filter(chain__in={chain, 0}).order_by("-chain", "-on").first()


def window() -> int:
    """How many changes and acts are not yet sealed."""
    return RawChange.objects.count() + Context.objects.count()


def sealed() -> int:
    """How many entries all chains have together."""
    return Entry.objects.count()
