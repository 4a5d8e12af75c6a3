"""Acts, sealing, erasure and verification of the log."""

import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from manglar.audit import rules
from manglar.audit.choices import UNKNOWN_ACTOR, Door, Operation
from manglar.audit.models import Context, CurrentContext, Entry, Erasure, Payload, PublishedHead, RawChange
from manglar.audit.triggers import context_sql
from manglar.foundation.bulk import insert_rows, next_keys

SEAL_AT_ONCE = 5_000
BATCH = 2_500
_SALT = 16  # bytes
_BY_CALLER: ContextVar[bool] = ContextVar("sealed_by_caller", default=False)
_NOTED: ContextVar[list[str] | None] = ContextVar("acts_noted", default=None)
_COLUMNS = (*rules.HEADER, "digest")
_RAW = ("id", "table_name", "operation", "row_key", "chain", "before", "after", "context_ref", "at")
_LOCK = 7_051_621  # any number, the same in every process: one sealer at a time on PostgreSQL


@dataclass(frozen=True, slots=True)
class Sealed:
    """One link as it will be stored: what an entry says, and its values with their salts as JSON."""

    header: dict[str, Any]
    values: str


class Actor(Protocol):
    """Whoever acts: a name kept as text, a reference, and the door that was used."""

    @property
    def name(self) -> str: ...
    @property
    def ref(self) -> str: ...
    @property
    def door(self) -> str: ...


@contextmanager
def act(event: str, *, by: Actor, government_id: int = 0, reason: str = "", subject: str = "") -> Iterator[Context]:
    """One transaction that leaves one event: who, why and through which door, for every change inside it.

    ``event`` is in the past (``decision.taken``). Nested acts explain their own changes and give the
    outer one back. The log is sealed right after the commit.
    """
    with transaction.atomic():
        context = Context.objects.create(
            event=event,
            chain=government_id,
            actor_name=by.name,
            actor_ref=by.ref,
            door=by.door,
            reason=reason,
            subject=subject,
            at=timezone.now(),
        )
        noted = _NOTED.get()
        if noted is not None:
            noted.append(f"acto {context.pk}")
        before = _current()
        _set_current(context.pk)
        try:
            yield context
        finally:
            if not connection.needs_rollback:
                _set_current(before)
        if not _BY_CALLER.get():
            transaction.on_commit(partial(seal, limit=SEAL_AT_ONCE), robust=True)


@contextmanager
def acts_noted() -> Iterator[list[str]]:
    """The references of the acts that begin inside, as the log will know them: what is needed to find them again."""
    noted: list[str] = []
    held = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(held)


@contextmanager
def sealed_by_caller() -> Iterator[None]:
    """A load of many acts in one transaction is sealed once, by who loads and after it: its acts do not ask each for theirs.

    Should the caller never come to it, nothing is lost: the worker, the next act and ``manglar verify`` seal what waits.
    """
    held = _BY_CALLER.set(True)
    try:
        yield
    finally:
        _BY_CALLER.reset(held)


def _current() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {context_sql(connection)[0]}")
        row = cursor.fetchone()
    return row[0] if row else None


def _set_current(context_id: int | None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('manglar.context', %s, true)", [str(context_id or "")])
            return
        cursor.execute("UPDATE audit_currentcontext SET context_ref = %s", [context_id])
        if not cursor.rowcount:
            CurrentContext.objects.create(context_ref=context_id)


def seal(*, limit: int = SEAL_AT_ONCE, report: Callable[[int], None] | None = None) -> int:
    """Chain the changes and acts not yet sealed, oldest first; return how many entries were made.

    ``report`` is told after each batch how many there are so far. Batches are transactions of their own: one that
    stops in the middle leaves the rest waiting, and the next one goes on from there.
    """
    made = 0
    while True:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            step = _seal_batch(min(limit - made, BATCH))
        made += step
        if report:
            report(made)
        if not step or made >= limit:
            return made


def _seal_batch(size: int) -> int:
    raws: list[Any] = list(RawChange.objects.order_by("pk").values_list(*_RAW, named=True)[:size])
    contexts = {c.pk: c for c in Context.objects.filter(pk__in={r.context_ref for r in raws if r.context_ref})}
    alone = Context.objects.exclude(
        pk__in=RawChange.objects.filter(context_ref__isnull=False).values("context_ref")
    ).order_by("pk")[: max(size - len(raws), 0)]
    contexts.update({c.pk: c for c in alone})
    tails: dict[int, tuple[int, str]] = {}
    event_seqs = _sealed_events(contexts)
    made: list[Sealed] = []
    for pk in sorted(contexts.keys() - event_seqs.keys()):
        made.append(_event_entry(contexts[pk], tails))
        event_seqs[pk] = made[-1].header["seq"]
    for raw in raws:
        context = contexts.get(raw.context_ref or 0)
        seq = event_seqs.get(context.pk) if context else None
        made.append(_change_entry(raw, context, event_seq=seq, tails=tails))
    _store(made)
    RawChange.objects.filter(pk__in=[raw.id for raw in raws]).delete()
    waiting = set(RawChange.objects.filter(context_ref__in=contexts).values_list("context_ref", flat=True).distinct())
    Context.objects.filter(pk__in=contexts.keys() - waiting).delete()
    return len(made)


def _store(made: list["Sealed"]) -> None:
    """Write entries with their values: plain rows, for the sealer writes more rows than all of the office together."""
    keys = next_keys(Entry, len(made))
    insert_rows(
        Entry,
        [
            [key, *(json.dumps(each.header[name]) if name == "digests" else each.header[name] for name in _COLUMNS)]
            for key, each in zip(keys, made, strict=True)
        ],
        ["id", *_COLUMNS],
    )
    insert_rows(
        Payload,
        [[key, each.values, ""] for key, each in zip(keys, made, strict=True)],
        ["entry_id", "values", "erasure_ref"],
    )


def _sealed_events(contexts: dict[int, Context]) -> dict[int, int]:
    """Context → number of its event, for acts that an earlier batch began to seal."""
    refs = {f"acto {pk}": pk for pk in contexts}
    found = Entry.objects.filter(source_ref__in=refs).values_list("source_ref", "seq")
    return {refs[ref]: seq for ref, seq in found}


def _tail(chain: int, tails: dict[int, tuple[int, str]]) -> tuple[int, str]:
    if chain not in tails:
        last = Entry.objects.filter(chain=chain).order_by("-seq").values_list("seq", "digest").first()
        tails[chain] = last or (0, rules.GENESIS)
    return tails[chain]


def _link(header: dict[str, Any], values: dict[str, Any], tails: dict[int, tuple[int, str]]) -> "Sealed":
    """Give an entry its number, its digests and its place in the chain."""
    chain = header["chain"]
    seq, previous = _tail(chain, tails)
    header["seq"], header["previous"] = seq + 1, previous
    header["digests"], text = rules.sealed_values(values, secrets.token_hex(_SALT * len(values)))
    header["digest"] = rules.entry_digest(header)
    tails[chain] = (seq + 1, header["digest"])
    return Sealed(header, text)


def _event_entry(context: Context, tails: dict[int, tuple[int, str]]) -> "Sealed":
    header = {
        "chain": context.chain,
        "operation": Operation.EVENT.value,
        "event": context.event,
        "door": context.door,
        "at": context.at.astimezone(dt.UTC).isoformat(timespec="milliseconds"),
        "table_name": "",
        "row_key": "",
        "subject": context.subject,
        "event_seq": None,
        "source_ref": f"acto {context.pk}",
    }
    return _link(
        header, {"actor": context.actor_name, "actor_ref": context.actor_ref, "reason": context.reason}, tails
    )


def _change_entry(
    raw: Any, context: Context | None, *, event_seq: int | None, tails: dict[int, tuple[int, str]]
) -> "Sealed":
    before, after = (json.loads(text) if text else None for text in (raw.before, raw.after))
    values: dict[str, Any] = dict(rules.changed_fields(raw.operation, before, after))
    if context is None:
        values["actor"] = UNKNOWN_ACTOR
    header = {
        "chain": context.chain if context else (raw.chain or 0),
        "operation": raw.operation,
        "event": context.event if context else "outside.changed",
        "door": context.door if context else Door.OUTSIDE.value,
        "at": raw.at,
        "table_name": raw.table_name,
        "row_key": raw.row_key,
        "subject": (after or before or {}).get("public_id", "") or "",
        "event_seq": event_seq,
        "source_ref": f"cambio {raw.id}",
    }
    return _link(header, values, tails)


def erase_personal_data(
    *, by: Actor, table: str, row_key: str, fields: list[str], reason: str, on: dt.date, government_id: int = 0
) -> Erasure:
    """Erase the values that the log holds of some fields of one row; the chain goes on verifying.

    The record itself must have been changed first: the log only forgets what was there.
    """
    seal(limit=1_000_000)
    with act("personal_data.erased", by=by, government_id=government_id, reason=reason):
        erasure = Erasure.objects.create(
            table_name=table, row_key=row_key, fields=fields, reason=reason, requested_on=on
        )
        for payload in Payload.objects.filter(entry__table_name=table, entry__row_key=row_key):
            _erase(payload, fields, erasure.public_id)
    return erasure


def erase_actor(*, by: Actor, actor_ref: str, reason: str, on: dt.date) -> Erasure:
    """Erase a person's name from the acts that they did; the acts stay."""
    seal(limit=1_000_000)
    with act("personal_data.erased", by=by, reason=reason):
        erasure = Erasure.objects.create(
            table_name="acto", row_key=actor_ref, fields=["actor"], reason=reason, requested_on=on
        )
        for payload in Payload.objects.filter(entry__operation=Operation.EVENT, values__actor_ref__value=actor_ref):
            _erase(payload, ["actor"], erasure.public_id)
    return erasure


def _erase(payload: Payload, fields: list[str], erasure_id: str) -> None:
    held = [field for field in fields if field in payload.values and "erased" not in payload.values[field]]
    if held:
        payload.values.update({field: {"erased": erasure_id} for field in held})
        payload.erasure_ref = erasure_id
        payload.save(update_fields=["values", "erasure_ref"])


def publish_heads(*, by: Actor, on: dt.date) -> list[PublishedHead]:
    """Keep the last link of every chain for a day; what is published once is not changed."""
    seal(limit=1_000_000)
    published = set(PublishedHead.objects.filter(on=on).values_list("chain", flat=True))
    lacking = set(Entry.objects.order_by().values_list("chain", flat=True).distinct()) - published
    if not lacking:
        return []
    with act("log.head_published", by=by):
        return [_publish_head(chain, on) for chain in sorted(lacking)]


def _publish_head(chain: int, on: dt.date) -> PublishedHead:
    last = Entry.objects.filter(chain=chain).order_by("-seq")[0]
    return PublishedHead.objects.create(chain=chain, on=on, seq=last.seq, digest=last.digest)
