"""The whole proof: chains, values, published heads, triggers, and the records themselves."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db import connection

from manglar.audit import rules
from manglar.audit.choices import Door, Operation
from manglar.audit.models import Context, Entry, Erasure, Payload, PublishedHead, RawChange
from manglar.audit.registry import SECRET, audited_tables
from manglar.audit.triggers import compare, row_sql
from manglar.foundation.sentences import Sentence

#: Rows held in memory at once.
AT_ONCE = 2_000


@dataclass(slots=True)
class Verdict:
    """What was checked and what does not agree."""

    entries: int = 0
    chains: int = 0
    rows: int = 0
    unsealed: int = 0
    outside: int = 0
    faults: list[rules.Fault] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing disagrees."""
        return not self.faults


def verify() -> Verdict:
    """Check the log from end to end and the records against it; read only."""
    verdict = Verdict()
    erasures = set(Erasure.objects.values_list("public_id", flat=True))
    verdict.faults += rules.check_chain(_counted(verdict))
    payloads = Payload.objects.order_by("pk").values_list(
        "entry__chain", "entry__seq", "entry__digests", "values", "erasure_ref"
    )
    for chain, seq, digests, values, erasure in payloads.iterator(chunk_size=AT_ONCE):
        verdict.faults += rules.check_values(chain, seq, digests, values, erasures)
        if erasure and erasure not in erasures:
            told = {"seq": seq}
            verdict.faults.append(rules.Fault(chain, seq, "El asiento {seq} nombra un borrado que nadie pidió.", told))
    missing = Entry.objects.filter(payload__isnull=True).values_list("chain", "seq")
    verdict.faults += [rules.Fault(c, s, "El asiento {seq} perdió sus valores.", {"seq": s}) for c, s in missing]
    verdict.faults += _heads()
    verdict.faults += [rules.Fault(0, None, "{trigger}", {"trigger": sentence}) for sentence in compare(connection)]
    for table in audited_tables():
        verdict.faults += _records(table, verdict)
    verdict.unsealed = RawChange.objects.count() + Context.objects.count()
    verdict.outside = Entry.objects.filter(door=Door.OUTSIDE).count()
    return verdict


def exported(chain: int | None = None, *, around: int | None = None) -> Iterator[dict[str, Any]]:
    """The entries as a public file holds them: digests, no values; all, or the one numbered ``around`` and its neighbours."""
    entries = Entry.objects.order_by("chain", "seq")
    if chain is not None:
        entries = entries.filter(chain=chain)
    if around is not None:
        entries = entries.filter(seq__gte=around - 1, seq__lte=around + 1)
    yield from entries.values(*rules.HEADER, "digest").iterator(chunk_size=AT_ONCE)


def said(fault: rules.Fault) -> Sentence:
    """A fault for a reader of any language."""
    return Sentence(fault.template, fault.values)


def verify_exported(lines: Iterator[str]) -> Verdict:
    """Check an exported log (one JSON object a line) against itself and against the heads published here."""
    verdict, seen = Verdict(), {}
    entries = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            entry = {key: entry[key] for key in (*rules.HEADER, "digest")}
        except (ValueError, KeyError, TypeError):
            verdict.faults.append(
                rules.Fault(0, None, "La línea {number} no es un asiento de la bitácora.", {"number": number})
            )
            continue
        entries.append(entry)
        seen[(entry["chain"], entry["seq"])] = entry["digest"]
    verdict.entries, verdict.chains = len(entries), len({e["chain"] for e in entries})
    verdict.faults += rules.check_chain(entries)
    for head in PublishedHead.objects.all():
        if seen.get((head.chain, head.seq)) != head.digest:
            verdict.faults.append(_head_fault(head))
    return verdict


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the log holds of a row as it was first written: in which entry, its values, and what does not agree there."""

    chain: int
    seq: int
    at: str
    values: dict[str, Any]
    faults: list[rules.Fault]


def first_recorded(table: str, row_key: str) -> Recorded | None:
    """The entry that wrote a row, checked with its values and its two neighbours; None where none is sealed."""
    written = Entry.objects.filter(table_name=table, row_key=row_key, operation__in=(Operation.INSERT, Operation.MIGRATED))
    entry = written.select_related("payload").order_by("pk").first()
    if entry is None:
        return None
    near = {each["seq"]: each for each in exported(entry.chain, around=entry.seq)}
    before = near.pop(entry.seq - 1, {"digest": rules.GENESIS})
    faults = rules.check_chain(near.values(), after={entry.chain: (entry.seq - 1, before["digest"])})
    held = entry.payload.values
    erasures = set(Erasure.objects.values_list("public_id", flat=True)) if entry.payload.erasure_ref else set()
    faults += rules.check_values(entry.chain, entry.seq, entry.digests, held, erasures)
    values = {name: each["value"][1] for name, each in held.items() if isinstance(each.get("value"), list)}
    return Recorded(entry.chain, entry.seq, entry.at, values, faults)


def _counted(verdict: Verdict) -> Iterator[dict[str, Any]]:
    chains = set()
    for entry in exported():
        verdict.entries += 1
        chains.add(entry["chain"])
        verdict.chains = len(chains)
        yield entry


def _head_fault(head: PublishedHead) -> rules.Fault:
    return rules.Fault(
        head.chain,
        head.seq,
        "La cabeza publicada el {on} (asiento {seq}) no está en la cadena.",
        {"on": head.on, "seq": head.seq},
    )


def _heads() -> list[rules.Fault]:
    return [
        _head_fault(head)
        for head in PublishedHead.objects.all()
        if not Entry.objects.filter(chain=head.chain, seq=head.seq, digest=head.digest).exists()
    ]


def _unsealed_rows(table: str) -> set[str]:
    return set(RawChange.objects.filter(table_name=table).values_list("row_key", flat=True))


def _records(table: str, verdict: Verdict) -> list[rules.Fault]:
    """Compare each live row of a table with what the log says was last written in it.

    A few thousand rows at a time: a table of ten years with all that was ever written in it does not fit in memory.
    """
    waiting, faults = _unsealed_rows(table), []
    unlogged = _live_keys(table) - waiting
    told = _last_known(table)
    while known := dict(islice(told, AT_ONCE)):
        live = _live_rows(table, known)
        verdict.rows += len(live)
        unlogged -= known.keys()
        for row_key, fields in known.items():
            if row_key in waiting:
                continue
            if fields is None:
                unlogged |= {row_key} & live.keys()
            elif row_key in live:
                faults += _row_faults(table, row_key, live[row_key], fields)
            else:
                named = {"row": row_key, "table": table}
                faults.append(rules.Fault(0, None, "La fila {row} de «{table}» desapareció sin dejar rastro.", named))
    return faults + [
        rules.Fault(0, None, "La fila {row} de «{table}» apareció sin dejar rastro.", {"row": row_key, "table": table})
        for row_key in sorted(unlogged)
    ]


def _key_column(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_column(cursor, table) or "id"


def _live_keys(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT CAST(r."{_key_column(table)}" AS TEXT) FROM "{table}" r')
        return {row[0] for row in cursor.fetchall()}


def _live_rows(table: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Row key → field → value, of those of the rows that are there."""
    key, wanted = _key_column(table), [int(each) for each in keys]
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT CAST(r."{key}" AS TEXT), {row_sql(connection, table)} FROM "{table}" r WHERE r."{key}" IN ({marks})',
            wanted,
        )
        return {row_key: json.loads(text) for row_key, text in cursor.fetchall()}


def _row_faults(table: str, row_key: str, live: dict[str, Any], known: dict[str, Any]) -> list[rules.Fault]:
    secret = SECRET.get(table, frozenset())
    return [
        rules.Fault(
            0,
            None,
            "«{field}» en la fila {row} de «{table}» no es lo último que dice la bitácora.",
            {"field": name, "row": row_key, "table": table},
        )
        for name, value in live.items()
        if name not in secret and name in known and known[name] is not _ERASED and known[name] != value
    ]


_ERASED = object()


def _last_known(table: str) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Row key, and field → last value written; None for a row that was deleted last. One row after the other."""
    payloads = Payload.objects.filter(entry__table_name=table).order_by("entry__row_key", "pk")
    told = payloads.values_list("entry__row_key", "entry__operation", "values").iterator(chunk_size=AT_ONCE)
    for row_key, group in groupby(told, key=itemgetter(0)):
        row: dict[str, Any] | None = None
        for _, operation, values in group:
            if operation == Operation.DELETE:
                row = None
                continue
            row = {} if row is None else row
            for name, held in values.items():
                if name != "actor":
                    row[name] = _ERASED if "erased" in held else held["value"][1]
        yield row_key, row
