"""The whole proof: chains, values, published heads, triggers, and the records themselves."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from manglar.audit import rules
from manglar.audit.choices import Door, Operation
from manglar.audit.models import Context, Entry, Erasure, Payload, PublishedHead, RawChange
from manglar.audit.registry import SECRET, audited_tables
from manglar.audit.triggers import compare, row_sql
from manglar.foundation.sentences import Sentence


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
    for payload in Payload.objects.select_related("entry").order_by("pk").iterator(chunk_size=2_000):
        entry = payload.entry
        verdict.faults += rules.check_values(entry.chain, entry.seq, entry.digests, payload.values, erasures)
        if payload.erasure_ref and payload.erasure_ref not in erasures:
            told = {"seq": entry.seq}
            verdict.faults.append(
                rules.Fault(entry.chain, entry.seq, "El asiento {seq} nombra un borrado que nadie pidió.", told)
            )
    missing = Entry.objects.filter(payload__isnull=True).values_list("chain", "seq")
    verdict.faults += [rules.Fault(c, s, "El asiento {seq} perdió sus valores.", {"seq": s}) for c, s in missing]
    verdict.faults += _heads()
    verdict.faults += [rules.Fault(0, None, "{trigger}", {"trigger": sentence}) for sentence in compare(connection)]
    for table in audited_tables():
        verdict.faults += _records(table, verdict)
    verdict.unsealed = RawChange.objects.count() + Context.objects.count()
    verdict.outside = Entry.objects.filter(door=Door.OUTSIDE).count()
    return verdict


def exported(chain: int | None = None) -> Iterator[dict[str, Any]]:
    """The entries as a public file holds them: digests, no values."""
    entries = Entry.objects.order_by("chain", "seq")
    if chain is not None:
        entries = entries.filter(chain=chain)
    for entry in entries.iterator(chunk_size=2_000):
        yield {key: getattr(entry, key) for key in (*rules.HEADER, "digest")}


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
    """Compare each live row of a table with what the log says was last written in it."""
    logged = _last_known(table)
    waiting, faults, alive = _unsealed_rows(table), [], set()
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
        cursor.execute(f'SELECT CAST(r."{key}" AS TEXT), {row_sql(connection, table)} FROM "{table}" r')
        for row_key, text in cursor.fetchall():
            verdict.rows += 1
            alive.add(row_key)
            if row_key not in waiting:
                faults += _row_faults(table, row_key, json.loads(text), logged.get(row_key))
    faults += [
        rules.Fault(0, None, "La fila {row} de «{table}» desapareció sin dejar rastro.", {"row": key, "table": table})
        for key in sorted(logged.keys() - alive - waiting)
    ]
    return faults


def _row_faults(table: str, row_key: str, live: dict[str, Any], known: dict[str, Any] | None) -> list[rules.Fault]:
    if known is None:
        return [
            rules.Fault(
                0, None, "La fila {row} de «{table}» apareció sin dejar rastro.", {"row": row_key, "table": table}
            )
        ]
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


def _last_known(table: str) -> dict[str, dict[str, Any]]:
    """Row key → field → last value written, for the rows that are alive as far as the log knows."""
    rows: dict[str, dict[str, Any]] = {}
    payloads = Payload.objects.filter(entry__table_name=table).select_related("entry").order_by("pk")
    for payload in payloads.iterator(chunk_size=2_000):
        entry = payload.entry
        if entry.operation == Operation.DELETE:
            rows.pop(entry.row_key, None)
            continue
        row = rows.setdefault(entry.row_key, {})
        for name, held in payload.values.items():
            if name != "actor":
                row[name] = _ERASED if "erased" in held else held["value"][1]
    return rows
